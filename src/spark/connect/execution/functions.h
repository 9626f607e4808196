// Functions by name: those built in, those that the session registered, those that the catalog lists.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/stores.h"
#include "spark/analyze/analyzer.h"
#include "spark/connect/session.h"
#include "spark/plan/spark_error.h"
#include "spark/sql/statement.h"

namespace mastic::spark_connect {

struct FunctionEntry {
  std::string name;
  std::string database;  // empty: built in or temporary
  std::string description;
  std::string class_name;
  bool temporary = true;  // Spark counts what is built in as temporary
};

/// Built-in, temporary, then the database's own. Errors: SCHEMA_NOT_FOUND.
spark::SparkResult<std::vector<FunctionEntry>> list_functions(const Session& session, const std::string& database,
                                                              std::string_view pattern);
spark::SparkResult<std::optional<FunctionEntry>> find_function(const Session& session, const std::vector<std::string>& name);
spark::SparkResult<std::optional<FunctionEntry>> find_catalog_function(const Session& session,
                                                                       const std::vector<std::string>& name);
spark::SparkError function_not_found(const Session& session, const std::vector<std::string>& name);

/// A function of the catalog whose body is SQL; nothing: none.
std::optional<spark::SqlFunction> catalog_sql_function(const Session& session, const std::vector<std::string>& name);
/// The same, or the session's.
std::optional<spark::SqlFunction> find_sql_function(const Session& session, const std::vector<std::string>& name);
/// CREATE [TEMPORARY] FUNCTION f(…) RETURN …
spark::SparkResult<void> create_sql_function(Session& session, engine::Connection& connection,
                                             const spark::sql::CreateFunctionStatement& statement);

/// CREATE FUNCTION f AS 'class': the catalog keeps the name. Calling it fails, as there is no JVM to load the class in.
spark::SparkResult<void> create_function(Session& session, const spark::sql::CreateFunctionStatement& statement);
spark::SparkResult<void> drop_function(Session& session, const std::vector<std::string>& name, bool if_exists);

}  // namespace mastic::spark_connect
