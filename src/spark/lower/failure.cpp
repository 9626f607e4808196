// DuckDB's failures as Spark's errors.
#include "engine/failure.h"

#include <duckdb.hpp>

#include "spark/lower/execute.h"

namespace mastic::spark {
namespace {

struct JavaClass {
  std::string_view condition;  // or its part before the dot
  std::string_view name;
};

constexpr JavaClass java_classes[] = {
    {"_LEGACY_ERROR_TEMP_3242", "org.apache.spark.SparkIllegalArgumentException"},
    {"ARITHMETIC_OVERFLOW", "org.apache.spark.SparkArithmeticException"},
    {"CANNOT_PARSE_TIMESTAMP", "org.apache.spark.SparkDateTimeException"},
    {"CAST_OVERFLOW", "org.apache.spark.SparkArithmeticException"},
    {"DATETIME_FIELD_OUT_OF_BOUNDS", "org.apache.spark.SparkDateTimeException"},
    {"DIVIDE_BY_ZERO", "org.apache.spark.SparkArithmeticException"},
    {"ILLEGAL_DAY_OF_WEEK", "org.apache.spark.SparkIllegalArgumentException"},
    {"INVALID_ARRAY_INDEX", "org.apache.spark.SparkArrayIndexOutOfBoundsException"},
    {"INVALID_ARRAY_INDEX_IN_ELEMENT_AT", "org.apache.spark.SparkArrayIndexOutOfBoundsException"},
    {"INVALID_TIMEZONE", "org.apache.spark.SparkDateTimeException"},
    {"MALFORMED_RECORD_IN_PARSING", "org.apache.spark.SparkException"},
    {"NUMERIC_VALUE_OUT_OF_RANGE", "org.apache.spark.SparkArithmeticException"},
    {"REMAINDER_BY_ZERO", "org.apache.spark.SparkArithmeticException"},
};

std::string java_class(const std::string& condition, const std::map<std::string, std::string>& parameters) {
  const auto main = condition.substr(0, condition.find('.'));
  if (main == "CAST_INVALID_INPUT") {
    const auto target = parameters.find("targetType");
    const std::string type = target == parameters.end() ? "" : target->second;
    if (type == "\"DATE\"" || type.starts_with("\"TIMESTAMP")) return "org.apache.spark.SparkDateTimeException";
    return type == "\"BOOLEAN\"" ? "org.apache.spark.SparkRuntimeException" : "org.apache.spark.SparkNumberFormatException";
  }
  for (const auto& row : java_classes) {
    if (row.condition == main) return std::string(row.name);
  }
  return "org.apache.spark.SparkRuntimeException";
}

/// What a user's function raised, as its traceback, and a worker that died: Spark has plain messages for both.
SparkError python_failure(const std::string& kind, const std::map<std::string, std::string>& parameters) {
  SparkError error;
  if (kind == "PYTHON_EXCEPTION") {
    error.message = parameters.at("traceback");
    error.classes = {"org.apache.spark.api.python.PythonException", "java.lang.RuntimeException", "java.lang.Exception",
                     "java.lang.Throwable", "java.lang.Object"};
  } else {
    error.message = parameters.at("message");
    error.classes = {"org.apache.spark.SparkException", "java.lang.Exception", "java.lang.Throwable", "java.lang.Object"};
  }
  return error;
}

bool contains(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

/// "… of size 256.0 KiB (39.8 MiB/40.0 MiB used)", then advice for DuckDB's own users.
SparkError out_of_memory(const std::string& message) {
  const auto between = [&](std::string_view before, std::string_view after) {
    const auto begin = message.find(before);
    const auto end = begin == std::string::npos ? begin : message.find(after, begin + before.size());
    return end == std::string::npos ? std::string("more") : message.substr(begin + before.size(), end - begin - before.size());
  };
  auto error =
      runtime_error("UNABLE_TO_ACQUIRE_MEMORY", {{"requestedBytes", between(" of size ", " (")}, {"receivedBytes", "0"}},
                    "org.apache.spark.memory.SparkOutOfMemoryError");
  error.message += " This query needs more memory than the engine has (" + between(" (", " used)") +
                   " in use) for what cannot be spilled to disk.";
  return error;
}

}  // namespace

SparkError to_spark_error(const engine::Failure& failure) {
  if (failure.interrupted())
    return runtime_error("OPERATION_CANCELED", {{"operationId", ""}}, "org.apache.spark.SparkException");
  if (const auto condition = failure.details.find("condition"); condition != failure.details.end()) {
    std::map<std::string, std::string> parameters;
    for (const auto& [name, value] : failure.details) {
      if (name.starts_with("parameter.")) parameters[name.substr(10)] = value;
    }
    if (condition->second == "PYTHON_EXCEPTION" || condition->second == "PYTHON_WORKER_FAILED") {
      return python_failure(condition->second, parameters);
    }
    const auto name = java_class(condition->second, parameters);
    return runtime_error(condition->second, std::move(parameters), name);
  }
  if (const auto name = failure.details.find("java_class"); name != failure.details.end()) {
    SparkError error;
    error.message = failure.message;
    if (error.message.starts_with("Invalid Input Error: ")) error.message.erase(0, 21);
    error.classes = {name->second, "java.lang.RuntimeException", "java.lang.Exception", "java.lang.Throwable",
                     "java.lang.Object"};
    return error;
  }
  // DuckDB's own, where Spark has a name for it.
  if (contains(failure.message, "Could not cast value") ||
      contains(failure.message, "is out of range for the destination type")) {
    return runtime_error(
        "NUMERIC_VALUE_OUT_OF_RANGE.WITH_SUGGESTION",
        {{"value", failure.message}, {"precision", "38"}, {"scale", "0"}, {"config", "\"spark.sql.ansi.enabled\""}},
        "org.apache.spark.SparkArithmeticException");
  }
  if (contains(failure.message, "Overflow in") || failure.kind == "Out of Range") {
    return runtime_error("ARITHMETIC_OVERFLOW",
                         {{"message", failure.message}, {"alternative", ""}, {"config", "\"spark.sql.ansi.enabled\""}},
                         "org.apache.spark.SparkArithmeticException");
  }
  if (contains(failure.message, "More than one row returned by a subquery")) {
    return runtime_error("SCALAR_SUBQUERY_TOO_MANY_ROWS", {}, "org.apache.spark.SparkException");
  }
  if (contains(failure.message, "Map keys must be unique")) {
    return runtime_error("DUPLICATED_MAP_KEY", {{"key", "?"}, {"mapKeyDedupPolicy", "\"spark.sql.mapKeyDedupPolicy\""}},
                         "org.apache.spark.SparkRuntimeException");
  }
  if (failure.kind == "Out of Memory") return out_of_memory(failure.message);
  return internal_error(failure.kind + ": " + failure.message);
}

}  // namespace mastic::spark
