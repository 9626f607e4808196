// The session's views and the catalog's databases and tables, as SHOW, DESCRIBE and spark.catalog see them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/stores.h"
#include "spark/connect/session.h"
#include "spark/plan/spark_error.h"

namespace mastic::spark_connect {

struct TableEntry {
  std::string name;
  std::string database;  // empty: a temporary view
  std::string description;
  std::string type;  // MANAGED, EXTERNAL, VIEW, TEMPORARY
  std::string location;
  bool temporary = false;
};

struct ColumnEntry {
  std::string name;
  std::string type;  // simpleString
  std::string comment;
  bool nullable = true;
  bool is_partition = false;
  bool is_bucket = false;
  bool is_cluster = false;
};

spark::SparkResult<std::vector<engine::CatalogDatabase>> list_databases(const Session& session, std::string_view pattern);
spark::SparkResult<engine::CatalogDatabase> get_database(const Session& session, const std::string& name);
/// The database's tables, then the temporary views.
spark::SparkResult<std::vector<TableEntry>> list_tables(const Session& session, const std::string& database,
                                                        std::string_view pattern);
/// A temporary view or a table. Errors: TABLE_OR_VIEW_NOT_FOUND.
spark::SparkResult<TableEntry> get_table(const Session& session, const std::vector<std::string>& name);
spark::SparkResult<std::vector<ColumnEntry>> list_columns(const Session& session, const std::vector<std::string>& name);

spark::SparkResult<void> use_database(Session& session, const std::string& name);
/// Where a database's tables lie that name no place.
spark::SparkResult<std::string> database_folder(const Session& session, const std::string& name);
spark::SparkResult<void> create_database(Session& session, engine::CatalogDatabase database, bool if_not_exists);
spark::SparkResult<void> drop_database(Session& session, const std::string& name, bool if_exists, bool cascade);
spark::SparkResult<void> drop_table(Session& session, const std::vector<std::string>& name, bool if_exists);
spark::SparkResult<void> drop_view(Session& session, const std::vector<std::string>& name, bool if_exists);
/// Takes the table out of the catalog, and its files if they are its own.
spark::SparkResult<void> remove_table(Session& session, const engine::CatalogTable& table);

/// Drops the kept rows of a cached table (`db.t`) or view; it stays cached, and the next use keeps its rows anew.
spark::SparkResult<void> forget_rows(Session& session, const std::string& name);
/// False: it was not cached.
spark::SparkResult<bool> uncache(Session& session, const std::string& name);

}  // namespace mastic::spark_connect
