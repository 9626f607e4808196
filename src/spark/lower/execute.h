// Runs a relation and hands its rows on.
//
// Every function blocks until it is done; Connection::interrupt from another thread ends it early with the condition
// OPERATION_CANCELED.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "spark/lower/lower.h"

namespace mastic::spark {

/// One Arrow IPC stream: schema, one record batch, end. What ExecutePlanResponse.ArrowBatch.data carries.
struct ArrowBatch {
  std::string stream;
  int64_t rows = 0;
  int64_t first_row = 0;
};

struct BatchLimits {
  int64_t rows_max = 10'000;            // spark.sql.execution.arrow.maxRecordsPerBatch
  int64_t bytes_max = 4 * 1024 * 1024;  // about; spark.connect.grpc.arrow.maxBatchSize
};

/// Streams the rows with the user's names; an empty result gives one batch of no rows. `receive` returns false to stop
/// (no error). Gives the number of rows sent.
[[nodiscard]] SparkResult<int64_t> execute(engine::Connection& connection, const Relation& relation,
                                           const LowerOptions& options, const BatchLimits& limits,
                                           const std::function<bool(ArrowBatch)>& receive);

/// The rows as cells of text, by the rules of Dataset.show (NULL is nullopt); binary as `[68 69]`.
[[nodiscard]] SparkResult<std::vector<std::vector<std::optional<std::string>>>> collect_text(engine::Connection& connection,
                                                                                             const Relation& relation,
                                                                                             const LowerOptions& options);

/// Keeps the relation's rows in the engine for ReadCached{name}. Gives their number.
[[nodiscard]] SparkResult<int64_t> cache(engine::Connection& connection, const Relation& relation, const LowerOptions& options,
                                         const std::string& name);
[[nodiscard]] SparkResult<void> drop_cached(engine::Connection& connection, const std::string& name);

/// DuckDB's physical plan as text.
[[nodiscard]] SparkResult<std::string> explain_physical(engine::Connection& connection, const Relation& relation,
                                                        const LowerOptions& options);

/// A DuckDB failure as the Spark error that a user expects.
[[nodiscard]] SparkError to_spark_error(const engine::Failure& failure);

/// The Arrow IPC stream of this schema without rows (for Analyze and empty results).
[[nodiscard]] SparkResult<std::string> empty_arrow_stream(const std::vector<Attribute>& output,
                                                          const std::string& session_time_zone);

}  // namespace mastic::spark
