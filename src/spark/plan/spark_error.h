// Spark's errors, as users' code reads them: condition, SQLSTATE, message and parameters.
//
// Conditions, SQLSTATEs and texts are those of Spark's error-conditions.json; `to_message` fills a template.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace mastic::spark {

/// A part of the user's query that an error points at (SQL text, or a DataFrame call's site).
struct QueryContext {
  std::string fragment;
  std::string call_site;
  std::string sql_text;
  int start_index = -1;
  int stop_index = -1;
  bool is_dataframe = false;
};

struct SparkError {
  std::string condition;  // "UNRESOLVED_COLUMN.WITH_SUGGESTION"; empty for legacy messages
  std::string sql_state;  // "42703"
  std::string message;    // "[UNRESOLVED_COLUMN.WITH_SUGGESTION] A column … SQLSTATE: 42703"
  std::map<std::string, std::string> parameters;
  /// The Java classes, most specific first; the client maps the first that it knows: AnalysisException, ParseException,
  /// ArithmeticException, NumberFormatException, DateTimeException, SparkRuntimeException, …
  std::vector<std::string> classes;
  std::vector<QueryContext> contexts;
};

template <typename T>
using SparkResult = std::expected<T, SparkError>;

/// An error of a known condition: fills the text from the table in spark_error.cpp. Unknown conditions and missing
/// parameters are our bug and show as such in the text.
SparkError analysis_error(std::string_view condition, std::map<std::string, std::string> parameters = {});
SparkError parse_error(std::string_view condition, std::map<std::string, std::string> parameters = {});
/// A failure while rows are computed; `java_class` such as "org.apache.spark.SparkArithmeticException".
SparkError runtime_error(std::string_view condition, std::map<std::string, std::string> parameters,
                         std::string_view java_class);
/// Something that Mastic does not do yet, by its name. Condition UNSUPPORTED_FEATURE-like, never a silent success.
SparkError unsupported(std::string_view what);
SparkError from_store_error(const Error& error);
SparkError internal_error(std::string_view what);

}  // namespace mastic::spark
