// ALTER TABLE, TRUNCATE, ANALYZE, COMMENT ON.
#include <fmt/format.h>

#include <algorithm>

#include "spark/analyze/table_entry.h"
#include "spark/connect/execution/catalog_lists.h"
#include "spark/connect/execution/names.h"
#include "spark/connect/execution/partitions.h"
#include "spark/connect/execution/statement.h"
#include "spark/connect/execution/statement_runs.h"
#include "spark/connect/execution/table_create.h"
#include "spark/connect/lineage_calls.h"
#include "spark/connect/request_context.h"
#include "spark/lower/execute.h"
#include "spark/lower/folders.h"

namespace mastic::spark_connect {
namespace {

namespace sql = spark::sql;
using spark::SparkResult;
using spark::StructField;

/// One ALTER TABLE: the entry changes in place and is stored afterwards.
struct Alteration {
  Session& session;
  engine::CatalogTable& table;
  bool is_view = false;

  using Fields = std::vector<StructField>;

  [[nodiscard]] static Fields::iterator find(Fields& fields, const std::string& name) {
    return std::ranges::find_if(fields, [&](const auto& field) { return to_lower(field.name) == to_lower(name); });
  }

  [[nodiscard]] spark::SparkError no_column(const spark::TableSchema& schema, const std::string& name) const {
    std::string known;
    for (const auto& field : schema.all()) known += (known.empty() ? "" : ", ") + quoted({field.name});
    return spark::analysis_error("UNRESOLVED_COLUMN.WITH_SUGGESTION", {{"objectName", quoted({name})}, {"proposal", known}});
  }

  [[nodiscard]] spark::SparkError not_for_this_table(std::string_view operation) const {
    return spark::analysis_error("UNSUPPORTED_FEATURE.TABLE_OPERATION",
                                 {{"tableName", quoted_full(table)}, {"operation", std::string(operation)}});
  }

  SparkResult<void> operator()(const sql::AddColumns& action) {
    TRY(schema, spark::schema_of_table(table));
    if (action.replace) return fail(not_for_this_table("REPLACE COLUMNS"));
    for (const auto& column : action.columns) {
      auto& fields = schema.data;
      if (find(fields, column.field.name) != fields.end() ||
          find(schema.partitions, column.field.name) != schema.partitions.end())
        return fail(spark::analysis_error("COLUMN_ALREADY_EXISTS", {{"columnName", quoted({to_lower(column.field.name)})}}));
      if (!column.field.nullable) return fail(not_for_this_table("ALTER TABLE ... ADD COLUMNS of NOT NULL columns"));
      if (column.first || !column.after.empty()) return fail(not_for_this_table("column position"));
      fields.push_back(column.field);
    }
    spark::set_schema(table, schema);
    return {};
  }

  SparkResult<void> operator()(const sql::DropColumns&) { return fail(not_for_this_table("DROP COLUMN")); }
  SparkResult<void> operator()(const sql::RenameColumn&) { return fail(not_for_this_table("RENAME COLUMN")); }

  SparkResult<void> operator()(const std::vector<sql::AlterColumn>& changes) {
    TRY(schema, spark::schema_of_table(table));
    for (const auto& change : changes) {
      if (change.name.size() != 1) return fail(spark::unsupported("ALTER COLUMN of a field inside a struct"));
      auto* fields = &schema.data;
      auto field = find(*fields, change.name[0]);
      if (field == fields->end()) {
        fields = &schema.partitions;
        field = find(*fields, change.name[0]);
        if (field == fields->end()) return fail(no_column(schema, change.name[0]));
      }
      if (change.first || !change.after.empty()) return fail(not_for_this_table("ALTER COLUMN ... FIRST | AFTER"));
      if (change.nullable) return fail(not_for_this_table("ALTER COLUMN ... SET NOT NULL"));
      // Files keep the type that they were written with.
      if (change.type && *change.type != field->type) {
        return fail(spark::analysis_error("NOT_SUPPORTED_CHANGE_COLUMN",
                                          {{"table", quoted_full(table)},
                                           {"originName", quoted({field->name})},
                                           {"originType", fmt::format("\"{}\"", spark::sql_string(field->type))},
                                           {"newName", quoted({field->name})},
                                           {"newType", fmt::format("\"{}\"", spark::sql_string(*change.type))}}));
      }
      if (change.comment) field->metadata_json = spark::with_comment(field->metadata_json, *change.comment);
    }
    spark::set_schema(table, schema);
    return {};
  }

  SparkResult<void> operator()(const sql::SetProperties& action) {
    for (const auto& [key, value] : action.set) {
      if (key == "comment") {
        table.description = value;
      } else {
        table.parameters[key] = value;
      }
    }
    return {};
  }

  SparkResult<void> operator()(const sql::UnsetProperties& action) {
    std::string missing;
    for (const auto& key : action.keys) {
      if (key == "comment") {
        table.description.clear();
      } else if (table.parameters.erase(key) == 0) {
        missing += (missing.empty() ? "" : ", ") + quoted({key});
      }
    }
    if (!missing.empty() && !action.if_exists)
      return fail(
          spark::analysis_error("UNSET_NONEXISTENT_PROPERTIES", {{"properties", missing}, {"table", quoted_full(table)}}));
    return {};
  }

  SparkResult<void> operator()(const sql::SetLocation& action) {
    if (action.partition.empty()) {
      table.location = action.location;
      return {};
    }
    TRY_DO(check_partitioned(table, "ALTER TABLE ... SET LOCATION"));
    TRY_DO(fixed_values(table, action.partition, true));
    TRY(matching, matching_partitions(session, table, action.partition));
    if (matching.empty())
      return fail(spark::analysis_error("PARTITIONS_NOT_FOUND",
                                        {{"partitionList", action.partition.front().name}, {"tableName", quoted_full(table)}}));
    for (auto& partition : matching) partition.location = action.location;
    TRY(catalog, catalog_of(session));
    return done(catalog->put_partitions(table.database, table.name, std::move(matching)));
  }

  SparkResult<void> operator()(const sql::SetSerde& action) {
    if (spark::provider_of(table) != "hive") {
      return fail(not_for_this_table("ALTER TABLE SET [SERDE|SERDEPROPERTIES]"));
    }
    if (!action.library.empty()) table.serialization_library = action.library;
    for (const auto& [key, value] : action.properties) table.serde_parameters[key] = value;
    return {};
  }

  SparkResult<void> operator()(const sql::ClusterBy& action) {
    spark::set_clustering(table, action.columns);
    return {};
  }

  // These change more than the entry, and store what they change.
  SparkResult<void> operator()(const sql::RenameTable&) { return {}; }
  SparkResult<void> operator()(const sql::AddPartitions& action) { return add_partitions(session, table, action); }
  SparkResult<void> operator()(const sql::DropPartitions& action) { return drop_partitions(session, table, action); }
  SparkResult<void> operator()(const sql::RenamePartition& action) { return rename_partition(session, table, action); }
  SparkResult<void> operator()(const sql::RecoverPartitions& action) { return recover_partitions(session, table, action); }
};

/// The catalog has no rename: the table is made under its new name with its partitions, then taken away under the old.
SparkResult<void> rename_table(Session& session, const engine::CatalogTable& table, const std::vector<std::string>& to) {
  TRY(name, table_name(session, to.size() == 1 ? std::vector<std::string>{table.database, to[0]} : to));
  if (name.database != table.database) {
    return fail(spark::analysis_error("_LEGACY_ERROR_TEMP_1073", {{"oldDb", table.database}, {"newDb", name.database}}));
  }
  TRY(there, find_table(session, name));
  if (there) return fail(table_already_exists(name));
  TRY(catalog, catalog_of(session));
  auto renamed = table;
  renamed.name = name.table;
  auto partitions = table.partition_keys.empty() ? Result<std::vector<engine::CatalogPartition>>()
                                                 : catalog->list_partitions(table.database, table.name, "");
  if (!partitions) return fail(spark::from_store_error(partitions.error()));
  if (table.table_type == "MANAGED_TABLE") {
    TRY(folder, database_folder(session, table.database));
    const auto old_place = spark::below_folder(folder, table.name);
    // Only a table that lies where its name says moves with its name.
    if (table.location == old_place) {
      renamed.location = spark::below_folder(folder, name.table);
      TRY_DO(spark::move_folder(session.shared().engine.stores(), table.location, renamed.location));
      for (auto& partition : *partitions) {
        if (partition.location.starts_with(old_place + "/"))
          partition.location = renamed.location + partition.location.substr(old_place.size());
      }
    }
  }
  TRY_DO(done(catalog->create_table(renamed)));
  if (!partitions->empty()) TRY_DO(done(catalog->put_partitions(renamed.database, renamed.name, *std::move(partitions))));
  TRY_DO(uncache(session, table.database + "." + table.name));
  TRY_DO(done(catalog->drop_table(table.database, table.name)));
  tell_changed(renamed, "RENAME", table.name);
  return {};
}

SparkResult<void> set_statistics(Execution& execution, engine::CatalogTable table, bool no_scan,
                                 const std::vector<std::string>& name) {
  Session& session = *execution.session;
  const auto& stores = session.shared().engine.stores();
  uint64_t bytes = 0;
  TRY(catalog, catalog_of(session));
  if (table.partition_keys.empty()) {
    TRY(size, spark::folder_size(stores, table.location));
    bytes = size.bytes;
  } else {
    auto partitions = catalog->list_partitions(table.database, table.name, "");
    if (!partitions) return fail(spark::from_store_error(partitions.error()));
    for (const auto& partition : *partitions) {
      TRY(size, spark::folder_size(stores, partition.location));
      bytes += size.bytes;
    }
  }
  table.parameters["spark.sql.statistics.totalSize"] = std::to_string(bytes);
  if (!no_scan) {
    proto::Relation count;
    auto& aggregate = *count.mutable_aggregate();
    aggregate.set_group_type(proto::Aggregate::GROUP_TYPE_GROUPBY);
    aggregate.mutable_input()->mutable_read()->mutable_named_table()->set_unparsed_identifier(quoted(name));
    auto& call = *aggregate.add_aggregate_expressions()->mutable_unresolved_function();
    call.set_function_name("count");
    call.add_arguments()->mutable_literal()->set_integer(1);
    TRY(plan, resolve(execution, count));
    TRY(cells, spark::collect_text(execution.operation.connection(), *plan, lower_options(session)));
    table.parameters["spark.sql.statistics.numRows"] = cells.at(0).at(0).value_or("0");
  }
  return done(catalog->update_table(table));
}

}  // namespace

StatementResult run(Execution& execution, const sql::AlterTableStatement& statement) {
  Session& session = *execution.session;
  if (statement.is_view && statement.name.size() == 1) {
    if (const auto view = session.views.find(statement.name[0])) {
      const auto* rename = std::get_if<sql::RenameTable>(&statement.action);
      if (rename == nullptr)
        return fail(spark::analysis_error("EXPECT_PERMANENT_VIEW_NOT_TEMP",
                                          {{"viewName", quoted(statement.name)}, {"operation", "ALTER VIEW"}}));
      if (!session.views.add(rename->to.back(), view, false))
        return fail(spark::analysis_error("TABLE_OR_VIEW_ALREADY_EXISTS", {{"relationName", quoted(rename->to)}}));
      (void)session.views.remove(statement.name[0]);
      return Rows{};
    }
  }
  TRY(name, table_name(session, statement.name));
  TRY(found, find_table(session, name));
  if (!found) return fail(table_not_found(statement.name));
  const bool is_view = found->table_type == "VIRTUAL_VIEW";
  if (is_view != statement.is_view) {
    if (is_view)
      return fail(spark::analysis_error("EXPECT_TABLE_NOT_VIEW.USE_ALTER_VIEW",
                                        {{"viewName", quoted_full(*found)}, {"operation", "ALTER TABLE"}}));
    if (!std::holds_alternative<sql::RenameTable>(statement.action))
      return fail(spark::analysis_error("EXPECT_VIEW_NOT_TABLE.USE_ALTER_TABLE",
                                        {{"tableName", quoted_full(*found)}, {"operation", "ALTER VIEW"}}));
  }
  if (const auto* rename = std::get_if<sql::RenameTable>(&statement.action)) {
    TRY_DO(rename_table(session, *found, rename->to));
    return Rows{};
  }
  auto table = *found;
  TRY_DO(std::visit(Alteration{session, table, is_view}, statement.action));
  const bool stored_already = std::holds_alternative<sql::AddPartitions>(statement.action) ||
                              std::holds_alternative<sql::DropPartitions>(statement.action) ||
                              std::holds_alternative<sql::RenamePartition>(statement.action) ||
                              std::holds_alternative<sql::RecoverPartitions>(statement.action);
  if (!stored_already) {
    TRY(catalog, catalog_of(session));
    TRY_DO(done(catalog->update_table(table)));
    TRY_DO(forget_rows(session, table.database + "." + table.name));
    tell_changed(table, "ALTER");
  }
  return Rows{};
}

Done repair_table(Execution& execution, const std::vector<std::string>& name) {
  TRY(table, existing_table(*execution.session, name, "recoverPartitions()"));
  return recover_partitions(*execution.session, table, {});
}

Done truncate_table(Execution& execution, const std::vector<std::string>& name, const sql::PartitionSpec& partition) {
  Session& session = *execution.session;
  TRY(table, existing_table(session, name, "TRUNCATE TABLE"));
  if (table.table_type == "EXTERNAL_TABLE")
    return fail(spark::analysis_error("_LEGACY_ERROR_TEMP_1266", {{"tableIdentWithDB", quoted_full(table)}}));
  if (!partition.empty()) TRY_DO(check_partitioned(table, "TRUNCATE TABLE ... PARTITION"));
  const auto& stores = session.shared().engine.stores();
  if (table.partition_keys.empty()) {
    TRY_DO(spark::remove_folder(stores, table.location, true));
  } else {
    TRY(partitions, matching_partitions(session, table, partition));
    for (const auto& one : partitions) TRY_DO(spark::remove_folder(stores, one.location, true));
  }
  tell_changed(table, "TRUNCATE");
  return forget_rows(session, table.database + "." + table.name);
}

StatementResult run(Execution& execution, const sql::TruncateStatement& statement) {
  TRY_DO(truncate_table(execution, statement.name, statement.partition));
  return Rows{};
}

Done analyze_table(Execution& execution, const std::vector<std::string>& name, bool no_scan) {
  Session& session = *execution.session;
  if (name.size() == 1 && session.views.find(name[0]) != nullptr) {
    if (session.cached_tables.find(to_lower(name[0])) != nullptr) return {};
    return fail(spark::analysis_error("UNSUPPORTED_FEATURE.ANALYZE_UNCACHED_TEMP_VIEW", {{"viewName", quoted(name)}}));
  }
  TRY(full_name, table_name(session, name));
  TRY(table, find_table(session, full_name));
  if (!table) return fail(table_not_found(name));
  if (table->table_type == "VIRTUAL_VIEW") return fail(spark::analysis_error("UNSUPPORTED_FEATURE.ANALYZE_VIEW", {}));
  return set_statistics(execution, *table, no_scan, full_name.parts());
}

StatementResult run(Execution& execution, const sql::AnalyzeStatement& statement) {
  Session& session = *execution.session;
  if (statement.all_columns || !statement.columns.empty()) return fail(spark::unsupported("ANALYZE TABLE … FOR COLUMNS"));
  if (!statement.partition.empty()) return fail(spark::unsupported("ANALYZE TABLE … PARTITION"));
  if (!statement.name.empty()) {
    TRY_DO(analyze_table(execution, statement.name, statement.no_scan));
    return Rows{};
  }
  TRY(database, database_name(session, statement.database));
  TRY(tables, list_tables(session, database, {}));
  for (const auto& table : tables) {
    if (table.temporary || table.type == "VIEW") continue;
    TRY_DO(analyze_table(execution, {table.database, table.name}, statement.no_scan));
  }
  return Rows{};
}

StatementResult run(Execution& execution, const sql::CommentStatement& statement) {
  Session& session = *execution.session;
  TRY(catalog, catalog_of(session));
  if (!statement.on_table) {
    TRY(name, database_name(session, statement.name));
    TRY(database, get_database(session, name));
    database.description = statement.comment.value_or("");
    TRY_DO(done(catalog->update_database(database)));
    return Rows{};
  }
  TRY(table, existing_table(session, statement.name, "COMMENT ON TABLE"));
  table.description = statement.comment.value_or("");
  TRY_DO(done(catalog->update_table(table)));
  return Rows{};
}

}  // namespace mastic::spark_connect
