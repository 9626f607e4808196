// Logs: the formats that Glue knows by name, in its order, each a grok pattern; and grok classifiers that users wrote.
#include <algorithm>
#include <array>

#include "classify/formats.h"
#include "classify/grok.h"

namespace mastic::classify {
namespace {

struct LogFormat {
  std::string_view classification;
  std::string_view pattern;
};

constexpr auto formats = std::to_array<LogFormat>({
    {"combined_apache", R"(^%{COMBINEDAPACHELOG}$)"},
    {"apache", R"(^%{COMMONAPACHELOG}$)"},
    {"linux_kernel",
     R"(^%{SYSLOGTIMESTAMP:timestamp} (?:%{SYSLOGFACILITY} )?%{SYSLOGHOST:logsource} kernel: (?:\[ *%{NUMBER:uptime}\] )?%{GREEDYDATA:message}$)"},
    // Internet Information Services, W3C's extended format with its default fields.
    {"microsoft_log",
     R"(^%{YEAR:year}-%{MONTHNUM:month}-%{MONTHDAY:day} %{TIME:time} %{IPORHOST:serverip} %{WORD:method} %{NOTSPACE:uristem} %{NOTSPACE:uriquery} %{NUMBER:port:int} %{NOTSPACE:username} %{IPORHOST:clientip} %{NOTSPACE:useragent}(?: %{NOTSPACE:referrer})? %{NUMBER:status:int} %{NUMBER:substatus:int} %{NUMBER:win32status:long}(?: %{NUMBER:timetaken:long})?$)"},
    {"ruby_logger",
     R"(^[DFEWIUA], \[%{TIMESTAMP_ISO8601:timestamp} #%{POSINT:pid:int}\] +%{RUBY_LOGLEVEL:loglevel} -- %{DATA:progname}: %{GREEDYDATA:message}$)"},
    {"squid",
     R"(^%{NUMBER:timestamp:double} +%{INT:duration:long} %{IPORHOST:clientip} %{WORD:cacheresult}/%{INT:status:int} %{INT:bytes:long} %{WORD:method} %{NOTSPACE:url} %{NOTSPACE:username} %{WORD:hierarchy}/%{NOTSPACE:server} %{NOTSPACE:contenttype}$)"},
    {"redismonlog",
     R"re(^%{NUMBER:timestamp:double} \[%{INT:database:int} (?:%{IP:client}:%{POSINT:port:int}|lua|unix:%{NOTSPACE:socket})\] "%{WORD:command}" ?%{GREEDYDATA:params}$)re"},
    {"redislog",
     R"(^(?:\[%{POSINT:pid:int}\]|%{POSINT:pid:int}:%{WORD:role}) %{REDISTIMESTAMP:timestamp} (?<level>[.\-*#]) %{GREEDYDATA:message}$)"},
});

constexpr std::size_t lines_looked_at = 1000;

/// A file is of a format when nine lines of ten are; lines of comments do not count.
bool takes(const Grok& grok, const std::vector<std::string_view>& lines) {
  std::size_t matched = 0;
  std::size_t missed = 0;
  const auto allowed = lines.size() / 10;
  for (const auto line : lines) {
    if (line.empty() || line.front() == '#') continue;
    ++(grok.matches(line) ? matched : missed);
    if (missed > allowed) return false;
  }
  return matched > 0;
}

Inspection inspection_of(const Grok& grok, const Text& text, std::string_view classification, std::string_view pattern,
                         std::string_view custom_patterns) {
  Inspection found;
  found.classification = classification;
  found.columns = grok.columns();
  const auto ends = static_cast<uint64_t>(std::ranges::count(text.bytes, '\n'));
  found.records = estimate(ends + (text.complete && !text.bytes.ends_with('\n') ? 1 : 0), text.share_read);
  found.input_format = text_input;
  found.output_format = text_output;
  found.serialization_library = "com.amazonaws.glue.serde.GrokSerDe";
  found.serde_parameters["input.format"] = pattern;
  found.table_parameters["grokPattern"] = pattern;
  if (!custom_patterns.empty()) {
    found.serde_parameters["input.grokCustomPatterns"] = custom_patterns;
    found.table_parameters["grokCustomPatterns"] = custom_patterns;
  }
  return found;
}

}  // namespace

Recognised recognise_log(const Text& text) {
  static const std::vector<Grok> compiled = [] {
    std::vector<Grok> all;
    for (const auto& format : formats) all.push_back(std::move(Grok::compile(format.pattern, "").value()));
    return all;
  }();
  const auto lines = lines_of(text, lines_looked_at);
  for (std::size_t i = 0; i < formats.size(); ++i) {
    if (takes(compiled[i], lines)) return inspection_of(compiled[i], text, formats[i].classification, formats[i].pattern, "");
  }
  return std::nullopt;
}

Recognised recognise_grok(const Text& text, const GrokClassifier& classifier) {
  TRY(grok, Grok::compile(classifier.pattern, classifier.custom_patterns));
  if (!takes(grok, lines_of(text, lines_looked_at))) return std::nullopt;
  return inspection_of(grok, text, classifier.classification, classifier.pattern, classifier.custom_patterns);
}

}  // namespace mastic::classify
