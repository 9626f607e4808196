#include "spark/analyze/relations/source_options.h"

#include <cctype>
#include <span>

namespace mastic::spark {
namespace {

/// An option that nothing acts on, and the values, between bars and in lower case, that ask for what happens anyway.
struct Refused {
  std::string_view key;
  std::string_view name;  // as Spark spells it
  std::string_view harmless;
};

constexpr Refused every_read[] = {
    {"modifiedbefore", "modifiedBefore", ""},
    {"modifiedafter", "modifiedAfter", ""},
    {"ignorecorruptfiles", "ignoreCorruptFiles", "|false|"},
    {"ignoremissingfiles", "ignoreMissingFiles", "|false|"},
};

constexpr Refused csv_read[] = {
    {"nanvalue", "nanValue", "|nan|"},
    {"positiveinf", "positiveInf", "|inf|"},
    {"negativeinf", "negativeInf", "|-inf|"},
    {"emptyvalue", "emptyValue", "||"},
    {"locale", "locale", "|en-us|en_us|en|"},
    {"linesep", "lineSep", "|\n|\r\n|"},
    {"unescapedquotehandling", "unescapedQuoteHandling", "|stop_at_delimiter|"},
    {"chartoescapequoteescaping", "charToEscapeQuoteEscaping", "|\\|"},
    {"enforceschema", "enforceSchema", "|true|"},
    {"preferdate", "preferDate", "|true|"},
    {"enabledatetimeparsingfallback", "enableDateTimeParsingFallback", "|false|"},
    {"singlevariantcolumn", "singleVariantColumn", ""},
    {"extension", "extension", "|csv|"},
};

constexpr Refused json_read[] = {
    {"prefersdecimal", "prefersDecimal", "|false|"},
    {"allowcomments", "allowComments", "|false|"},
    {"allowunquotedfieldnames", "allowUnquotedFieldNames", "|false|"},
    {"allowsinglequotes", "allowSingleQuotes", "|true|false|"},
    {"allownumericleadingzeros", "allowNumericLeadingZeros", "|false|"},
    {"allowbackslashescapinganycharacter", "allowBackslashEscapingAnyCharacter", "|false|"},
    {"allowunquotedcontrolchars", "allowUnquotedControlChars", "|false|"},
    {"allownonnumericnumbers", "allowNonNumericNumbers", "|true|false|"},
    {"dateformat", "dateFormat", "|yyyy-mm-dd|"},
    {"timestampformat", "timestampFormat", "|yyyy-mm-dd't'hh:mm:ss[.sss][xxx]|"},
    {"timestampntzformat", "timestampNTZFormat", "|yyyy-mm-dd't'hh:mm:ss[.sss]|"},
    {"encoding", "encoding", "|utf-8|utf8|"},
    {"charset", "charset", "|utf-8|utf8|"},
    {"linesep", "lineSep", "|\n|\r\n|"},
    {"dropfieldifallnull", "dropFieldIfAllNull", "|false|"},
    {"locale", "locale", "|en-us|en_us|en|"},
    {"infertimestamp", "inferTimestamp", "|false|"},
    {"enabledatetimeparsingfallback", "enableDateTimeParsingFallback", "|false|"},
    {"singlevariantcolumn", "singleVariantColumn", ""},
};

constexpr Refused parquet_read[] = {
    {"datetimerebasemode", "datetimeRebaseMode", "|corrected|exception|"},
    {"int96rebasemode", "int96RebaseMode", "|corrected|exception|"},
};

constexpr Refused text_read[] = {
    {"linesep", "lineSep", "|\n|\r\n|"},
    {"encoding", "encoding", "|utf-8|utf8|"},
};

constexpr Refused csv_write[] = {
    {"escapequotes", "escapeQuotes", "|true|"},
    {"chartoescapequoteescaping", "charToEscapeQuoteEscaping", "|\\|"},
    {"encoding", "encoding", "|utf-8|utf8|"},
    {"charset", "charset", "|utf-8|utf8|"},
    {"linesep", "lineSep", "|\n|"},
    {"locale", "locale", "|en-us|en_us|en|"},
    {"extension", "extension", "|csv|"},
};

constexpr Refused json_write[] = {
    {"dateformat", "dateFormat", "|yyyy-mm-dd|"},
    {"timestampformat", "timestampFormat", "|yyyy-mm-dd't'hh:mm:ss[.sss][xxx]|yyyy-mm-dd't'hh:mm:ss.sssxxx|"},
    {"timestampntzformat", "timestampNTZFormat", "|yyyy-mm-dd't'hh:mm:ss[.sss]|"},
    {"encoding", "encoding", "|utf-8|utf8|"},
    {"charset", "charset", "|utf-8|utf8|"},
    {"linesep", "lineSep", "|\n|"},
    {"pretty", "pretty", "|false|"},
};

constexpr Refused text_write[] = {
    {"linesep", "lineSep", "|\n|"},
    {"encoding", "encoding", "|utf-8|utf8|"},
};

std::string lower(std::string_view text) {
  std::string result;
  for (const char letter : text) result += static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
  return result;
}

SparkResult<void> check(std::span<const Refused> table, std::string_view format, std::string_view step,
                        const std::map<std::string, std::string>& options) {
  for (const auto& row : table) {
    const auto given = options.find(std::string(row.key));
    if (given == options.end() || row.harmless.find("|" + lower(given->second) + "|") != std::string_view::npos) continue;
    return fail(unsupported("the option " + std::string(row.name) + " of " + std::string(step) + " " + std::string(format)));
  }
  return {};
}

// Times without a zone are the session's: another zone would move them.
SparkResult<void> check_time_zone(std::string_view format, const std::map<std::string, std::string>& options,
                                  std::string_view session_time_zone) {
  if (format != "csv" && format != "json") return {};
  const auto given = options.find("timezone");
  if (given == options.end() || given->second == session_time_zone) return {};
  return fail(unsupported("the option timeZone of " + std::string(format) + ": set spark.sql.session.timeZone"));
}

}  // namespace

SparkResult<void> check_read_options(std::string_view format, const std::map<std::string, std::string>& options,
                                     std::string_view session_time_zone) {
  TRY_DO(check(every_read, format, "reading", options));
  TRY_DO(check_time_zone(format, options, session_time_zone));
  if (format == "csv") return check(csv_read, format, "reading", options);
  if (format == "json") return check(json_read, format, "reading", options);
  if (format == "parquet") return check(parquet_read, format, "reading", options);
  if (format == "text") return check(text_read, format, "reading", options);
  return {};
}

SparkResult<void> check_write_options(std::string_view format, const std::map<std::string, std::string>& options,
                                      std::string_view session_time_zone) {
  TRY_DO(check_time_zone(format, options, session_time_zone));
  if (format == "csv") return check(csv_write, format, "writing", options);
  if (format == "json") return check(json_write, format, "writing", options);
  if (format == "text") return check(text_write, format, "writing", options);
  return {};
}

}  // namespace mastic::spark
