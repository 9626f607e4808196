// The rows of a query of its own, cut into the pieces that one worker gets at a time. Thread-safe: threads take pieces in
// turn, each with its number in order.
//
// A piece refers to rows of chunks; nothing is copied until a worker is to get them.
#pragma once

#include <deque>
#include <memory>
#include <mutex>
#include <vector>

#include "engine/engine.h"
#include "engine/python/python_job.h"

namespace mastic::engine {

/// Rows [from, to) of a chunk.
struct RowRange {
  std::shared_ptr<duckdb::DataChunk> chunk;
  uint64_t from = 0;
  uint64_t to = 0;
  [[nodiscard]] uint64_t rows() const { return to - from; }
};
using Rows = std::deque<RowRange>;

/// The groups of one input whose keys are equal: a group, by its rows.
struct Group {
  Rows rows;
  [[nodiscard]] bool empty() const { return rows.empty(); }
};

class InputReader {
 public:
  /// Opens a connection of its own, under `parent`'s: an interrupt of the one reaches the other.
  InputReader(Engine& engine, duckdb::ClientContext& parent, const PythonInput& input);
  ~InputReader();

  /// The next `rows_max` rows; fewer at the end, none after it.
  Rows next_rows(uint64_t rows_max);
  /// The next group; empty after the last. Without keys all rows are one group.
  Group next_group();
  /// The keys of the next group, as a row; null at the end.
  const RowRange* peek();
  [[nodiscard]] duckdb::ClientContext& context();

 private:
  bool fetch();  // false: no more chunks
  bool same_keys(const RowRange& last, const RowRange& next) const;

  const PythonInput& input_;
  duckdb::ClientContext& parent_;
  std::unique_ptr<Connection> connection_;
  std::unique_ptr<RowStream> stream_;
  Rows waiting_;
  bool ended_ = false;
};

}  // namespace mastic::engine
