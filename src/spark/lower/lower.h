// A resolved relation as a DuckDB query.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
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

/// Where a session's Python functions run, and by which settings.
struct PythonSettings {
  std::string session;                           // no worker serves two sessions
  std::string files_folder;                      // artifacts that the client uploaded
  uint64_t files_version = 0;                    // changes with each upload
  std::map<std::string, std::string> variables;  // of the workers' environment
  std::map<std::string, std::string> settings;   // what PySpark's worker reads, by Spark's names
  int64_t batch_rows = 10'000;                   // spark.sql.execution.arrow.maxRecordsPerBatch
  int idle_timeout_seconds = 0;
  bool kill_on_idle_timeout = false;
  bool fault_handler = false;
  std::function<void(std::string)> accumulated;  // gets what a task's accumulators hold; called by any thread
};

/// The session's settings that show in results.
struct LowerOptions {
  bool ansi = false;                             // spark.sql.ansi.enabled
  std::string session_time_zone = "UTC";         // spark.sql.session.timeZone
  bool legacy_time_parser = false;               // spark.sql.legacy.timeParserPolicy=LEGACY
  bool case_sensitive = false;                   // spark.sql.caseSensitive
  bool map_key_last_wins = false;                // spark.sql.mapKeyDedupPolicy=LAST_WIN
  int64_t now_microseconds = 0;                  // current_timestamp() of this query; 0: the machine's clock
  std::string user = "spark";                    // current_user()
  std::string database = "default";              // current_database()
  std::shared_ptr<const PythonSettings> python;  // null: Python functions fail by name
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
