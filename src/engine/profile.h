// How long each operator of a query took, and what went through it: DuckDB's own profile, as plain values.
//
//   engine::profile_queries([](engine::QueryProfile&& profile) { … });     // from then on, of every connection made later
//
// Process-wide: an engine is a process. The sink is called on the thread that ran the query, once it has ended or failed;
// it must be quick and thread-safe. Without a sink nothing is measured.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace duckdb {
class ClientContext;
class FileOpener;
}  // namespace duckdb

namespace mastic::engine {

struct OperatorProfile {
  std::string name;  // DuckDB's: HASH_JOIN, READ_PARQUET
  double seconds = 0;
  uint64_t rows = 0;   // given on
  uint64_t bytes = 0;  // given on, in memory
  std::vector<std::pair<std::string, std::string>> details;
  std::vector<OperatorProfile> inputs;
};

struct QueryProfile {
  double seconds = 0;
  double cpu_seconds = 0;
  uint64_t rows = 0;
  uint64_t bytes_read = 0;     // from objects and items
  uint64_t bytes_written = 0;  // to part-files
  uint64_t peak_memory_bytes = 0;
  uint64_t spilled_bytes = 0;  // at most at one time
  OperatorProfile root;
  bool is_query = true;  // false: only bytes that an earlier query has written
};

using ProfileSink = std::function<void(QueryProfile&&)>;
void profile_queries(ProfileSink sink);

// For the engine's connections.
void set_profiling(duckdb::ClientContext& context);
/// Hands the profile of the query that has ended to the sink.
void report_profile(duckdb::ClientContext& context) noexcept;

/// Tells of the bytes of a part-file that a query has written.
void report_written(uint64_t bytes);

/// What sources of a query count the bytes in that they read; null when nothing is measured.
using ByteCount = std::shared_ptr<std::atomic<uint64_t>>;
ByteCount read_count_of(duckdb::ClientContext& context);
ByteCount read_count_of(duckdb::FileOpener* opener);

}  // namespace mastic::engine
