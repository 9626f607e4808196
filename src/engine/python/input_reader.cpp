#include "engine/python/input_reader.h"

#include <duckdb/common/vector_operations/vector_operations.hpp>

#include "engine/duckdb_failure.h"
#include "engine/nested_connections.h"

namespace mastic::engine {
namespace {

[[noreturn]] void rethrow(const Failure& failure) {
  if (failure.interrupted()) throw duckdb::InterruptException();
  duckdb::unordered_map<std::string, std::string> details(failure.details.begin(), failure.details.end());
  throw duckdb::InvalidInputException(std::as_const(details), failure.message);
}

}  // namespace

InputReader::InputReader(Engine& engine, duckdb::ClientContext& parent, const PythonInput& input)
    : input_(input), parent_(parent), connection_(engine.connect()) {
  NestedConnections::add(parent_, connection_.get());
  auto statement = input.statement->Copy();
  auto stream = connection_->stream(std::unique_ptr<duckdb::SQLStatement>(statement.release()));
  if (!stream) {
    NestedConnections::remove(parent_, connection_.get());
    rethrow(stream.error());
  }
  stream_ = std::move(*stream);
}

InputReader::~InputReader() {
  NestedConnections::remove(parent_, connection_.get());
  stream_.reset();
}

duckdb::ClientContext& InputReader::context() { return *connection_->duckdb().context; }

bool InputReader::fetch() {
  if (ended_) return false;
  auto chunk = stream_->next();
  if (!chunk) rethrow(chunk.error());
  if (*chunk == nullptr) {
    ended_ = true;
    return false;
  }
  std::shared_ptr<duckdb::DataChunk> shared = std::move(*chunk);
  shared->Flatten();
  const auto rows = shared->size();
  waiting_.push_back({std::move(shared), 0, rows});
  return true;
}

Rows InputReader::next_rows(uint64_t rows_max) {
  Rows rows;
  for (uint64_t missing = rows_max; missing > 0;) {
    if (waiting_.empty() && !fetch()) break;
    auto& first = waiting_.front();
    const auto count = std::min(missing, first.rows());
    rows.push_back({first.chunk, first.from, first.from + count});
    missing -= count;
    first.from += count;
    if (first.rows() == 0) waiting_.pop_front();
  }
  return rows;
}

const RowRange* InputReader::peek() {
  if (waiting_.empty() && !fetch()) return nullptr;
  return &waiting_.front();
}

bool InputReader::same_keys(const RowRange& last, const RowRange& next) const {
  for (std::size_t i = 0; i < input_.keys; ++i) {
    const auto column = input_.kept + i;
    if (!duckdb::Value::NotDistinctFrom(last.chunk->GetValue(column, last.to - 1), next.chunk->GetValue(column, next.from))) {
      return false;
    }
  }
  return true;
}

Group InputReader::next_group() {
  Group group;
  while (waiting_.size() > 0 || fetch()) {
    auto& next = waiting_.front();
    if (!group.empty() && !same_keys(group.rows.back(), next)) return group;
    // How far the first row's keys go in this chunk.
    uint64_t until = next.to;
    for (std::size_t i = 0; i < input_.keys && next.rows() > 1; ++i) {
      auto& column = next.chunk->data[input_.kept + i];
      const auto count = until - next.from - 1;
      if (count == 0) break;
      duckdb::SelectionVector here(count);
      duckdb::SelectionVector after(count);
      for (uint64_t row = 0; row < count; ++row) {
        here.set_index(row, next.from + row);
        after.set_index(row, next.from + row + 1);
      }
      duckdb::Vector left(column, here, count);
      duckdb::Vector right(column, after, count);
      duckdb::Vector differs(duckdb::LogicalType::BOOLEAN, count);
      duckdb::VectorOperations::DistinctFrom(left, right, differs, count);
      differs.Flatten(count);
      const auto* values = duckdb::FlatVector::GetData<bool>(differs);
      for (uint64_t row = 0; row < count; ++row) {
        if (!values[row]) continue;
        until = next.from + row + 1;
        break;
      }
    }
    group.rows.push_back({next.chunk, next.from, until});
    next.from = until;
    if (next.rows() > 0) return group;
    waiting_.pop_front();
  }
  return group;
}

}  // namespace mastic::engine
