// SHOW.
#include <fmt/format.h>

#include <algorithm>

#include "spark/analyze/table_entry.h"
#include "spark/connect/execution/catalog_lists.h"
#include "spark/connect/execution/describe.h"
#include "spark/connect/execution/functions.h"
#include "spark/connect/execution/names.h"
#include "spark/connect/execution/partitions.h"
#include "spark/connect/execution/statement.h"
#include "spark/connect/execution/statement_runs.h"

namespace mastic::spark_connect {
namespace {

namespace sql = spark::sql;
using spark::SparkResult;

Rows one_column(std::string name) { return {.columns = {text_column(std::move(name), false)}, .rows = {}}; }

SparkResult<Rows> show_tables(Session& session, const sql::ShowStatement& statement, bool only_views) {
  const bool global = statement.in.size() == 1 && to_lower(statement.in[0]) == "global_temp";
  TRY(database, database_name(session, statement.in));
  TRY(entries, list_tables(session, global ? std::string("global_temp") : database, statement.pattern));
  Rows rows{.columns = {text_column("namespace", false), text_column(only_views ? "viewName" : "tableName", false),
                        flag_column("isTemporary")},
            .rows = {}};
  for (const TableEntry& entry : entries) {
    if (only_views && entry.type != "VIEW" && !entry.temporary) continue;
    rows.rows.push_back({entry.database, entry.name, entry.temporary});
  }
  return rows;
}

SparkResult<Rows> show_extended(Session& session, const sql::ShowStatement& statement) {
  TRY(database, database_name(session, statement.in));
  TRY(entries, list_tables(session, database, statement.pattern));
  Rows rows{.columns = {text_column("namespace", false), text_column("tableName", false), flag_column("isTemporary"),
                        text_column("information", false)},
            .rows = {}};
  for (const TableEntry& entry : entries) {
    std::string text;
    const std::vector<std::string> name =
        entry.temporary ? std::vector<std::string>{entry.name} : std::vector<std::string>{entry.database, entry.name};
    if (entry.temporary) {
      text = fmt::format("Table: {}\nType: VIEW\n", entry.name);
    } else {
      TRY(table, find_table(session, {entry.database, entry.name}));
      if (!table) continue;
      for (const auto& [key, value] : table_details(session, *table))
        if (!value.empty()) text += key + ": " + value + "\n";
    }
    TRY(columns, list_columns(session, name));
    std::vector<spark::StructField> fields;
    for (const auto& column : columns) {
      TRY(type, sql::parse_data_type(column.type));
      fields.push_back({column.name, type, column.nullable, {}});
    }
    text += "Schema: " + spark::tree_string(spark::types::structure(std::move(fields))) + "\n";
    rows.rows.push_back({entry.database, entry.name, entry.temporary, text});
  }
  return rows;
}

SparkResult<Rows> show_properties(Session& session, const sql::ShowStatement& statement) {
  Rows rows{.columns = {text_column("key", false), text_column("value", false)}, .rows = {}};
  if (statement.in.size() == 1 && session.views.find(statement.in[0]) != nullptr) return rows;
  TRY(name, table_name(session, statement.in));
  TRY(table, find_table(session, name));
  if (!table) return fail(table_not_found(statement.in));
  const auto properties = spark::user_properties(*table);
  if (statement.key.empty()) {
    for (const auto& [key, value] : properties) rows.rows.push_back({key, value});
    return rows;
  }
  const auto found = properties.find(statement.key);
  rows.rows.push_back({statement.key, found != properties.end()
                                          ? found->second
                                          : fmt::format("Table {}.{}.{} does not have property: {}", session_catalog,
                                                        table->database, table->name, statement.key)});
  return rows;
}

SparkResult<Rows> show_functions(Session& session, const sql::ShowStatement& statement) {
  TRY(database, database_name(session, statement.in));
  TRY(functions, list_functions(session, database, statement.pattern));
  std::vector<std::string> names;
  for (const auto& function : functions) {
    const bool system = function.database.empty() && session.find_function(function.name) == nullptr;
    if ((statement.functions_scope == "USER" && system) || (statement.functions_scope == "SYSTEM" && !system)) continue;
    names.push_back(function.database.empty() ? function.name
                                              : fmt::format("{}.{}.{}", session_catalog, function.database, function.name));
  }
  std::ranges::sort(names);
  Rows rows = one_column("function");
  for (auto& name : names) rows.rows.push_back({std::move(name)});
  return rows;
}

}  // namespace

SparkResult<std::vector<std::string>> partition_texts(const Session& session, const std::vector<std::string>& name,
                                                      const sql::PartitionSpec& partition) {
  TRY(table, existing_table(session, name, "SHOW PARTITIONS"));
  if (table.partition_keys.empty())
    return fail(spark::analysis_error("INVALID_PARTITION_OPERATION.PARTITION_SCHEMA_IS_EMPTY", {{"name", quoted_full(table)}}));
  TRY(partitions, matching_partitions(session, table, partition));
  std::vector<std::string> texts;
  for (const auto& one : partitions) texts.push_back(partition_text(table, one.values));
  std::ranges::sort(texts);
  return texts;
}

StatementResult run(Execution& execution, const sql::ShowStatement& statement) {
  Session& session = *execution.session;
  using Kind = sql::ShowStatement::Kind;
  switch (statement.kind) {
    case Kind::databases: {
      TRY(databases, list_databases(session, statement.pattern));
      Rows rows = one_column("namespace");
      for (const auto& database : databases) rows.rows.push_back({database.name});
      return rows;
    }
    case Kind::tables: return show_tables(session, statement, false);
    case Kind::views: return show_tables(session, statement, true);
    case Kind::table_extended: return show_extended(session, statement);
    case Kind::columns: {
      TRY(columns, list_columns(session, statement.in));
      Rows rows = one_column("col_name");
      for (const ColumnEntry& column : columns) rows.rows.push_back({column.name});
      return rows;
    }
    case Kind::partitions: {
      TRY(texts, partition_texts(session, statement.in, statement.partition));
      Rows rows = one_column("partition");
      for (auto& text : texts) rows.rows.push_back({std::move(text)});
      return rows;
    }
    case Kind::functions: return show_functions(session, statement);
    case Kind::properties: return show_properties(session, statement);
    case Kind::create_table: {
      TRY(text, create_table_text(session, statement.in));
      Rows rows = one_column("createtab_stmt");
      rows.rows.push_back({text});
      return rows;
    }
    case Kind::catalogs: {
      Rows rows = one_column("catalog");
      if (matches_pattern(statement.pattern, session_catalog)) rows.rows.push_back({std::string(session_catalog)});
      return rows;
    }
    case Kind::current_database: {
      Rows rows{.columns = {text_column("catalog", false), text_column("namespace", false)}, .rows = {}};
      rows.rows.push_back({std::string(session_catalog), session.current_database()});
      return rows;
    }
  }
  return fail(spark::internal_error("an unknown kind of SHOW"));
}

}  // namespace mastic::spark_connect
