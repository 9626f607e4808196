// A resolved relation as a DuckDB query.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "spark/plan/relation.h"
#include "spark/plan/spark_error.h"

namespace duckdb {
class SelectStatement;
}
namespace mastic::engine {
struct Stores;
}

namespace mastic::spark {

/// The session's settings that show in results.
struct LowerOptions {
  bool ansi = false;                      // spark.sql.ansi.enabled
  std::string session_time_zone = "UTC";  // spark.sql.session.timeZone
  bool legacy_time_parser = false;        // spark.sql.legacy.timeParserPolicy=LEGACY
  bool case_sensitive = false;            // spark.sql.caseSensitive
  int64_t now_microseconds = 0;           // current_timestamp() of this query; 0: the machine's clock
  std::string user = "spark";             // current_user()
  std::string database = "default";       // current_database()
  std::string path = "system.builtin,system.session,spark_catalog.default";  // current_path()
  const engine::Stores* stores = nullptr;  // for files that DuckDB does not read; outlives the query
};

/// A query ready to run, with what it points to. Its result columns are `c<id>`, in the relation's output order, and of
/// the DuckDB type that stands for the Spark type (types.h).
struct Query {
  Query();
  Query(Query&&) noexcept;
  ~Query();
  std::unique_ptr<duckdb::SelectStatement> statement;
  std::vector<Attribute> output;
  std::vector<std::shared_ptr<const void>> kept;  // local data that the statement refers to by address
};

[[nodiscard]] SparkResult<std::unique_ptr<Query>> lower(const Relation& relation, const LowerOptions& options);

/// The query as DuckDB SQL text, for EXPLAIN and tests only.
[[nodiscard]] std::string to_text(const Query& query);

}  // namespace mastic::spark
