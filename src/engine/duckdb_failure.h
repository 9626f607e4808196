// Between DuckDB's exceptions and Failure. For files of this room and of spark/lower that include DuckDB anyway.
#pragma once

#include <duckdb/common/error_data.hpp>
#include <duckdb/common/exception.hpp>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "engine/failure.h"

namespace mastic::engine {

Failure to_failure(const duckdb::ErrorData& error);
Failure to_failure(const std::exception& exception);

/// Ends a kernel with one of Spark's error conditions; `to_failure` finds condition and parameters again.
[[noreturn]] inline void throw_spark_error(std::string_view condition,
                                           std::initializer_list<std::pair<std::string, std::string>> parameters = {}) {
  duckdb::unordered_map<std::string, std::string> details{{"condition", std::string(condition)}};
  for (const auto& [name, value] : parameters) details["parameter." + name] = value;
  throw duckdb::InvalidInputException(std::as_const(details), std::string(condition));
}

/// Ends a kernel with a plain Java exception, which has no condition of Spark's.
[[noreturn]] inline void throw_java_error(std::string_view java_class, const std::string& message) {
  const duckdb::unordered_map<std::string, std::string> details{{"java_class", std::string(java_class)}};
  throw duckdb::InvalidInputException(details, message);
}

}  // namespace mastic::engine
