// CREATE VIEW and ALTER VIEW AS: temporary ones in the session, all others as text in the catalog.
#include <fmt/format.h>

#include "spark/analyze/analyzer.h"
#include "spark/analyze/table_entry.h"
#include "spark/connect/execution/catalog_lists.h"
#include "spark/connect/execution/names.h"
#include "spark/connect/execution/statement_runs.h"
#include "spark/connect/execution/table_create.h"
#include "spark/connect/request_context.h"

namespace mastic::spark_connect {
namespace {

namespace sql = spark::sql;
using spark::SparkResult;

SparkResult<spark::RelationPtr> with_names(const sql::CreateViewStatement& statement, const spark::RelationPtr& plan) {
  if (statement.columns.empty()) return plan;
  if (statement.columns.size() != plan->output.size()) {
    std::vector<std::string> have;
    for (const auto& attribute : plan->output) have.push_back(quoted({attribute.name}));
    std::vector<std::string> want;
    for (const auto& column : statement.columns) want.push_back(quoted({column}));
    return fail(spark::analysis_error(statement.columns.size() > plan->output.size()
                                          ? "CREATE_VIEW_COLUMN_ARITY_MISMATCH.NOT_ENOUGH_DATA_COLUMNS"
                                          : "CREATE_VIEW_COLUMN_ARITY_MISMATCH.TOO_MANY_DATA_COLUMNS",
                                      {{"viewName", quoted(statement.name)},
                                       {"viewColumns", fmt::format("{}", fmt::join(want, ", "))},
                                       {"dataColumns", fmt::format("{}", fmt::join(have, ", "))}}));
  }
  auto output = plan->output;
  for (std::size_t i = 0; i < output.size(); ++i) {
    output[i].name = statement.columns[i];
    if (!statement.column_comments[i].empty())
      output[i].metadata_json = spark::with_comment(output[i].metadata_json, statement.column_comments[i]);
  }
  return spark::make_relation(std::move(output), spark::Alias{plan});
}

/// CREATE TEMPORARY VIEW v USING csv OPTIONS (…)
proto::Relation source_relation(const sql::CreateViewStatement& statement) {
  proto::Relation relation;
  auto& source = *relation.mutable_read()->mutable_data_source();
  source.set_format(statement.provider);
  for (const auto& [key, value] : statement.options) (*source.mutable_options())[key] = value;
  if (statement.schema) source.set_schema(spark::json_string(*statement.schema));
  return relation;
}

SparkResult<Rows> create_temporary_view(Execution& execution, const sql::CreateViewStatement& statement) {
  TRY(plan, resolve(execution, statement.provider.empty() ? statement.query : source_relation(statement)));
  TRY(renamed, with_names(statement, plan));
  if (statement.if_not_exists && statement.name.size() == 1 && execution.session->views.find(statement.name[0]) != nullptr)
    return Rows{};
  TRY_DO(uncache(*execution.session, to_lower(statement.name.back())));
  TRY_DO(add_view(*execution.session, statement.name, renamed, statement.global, statement.replace));
  return Rows{};
}

/// The plan of a view's query, which must be resolvable without this session.
SparkResult<spark::RelationPtr> view_plan(Execution& execution, const TableName& name, const proto::Relation& query) {
  RequestContext context(*execution.session, execution.operation.connection());
  TRY(plan, spark::Analyzer(context).resolve(query));
  if (!context.used_views().empty()) {
    return fail(spark::analysis_error("INVALID_TEMP_OBJ_REFERENCE", {{"obj", "VIEW"},
                                                                     {"objName", quoted(name.parts())},
                                                                     {"tempObj", "VIEW"},
                                                                     {"tempObjName", quoted({context.used_views().front()})}}));
  }
  return plan;
}

engine::CatalogTable view_entry(const Session& session, const TableName& name, const spark::RelationPtr& plan,
                                const spark::RelationPtr& query_plan, const std::string& text) {
  engine::CatalogTable entry;
  entry.database = name.database;
  entry.name = name.table;
  entry.table_type = "VIRTUAL_VIEW";
  entry.owner = session.user();
  entry.view_text = text;
  spark::TableSchema schema;
  for (const auto& attribute : plan->output)
    schema.data.push_back({attribute.name, attribute.type, attribute.nullable, attribute.metadata_json});
  spark::set_schema(entry, schema);
  entry.parameters["view.catalogAndNamespace.numParts"] = "2";
  entry.parameters["view.catalogAndNamespace.part.0"] = std::string(session_catalog);
  entry.parameters["view.catalogAndNamespace.part.1"] = session.current_database();
  entry.parameters["view.query.out.numCols"] = std::to_string(query_plan->output.size());
  for (std::size_t i = 0; i < query_plan->output.size(); ++i)
    entry.parameters["view.query.out.col." + std::to_string(i)] = query_plan->output[i].name;
  entry.parameters["spark.sql.create.version"] = session.shared().spark_version;
  entry.parameters["transient_lastDdlTime"] = std::to_string(to_microseconds(session.shared().clock.now()) / 1'000'000);
  return entry;
}

}  // namespace

StatementResult run(Execution& execution, const sql::CreateViewStatement& statement) {
  if (statement.temporary || statement.global) return create_temporary_view(execution, statement);
  if (!statement.provider.empty()) return fail(spark::unsupported("CREATE VIEW … USING without TEMPORARY"));
  Session& session = *execution.session;
  TRY(name, table_name(session, statement.name));
  TRY(exists, database_exists(session, name.database));
  if (!exists) return fail(schema_not_found(name.database));
  TRY(there, find_table(session, name));
  if (there && statement.if_not_exists) return Rows{};
  if (there && there->table_type != "VIRTUAL_VIEW") {
    if (!statement.replace) return fail(table_already_exists(name));
    return fail(spark::analysis_error("EXPECT_VIEW_NOT_TABLE.NO_ALTERNATIVE",
                                      {{"tableName", quoted_full(*there)}, {"operation", "CREATE OR REPLACE VIEW"}}));
  }
  if (there && !statement.replace) return fail(table_already_exists(name));
  TRY(query_plan, view_plan(execution, name, statement.query));
  TRY(plan, with_names(statement, query_plan));
  auto entry = view_entry(session, name, plan, query_plan, statement.query_text);
  entry.description = statement.comment;
  for (const auto& [key, value] : statement.properties) entry.parameters[key] = value;
  TRY(catalog, catalog_of(session));
  if (there) {
    TRY_DO(done(catalog->update_table(entry)));
    TRY_DO(forget_rows(session, entry.database + "." + entry.name));
  } else {
    TRY_DO(done(catalog->create_table(entry)));
  }
  return Rows{};
}

StatementResult run(Execution& execution, const sql::AlterViewStatement& statement) {
  Session& session = *execution.session;
  if (statement.name.size() == 1 && session.views.find(statement.name[0]) != nullptr) {
    TRY(plan, resolve(execution, statement.query));
    TRY_DO(uncache(session, to_lower(statement.name[0])));
    TRY_DO(add_view(session, statement.name, plan, false, true));
    return Rows{};
  }
  TRY(name, table_name(session, statement.name));
  TRY(there, find_table(session, name));
  if (!there) return fail(table_not_found(statement.name));
  if (there->table_type != "VIRTUAL_VIEW") {
    return fail(spark::analysis_error("EXPECT_VIEW_NOT_TABLE.NO_ALTERNATIVE",
                                      {{"tableName", quoted_full(*there)}, {"operation", "ALTER VIEW ... AS"}}));
  }
  TRY(plan, view_plan(execution, name, statement.query));
  auto entry = view_entry(session, name, plan, plan, statement.query_text);
  entry.description = there->description;
  for (const auto& [key, value] : spark::user_properties(*there)) entry.parameters[key] = value;
  TRY(catalog, catalog_of(session));
  TRY_DO(done(catalog->update_table(entry)));
  TRY_DO(forget_rows(session, entry.database + "." + entry.name));
  return Rows{};
}

}  // namespace mastic::spark_connect
