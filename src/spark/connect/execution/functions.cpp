#include "spark/connect/execution/functions.h"

#include <fmt/format.h>

#include <algorithm>

#include "spark/analyze/sql_functions.h"
#include "spark/connect/execution/names.h"
#include "spark/connect/request_context.h"
#include "spark/functions/registry.h"
#include "spark/sql/parser.h"

namespace mastic::spark_connect {
namespace {

using spark::SparkResult;

/// What Spark says of its operators; the other functions' texts are its documentation and stay there.
struct Operator {
  std::string_view name;
  std::string_view class_name;
  std::string_view usage;
};
constexpr Operator operators[] = {
    {"!", "Not", "! expr - Logical not."},
    {"%", "Remainder", "expr1 % expr2 - Returns the remainder after `expr1`/`expr2`."},
    {"&", "BitwiseAnd", "expr1 & expr2 - Returns the result of bitwise AND of `expr1` and `expr2`."},
    {"*", "Multiply", "expr1 * expr2 - Returns `expr1`*`expr2`."},
    {"+", "Add", "expr1 + expr2 - Returns `expr1`+`expr2`."},
    {"-", "Subtract", "expr1 - expr2 - Returns `expr1`-`expr2`."},
    {"/", "Divide", "expr1 / expr2 - Returns `expr1`/`expr2`. It always performs floating point division."},
    {"<", "LessThan", "expr1 < expr2 - Returns true if `expr1` is less than `expr2`."},
    {"<=", "LessThanOrEqual", "expr1 <= expr2 - Returns true if `expr1` is less than or equal to `expr2`."},
    {"=", "EqualTo", "expr1 = expr2 - Returns true if `expr1` equals `expr2`, or false otherwise."},
    {"==", "EqualTo", "expr1 == expr2 - Returns true if `expr1` equals `expr2`, or false otherwise."},
    {">", "GreaterThan", "expr1 > expr2 - Returns true if `expr1` is greater than `expr2`."},
    {">=", "GreaterThanOrEqual", "expr1 >= expr2 - Returns true if `expr1` is greater than or equal to `expr2`."},
    {"^", "BitwiseXor", "expr1 ^ expr2 - Returns the result of bitwise exclusive OR of `expr1` and `expr2`."},
    {"|", "BitwiseOr", "expr1 | expr2 - Returns the result of bitwise OR of `expr1` and `expr2`."},
    {"~", "BitwiseNot", "~ expr - Returns the result of bitwise NOT of `expr`."},
};

FunctionEntry built_in(std::string_view name) {
  FunctionEntry entry;
  entry.name = name;
  entry.description = "N/A.";
  entry.class_name = "org.apache.spark.sql.catalyst.expressions.Expression";
  if (const auto* found = std::ranges::find(operators, name, &Operator::name); found != std::end(operators)) {
    entry.description = found->usage;
    entry.class_name = fmt::format("org.apache.spark.sql.catalyst.expressions.{}", found->class_name);
  }
  return entry;
}

FunctionEntry temporary(const std::string& name) {
  FunctionEntry entry;
  entry.name = name;
  entry.class_name = "org.apache.spark.sql.UDFRegistration$$Lambda";
  return entry;
}

FunctionEntry of_catalog(const engine::CatalogFunction& function) {
  return {.name = function.name,
          .database = function.database,
          .description = "N/A.",
          .class_name = function.class_name,
          .temporary = false};
}

SparkResult<std::vector<engine::CatalogFunction>> catalog_functions(const Session& session, const std::string& database) {
  const auto& catalog = session.shared().engine.stores().catalog;
  if (catalog == nullptr) return std::vector<engine::CatalogFunction>{};
  TRY(exists, database_exists(session, database));
  if (!exists) return fail(schema_not_found(database));
  auto functions = catalog->list_functions(database);
  if (!functions) return fail(spark::from_store_error(functions.error()));
  return *std::move(functions);
}

/// Operators that the registry spells otherwise than SQL does.
constexpr std::string_view spelled_otherwise[] = {"!", "==", "<>", "!="};

}  // namespace

SparkResult<std::vector<FunctionEntry>> list_functions(const Session& session, const std::string& database,
                                                       std::string_view pattern) {
  TRY(own, catalog_functions(session, database));
  std::vector<FunctionEntry> result;
  const auto add = [&](std::string_view name) {
    if (matches_pattern(pattern, name)) result.push_back(built_in(name));
  };
  for (const spark::FunctionRow& row : spark::all_functions()) {
    if (!row.supported) continue;
    add(row.name);
    for (const std::string_view alias : row.aliases) add(alias);
  }
  for (const auto name : spelled_otherwise) add(name);
  for (const auto& name : session.function_names())
    if (matches_pattern(pattern, name)) result.push_back(temporary(name));
  std::ranges::sort(result, {}, &FunctionEntry::name);
  const auto [first, last] = std::ranges::unique(result, {}, &FunctionEntry::name);
  result.erase(first, last);
  for (const auto& function : own)
    if (matches_pattern(pattern, function.name)) result.push_back(of_catalog(function));
  return result;
}

SparkResult<std::optional<FunctionEntry>> find_catalog_function(const Session& session, const std::vector<std::string>& name) {
  TRY(full_name, table_name(session, name));
  TRY(exists, database_exists(session, full_name.database));
  if (!exists) return std::optional<FunctionEntry>();
  TRY(own, catalog_functions(session, full_name.database));
  for (const auto& function : own)
    if (to_lower(function.name) == full_name.table) return std::optional(of_catalog(function));
  return std::optional<FunctionEntry>();
}

SparkResult<std::optional<FunctionEntry>> find_function(const Session& session, const std::vector<std::string>& name) {
  if (name.size() == 1) {
    if (session.find_function(name[0]) != nullptr || session.find_sql_function(name[0]) != nullptr)
      return std::optional(temporary(to_lower(name[0])));
    if (spark::find_function(name[0]) != nullptr ||
        std::ranges::find(spelled_otherwise, name[0]) != std::end(spelled_otherwise))
      return std::optional(built_in(to_lower(name[0])));
  }
  return find_catalog_function(session, name);
}

spark::SparkError function_not_found(const Session& session, const std::vector<std::string>& name) {
  return spark::analysis_error("UNRESOLVED_ROUTINE",
                               {{"routineName", quoted(name)},
                                {"searchPath", fmt::format("[`system`.`builtin`, `system`.`session`, `spark_catalog`.{}]",
                                                           quoted({session.current_database()}))}});
}

namespace {

/// The catalog keeps a name and a class. Of a function in SQL the class is its text.
constexpr std::string_view sql_class = "mastic.sql:";

spark::SparkError already_there(const std::string& name) {
  return spark::analysis_error(
      "ROUTINE_ALREADY_EXISTS",
      {{"newRoutineType", "routine"}, {"routineName", quoted({name})}, {"existingRoutineType", "routine"}});
}

}  // namespace

std::optional<spark::SqlFunction> catalog_sql_function(const Session& session, const std::vector<std::string>& name) {
  const auto found = find_catalog_function(session, name);
  if (!found || !*found || !(*found)->class_name.starts_with(sql_class)) return std::nullopt;
  const auto text = (*found)->class_name.substr(sql_class.size());
  auto statement = spark::sql::parse_statement("CREATE FUNCTION f " + text);
  if (!statement) return std::nullopt;
  auto& created = std::get<spark::sql::CreateFunctionStatement>(*statement);
  if (!created.sql) return std::nullopt;
  return spark::SqlFunction{{(*found)->database, (*found)->name},
                            std::make_shared<const spark::sql::SqlFunctionDefinition>(*std::move(created.sql))};
}

std::optional<spark::SqlFunction> find_sql_function(const Session& session, const std::vector<std::string>& name) {
  if (name.size() == 1) {
    if (auto definition = session.find_sql_function(name[0])) return spark::SqlFunction{name, std::move(definition)};
  }
  return catalog_sql_function(session, name);
}

SparkResult<void> create_sql_function(Session& session, engine::Connection& connection,
                                      const spark::sql::CreateFunctionStatement& statement) {
  auto definition = *statement.sql;
  const auto checked_type = [&](const std::vector<std::string>& name) {
    RequestContext context(session, connection);
    return spark::check_sql_function(context, {name, std::make_shared<const spark::sql::SqlFunctionDefinition>(definition)});
  };
  if (statement.temporary) {
    const auto& name = statement.name.back();
    if (statement.name.size() > 1)
      return fail(
          spark::parse_error("INVALID_SQL_SYNTAX.CREATE_TEMP_FUNC_WITH_DATABASE", {{"database", quoted({statement.name[0]})}}));
    if (!statement.replace && (session.find_sql_function(name) != nullptr || session.find_function(name) != nullptr))
      return fail(already_there(name));
    TRY(type, checked_type({name}));
    if (!definition.returns || (definition.returns_table && definition.returns->fields.empty())) definition.returns = type;
    session.remove_function(name);
    session.add_sql_function(name, std::make_shared<const spark::sql::SqlFunctionDefinition>(std::move(definition)));
    return {};
  }
  TRY(name, table_name(session, statement.name));
  TRY(exists, database_exists(session, name.database));
  if (!exists) return fail(schema_not_found(name.database));
  TRY(there, find_catalog_function(session, statement.name));
  if (there && statement.if_not_exists) return {};
  if (there && !statement.replace) return fail(already_there(name.table));
  TRY_DO(checked_type({name.database, name.table}));
  TRY(catalog, catalog_of(session));
  return done(catalog->put_function(
      {.database = name.database, .name = name.table, .class_name = std::string(sql_class) + definition.text}));
}

SparkResult<void> create_function(Session& session, const spark::sql::CreateFunctionStatement& statement) {
  TRY(name, table_name(session, statement.name));
  TRY(exists, database_exists(session, name.database));
  if (!exists) return fail(schema_not_found(name.database));
  TRY(there, find_catalog_function(session, statement.name));
  if (there && statement.if_not_exists) return {};
  if (there && !statement.replace)
    return fail(spark::analysis_error(
        "ROUTINE_ALREADY_EXISTS",
        {{"newRoutineType", "routine"}, {"routineName", quoted({name.table})}, {"existingRoutineType", "routine"}}));
  TRY(catalog, catalog_of(session));
  return done(catalog->put_function({.database = name.database, .name = name.table, .class_name = statement.class_name}));
}

SparkResult<void> drop_function(Session& session, const std::vector<std::string>& name, bool if_exists) {
  TRY(full_name, table_name(session, name));
  TRY(there, find_catalog_function(session, name));
  if (!there) {
    if (if_exists) return {};
    return fail(spark::analysis_error("ROUTINE_NOT_FOUND", {{"routineName", quoted({full_name.database, full_name.table})}}));
  }
  TRY(catalog, catalog_of(session));
  return done(catalog->drop_function(full_name.database, full_name.table));
}

}  // namespace mastic::spark_connect
