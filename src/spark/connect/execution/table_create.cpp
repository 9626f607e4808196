#include "spark/connect/execution/table_create.h"

#include <fmt/format.h>

#include <algorithm>

#include "spark/analyze/analyzer.h"
#include "spark/connect/execution/buckets.h"
#include "spark/connect/execution/catalog_lists.h"
#include "spark/connect/execution/partitions.h"
#include "spark/connect/lineage_calls.h"
#include "spark/connect/request_context.h"
#include "spark/lower/folders.h"
#include "spark/lower/write.h"
#include "spark/sql/parser.h"

namespace mastic::spark_connect {
namespace {

using spark::SparkResult;
using spark::StructField;

bool contains(const std::vector<std::string>& names, const std::string& wanted) {
  return std::ranges::any_of(names, [&](const auto& name) { return to_lower(name) == to_lower(wanted); });
}

SparkResult<void> check_columns(const NewTable& table, const std::vector<StructField>& columns) {
  std::vector<std::string> names;
  for (const auto& field : columns) {
    if (contains(names, field.name))
      return fail(spark::analysis_error("COLUMN_ALREADY_EXISTS", {{"columnName", quoted({to_lower(field.name)})}}));
    names.push_back(field.name);
  }
  const auto check_listed = [&](const std::vector<std::string>& listed, std::string_view kind) -> SparkResult<void> {
    for (std::size_t i = 0; i < listed.size(); ++i) {
      if (std::find_if(listed.begin(), listed.begin() + static_cast<std::ptrdiff_t>(i), [&](const auto& other) {
            return to_lower(other) == to_lower(listed[i]);
          }) != listed.begin() + static_cast<std::ptrdiff_t>(i))
        return fail(spark::analysis_error("COLUMN_ALREADY_EXISTS", {{"columnName", quoted({to_lower(listed[i])})}}));
      if (contains(names, listed[i])) continue;
      std::string all;
      for (const auto& name : names) all += (all.empty() ? "" : ", ") + quoted({name});
      return fail(spark::analysis_error("COLUMN_NOT_DEFINED_IN_TABLE", {{"colType", std::string(kind)},
                                                                        {"colName", quoted({listed[i]})},
                                                                        {"tableName", quoted(table.name.parts())},
                                                                        {"tableCols", all}}));
    }
    return {};
  };
  TRY_DO(check_listed(table.partitioned_by, "partition"));
  if (table.buckets) {
    TRY_DO(check_listed(table.buckets->columns, "bucket"));
    TRY_DO(check_listed(table.buckets->sorted_by, "sort"));
  }
  TRY_DO(check_listed(table.clustered_by, "clustering"));
  if (!columns.empty() && table.partitioned_by.size() == columns.size())
    return fail(spark::analysis_error("ALL_PARTITION_COLUMNS_NOT_ALLOWED"));
  for (const auto& field : columns) {
    const auto& type = field.type;
    if (contains(table.partitioned_by, field.name) &&
        (type.is_nested() || type.is(spark::TypeKind::binary) || type.is_interval() || type.is(spark::TypeKind::variant)))
      return fail(spark::analysis_error("INVALID_PARTITION_COLUMN_DATA_TYPE",
                                        {{"type", fmt::format("\"{}\"", spark::sql_string(type))}}));
  }
  return {};
}

spark::TableSchema split_schema(const NewTable& table, const std::vector<StructField>& columns) {
  spark::TableSchema schema;
  for (const auto& field : columns)
    if (!contains(table.partitioned_by, field.name)) schema.data.push_back(field);
  // Partition columns in the order of PARTITIONED BY.
  for (const auto& name : table.partitioned_by)
    for (const auto& field : columns)
      if (to_lower(field.name) == to_lower(name)) schema.partitions.push_back(field);
  return schema;
}

SparkResult<std::string> location_of(const Session& session, const NewTable& table) {
  if (!table.location.empty()) return table.location;
  TRY(folder, database_folder(session, table.name.database));
  return spark::below_folder(folder, table.name.table);
}

SparkResult<engine::CatalogTable> entry_of(const Session& session, const NewTable& table,
                                           const std::vector<StructField>& columns) {
  engine::CatalogTable entry;
  entry.database = table.name.database;
  entry.name = table.name.table;
  entry.table_type = table.location.empty() ? "MANAGED_TABLE" : "EXTERNAL_TABLE";
  entry.description = table.comment;
  entry.owner = session.user();
  TRY(location, location_of(session, table));
  entry.location = location;
  for (const auto& [key, value] : table.properties) entry.parameters[key] = value;
  spark::set_format(entry, table.format, table.options);
  if (table.hive) {
    entry.parameters.erase("spark.sql.sources.provider");
    if (table.format == "csv") {
      entry.parameters.erase("classification");
      entry.serde_parameters.erase("field.delim");
    }
    for (const auto& [key, value] : table.serde_parameters) entry.serde_parameters[key] = value;
  }
  spark::set_schema(entry, split_schema(table, columns));
  if (table.buckets) spark::set_buckets(entry, *table.buckets);
  if (!table.clustered_by.empty()) spark::set_clustering(entry, table.clustered_by);
  entry.parameters["spark.sql.create.version"] = session.shared().spark_version;
  entry.parameters["transient_lastDdlTime"] = std::to_string(to_microseconds(session.shared().clock.now()) / 1'000'000);
  return entry;
}

/// Glue's `default` database need not be there; Spark's always is.
SparkResult<void> need_database(Session& session, const std::string& name) {
  TRY(exists, database_exists(session, name));
  if (!exists) return fail(schema_not_found(name));
  TRY(catalog, catalog_of(session));
  auto found = catalog->find_database(name);
  if (!found) return fail(spark::from_store_error(found.error()));
  if (!found->has_value())
    return done(catalog->create_database({.name = name, .description = "default database", .location = {}, .parameters = {}}));
  return {};
}

SparkResult<void> check_free_location(const Session& session, const engine::CatalogTable& entry) {
  if (entry.table_type != "MANAGED_TABLE") return {};
  TRY(size, spark::folder_size(session.shared().engine.stores(), entry.location));
  if (size.files == 0) return {};
  return fail(spark::analysis_error("LOCATION_ALREADY_EXISTS",
                                    {{"location", shown_location(entry.location)},
                                     {"identifier", quoted({std::string(session_catalog), entry.database, entry.name})}}));
}

}  // namespace

spark::SparkError table_already_exists(const TableName& name) {
  return spark::runtime_error("TABLE_OR_VIEW_ALREADY_EXISTS", {{"relationName", quoted(name.parts())}},
                              "org.apache.spark.sql.catalyst.analysis.TableAlreadyExistsException");
}

Done create_empty_table(Execution& execution, const NewTable& table, const std::vector<StructField>& columns,
                        bool if_not_exists) {
  Session& session = *execution.session;
  TRY(catalog, catalog_of(session));
  TRY_DO(need_database(session, table.name.database));
  TRY(there, find_table(session, table.name));
  if (there) {
    if (if_not_exists) return {};
    return fail(table_already_exists(table.name));
  }
  TRY_DO(check_columns(table, columns));
  TRY(entry, entry_of(session, table, columns));
  TRY_DO(check_free_location(session, entry));
  // Others look for the folder; a place that cannot be made shows when it is first written to.
  if (table.location.empty()) TRY_DO(spark::make_folder(entry.location));
  TRY_DO(done(catalog->create_table(entry)));
  tell_changed(entry, "CREATE");
  return {};
}

Done create_table_from(Execution& execution, const NewTable& table, const spark::RelationPtr& input, bool replace) {
  Session& session = *execution.session;
  TRY(catalog, catalog_of(session));
  TRY_DO(need_database(session, table.name.database));
  TRY(there, find_table(session, table.name));
  if (there && !replace) return fail(table_already_exists(table.name));
  if (there && there->table_type == "VIRTUAL_VIEW") {
    return fail(spark::analysis_error("EXPECT_TABLE_NOT_VIEW.NO_ALTERNATIVE",
                                      {{"viewName", quoted_full(*there)}, {"operation", "CREATE TABLE"}}));
  }
  std::vector<StructField> columns;
  for (const spark::Attribute& attribute : input->output)
    columns.push_back({attribute.name, attribute.type, true, attribute.metadata_json});
  TRY_DO(check_columns(table, columns));
  TRY(entry, entry_of(session, table, columns));
  if (!there) TRY_DO(check_free_location(session, entry));
  if (there && table.location.empty() && there->table_type == "MANAGED_TABLE") entry.location = there->location;

  spark::WriteFiles write;
  write.input = input;
  write.format = table.format;
  write.path = entry.location;
  write.options = spark::file_options_of(entry);
  for (const auto& [key, value] : table.options) write.options.insert_or_assign(to_lower(key), value);
  write.mode = spark::SaveMode::overwrite;
  write.partition_columns = table.partitioned_by;
  write.database = table.name.database;
  write.table = table.name.table;
  if (table.buckets) {
    write.buckets = table.buckets->count;
    write.bucket_columns = table.buckets->columns;
    write.sort_columns = table.buckets->sorted_by;
    add_bucket_column(write);
  }
  const spark::Command command{write};
  tell_writing(session, command);
  TRY(summary, spark::write(execution.operation.connection(), command, lower_options(session)));
  tell_written(session, command, summary, !there);
  if (there) {
    auto partitions = there->partition_keys.empty() ? Result<std::vector<engine::CatalogPartition>>()
                                                    : catalog->list_partitions(there->database, there->name, "");
    if (!partitions) return fail(spark::from_store_error(partitions.error()));
    std::vector<std::vector<std::string>> gone;
    for (const auto& partition : *partitions) gone.push_back(partition.values);
    if (!gone.empty()) TRY_DO(done(catalog->drop_partitions(there->database, there->name, gone)));
    TRY_DO(done(catalog->update_table(entry)));
    if (there->table_type == "MANAGED_TABLE" && there->location != entry.location)
      TRY_DO(spark::remove_folder(session.shared().engine.stores(), there->location));
    TRY_DO(forget_rows(session, entry.database + "." + entry.name));
  } else {
    TRY_DO(done(catalog->create_table(entry)));
  }
  std::vector<engine::CatalogPartition> written;
  for (const auto& partition : summary.partitions)
    written.push_back({.values = partition.values, .location = partition.location, .parameters = {}});
  if (!written.empty()) TRY_DO(done(catalog->put_partitions(entry.database, entry.name, std::move(written))));
  return {};
}

namespace {

/// What USING or STORED AS names. Errors: DATA_SOURCE_NOT_FOUND, an error by name for what Mastic cannot write.
SparkResult<std::string> format_named(const Session& session, const spark::sql::CreateTableStatement& statement, bool& hive) {
  if (!statement.stored_as.empty() || !statement.serde_properties.empty() || !statement.serde_library.empty()) {
    hive = true;
    const auto library = to_lower(statement.serde_library);
    for (const char* known : {"parquet", "orc", "avro", "json"})
      if (statement.stored_as == known || library.find(known) != std::string::npos) return std::string(known);
    if (statement.stored_as == "jsonfile") return std::string("json");
    if (statement.stored_as.empty() || statement.stored_as == "textfile") return std::string("csv");
    return fail(spark::unsupported("STORED AS " + statement.stored_as));
  }
  auto format = to_lower(statement.provider);
  // Spark 3.5 makes Hive's delimited text of a table that names no format.
  if (format.empty() && session.configuration.flag("spark.sql.legacy.createHiveTableByDefault")) format = "hive";
  if (format.empty()) format = to_lower(session.configuration.find("spark.sql.sources.default").value_or("parquet"));
  if (const auto dot = format.rfind('.'); dot != std::string::npos) format = format.substr(dot + 1);
  if (format == "hive") {
    hive = true;
    return std::string("csv");
  }
  if (format == "delta" || format == "iceberg" || format == "hudi" || format == "jdbc" || format == "xml")
    return fail(spark::unsupported("tables of the format " + format));
  if (!spark::is_table_format(format))
    return fail(spark::runtime_error("DATA_SOURCE_NOT_FOUND", {{"provider", statement.provider}},
                                     "org.apache.spark.SparkClassNotFoundException"));
  return format;
}

SparkResult<Rows> create_like(Execution& execution, const spark::sql::CreateTableStatement& statement, NewTable table) {
  Session& session = *execution.session;
  TRY(source_name, table_name(session, *statement.like));
  TRY(source, find_table(session, source_name));
  std::vector<StructField> columns;
  if (source) {
    TRY(schema, spark::schema_of_table(*source));
    columns = schema.all();
    for (const auto& key : schema.partitions) table.partitioned_by.push_back(key.name);
    if (statement.provider.empty() && statement.stored_as.empty() && source->table_type != "VIRTUAL_VIEW") {
      table.format = spark::format_of(*source);
      table.options = spark::file_options_of(*source);
      table.buckets = spark::buckets_of(*source);
    }
  } else if (statement.like->size() == 1 && session.views.find(statement.like->front()) != nullptr) {
    for (const auto& attribute : session.views.find(statement.like->front())->output)
      columns.push_back({attribute.name, attribute.type, true, attribute.metadata_json});
  } else {
    return fail(table_not_found(*statement.like));
  }
  TRY_DO(create_empty_table(execution, table, columns, statement.if_not_exists));
  return Rows{};
}

}  // namespace

SparkResult<Rows> run_create_table(Execution& execution, const spark::sql::CreateTableStatement& statement) {
  Session& session = *execution.session;
  NewTable table;
  TRY(name, table_name(session, statement.name));
  table.name = name;
  TRY(format, format_named(session, statement, table.hive));
  table.format = format;
  table.options = statement.options;
  table.serde_parameters = statement.serde_properties;
  table.comment = statement.comment;
  table.properties = statement.properties;
  table.location = statement.location;
  for (const auto& [key, value] : statement.options) {
    if (to_lower(key) != "path") continue;
    if (!table.location.empty())
      return fail(spark::parse_error("_LEGACY_ERROR_TEMP_0032", {{"pathOne", statement.location}, {"pathTwo", value}}));
    table.location = value;
  }
  std::erase_if(table.options, [](const auto& option) { return to_lower(option.first) == "path"; });
  if (statement.external && table.location.empty())
    return fail(
        spark::parse_error("_LEGACY_ERROR_TEMP_0035", {{"message", "CREATE EXTERNAL TABLE must be accompanied by LOCATION"}}));
  if (statement.buckets) {
    if (statement.buckets->count <= 0)
      return fail(spark::analysis_error("INVALID_BUCKET_COUNT", {{"bucketingMaxBuckets", "100000"},
                                                                 {"numBuckets", std::to_string(statement.buckets->count)}}));
    table.buckets = spark::TableBuckets{statement.buckets->count, statement.buckets->columns, statement.buckets->sorted_by};
  }
  table.clustered_by = statement.clustered_by;
  if (statement.like) return create_like(execution, statement, std::move(table));

  auto columns = statement.columns;
  table.partitioned_by = statement.partitioned_by;
  for (const auto& field : statement.partition_columns) {
    columns.push_back(field);
    table.partitioned_by.push_back(field.name);
  }
  if (statement.query) {
    TRY(there, find_table(session, table.name));
    if (there && statement.if_not_exists) return Rows{};
    if (!columns.empty())
      return fail(spark::unsupported("a list of columns in CREATE TABLE AS SELECT (Spark takes them from the query)"));
    if (statement.replace && !statement.or_create && !there) return fail(table_not_found(table.name.parts()));
    TRY(input, resolve(execution, *statement.query));
    TRY_DO(create_table_from(execution, table, input, statement.replace));
    return Rows{};
  }
  if (statement.replace) {
    TRY(there, find_table(session, table.name));
    if (!there && !statement.or_create) return fail(table_not_found(table.name.parts()));
    if (there) TRY_DO(remove_table(session, *there));
  }
  if (columns.empty()) {
    // Columns from what lies at the place.
    if (table.location.empty()) {
      return fail(spark::analysis_error("UNABLE_TO_INFER_SCHEMA", {{"format", statement.provider}}));
    }
    spark::AnalysisContext::FileRequest request{table.format, {table.location}, {}, std::nullopt};
    for (const auto& [key, value] : table.options) request.options[to_lower(key)] = value;
    RequestContext context(session, execution.operation.connection());
    TRY(files, context.infer_file_schema(request));
    columns = files.data_columns;
    for (const auto& field : files.partition_columns) {
      columns.push_back(field);
      table.partitioned_by.push_back(field.name);
    }
    TRY_DO(create_empty_table(execution, table, columns, statement.if_not_exists));
    if (table.partitioned_by.empty()) return Rows{};
    TRY(made, find_table(session, table.name));
    if (made) TRY_DO(recover_partitions(session, *made, {}));
    return Rows{};
  }
  TRY_DO(create_empty_table(execution, table, columns, statement.if_not_exists));
  return Rows{};
}

}  // namespace mastic::spark_connect
