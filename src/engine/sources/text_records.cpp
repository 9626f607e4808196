#include "engine/sources/text_records.h"

#include <atomic>
#include <duckdb.hpp>
#include <duckdb/function/table_function.hpp>

#include "engine/sources/record_splitter.h"

namespace mastic::engine {
namespace {

struct RecordsData final : duckdb::TableFunctionData {
  std::vector<std::string> paths;
  std::shared_ptr<const RecordFormat> format;
};

struct RecordsGlobal final : duckdb::GlobalTableFunctionState {
  explicit RecordsGlobal(std::size_t files) : files(files) {}
  duckdb::idx_t MaxThreads() const override { return std::max<duckdb::idx_t>(1, files); }
  std::size_t files;
  std::atomic<std::size_t> next_file = 0;
  duckdb::vector<duckdb::column_t> columns;
};

struct RecordsLocal final : duckdb::LocalTableFunctionState {
  std::unique_ptr<RecordSplitter> splitter;
  std::size_t file = 0;
};

duckdb::unique_ptr<duckdb::FunctionData> bind(duckdb::ClientContext&, duckdb::TableFunctionBindInput& input,
                                              duckdb::vector<duckdb::LogicalType>& types, duckdb::vector<std::string>& names) {
  auto data = duckdb::make_uniq<RecordsData>();
  for (const auto& path : duckdb::ListValue::GetChildren(input.inputs.at(0))) data->paths.push_back(path.ToString());
  data->format = std::make_shared<RecordFormat>(parse_named_options(input.inputs.at(1).ToString()));
  types = {duckdb::LogicalType::VARCHAR, duckdb::LogicalType::VARCHAR};
  names = {"record", "path"};
  return data;
}

duckdb::unique_ptr<duckdb::GlobalTableFunctionState> init_global(duckdb::ClientContext&,
                                                                 duckdb::TableFunctionInitInput& input) {
  auto state = duckdb::make_uniq<RecordsGlobal>(input.bind_data->Cast<RecordsData>().paths.size());
  state->columns = input.column_ids;
  return state;
}

duckdb::unique_ptr<duckdb::LocalTableFunctionState> init_local(duckdb::ExecutionContext&, duckdb::TableFunctionInitInput&,
                                                               duckdb::GlobalTableFunctionState*) {
  return duckdb::make_uniq<RecordsLocal>();
}

void scan(duckdb::ClientContext& context, duckdb::TableFunctionInput& input, duckdb::DataChunk& output) {
  const auto& data = input.bind_data->Cast<RecordsData>();
  auto& global = input.global_state->Cast<RecordsGlobal>();
  auto& local = input.local_state->Cast<RecordsLocal>();
  duckdb::idx_t row = 0;
  // A chunk is of one file only, and not too large: a file is the batch index that keeps the order.
  constexpr std::size_t chunk_bytes = 8U << 20;
  while (row == 0) {
    if (!local.splitter) {
      local.file = global.next_file.fetch_add(1);
      if (local.file >= data.paths.size()) break;
      local.splitter = std::make_unique<RecordSplitter>(context, data.paths[local.file], *data.format);
    }
    std::size_t bytes = 0;
    std::string_view record;
    while (row < STANDARD_VECTOR_SIZE && bytes < chunk_bytes) {
      if (!local.splitter->next(record)) {
        local.splitter.reset();
        break;
      }
      for (duckdb::idx_t column = 0; column < global.columns.size(); ++column) {
        if (global.columns[column] != 0) continue;
        auto& vector = output.data[column];
        duckdb::FlatVector::GetData<duckdb::string_t>(vector)[row] =
            duckdb::StringVector::AddString(vector, record.data(), record.size());
      }
      bytes += record.size();
      ++row;
    }
  }
  if (row > 0) {
    for (duckdb::idx_t column = 0; column < global.columns.size(); ++column)
      if (global.columns[column] == 1) output.data[column].Reference(duckdb::Value(data.paths[local.file]));
  }
  output.SetCardinality(row);
}

duckdb::OperatorPartitionData partition_data(duckdb::ClientContext&, duckdb::TableFunctionGetPartitionInput& input) {
  return duckdb::OperatorPartitionData(input.local_state->Cast<RecordsLocal>().file);
}

}  // namespace

void register_text_records(duckdb::ExtensionLoader& loader) {
  duckdb::TableFunction function("mastic_records",
                                 {duckdb::LogicalType::LIST(duckdb::LogicalType::VARCHAR), duckdb::LogicalType::VARCHAR}, scan,
                                 bind, init_global, init_local);
  function.projection_pushdown = true;
  function.get_partition_data = partition_data;
  loader.RegisterFunction(std::move(function));
}

}  // namespace mastic::engine
