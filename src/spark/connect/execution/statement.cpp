#include "spark/connect/execution/statement.h"

#include <fmt/format.h>

#include "spark/connect/execution/catalog_lists.h"
#include "spark/connect/execution/functions.h"
#include "spark/connect/execution/names.h"
#include "spark/connect/execution/statement_runs.h"
#include "spark/connect/execution/table_create.h"

namespace mastic::spark_connect {

namespace sql = spark::sql;

namespace {

Rows nothing() { return {}; }

StatementResult run(Execution&, const sql::QueryStatement&) {
  return fail(spark::internal_error("a query is no statement to run"));
}
StatementResult run(Execution& execution, const sql::CreateTableStatement& statement) {
  return run_create_table(execution, statement);
}

}  // namespace

spark::SparkResult<Rows> run_statement(Execution& execution, const sql::Statement& statement) {
  return std::visit([&](const auto& kind) { return run(execution, kind); }, statement);
}

StatementResult run(Execution& execution, const sql::DropStatement& statement) {
  Session& session = *execution.session;
  using Kind = sql::DropStatement::Kind;
  switch (statement.kind) {
    case Kind::view: TRY_DO(drop_view(session, statement.name, statement.if_exists)); break;
    case Kind::table: TRY_DO(drop_table(session, statement.name, statement.if_exists)); break;
    case Kind::database: {
      TRY(name, database_name(session, statement.name));
      TRY_DO(drop_database(session, name, statement.if_exists, statement.cascade));
      break;
    }
    case Kind::function: TRY_DO(drop_function(session, statement.name, statement.if_exists)); break;
    case Kind::temporary_function:
      if (!session.remove_function(statement.name.back()) && !statement.if_exists)
        return fail(spark::analysis_error("ROUTINE_NOT_FOUND", {{"routineName", quoted(statement.name)}}));
      break;
    case Kind::variable:
      if (!session.variables.remove(statement.name.back()) && !statement.if_exists)
        return fail(spark::analysis_error("VARIABLE_NOT_FOUND",
                                          {{"variableName", quoted({"system", "session", statement.name.back()})}}));
      break;
  }
  return nothing();
}

StatementResult run(Execution& execution, const sql::CreateDatabaseStatement& statement) {
  engine::CatalogDatabase database;
  TRY(name, database_name(*execution.session, statement.name));
  database.name = name;
  database.description = statement.comment;
  database.location = statement.location;
  database.parameters = statement.properties;
  TRY_DO(create_database(*execution.session, std::move(database), statement.if_not_exists));
  return nothing();
}

StatementResult run(Execution& execution, const sql::AlterDatabaseStatement& statement) {
  Session& session = *execution.session;
  TRY(name, database_name(session, statement.name));
  TRY(database, get_database(session, name));
  for (const auto& [key, value] : statement.set) database.parameters[key] = value;
  for (const auto& key : statement.unset) database.parameters.erase(key);
  if (!statement.location.empty()) database.location = statement.location;
  TRY(catalog, catalog_of(session));
  TRY_DO(done(catalog->update_database(database)));
  return nothing();
}

StatementResult run(Execution& execution, const sql::UseStatement& statement) {
  Session& session = *execution.session;
  const bool names_catalog =
      statement.catalog || (statement.name.size() == 1 && to_lower(statement.name[0]) == session_catalog);
  if (names_catalog) {
    if (to_lower(statement.name.back()) == session_catalog) return nothing();
    return fail(catalog_not_found(statement.name.back()));
  }
  TRY(name, database_name(session, statement.name));
  TRY_DO(use_database(session, name));
  return nothing();
}

StatementResult run(Execution& execution, const sql::SetStatement& statement) {
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

StatementResult run(Execution& execution, const sql::SetPathStatement& statement) {
  Session& session = *execution.session;
  if (!session.configuration.flag("spark.sql.path.enabled"))
    return fail(
        spark::analysis_error("UNSUPPORTED_FEATURE.SET_PATH_WHEN_DISABLED", {{"config", "\"spark.sql.path.enabled\""}}));
  std::string path;
  for (const auto& name : statement.path) {
    if (name.empty()) {
      path.clear();
      break;
    }
    path += (path.empty() ? "" : ",") + fmt::format("{}", fmt::join(name, "."));
  }
  session.set_path(path);
  return nothing();
}

StatementResult run(Execution& execution, const sql::CacheStatement& statement) {
  if (statement.query) {
    // CACHE TABLE v AS query makes a temporary view.
    TRY(plan, resolve(execution, *statement.query));
    TRY_DO(add_view(*execution.session, statement.name, plan, false, true));
  }
  TRY_DO(cache_table(execution, statement.name, statement.lazy));
  return nothing();
}

StatementResult run(Execution& execution, const sql::UncacheStatement& statement) {
  if (statement.name.empty()) {
    TRY_DO(clear_cache(execution));
  } else {
    TRY_DO(uncache_table(execution, statement.name, statement.if_exists));
  }
  return nothing();
}

StatementResult run(Execution& execution, const sql::RefreshStatement& statement) {
  switch (statement.kind) {
    case sql::RefreshStatement::Kind::table: TRY_DO(refresh_table(execution, statement.name)); break;
    case sql::RefreshStatement::Kind::path: TRY_DO(refresh_path(execution, statement.path)); break;
    case sql::RefreshStatement::Kind::function: {
      TRY(function, find_catalog_function(*execution.session, statement.name));
      if (!function) return fail(function_not_found(*execution.session, statement.name));
      break;
    }
  }
  return nothing();
}

StatementResult run(Execution& execution, const sql::CreateFunctionStatement& statement) {
  if (statement.sql) {
    TRY_DO(create_sql_function(*execution.session, execution.operation.connection(), statement));
    return nothing();
  }
  if (statement.temporary) return fail(spark::unsupported("CREATE TEMPORARY FUNCTION of a class of the JVM"));
  TRY_DO(create_function(*execution.session, statement));
  return nothing();
}

StatementResult run(Execution& execution, const sql::ExplainStatement& statement) {
  if (!statement.query) return fail(spark::unsupported("EXPLAIN of a statement that is no query"));
  TRY(text, explain(*execution.session, execution.operation.connection(), *statement.query, statement.mode));
  return Rows{.columns = {text_column("plan", false)}, .rows = {{text}}};
}

}  // namespace mastic::spark_connect
