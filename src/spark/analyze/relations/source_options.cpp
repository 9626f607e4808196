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
    {"ignorecorruptfiles", "ignoreCorruptFiles", "|false|"},
    {"ignoremissingfiles", "ignoreMissingFiles", "|true|false|"},
};

constexpr Refused csv_read[] = {
    {"locale", "locale", "|en-us|en_us|en|"},
    {"preferdate", "preferDate", "|true|"},
    {"enabledatetimeparsingfallback", "enableDateTimeParsingFallback", "|false|"},
    {"singlevariantcolumn", "singleVariantColumn", ""},
    {"extension", "extension", "|csv|"},
};

constexpr Refused json_read[] = {
    {"locale", "locale", "|en-us|en_us|en|"},
    {"infertimestamp", "inferTimestamp", "|false|"},
    {"enabledatetimeparsingfallback", "enableDateTimeParsingFallback", "|false|"},
    {"singlevariantcolumn", "singleVariantColumn", ""},
};

constexpr Refused parquet_read[] = {
    {"datetimerebasemode", "datetimeRebaseMode", "|corrected|exception|"},
    {"int96rebasemode", "int96RebaseMode", "|corrected|exception|"},
};

constexpr Refused avro_read[] = {
    {"datetimerebasemode", "datetimeRebaseMode", "|corrected|exception|"},
    {"positionalfieldmatching", "positionalFieldMatching", "|false|"},
    {"enablestableidentifiersforuniontype", "enableStableIdentifiersForUnionType", "|false|"},
    {"recursivefieldmaxdepth", "recursiveFieldMaxDepth", "|-1|0|"},
};

constexpr Refused xml_read[] = {
    {"locale", "locale", "|en-us|en_us|en|"},
    {"wildcardcolname", "wildcardColName", ""},
    {"singlevariantcolumn", "singleVariantColumn", ""},
    {"multiline", "multiLine", "|true|false|"},
};

constexpr Refused xml_write[] = {
    {"locale", "locale", "|en-us|en_us|en|"},
    {"indent", "indent", ""},
};

constexpr Refused csv_write[] = {
    {"locale", "locale", "|en-us|en_us|en|"},
    {"extension", "extension", "|csv|"},
};

constexpr Refused json_write[] = {
    {"timestampntzformat", "timestampNTZFormat", "|yyyy-mm-dd't'hh:mm:ss[.sss]|"},
};

SparkError requirement(std::string message) {
  SparkError error;
  error.message = "requirement failed: " + std::move(message);
  error.classes = {"java.lang.IllegalArgumentException", "java.lang.RuntimeException", "java.lang.Exception",
                   "java.lang.Throwable", "java.lang.Object"};
  return error;
}

std::string lower(std::string_view text) {
  std::string result;
  for (const char letter : text) result += static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
  return result;
}

// The element that is a row.
SparkResult<void> check_row_tag(const std::map<std::string, std::string>& options, bool required) {
  const auto given = options.find("rowtag");
  if (given == options.end())
    return required ? SparkResult<void>(fail(analysis_error("XML_ROW_TAG_MISSING", {{"rowTag", "`rowTag`"}})))
                    : SparkResult<void>();
  if (given->second.find_first_not_of(" \t") == std::string::npos)
    return fail(requirement("'rowTag' option should not be empty string."));
  if (given->second.starts_with('<') || given->second.ends_with('>'))
    return fail(requirement("'rowTag' should not include angle brackets"));
  return {};
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

// An encoding whose line ends are of several bytes cannot be cut by the usual ones.
SparkResult<void> check_lines(std::string_view format, const std::map<std::string, std::string>& options) {
  if (const auto separator = options.find("linesep"); separator != options.end() && separator->second.empty())
    return fail(requirement("'lineSep' cannot be an empty string."));
  if (format != "json") return {};
  auto encoding = options.find("encoding");
  if (encoding == options.end()) encoding = options.find("charset");
  const auto multi_line = options.find("multiline");
  if (encoding == options.end() || options.contains("linesep") ||
      (multi_line != options.end() && lower(multi_line->second) == "true"))
    return {};
  const auto name = lower(encoding->second);
  if (name.starts_with("utf-16") || name.starts_with("utf-32"))
    return fail(requirement("The lineSep option must be specified for the " + encoding->second + " encoding"));
  return {};
}

}  // namespace

SparkResult<void> check_read_options(std::string_view format, const std::map<std::string, std::string>& options,
                                     std::string_view) {
  TRY_DO(check(every_read, format, "reading", options));
  TRY_DO(check_lines(format, options));
  if (format == "xml") {
    if (const auto schema = options.find("rowvalidationxsdpath"); schema != options.end() && schema->second.starts_with("s3"))
      return fail(unsupported("the option rowValidationXSDPath with a file that is not local"));
    TRY_DO(check_row_tag(options, true));
    return check(xml_read, format, "reading", options);
  }
  if (format == "csv") return check(csv_read, format, "reading", options);
  if (format == "json") return check(json_read, format, "reading", options);
  if (format == "parquet") return check(parquet_read, format, "reading", options);
  if (format == "avro") return check(avro_read, format, "reading", options);
  return {};
}

SparkResult<void> check_write_options(std::string_view format, const std::map<std::string, std::string>& options,
                                      std::string_view session_time_zone) {
  TRY_DO(check_time_zone(format, options, session_time_zone));
  if (format == "xml") {
    TRY_DO(check_row_tag(options, false));
    return check(xml_write, format, "writing", options);
  }
  if (format == "csv") return check(csv_write, format, "writing", options);
  if (format == "json") return check(json_write, format, "writing", options);
  return {};
}

}  // namespace mastic::spark
