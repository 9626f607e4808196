// The standard names of grok patterns, by their meaning: numbers, words, hosts, paths, times, and whole lines of logs.
#include <algorithm>
#include <array>

#include "classify/grok.h"

namespace mastic::classify {
namespace {

struct NamedPattern {
  std::string_view name;
  std::string_view pattern;
};

// Sorted by name. Possessive and atomic groups where an inner repetition could be tried in many ways.
constexpr auto patterns = std::to_array<NamedPattern>({
    {"BASE10NUM", R"((?<![0-9.+-])[+-]?(?:[0-9]++(?:\.[0-9]*+)?|\.[0-9]++))"},
    {"BASE16FLOAT", R"((?<![0-9A-Fa-f.])[+-]?(?:0x)?(?:[0-9A-Fa-f]++(?:\.[0-9A-Fa-f]*+)?|\.[0-9A-Fa-f]++)\b)"},
    {"BASE16NUM", R"((?<![0-9A-Fa-f])[+-]?(?:0x)?[0-9A-Fa-f]++)"},
    {"BOOLEAN", R"((?i:true|false))"},
    {"CISCOMAC", R"((?:[A-Fa-f0-9]{4}\.){2}[A-Fa-f0-9]{4})"},
    {"COMBINEDAPACHELOG", R"(%{COMMONAPACHELOG} %{QS:referrer} %{QS:agent})"},
    {"COMMONAPACHELOG",
     R"re(%{IPORHOST:clientip} %{HTTPDUSER:ident} %{HTTPDUSER:auth} \[%{HTTPDATE:timestamp}\] "(?:%{WORD:verb} %{NOTSPACE:request}(?: HTTP/%{NUMBER:httpversion})?|%{DATA:rawrequest})" %{NUMBER:response} (?:%{NUMBER:bytes}|-))re"},
    {"COMMONMAC", R"((?:[A-Fa-f0-9]{2}:){5}[A-Fa-f0-9]{2})"},
    {"DATA", R"(.*?)"},
    {"DATE", R"(%{DATE_US}|%{DATE_EU})"},
    {"DATESTAMP", R"(%{DATE}[- ]%{TIME})"},
    {"DATESTAMP_EVENTLOG", R"(%{YEAR}%{MONTHNUM2}%{MONTHDAY}%{HOUR}%{MINUTE}%{SECOND})"},
    {"DATESTAMP_OTHER", R"(%{DAY} %{MONTH} %{MONTHDAY} %{TIME} %{TZ} %{YEAR})"},
    {"DATESTAMP_RFC2822", R"(%{DAY}, %{MONTHDAY} %{MONTH} %{YEAR} %{TIME} %{ISO8601_TIMEZONE})"},
    {"DATESTAMP_RFC822", R"(%{DAY} %{MONTH} %{MONTHDAY} %{YEAR} %{TIME} %{TZ})"},
    {"DATE_EU", R"(%{MONTHDAY}[./-]%{MONTHNUM}[./-]%{YEAR})"},
    {"DATE_US", R"(%{MONTHNUM}[/-]%{MONTHDAY}[/-]%{YEAR})"},
    {"DAY", R"((?:Mon(?:day)?|Tue(?:sday)?|Wed(?:nesday)?|Thu(?:rsday)?|Fri(?:day)?|Sat(?:urday)?|Sun(?:day)?))"},
    {"EMAILADDRESS", R"(%{EMAILLOCALPART}@%{HOSTNAME})"},
    {"EMAILLOCALPART", R"([a-zA-Z0-9!#$%&'*+/=?^_`{|}~.-]++)"},
    {"GREEDYDATA", R"(.*)"},
    {"HOST", R"(%{HOSTNAME})"},
    {"HOSTNAME", R"(\b[0-9A-Za-z][0-9A-Za-z_-]{0,62}(?:\.[0-9A-Za-z][0-9A-Za-z_-]{0,62})*+\.?)"},
    {"HOSTPORT", R"(%{IPORHOST}:%{POSINT})"},
    {"HOUR", R"((?:2[0-3]|[01]?[0-9]))"},
    {"HTTPDATE", R"(%{MONTHDAY}/%{MONTH}/%{YEAR}:%{TIME} %{INT})"},
    {"HTTPDERROR_DATE", R"(%{DAY} %{MONTH} %{MONTHDAY} %{TIME} %{YEAR})"},
    {"HTTPDUSER", R"((?:%{EMAILADDRESS}|%{USER}))"},
    {"INT", R"((?:[+-]?[0-9]++))"},
    {"IP", R"((?:%{IPV6}|%{IPV4}))"},
    {"IPORHOST", R"((?:%{IP}|%{HOSTNAME}))"},
    {"IPV4", R"((?<![0-9])(?:(?:25[0-5]|2[0-4][0-9]|[01]?[0-9]{1,2})\.){3}(?:25[0-5]|2[0-4][0-9]|[01]?[0-9]{1,2})(?![0-9]))"},
    {"IPV6",
     R"((?<![0-9A-Fa-f:])(?=[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*:)(?:[0-9A-Fa-f]{0,4}:){2,7}(?:[0-9A-Fa-f]{1,4}|(?:[0-9]{1,3}\.){3}[0-9]{1,3})?(?:%[0-9A-Za-z]+)?(?![0-9A-Fa-f:]))"},
    {"ISO8601_SECOND", R"((?:%{SECOND}|60))"},
    {"ISO8601_TIMEZONE", R"((?:Z|[+-]%{HOUR}(?::?%{MINUTE})?))"},
    {"LOGLEVEL",
     R"((?i:alert|trace|debug|notice|info(?:rmation)?|warn(?:ing)?|err(?:or)?|crit(?:ical)?|fatal|severe|emerg(?:ency)?))"},
    {"MAC", R"((?:%{CISCOMAC}|%{WINDOWSMAC}|%{COMMONMAC}))"},
    {"MESSAGESLOG", R"(%{SYSLOGBASE} %{DATA})"},
    {"MINUTE", R"((?:[0-5][0-9]))"},
    {"MONTH",
     R"(\b(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sep(?:tember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\b)"},
    {"MONTHDAY", R"((?:0[1-9]|[12][0-9]|3[01]|[1-9]))"},
    {"MONTHNUM", R"((?:0?[1-9]|1[0-2]))"},
    {"MONTHNUM2", R"((?:0[1-9]|1[0-2]))"},
    {"NONNEGINT", R"(\b[0-9]++\b)"},
    {"NOTSPACE", R"(\S++)"},
    {"NUMBER", R"((?:%{BASE10NUM}))"},
    {"PATH", R"((?:%{UNIXPATH}|%{WINPATH}))"},
    {"POSINT", R"(\b[1-9][0-9]*+\b)"},
    {"PROG", R"([\x21-\x5a\x5c\x5e-\x7e]+)"},
    {"QS", R"(%{QUOTEDSTRING})"},
    {"QUOTEDSTRING", R"re((?:"(?:[^"\\]++|\\.)*+"|'(?:[^'\\]++|\\.)*+'|`(?:[^`\\]++|\\.)*+`))re"},
    {"REDISTIMESTAMP", R"(%{MONTHDAY} %{MONTH} (?:%{YEAR} )?%{TIME})"},
    {"RUBY_LOGLEVEL", R"((?:DEBUG|INFO|WARN|ERROR|FATAL|UNKNOWN|ANY))"},
    {"SECOND", R"((?:(?:[0-5]?[0-9]|60)(?:[:.,][0-9]++)?))"},
    {"SPACE", R"(\s*+)"},
    {"SYSLOGBASE", R"(%{SYSLOGTIMESTAMP:timestamp} (?:%{SYSLOGFACILITY} )?%{SYSLOGHOST:logsource} %{SYSLOGPROG}:)"},
    {"SYSLOGFACILITY", R"(<%{NONNEGINT:facility}\.%{NONNEGINT:priority}>)"},
    {"SYSLOGHOST", R"(%{IPORHOST})"},
    {"SYSLOGPROG", R"(%{PROG:program}(?:\[%{POSINT:pid}\])?)"},
    {"SYSLOGTIMESTAMP", R"(%{MONTH} +%{MONTHDAY} %{TIME})"},
    {"TIME", R"((?<![0-9])%{HOUR}:%{MINUTE}(?::%{SECOND})?(?![0-9]))"},
    {"TIMESTAMP_ISO8601", R"(%{YEAR}-%{MONTHNUM}-%{MONTHDAY}[T ]%{HOUR}:?%{MINUTE}(?::?%{SECOND})?%{ISO8601_TIMEZONE}?)"},
    {"TTY", R"((?:/dev/(?:pts|tty(?:[pq])?)(?:\w+)?/?[0-9]+))"},
    {"TZ", R"((?:[APMCE][SD]T|UTC|GMT))"},
    {"UNIXPATH", R"((?:/[\w%!$@:.,+~-]*+)++)"},
    {"URI", R"(%{URIPROTO}://(?:%{USER}(?::[^@]*)?@)?(?:%{URIHOST})?(?:%{URIPATHPARAM})?)"},
    {"URIHOST", R"(%{IPORHOST}(?::%{POSINT:port})?)"},
    {"URIPARAM", R"(\?[A-Za-z0-9$.+!*'|(){},~@#%&/=:;_?\-\[\]<>]*+)"},
    {"URIPATH", R"((?:/[A-Za-z0-9$.+!*'(){},~:;=@#%&_\-]*+)++)"},
    {"URIPATHPARAM", R"(%{URIPATH}(?:%{URIPARAM})?)"},
    {"URIPROTO", R"([A-Za-z][A-Za-z0-9+\-.]*+)"},
    {"URN", R"(urn:[0-9A-Za-z][0-9A-Za-z-]{0,31}:[0-9A-Za-z()+,.:=@;$_!*'/?#%-]++)"},
    {"USER", R"(%{USERNAME})"},
    {"USERNAME", R"([a-zA-Z0-9._-]++)"},
    {"UUID", R"([A-Fa-f0-9]{8}-(?:[A-Fa-f0-9]{4}-){3}[A-Fa-f0-9]{12})"},
    {"WINDOWSMAC", R"((?:[A-Fa-f0-9]{2}-){5}[A-Fa-f0-9]{2})"},
    {"WINPATH", R"((?:[A-Za-z]:|\\)(?:\\[^\\?*]*+)++)"},
    {"WORD", R"(\b\w++\b)"},
    {"YEAR", R"((?:[0-9]{4}|[0-9]{2}))"},
});

static_assert(std::ranges::is_sorted(patterns, {}, &NamedPattern::name));

}  // namespace

std::string_view standard_pattern(std::string_view name) {
  const auto* found = std::ranges::lower_bound(patterns, name, {}, &NamedPattern::name);
  return found != patterns.end() && found->name == name ? found->pattern : std::string_view();
}

}  // namespace mastic::classify
