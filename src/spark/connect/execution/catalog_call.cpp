// spark.catalog: one case a call. The client reads result columns by position.
#include <fmt/format.h>
#include <spark/connect/catalog.pb.h>
#include <spark/connect/relations.pb.h>

#include "spark/connect/execution/catalog_lists.h"
#include "spark/connect/execution/execution.h"
#include "spark/connect/execution/names.h"
#include "spark/functions/registry.h"
#include "spark/lower/execute.h"
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

Rows function_rows(const std::vector<std::string>& names, const Session& session) {
  Rows rows{.columns = {text_column("name"), text_column("catalog"), text_list_column("namespace"), text_column("description"),
                        text_column("className"), flag_column("isTemporary")},
            .rows = {}};
  for (const std::string& name : names) {
    const bool temporary = session.find_function(name) != nullptr;
    rows.rows.push_back({name, Cell{}, Cell{}, std::string(),
                         std::string(temporary ? "org.apache.spark.sql.UDFRegistration"
                                               : "org.apache.spark.sql.catalyst.expressions.Expression"),
                         true});
  }
  return rows;
}

/// A name that a call gives as text, with the database that an old client gives beside it.
SparkResult<std::vector<std::string>> name_of(const std::string& text, const std::string& database) {
  TRY(parts, spark::sql::parse_identifier(text));
  if (!database.empty()) parts.insert(parts.begin(), database);
  return parts;
}

SparkResult<Rows> list_functions(const Session& session, const std::string& pattern) {
  std::vector<std::string> names;
  for (const spark::FunctionRow& row : spark::all_functions()) {
    if (!row.supported) continue;
    if (matches_pattern(pattern, row.name)) names.emplace_back(row.name);
    for (const std::string_view alias : row.aliases) {
      if (matches_pattern(pattern, alias)) names.emplace_back(alias);
    }
  }
  return function_rows(names, session);
}

bool function_exists(const Session& session, const std::string& name) {
  return session.find_function(name) != nullptr || spark::find_function(name) != nullptr;
}

SparkResult<Rows> get_function(const Session& session, const std::string& name) {
  if (function_exists(session, name)) return function_rows({name}, session);
  return fail(spark::analysis_error("UNRESOLVED_ROUTINE",
                                    {{"routineName", quoted({name})},
                                     {"searchPath", fmt::format("[`system`.`builtin`, `system`.`session`, `spark_catalog`.{}]",
                                                                quoted({session.current_database()}))}}));
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
    rows.rows.push_back(
        {column.name, text_or_null(column.comment), column.type, column.nullable, column.is_partition, false, false});
  }
  return rows;
}

proto::Relation table_relation(const std::string& name) {
  proto::Relation relation;
  relation.mutable_read()->mutable_named_table()->set_unparsed_identifier(name);
  return relation;
}

/// CACHE TABLE: the relation that spark.table(name) sends is marked, so later uses by that name read the copy.
SparkResult<Rows> cache_table(Execution& execution, const std::string& name) {
  const proto::Relation relation = table_relation(name);
  TRY_DO(resolve(execution, relation));
  execution.session->persisted.mark(relation, StorageLevel{});
  return nothing();
}

SparkResult<Rows> clear_cache(Execution& execution) {
  for (const auto& entry : execution.session->persisted.unmark_all()) {
    const std::scoped_lock lock(entry->filling);
    if (entry->stored == nullptr) continue;
    (void)execution.session->persisted.forget(entry->id);
    TRY_DO(spark::drop_cached(execution.operation.connection(), entry->id));
  }
  return nothing();
}

SparkResult<Rows> uncache_table(Execution& execution, const std::string& name) {
  const auto entry = execution.session->persisted.unmark(table_relation(name));
  if (entry == nullptr) return nothing();
  const std::scoped_lock lock(entry->filling);
  if (entry->stored == nullptr) return nothing();
  (void)execution.session->persisted.forget(entry->id);
  TRY_DO(spark::drop_cached(execution.operation.connection(), entry->id));
  return nothing();
}

}  // namespace

SparkResult<Rows> run_catalog_call(Execution& execution, const proto::Catalog& call) {
  Session& session = *execution.session;
  using Kind = proto::Catalog;
  switch (call.cat_type_case()) {
    case Kind::kCurrentDatabase: return one_value(session.current_database());
    case Kind::kSetCurrentDatabase: TRY_DO(use_database(session, call.set_current_database().db_name())); return nothing();
    case Kind::kCurrentCatalog: return one_value(std::string(session_catalog));
    case Kind::kSetCurrentCatalog:
      if (call.set_current_catalog().catalog_name() == session_catalog) return nothing();
      return fail(spark::unsupported("catalogs beside spark_catalog"));
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
      TRY(database, get_database(session, call.get_database().db_name()));
      return database_rows({database});
    }
    case Kind::kDatabaseExists: {
      TRY(exists, database_exists(session, call.database_exists().db_name()));
      return one_value(exists);
    }
    case Kind::kCreateDatabase: {
      engine::CatalogDatabase database;
      database.name = call.create_database().db_name();
      for (const auto& [key, value] : call.create_database().properties()) database.parameters[key] = value;
      TRY_DO(create_database(session, database, call.create_database().if_not_exists()));
      return nothing();
    }
    case Kind::kDropDatabase: {
      const auto& drop = call.drop_database();
      TRY_DO(drop_database(session, drop.db_name(), drop.if_exists(), drop.cascade()));
      return nothing();
    }
    case Kind::kListTables: {
      const auto& list = call.list_tables();
      TRY(tables, list_tables(session, list.has_db_name() ? list.db_name() : session.current_database(), list.pattern()));
      return table_rows(tables);
    }
    case Kind::kListViews: {
      const auto& list = call.list_views();
      TRY(tables, list_tables(session, list.has_db_name() ? list.db_name() : session.current_database(), list.pattern()));
      std::erase_if(tables, [](const TableEntry& entry) { return !entry.temporary && entry.type != "VIEW"; });
      return table_rows(tables);
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
    case Kind::kDropTempView: return one_value(session.views.remove(call.drop_temp_view().view_name()));
    case Kind::kDropGlobalTempView:
      return one_value(session.shared().global_views.remove(call.drop_global_temp_view().view_name()));
    case Kind::kListFunctions: return list_functions(session, call.list_functions().pattern());
    case Kind::kFunctionExists: return one_value(function_exists(session, call.function_exists().function_name()));
    case Kind::kGetFunction: return get_function(session, call.get_function().function_name());
    case Kind::kIsCached: return one_value(session.persisted.find(table_relation(call.is_cached().table_name())) != nullptr);
    case Kind::kCacheTable: return cache_table(execution, call.cache_table().table_name());
    case Kind::kUncacheTable: return uncache_table(execution, call.uncache_table().table_name());
    case Kind::kClearCache: return clear_cache(execution);
    case Kind::kRefreshTable:
    case Kind::kRefreshByPath: return nothing();  // Files are listed anew by every query.
    case Kind::kCreateTable:
    case Kind::kCreateExternalTable: return fail(spark::unsupported("spark.catalog.createTable"));
    case Kind::kRecoverPartitions: return fail(spark::unsupported("spark.catalog.recoverPartitions"));
    case Kind::kListPartitions: return fail(spark::unsupported("spark.catalog.listPartitions"));
    case Kind::kGetTableProperties: return fail(spark::unsupported("spark.catalog.getTableProperties"));
    case Kind::kGetCreateTableString: return fail(spark::unsupported("spark.catalog.getCreateTableString"));
    case Kind::kTruncateTable: return fail(spark::unsupported("spark.catalog.truncateTable"));
    case Kind::kAnalyzeTable: return fail(spark::unsupported("spark.catalog.analyzeTable"));
    case Kind::CAT_TYPE_NOT_SET: break;
  }
  return fail(spark::unsupported("this catalog call of a newer client"));
}

}  // namespace mastic::spark_connect
