#include "spark/connect/execution/statement.h"

#include <fmt/format.h>

#include "spark/connect/execution/catalog_lists.h"
#include "spark/connect/execution/names.h"

namespace mastic::spark_connect {
namespace {

namespace sql = spark::sql;

Rows nothing() { return {}; }

spark::SparkResult<Rows> run(Execution&, const sql::QueryStatement&) {
  return fail(spark::internal_error("a query is no statement to run"));
}

spark::SparkResult<Rows> run(Execution& execution, const sql::CreateViewStatement& statement) {
  if (!statement.temporary && !statement.global) return fail(spark::unsupported("CREATE VIEW in the catalog (use TEMPORARY)"));
  TRY(plan, resolve(execution, statement.query));
  auto renamed = plan;
  if (!statement.columns.empty()) {
    if (statement.columns.size() != plan->output.size()) {
      return fail(spark::analysis_error(statement.columns.size() > plan->output.size()
                                            ? "CREATE_VIEW_COLUMN_ARITY_MISMATCH.NOT_ENOUGH_DATA_COLUMNS"
                                            : "CREATE_VIEW_COLUMN_ARITY_MISMATCH.TOO_MANY_DATA_COLUMNS",
                                        {{"viewName", quoted(statement.name)},
                                         {"viewColumns", fmt::format("{}", fmt::join(statement.columns, ", "))},
                                         {"dataColumns", fmt::format("{}", plan->output.size())}}));
    }
    auto output = plan->output;
    for (std::size_t i = 0; i < output.size(); ++i) output[i].name = statement.columns[i];
    renamed = spark::make_relation(std::move(output), spark::Alias{plan});
  }
  if (statement.if_not_exists && statement.name.size() == 1 && execution.session->views.find(statement.name[0]) != nullptr) {
    return nothing();
  }
  TRY_DO(add_view(*execution.session, statement.name, renamed, statement.global, statement.replace));
  return nothing();
}

spark::SparkResult<Rows> run(Execution& execution, const sql::DropStatement& statement) {
  Session& session = *execution.session;
  switch (statement.kind) {
    case sql::DropStatement::Kind::view: TRY_DO(drop_view(session, statement.name, statement.if_exists)); break;
    case sql::DropStatement::Kind::table: TRY_DO(drop_table(session, statement.name, statement.if_exists)); break;
    case sql::DropStatement::Kind::database:
      TRY_DO(drop_database(session, statement.name.back(), statement.if_exists, statement.cascade));
      break;
  }
  return nothing();
}

spark::SparkResult<Rows> run(Execution& execution, const sql::CreateDatabaseStatement& statement) {
  engine::CatalogDatabase database;
  database.name = statement.name.back();
  database.description = statement.comment;
  database.location = statement.location;
  TRY_DO(create_database(*execution.session, database, statement.if_not_exists));
  return nothing();
}

spark::SparkResult<Rows> show_tables(Session& session, const sql::ShowStatement& statement, bool only_views) {
  const std::string database = statement.in.empty() ? session.current_database() : statement.in.back();
  TRY(entries, list_tables(session, database, statement.pattern));
  Rows rows{.columns = {text_column("namespace", false), text_column(only_views ? "viewName" : "tableName", false),
                        flag_column("isTemporary")},
            .rows = {}};
  for (const TableEntry& entry : entries) {
    if (only_views && entry.type != "VIEW" && !entry.temporary) continue;
    rows.rows.push_back({entry.database, entry.name, entry.temporary});
  }
  return rows;
}

spark::SparkResult<Rows> run(Execution& execution, const sql::ShowStatement& statement) {
  Session& session = *execution.session;
  switch (statement.kind) {
    case sql::ShowStatement::Kind::databases: {
      TRY(databases, list_databases(session, statement.pattern));
      Rows rows{.columns = {text_column("namespace", false)}, .rows = {}};
      for (const auto& database : databases) rows.rows.push_back({database.name});
      return rows;
    }
    case sql::ShowStatement::Kind::tables: return show_tables(session, statement, false);
    case sql::ShowStatement::Kind::views: return show_tables(session, statement, true);
    case sql::ShowStatement::Kind::columns: {
      TRY(columns, list_columns(session, statement.in));
      Rows rows{.columns = {text_column("col_name", false)}, .rows = {}};
      for (const ColumnEntry& column : columns) rows.rows.push_back({column.name});
      return rows;
    }
  }
  return fail(spark::internal_error("an unknown kind of SHOW"));
}

spark::SparkResult<Rows> run(Execution& execution, const sql::UseStatement& statement) {
  TRY_DO(use_database(*execution.session, statement.name.back()));
  return nothing();
}

spark::SparkResult<Rows> run(Execution& execution, const sql::SetStatement& statement) {
  Configuration& configuration = execution.session->configuration;
  if (statement.reset) {
    if (statement.key.empty()) {
      for (const auto& [key, value] : configuration.all()) (void)configuration.unset(key);
    } else {
      TRY_DO(configuration.unset(statement.key));
    }
    return nothing();
  }
  Rows rows{.columns = {text_column("key", false), text_column("value", false)}, .rows = {}};
  if (statement.key.empty()) {
    for (const auto& [key, value] : configuration.all()) rows.rows.push_back({key, value});
    return rows;
  }
  if (statement.has_value) TRY_DO(configuration.set(statement.key, statement.value));
  rows.rows.push_back({statement.key, configuration.find(statement.key).value_or("<undefined>")});
  return rows;
}

spark::SparkResult<Rows> run(Execution& execution, const sql::DescribeStatement& statement) {
  return describe_table(*execution.session, statement.table, statement.extended);
}

spark::SparkResult<Rows> run(Execution& execution, const sql::ExplainStatement& statement) {
  TRY(text, explain(*execution.session, execution.operation.connection(), statement.query, statement.mode));
  return Rows{.columns = {text_column("plan", false)}, .rows = {{text}}};
}

}  // namespace

spark::SparkResult<Rows> run_statement(Execution& execution, const spark::sql::Statement& statement) {
  return std::visit([&](const auto& kind) { return run(execution, kind); }, statement);
}

spark::SparkResult<Rows> describe_table(Session& session, const std::vector<std::string>& name, bool extended) {
  TRY(columns, list_columns(session, name));
  Rows rows{.columns = {text_column("col_name", false), text_column("data_type", false), text_column("comment")}, .rows = {}};
  const auto add = [&](const ColumnEntry& column) {
    rows.rows.push_back({column.name, column.type, column.comment.empty() ? Cell{} : Cell{column.comment}});
  };
  bool partitioned = false;
  for (const ColumnEntry& column : columns) {
    add(column);
    partitioned = partitioned || column.is_partition;
  }
  if (partitioned) {
    rows.rows.push_back({std::string("# Partition Information"), std::string(), std::string()});
    rows.rows.push_back({std::string("# col_name"), std::string("data_type"), std::string("comment")});
    for (const ColumnEntry& column : columns) {
      if (column.is_partition) add(column);
    }
  }
  if (!extended) return rows;
  TRY(entry, get_table(session, name));
  rows.rows.push_back({std::string(), std::string(), std::string()});
  rows.rows.push_back({std::string("# Detailed Table Information"), std::string(), std::string()});
  rows.rows.push_back({std::string("Database"), entry.database, std::string()});
  rows.rows.push_back({std::string("Table"), entry.name, std::string()});
  rows.rows.push_back({std::string("Type"), entry.type, std::string()});
  if (!entry.location.empty()) rows.rows.push_back({std::string("Location"), entry.location, std::string()});
  return rows;
}

}  // namespace mastic::spark_connect
