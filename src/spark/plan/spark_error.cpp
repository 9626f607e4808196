#include "spark/plan/spark_error.h"

#include <fmt/format.h>

#include <utility>

#include "spark/plan/error_conditions.h"

namespace mastic::spark {
namespace {

constexpr std::string_view documentation_root = "https://spark.apache.org/docs/latest";

/// Puts the parameters into a template. `<` that opens no parameter's name stands for itself.
std::string fill(std::string_view text, const std::map<std::string, std::string>& parameters) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] != '<') {
      out += text[at++];
      continue;
    }
    const auto end = text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_", at + 1);
    if (end == std::string_view::npos || text[end] != '>' || end == at + 1) {
      out += text[at++];
      continue;
    }
    const std::string name(text.substr(at + 1, end - at - 1));
    if (const auto found = parameters.find(name); found != parameters.end()) {
      out += found->second;
    } else if (name == "docroot") {
      out += documentation_root;
    } else {
      out += fmt::format("<missing parameter {}>", name);
    }
    at = end + 1;
  }
  return out;
}

/// A Java class with those above it, as far as the client distinguishes them.
struct JavaClass {
  std::string_view name;
  std::string_view parent;
};
constexpr JavaClass java_classes[] = {
    {"org.apache.spark.sql.catalyst.parser.ParseException", "org.apache.spark.sql.AnalysisException"},
    {"org.apache.spark.sql.catalyst.ExtendedAnalysisException", "org.apache.spark.sql.AnalysisException"},
    {"org.apache.spark.sql.catalyst.analysis.NoSuchTableException", "org.apache.spark.sql.AnalysisException"},
    {"org.apache.spark.sql.catalyst.analysis.NoSuchNamespaceException", "org.apache.spark.sql.AnalysisException"},
    {"org.apache.spark.sql.catalyst.analysis.TempTableAlreadyExistsException",
     "org.apache.spark.sql.catalyst.analysis.TableAlreadyExistsException"},
    {"org.apache.spark.sql.catalyst.analysis.TableAlreadyExistsException", "org.apache.spark.sql.AnalysisException"},
    {"org.apache.spark.sql.AnalysisException", "java.lang.Exception"},
    {"org.apache.spark.SparkArithmeticException", "java.lang.ArithmeticException"},
    {"org.apache.spark.SparkNumberFormatException", "java.lang.NumberFormatException"},
    {"java.lang.NumberFormatException", "java.lang.IllegalArgumentException"},
    {"org.apache.spark.SparkIllegalArgumentException", "java.lang.IllegalArgumentException"},
    {"org.apache.spark.SparkUnsupportedOperationException", "java.lang.UnsupportedOperationException"},
    {"org.apache.spark.SparkArrayIndexOutOfBoundsException", "java.lang.ArrayIndexOutOfBoundsException"},
    {"java.lang.ArrayIndexOutOfBoundsException", "java.lang.IndexOutOfBoundsException"},
    {"java.lang.IndexOutOfBoundsException", "java.lang.RuntimeException"},
    {"org.apache.spark.SparkDateTimeException", "java.time.DateTimeException"},
    {"java.time.DateTimeException", "java.lang.RuntimeException"},
    {"org.apache.spark.SparkRuntimeException", "java.lang.RuntimeException"},
    {"org.apache.spark.SparkUpgradeException", "java.lang.RuntimeException"},
    {"org.apache.spark.SparkNoSuchElementException", "java.util.NoSuchElementException"},
    {"java.util.NoSuchElementException", "java.lang.RuntimeException"},
    {"org.apache.spark.sql.execution.QueryExecutionException", "java.lang.Exception"},
    {"org.apache.spark.SparkSQLException", "java.sql.SQLException"},
    {"org.apache.spark.SparkFileNotFoundException", "java.io.FileNotFoundException"},
    {"org.apache.spark.api.python.PythonException", "java.lang.RuntimeException"},
    {"org.apache.spark.sql.connect.common.InvalidPlanInput", "java.lang.RuntimeException"},
    {"org.apache.spark.SparkException", "java.lang.Exception"},
    {"org.apache.spark.memory.SparkOutOfMemoryError", "org.apache.spark.SparkException"},
    {"java.lang.ArithmeticException", "java.lang.RuntimeException"},
    {"java.lang.IllegalArgumentException", "java.lang.RuntimeException"},
    {"java.lang.UnsupportedOperationException", "java.lang.RuntimeException"},
    {"java.lang.RuntimeException", "java.lang.Exception"},
    {"java.sql.SQLException", "java.lang.Exception"},
    {"java.io.FileNotFoundException", "java.io.IOException"},
    {"java.io.IOException", "java.lang.Exception"},
    {"java.lang.Exception", "java.lang.Throwable"},
    {"java.lang.Throwable", "java.lang.Object"},
};

std::vector<std::string> with_parents(std::string_view java_class) {
  std::vector<std::string> classes;
  while (!java_class.empty()) {
    classes.emplace_back(java_class);
    std::string_view parent;
    for (const JavaClass& row : java_classes) {
      if (row.name == java_class) parent = row.parent;
    }
    java_class = parent;
  }
  return classes;
}

SparkError make_error(std::string_view condition, std::map<std::string, std::string> parameters, std::string_view java_class) {
  SparkError error{.condition = std::string(condition),
                   .sql_state = {},
                   .message = {},
                   .parameters = std::move(parameters),
                   .classes = with_parents(java_class),
                   .contexts = {}};
  if (condition == "TABLE_OR_VIEW_NOT_FOUND")
    error.parameters.try_emplace("searchPath", "[`system`.`builtin`, `system`.`session`, `spark_catalog`.`default`]");
  const std::string_view parent_name = condition.substr(0, condition.find('.'));
  const ErrorCondition* parent = find_error_condition(parent_name);
  const ErrorCondition* exact = find_error_condition(condition);
  if (parent == nullptr || exact == nullptr) {
    // Our bug: still an error that says what it knows.
    error.sql_state = parent != nullptr ? std::string(parent->sql_state) : "XX000";
    error.message = fmt::format("[{}] (Mastic has no text for this condition)", condition);
    for (const auto& [name, value] : error.parameters) error.message += fmt::format(" {}: {}", name, value);
    return error;
  }
  error.sql_state = std::string(parent->sql_state);
  std::string text = fill(parent->text, error.parameters);
  if (exact != parent) {
    const std::string rest = fill(exact->text, error.parameters);
    // Spark joins the two with a space, even when the second has no text.
    if (!text.empty() && !rest.starts_with('\n')) text += ' ';
    text += rest;
  }
  // Conditions that Spark has not named yet stay out of its messages.
  error.message = condition.starts_with("_LEGACY_") ? text : fmt::format("[{}] {}", condition, text);
  if (!error.sql_state.empty()) error.message += fmt::format(" SQLSTATE: {}", error.sql_state);
  return error;
}

}  // namespace

SparkError analysis_error(std::string_view condition, std::map<std::string, std::string> parameters) {
  return make_error(condition, std::move(parameters), "org.apache.spark.sql.AnalysisException");
}

SparkError parse_error(std::string_view condition, std::map<std::string, std::string> parameters) {
  return make_error(condition, std::move(parameters), "org.apache.spark.sql.catalyst.parser.ParseException");
}

SparkError runtime_error(std::string_view condition, std::map<std::string, std::string> parameters,
                         std::string_view java_class) {
  return make_error(condition, std::move(parameters), java_class);
}

SparkError unsupported(std::string_view what) {
  return make_error("UNSUPPORTED_FEATURE.MASTIC", {{"feature", std::string(what)}},
                    "org.apache.spark.SparkUnsupportedOperationException");
}

SparkError from_store_error(const Error& error) {
  // What a store refuses has a name of its own (EntityNotFoundException, NoSuchBucket); Spark shows such as plain messages.
  return SparkError{.condition = {},
                    .sql_state = {},
                    .message = fmt::format("{}: {}", error.code, error.message),
                    .parameters = {},
                    .classes = with_parents(error.http_status < 500 ? "org.apache.spark.sql.AnalysisException"
                                                                    : "org.apache.spark.SparkException"),
                    .contexts = {}};
}

SparkError internal_error(std::string_view what) {
  return make_error("INTERNAL_ERROR", {{"message", std::string(what)}}, "org.apache.spark.SparkException");
}

}  // namespace mastic::spark
