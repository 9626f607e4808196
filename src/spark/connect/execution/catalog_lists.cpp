#include "spark/connect/execution/catalog_lists.h"

#include <fmt/format.h>

#include <algorithm>

#include "spark/analyze/table_entry.h"
#include "spark/connect/execution/names.h"
#include "spark/connect/lineage_calls.h"
#include "spark/lower/execute.h"
#include "spark/lower/folders.h"

namespace mastic::spark_connect {
namespace {

/// The database that is always there, also without a catalog.
engine::CatalogDatabase default_database() {
  return {.name = "default", .description = "default database", .location = {}, .parameters = {}};
}

TableEntry entry_of(const engine::CatalogTable& table) {
  TableEntry entry;
  entry.name = table.name;
  entry.database = table.database;
  entry.description = table.description;
  entry.location = table.location;
  entry.type = table.table_type == "VIRTUAL_VIEW" ? "VIEW" : table.table_type == "MANAGED_TABLE" ? "MANAGED" : "EXTERNAL";
  return entry;
}

TableEntry temporary_entry(std::string name, std::string database) {
  TableEntry entry;
  entry.name = std::move(name);
  entry.database = std::move(database);
  entry.type = "TEMPORARY";
  entry.temporary = true;
  return entry;
}

spark::RelationPtr find_temporary(const Session& session, const std::vector<std::string>& name) {
  if (name.size() == 1) return session.views.find(name[0]);
  if (name.size() == 2 && to_lower(name[0]) == "global_temp") return session.shared().global_views.find(name[1]);
  return nullptr;
}

}  // namespace

spark::SparkResult<std::vector<engine::CatalogDatabase>> list_databases(const Session& session, std::string_view pattern) {
  std::vector<engine::CatalogDatabase> result;
  if (const auto& catalog = session.shared().engine.stores().catalog; catalog != nullptr) {
    auto databases = catalog->list_databases();
    if (!databases) return fail(spark::from_store_error(databases.error()));
    result = *std::move(databases);
  }
  if (std::ranges::none_of(result, [](const auto& database) { return database.name == "default"; })) {
    result.push_back(default_database());
  }
  std::erase_if(result, [&](const auto& database) { return !matches_pattern(pattern, database.name); });
  std::ranges::sort(result, {}, &engine::CatalogDatabase::name);
  return result;
}

spark::SparkResult<engine::CatalogDatabase> get_database(const Session& session, const std::string& name) {
  TRY(databases, list_databases(session, {}));
  for (auto& database : databases) {
    if (to_lower(database.name) == to_lower(name)) return std::move(database);
  }
  return fail(schema_not_found(name));
}

spark::SparkResult<std::vector<TableEntry>> list_tables(const Session& session, const std::string& database,
                                                        std::string_view pattern) {
  std::vector<TableEntry> result;
  const bool global = to_lower(database) == "global_temp";
  if (global) {
    for (auto& name : session.shared().global_views.names()) result.push_back(temporary_entry(std::move(name), "global_temp"));
  } else {
    TRY(exists, database_exists(session, database));
    if (!exists) return fail(schema_not_found(database));
    if (const auto& catalog = session.shared().engine.stores().catalog; catalog != nullptr) {
      TRY(in_catalog, [&]() -> spark::SparkResult<bool> {
        auto found = catalog->find_database(database);
        if (!found) return fail(spark::from_store_error(found.error()));
        return found->has_value();
      }());
      if (in_catalog) {
        auto tables = catalog->list_tables(database);
        if (!tables) return fail(spark::from_store_error(tables.error()));
        for (const auto& table : *tables) result.push_back(entry_of(table));
      }
    }
  }
  for (auto& name : session.views.names()) result.push_back(temporary_entry(std::move(name), {}));
  std::erase_if(result, [&](const TableEntry& entry) { return !matches_pattern(pattern, entry.name); });
  std::ranges::sort(result, [](const TableEntry& a, const TableEntry& b) {
    return std::tie(a.temporary, a.name) < std::tie(b.temporary, b.name);
  });
  return result;
}

spark::SparkResult<TableEntry> get_table(const Session& session, const std::vector<std::string>& name) {
  if (find_temporary(session, name) != nullptr) {
    return temporary_entry(name.back(), name.size() == 2 ? "global_temp" : "");
  }
  TRY(full_name, table_name(session, name));
  TRY(table, find_table(session, full_name));
  if (!table) return fail(table_not_found(name));
  return entry_of(*table);
}

spark::SparkResult<std::vector<ColumnEntry>> list_columns(const Session& session, const std::vector<std::string>& name) {
  std::vector<ColumnEntry> columns;
  if (const auto view = find_temporary(session, name)) {
    for (const spark::Attribute& attribute : view->output) {
      ColumnEntry column;
      column.name = attribute.name;
      column.type = spark::simple_string(attribute.type);
      column.nullable = attribute.nullable;
      columns.push_back(std::move(column));
    }
    return columns;
  }
  TRY(full_name, table_name(session, name));
  TRY(table, find_table(session, full_name));
  if (!table) return fail(table_not_found(name));
  TRY(schema, spark::schema_of_table(*table));
  const auto buckets = spark::buckets_of(*table);
  const auto clustering = spark::clustering_of(*table);
  const auto among = [](const std::vector<std::string>& names, const std::string& wanted) {
    return std::ranges::any_of(names, [&](const auto& name) { return to_lower(name) == to_lower(wanted); });
  };
  const auto add = [&](const std::vector<spark::StructField>& from, bool is_partition) {
    for (const auto& field : from) {
      columns.push_back({.name = field.name,
                         .type = spark::simple_string(field.type),
                         .comment = spark::comment_of(field),
                         .nullable = field.nullable,
                         .is_partition = is_partition,
                         .is_bucket = buckets && among(buckets->columns, field.name),
                         .is_cluster = among(clustering, field.name)});
    }
  };
  add(schema.data, false);
  add(schema.partitions, true);
  return columns;
}

spark::SparkResult<void> use_database(Session& session, const std::string& name) {
  TRY(exists, database_exists(session, name));
  if (!exists) return fail(schema_not_found(name));
  session.set_current_database(to_lower(name));
  return {};
}

spark::SparkResult<std::string> database_folder(const Session& session, const std::string& name) {
  std::string folder;
  if (const auto& catalog = session.shared().engine.stores().catalog; catalog != nullptr) {
    auto database = catalog->find_database(name);
    if (!database) return fail(spark::from_store_error(database.error()));
    if (database->has_value()) folder = (*database)->location;
  }
  if (folder.empty()) {
    folder = session.configuration.find("spark.sql.warehouse.dir").value_or("spark-warehouse");
    if (to_lower(name) != "default") folder = spark::below_folder(folder, to_lower(name) + ".db");
  }
  return folder;
}

spark::SparkResult<void> create_database(Session& session, engine::CatalogDatabase database, bool if_not_exists) {
  database.name = to_lower(database.name);
  TRY(exists, database_exists(session, database.name));
  if (exists) {
    if (if_not_exists) return {};
    return fail(spark::runtime_error("SCHEMA_ALREADY_EXISTS", {{"schemaName", quoted({database.name})}},
                                     "org.apache.spark.sql.catalyst.analysis.DatabaseAlreadyExistsException"));
  }
  TRY(catalog, catalog_of(session));
  if (database.location.empty()) {
    TRY(folder, database_folder(session, database.name));
    database.location = folder;
  }
  return done(catalog->create_database(database));
}

spark::SparkResult<void> drop_database(Session& session, const std::string& name, bool if_exists, bool cascade) {
  if (to_lower(name) == "default") {
    return fail(spark::analysis_error("UNSUPPORTED_FEATURE.DROP_DATABASE",
                                      {{"database", quoted({std::string(session_catalog), name})}}));
  }
  TRY(exists, database_exists(session, name));
  if (!exists) {
    if (if_exists) return {};
    return fail(schema_not_found(name));
  }
  TRY(catalog, catalog_of(session));
  auto tables = catalog->list_tables(name);
  if (!tables) return fail(spark::from_store_error(tables.error()));
  auto functions = catalog->list_functions(name);
  if ((!tables->empty() || (functions && !functions->empty())) && !cascade) {
    return fail(spark::analysis_error("SCHEMA_NOT_EMPTY", {{"schemaName", quoted({name})}}));
  }
  for (const auto& table : *tables) TRY_DO(remove_table(session, table));
  return done(catalog->drop_database(name));
}

spark::SparkResult<void> forget_rows(Session& session, const std::string& name) {
  const auto entry = session.cached_tables.find(name);
  if (entry == nullptr) return {};
  const std::scoped_lock lock(entry->filling);
  if (std::exchange(entry->stored, nullptr) == nullptr) return {};
  return spark::drop_cached(*session.shared().engine.connect(), entry->id);
}

spark::SparkResult<bool> uncache(Session& session, const std::string& name) {
  TRY_DO(forget_rows(session, name));
  return session.cached_tables.unmark(name) != nullptr;
}

spark::SparkResult<void> remove_table(Session& session, const engine::CatalogTable& table) {
  TRY(catalog, catalog_of(session));
  TRY_DO(uncache(session, table.database + "." + table.name));
  TRY_DO(done(catalog->drop_table(table.database, table.name)));
  // A managed table owns its files; those of an external one, or of a partition elsewhere, stay.
  if (table.table_type == "MANAGED_TABLE" && !table.location.empty())
    TRY_DO(spark::remove_folder(session.shared().engine.stores(), table.location));
  tell_changed(table, "DROP");
  return {};
}

spark::SparkResult<void> drop_table(Session& session, const std::vector<std::string>& name, bool if_exists) {
  // As in Spark, DROP TABLE drops a temporary view of that name.
  if (find_temporary(session, name) != nullptr) return drop_view(session, name, if_exists);
  TRY(full_name, table_name(session, name));
  TRY(table, find_table(session, full_name));
  if (!table) {
    if (if_exists) return {};
    return fail(table_not_found(full_name.parts()));
  }
  if (table->table_type == "VIRTUAL_VIEW") {
    return fail(spark::analysis_error("WRONG_COMMAND_FOR_OBJECT_TYPE",
                                      {{"operation", "DROP TABLE"},
                                       {"requiredType", "EXTERNAL or MANAGED"},
                                       {"objectName", fmt::format("{}.{}.{}", session_catalog, table->database, table->name)},
                                       {"foundType", "VIEW"},
                                       {"alternative", "DROP VIEW"}}));
  }
  return remove_table(session, *table);
}

spark::SparkResult<void> drop_view(Session& session, const std::vector<std::string>& name, bool if_exists) {
  if (name.size() == 1 && session.views.remove(name[0])) {
    TRY_DO(uncache(session, to_lower(name[0])));
    return {};
  }
  if (name.size() == 2 && to_lower(name[0]) == "global_temp" && session.shared().global_views.remove(name[1])) return {};
  TRY(full_name, table_name(session, name));
  TRY(table, find_table(session, full_name));
  if (!table) {
    if (if_exists) return {};
    return fail(spark::analysis_error("VIEW_NOT_FOUND", {{"relationName", quoted(full_name.parts())}}));
  }
  if (table->table_type != "VIRTUAL_VIEW") {
    return fail(spark::analysis_error("WRONG_COMMAND_FOR_OBJECT_TYPE",
                                      {{"operation", "DROP VIEW"},
                                       {"requiredType", "VIEW"},
                                       {"objectName", fmt::format("{}.{}.{}", session_catalog, table->database, table->name)},
                                       {"foundType", table->table_type == "MANAGED_TABLE" ? "MANAGED" : "EXTERNAL"},
                                       {"alternative", "DROP TABLE"}}));
  }
  TRY(catalog, catalog_of(session));
  return done(catalog->drop_table(full_name.database, full_name.table));
}

}  // namespace mastic::spark_connect
