#include "engine/sources/kept_rows.h"

#include <atomic>
#include <duckdb.hpp>
#include <duckdb/common/types/column/column_data_collection_segment.hpp>
#include <duckdb/function/table_function.hpp>
#include <duckdb/main/extension/extension_loader.hpp>

namespace mastic::engine {

void KeptRows::put(const std::string& name, std::shared_ptr<const KeptTable> table) {
  const std::scoped_lock lock(mutex_);
  tables_.insert_or_assign(name, std::move(table));
}

std::shared_ptr<const KeptTable> KeptRows::find(const std::string& name) const {
  const std::scoped_lock lock(mutex_);
  const auto found = tables_.find(name);
  return found == tables_.end() ? nullptr : found->second;
}

void KeptRows::remove(const std::string& name) {
  std::shared_ptr<const KeptTable> table;  // freed outside the lock
  const std::scoped_lock lock(mutex_);
  const auto found = tables_.find(name);
  if (found == tables_.end()) return;
  table = std::move(found->second);
  tables_.erase(found);
}

void KeptRows::clear() {
  const std::scoped_lock lock(mutex_);
  tables_.clear();
}

namespace {

/// What one thread takes at a time, as in DuckDB's own tables.
constexpr duckdb::idx_t chunks_per_piece = 60;

struct KeptInfo final : duckdb::TableFunctionInfo {
  std::shared_ptr<KeptRows> kept;
};

struct Piece {
  duckdb::ColumnDataCollectionSegment* segment;
  duckdb::idx_t first_chunk;
  duckdb::idx_t end_chunk;
};

struct KeptScan final : duckdb::TableFunctionData {
  std::string name;
  std::shared_ptr<const KeptTable> table;
};

struct KeptGlobal final : duckdb::GlobalTableFunctionState {
  [[nodiscard]] duckdb::idx_t MaxThreads() const override { return std::max<duckdb::idx_t>(1, pieces.size()); }
  std::vector<Piece> pieces;
  duckdb::vector<duckdb::column_t> columns;
  bool only_counts = false;
  std::atomic<duckdb::idx_t> next_piece = 0;
};

struct KeptLocal final : duckdb::LocalTableFunctionState {
  duckdb::idx_t piece = 0;
  duckdb::idx_t chunk = 0;
  duckdb::idx_t end_chunk = 0;
};

duckdb::unique_ptr<duckdb::FunctionData> bind(duckdb::ClientContext&, duckdb::TableFunctionBindInput& input,
                                              duckdb::vector<duckdb::LogicalType>& types, duckdb::vector<std::string>& names) {
  const auto name = input.inputs.at(0).GetValue<std::string>();
  auto scan = duckdb::make_uniq<KeptScan>();
  scan->name = name;
  scan->table = input.info->Cast<KeptInfo>().kept->find(name);
  if (!scan->table) throw duckdb::InvalidInputException("The kept rows " + name + " are gone");
  types = scan->table->rows->Types();
  names = scan->table->names;
  return scan;
}

duckdb::unique_ptr<duckdb::GlobalTableFunctionState> init_global(duckdb::ClientContext&,
                                                                 duckdb::TableFunctionInitInput& input) {
  const auto& scan = input.bind_data->Cast<KeptScan>();
  auto state = duckdb::make_uniq<KeptGlobal>();
  for (const auto column : input.column_ids) {
    // The row id stands for a row when only rows are counted.
    if (duckdb::IsVirtualColumn(column)) continue;
    state->columns.push_back(column);
  }
  state->only_counts = state->columns.empty();
  for (const auto& segment : scan.table->rows->GetSegments()) {
    const auto chunks = segment->ChunkCount();
    for (duckdb::idx_t from = 0; from < chunks; from += chunks_per_piece) {
      state->pieces.push_back({segment.get(), from, std::min(chunks, from + chunks_per_piece)});
    }
  }
  return state;
}

duckdb::unique_ptr<duckdb::LocalTableFunctionState> init_local(duckdb::ExecutionContext&, duckdb::TableFunctionInitInput&,
                                                               duckdb::GlobalTableFunctionState*) {
  return duckdb::make_uniq<KeptLocal>();
}

void scan_rows(duckdb::ClientContext&, duckdb::TableFunctionInput& input, duckdb::DataChunk& output) {
  auto& global = input.global_state->Cast<KeptGlobal>();
  auto& local = input.local_state->Cast<KeptLocal>();
  if (local.chunk == local.end_chunk) {
    local.piece = global.next_piece.fetch_add(1);
    if (local.piece >= global.pieces.size()) return output.SetCardinality(0);
    local.chunk = global.pieces[local.piece].first_chunk;
    local.end_chunk = global.pieces[local.piece].end_chunk;
  }
  auto& segment = *global.pieces[local.piece].segment;
  const auto chunk = local.chunk++;
  if (global.only_counts) return output.SetCardinality(segment.chunk_data[chunk].count);
  segment.FetchChunk(chunk, output, global.columns);
}

duckdb::OperatorPartitionData partition_data(duckdb::ClientContext&, duckdb::TableFunctionGetPartitionInput& input) {
  return duckdb::OperatorPartitionData(input.local_state->Cast<KeptLocal>().piece);
}

duckdb::unique_ptr<duckdb::NodeStatistics> cardinality(duckdb::ClientContext&, const duckdb::FunctionData* data) {
  const auto rows = data->Cast<KeptScan>().table->rows->Count();
  return duckdb::make_uniq<duckdb::NodeStatistics>(rows, rows);
}

/// In EXPLAIN, by the names that Spark has for such scans.
duckdb::InsertionOrderPreservingMap<std::string> to_string(duckdb::TableFunctionToStringInput& input) {
  const auto& scan = input.bind_data->Cast<KeptScan>();
  duckdb::InsertionOrderPreservingMap<std::string> text;
  text["Rows"] = scan.name.starts_with("persisted_") ? "InMemoryTableScan" : "Scan ExistingRDD";
  return text;
}

}  // namespace

void register_kept_rows(duckdb::ExtensionLoader& loader, std::shared_ptr<KeptRows> kept) {
  duckdb::TableFunction function("mastic_kept", {duckdb::LogicalType::VARCHAR}, scan_rows, bind, init_global, init_local);
  function.projection_pushdown = true;
  function.get_partition_data = partition_data;
  function.cardinality = cardinality;
  function.to_string = to_string;
  auto info = duckdb::make_shared_ptr<KeptInfo>();
  info->kept = std::move(kept);
  function.function_info = std::move(info);
  loader.RegisterFunction(std::move(function));
}

}  // namespace mastic::engine
