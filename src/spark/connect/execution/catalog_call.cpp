// spark.catalog: one case a call. The client reads result columns by position.
#include <fmt/format.h>
#include <spark/connect/catalog.pb.h>
#include <spark/connect/relations.pb.h>

#include "spark/analyze/state.h"
#include "spark/analyze/table_entry.h"
#include "spark/connect/execution/catalog_lists.h"
#include "spark/connect/execution/execution.h"
#include "spark/connect/execution/functions.h"
#include "spark/connect/execution/names.h"
#include "spark/connect/execution/statement.h"
#include "spark/connect/execution/table_create.h"
#include "spark/sql/parser.h"

namespace mastic::spark_connect {
namespace {

using spark::SparkResult;

Rows one_value(Cell cell) {
  auto column = std::holds_alternative<bool>(cell) ? flag_column("value") : text_column("value", false);
  return {.columns = {std::move(column)}, .rows = {{std::move(cell)}}};
}
/// What a call without a result gives.
Rows nothing() { return {}; }

Cell text_or_null(const std::string& text) { return text.empty() ? Cell{} : Cell{text}; }

Rows database_rows(const std::vector<engine::CatalogDatabase>& databases) {
  Rows rows{.columns = {text_column("name"), text_column("catalog"), text_column("description"), text_column("locationUri")},
            .rows = {}};
  for (const auto& database : databases) {
    rows.rows.push_back({database.name, std::string(session_catalog), text_or_null(database.description), database.location});
  }
  return rows;
}

Rows table_rows(const std::vector<TableEntry>& tables) {
  Rows rows{.columns = {text_column("name"), text_column("catalog"), text_list_column("namespace"), text_column("description"),
                        text_column("tableType"), flag_column("isTemporary")},
            .rows = {}};
  for (const TableEntry& table : tables) {
    const Cell names =
        table.database.empty() ? Cell{std::vector<std::string>{}} : Cell{std::vector<std::string>{table.database}};
    rows.rows.push_back({table.name, table.temporary ? Cell{} : Cell{std::string(session_catalog)}, names,
                         text_or_null(table.description), table.type, table.temporary});
  }
  return rows;
}

Rows function_rows(const std::vector<FunctionEntry>& functions) {
  Rows rows{.columns = {text_column("name"), text_column("catalog"), text_list_column("namespace"), text_column("description"),
                        text_column("className"), flag_column("isTemporary")},
            .rows = {}};
  for (const FunctionEntry& function : functions) {
    const bool own = !function.database.empty();
    rows.rows.push_back({function.name, own ? Cell{std::string(session_catalog)} : Cell{},
                         own ? Cell{std::vector<std::string>{function.database}} : Cell{}, text_or_null(function.description),
                         function.class_name, function.temporary});
  }
  return rows;
}

/// A name that a call gives as text, with the database that an old client gives beside it.
SparkResult<std::vector<std::string>> name_of(const std::string& text, const std::string& database) {
  TRY(parts, spark::sql::parse_identifier(text));
  if (!database.empty()) parts.insert(parts.begin(), database);
  return parts;
}

SparkResult<Rows> table_exists(const Session& session, const std::vector<std::string>& name) {
  const auto found = get_table(session, name);
  if (found) return one_value(true);
  if (found.error().condition == "TABLE_OR_VIEW_NOT_FOUND") return one_value(false);
  return fail(found.error());
}

SparkResult<Rows> list_column_rows(const Session& session, const std::vector<std::string>& name) {
  TRY(columns, list_columns(session, name));
  Rows rows{.columns = {text_column("name"), text_column("description"), text_column("dataType"), flag_column("nullable"),
                        flag_column("isPartition"), flag_column("isBucket"), flag_column("isCluster")},
            .rows = {}};
  for (const ColumnEntry& column : columns) {
    rows.rows.push_back({column.name, text_or_null(column.comment), column.type, column.nullable, column.is_partition,
                         column.is_bucket, column.is_cluster});
  }
  return rows;
}

SparkResult<Rows> create_table(Execution& execution, const std::string& name, const std::string& path,
                               const std::string& source, const std::string& description,
                               const std::map<std::string, std::string>& options, const proto::DataType* schema) {
  spark::sql::CreateTableStatement statement;
  TRY(parts, spark::sql::parse_identifier(name));
  statement.name = parts;
  statement.provider = source;
  statement.location = path;
  statement.comment = description;
  statement.options = options;
  if (schema != nullptr) {
    TRY(type, spark::resolve_type(*schema));
    statement.columns = type.fields;
  }
  TRY_DO(run_create_table(execution, statement));
  return nothing();
}

template <typename Call>
SparkResult<Rows> create_table(Execution& execution, const Call& call, const std::string& description) {
  std::map<std::string, std::string> options;
  for (const auto& [key, value] : call.options()) options[key] = value;
  return create_table(execution, call.table_name(), call.path(), call.source(), description, options,
                      call.has_schema() ? &call.schema() : nullptr);
}

SparkResult<Rows> list_partitions(const Session& session, const std::string& name) {
  TRY(parts, name_of(name, {}));
  TRY(texts, partition_texts(session, parts, {}));
  Rows rows{.columns = {text_column("partition", false)}, .rows = {}};
  for (auto& text : texts) rows.rows.push_back({std::move(text)});
  return rows;
}

SparkResult<Rows> table_properties(const Session& session, const std::string& name) {
  TRY(parts, name_of(name, {}));
  TRY(full_name, table_name(session, parts));
  TRY(table, find_table(session, full_name));
  if (!table) return fail(table_not_found(parts));
  Rows rows{.columns = {text_column("key", false), text_column("value", false)}, .rows = {}};
  for (const auto& [key, value] : spark::user_properties(*table)) rows.rows.push_back({key, value});
  return rows;
}

/// spark.catalog.listTables and listViews show what is temporary with its kind only.
SparkResult<Rows> list_tables_of(const Session& session, bool has_database, const std::string& database,
                                 const std::string& pattern, bool only_views) {
  std::string name = session.current_database();
  if (has_database) {
    if (to_lower(database) == "global_temp") {
      name = "global_temp";
    } else {
      TRY(parsed, database_name(session, database));
      name = parsed;
    }
  }
  TRY(tables, list_tables(session, name, pattern));
  if (only_views) std::erase_if(tables, [](const TableEntry& entry) { return !entry.temporary && entry.type != "VIEW"; });
  return table_rows(tables);
}

}  // namespace

SparkResult<Rows> run_catalog_call(Execution& execution, const proto::Catalog& call) {
  Session& session = *execution.session;
  using Kind = proto::Catalog;
  switch (call.cat_type_case()) {
    case Kind::kCurrentDatabase: return one_value(session.current_database());
    case Kind::kSetCurrentDatabase: {
      TRY(name, database_name(session, call.set_current_database().db_name()));
      TRY_DO(use_database(session, name));
      return nothing();
    }
    case Kind::kCurrentCatalog: return one_value(std::string(session_catalog));
    case Kind::kSetCurrentCatalog:
      if (call.set_current_catalog().catalog_name() == session_catalog) return nothing();
      return fail(catalog_not_found(call.set_current_catalog().catalog_name()));
    case Kind::kListCatalogs: {
      Rows rows{.columns = {text_column("name"), text_column("description")}, .rows = {}};
      if (matches_pattern(call.list_catalogs().pattern(), session_catalog)) {
        rows.rows.push_back({std::string(session_catalog), Cell{}});
      }
      return rows;
    }
    case Kind::kListDatabases: {
      TRY(databases, list_databases(session, call.list_databases().pattern()));
      return database_rows(databases);
    }
    case Kind::kGetDatabase: {
      TRY(name, database_name(session, call.get_database().db_name()));
      TRY(database, get_database(session, name));
      return database_rows({database});
    }
    case Kind::kDatabaseExists: {
      auto name = database_name(session, call.database_exists().db_name());
      if (!name) return one_value(false);
      TRY(exists, database_exists(session, *name));
      return one_value(exists);
    }
    case Kind::kCreateDatabase: {
      engine::CatalogDatabase database;
      TRY(name, database_name(session, call.create_database().db_name()));
      database.name = name;
      for (const auto& [key, value] : call.create_database().properties()) {
        if (key == "location") {
          database.location = value;
        } else if (key == "comment") {
          database.description = value;
        } else {
          database.parameters[key] = value;
        }
      }
      TRY_DO(create_database(session, database, call.create_database().if_not_exists()));
      return nothing();
    }
    case Kind::kDropDatabase: {
      const auto& drop = call.drop_database();
      TRY(name, database_name(session, drop.db_name()));
      TRY_DO(drop_database(session, name, drop.if_exists(), drop.cascade()));
      return nothing();
    }
    case Kind::kListTables: {
      const auto& list = call.list_tables();
      return list_tables_of(session, list.has_db_name(), list.db_name(), list.pattern(), false);
    }
    case Kind::kListViews: {
      const auto& list = call.list_views();
      return list_tables_of(session, list.has_db_name(), list.db_name(), list.pattern(), true);
    }
    case Kind::kGetTable: {
      TRY(name, name_of(call.get_table().table_name(), call.get_table().db_name()));
      TRY(table, get_table(session, name));
      return table_rows({table});
    }
    case Kind::kTableExists: {
      TRY(name, name_of(call.table_exists().table_name(), call.table_exists().db_name()));
      return table_exists(session, name);
    }
    case Kind::kListColumns: {
      TRY(name, name_of(call.list_columns().table_name(), call.list_columns().db_name()));
      return list_column_rows(session, name);
    }
    case Kind::kDropTable: {
      TRY(name, name_of(call.drop_table().table_name(), {}));
      TRY_DO(drop_table(session, name, call.drop_table().if_exists()));
      return nothing();
    }
    case Kind::kDropView: {
      TRY(name, name_of(call.drop_view().view_name(), {}));
      TRY_DO(drop_view(session, name, call.drop_view().if_exists()));
      return nothing();
    }
    case Kind::kDropTempView: {
      TRY_DO(uncache(session, to_lower(call.drop_temp_view().view_name())));
      return one_value(session.views.remove(call.drop_temp_view().view_name()));
    }
    case Kind::kDropGlobalTempView:
      return one_value(session.shared().global_views.remove(call.drop_global_temp_view().view_name()));
    case Kind::kListFunctions: {
      const auto& list = call.list_functions();
      std::string database = session.current_database();
      if (list.has_db_name()) {
        TRY(name, database_name(session, list.db_name()));
        database = name;
      }
      TRY(functions, list_functions(session, database, list.pattern()));
      return function_rows(functions);
    }
    case Kind::kFunctionExists: {
      TRY(name, name_of(call.function_exists().function_name(), call.function_exists().db_name()));
      TRY(function, find_function(session, name));
      return one_value(function.has_value());
    }
    case Kind::kGetFunction: {
      TRY(name, name_of(call.get_function().function_name(), call.get_function().db_name()));
      TRY(function, find_function(session, name));
      if (!function) return fail(function_not_found(session, name));
      return function_rows({*function});
    }
    case Kind::kIsCached: {
      TRY(name, name_of(call.is_cached().table_name(), {}));
      TRY(cached, is_cached(session, name));
      return one_value(cached);
    }
    case Kind::kCacheTable: {
      TRY(name, name_of(call.cache_table().table_name(), {}));
      TRY_DO(cache_table(execution, name, true));
      return nothing();
    }
    case Kind::kUncacheTable: {
      TRY(name, name_of(call.uncache_table().table_name(), {}));
      TRY_DO(uncache_table(execution, name, false));
      return nothing();
    }
    case Kind::kClearCache: TRY_DO(clear_cache(execution)); return nothing();
    case Kind::kRefreshTable: {
      TRY(name, name_of(call.refresh_table().table_name(), {}));
      TRY_DO(refresh_table(execution, name));
      return nothing();
    }
    case Kind::kRefreshByPath: TRY_DO(refresh_path(execution, call.refresh_by_path().path())); return nothing();
    case Kind::kCreateTable: return create_table(execution, call.create_table(), call.create_table().description());
    case Kind::kCreateExternalTable: return create_table(execution, call.create_external_table(), {});
    case Kind::kRecoverPartitions: {
      TRY(name, name_of(call.recover_partitions().table_name(), {}));
      TRY_DO(repair_table(execution, name));
      return nothing();
    }
    case Kind::kListPartitions: return list_partitions(session, call.list_partitions().table_name());
    case Kind::kGetTableProperties: return table_properties(session, call.get_table_properties().table_name());
    case Kind::kGetCreateTableString: {
      TRY(name, name_of(call.get_create_table_string().table_name(), {}));
      TRY(text, create_table_text(session, name));
      return one_value(text);
    }
    case Kind::kTruncateTable: {
      TRY(name, name_of(call.truncate_table().table_name(), {}));
      TRY_DO(truncate_table(execution, name, {}));
      return nothing();
    }
    case Kind::kAnalyzeTable: {
      TRY(name, name_of(call.analyze_table().table_name(), {}));
      TRY_DO(analyze_table(execution, name, call.analyze_table().no_scan()));
      return nothing();
    }
    case Kind::CAT_TYPE_NOT_SET: break;
  }
  return fail(spark::unsupported("this catalog call of a newer client"));
}

}  // namespace mastic::spark_connect
