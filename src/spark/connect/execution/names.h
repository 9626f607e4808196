// Names of tables and databases as a session means them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/stores.h"
#include "spark/connect/session.h"
#include "spark/plan/spark_error.h"

namespace mastic::spark_connect {

inline constexpr std::string_view session_catalog = "spark_catalog";

/// `a`.`b`: as error messages quote names.
std::string quoted(const std::vector<std::string>& parts);

struct TableName {
  std::string database;
  std::string table;
  [[nodiscard]] std::vector<std::string> parts() const { return {std::string(session_catalog), database, table}; }
};

/// `t`, `db.t` or `spark_catalog.db.t`. Errors: IDENTIFIER_TOO_MANY_NAME_PARTS.
spark::SparkResult<TableName> table_name(const Session& session, const std::vector<std::string>& parts);

/// `db` or `spark_catalog.db`; empty: the session's. Errors: REQUIRES_SINGLE_PART_NAMESPACE, CATALOG_NOT_FOUND.
spark::SparkResult<std::string> database_name(const Session& session, const std::vector<std::string>& parts);
/// The same for a name as text, as the catalog calls give it.
spark::SparkResult<std::string> database_name(const Session& session, const std::string& text);

/// The catalog behind the engine; an error that says so when there is none.
spark::SparkResult<engine::Catalog*> catalog_of(const Session& session);

/// Whether the text matches Spark's pattern for SHOW and list calls: `*` any text, `|` alternatives, without case. An empty
/// pattern matches everything.
bool matches_pattern(std::string_view pattern, std::string_view text);

/// `spark_catalog`.`db`.`t`.
std::string quoted_full(const engine::CatalogTable& table);
/// `file:/tmp/x` for a local path, as Spark shows locations.
std::string shown_location(const std::string& location);

spark::SparkError table_not_found(const std::vector<std::string>& name);
spark::SparkError catalog_not_found(const std::string& name);
spark::SparkError schema_not_found(const std::string& name);

/// Whether the database is there: in the catalog, or `default`, which always is.
spark::SparkResult<bool> database_exists(const Session& session, const std::string& name);
spark::SparkResult<std::optional<engine::CatalogTable>> find_table(const Session& session, const TableName& name);
/// The table that is there. Errors: TABLE_OR_VIEW_NOT_FOUND; EXPECT_TABLE_NOT_VIEW for a view.
spark::SparkResult<engine::CatalogTable> existing_table(const Session& session, const std::vector<std::string>& name,
                                                        std::string_view operation);
/// A store's answer as Spark's.
spark::SparkResult<void> done(const Result<void>& result);

}  // namespace mastic::spark_connect
