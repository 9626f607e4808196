#include "engine/sources/item_scan.h"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <duckdb.hpp>
#include <duckdb/function/table_function.hpp>
#include <duckdb/main/extension/extension_loader.hpp>
#include <duckdb/planner/expression/bound_columnref_expression.hpp>
#include <duckdb/planner/expression/bound_comparison_expression.hpp>
#include <duckdb/planner/expression/bound_constant_expression.hpp>
#include <duckdb/planner/operator/logical_get.hpp>
#include <mutex>
#include <thread>
#include <unordered_map>

#include "engine/profile.h"
#include "engine/sources/item_values.h"

namespace mastic::engine {
namespace {

struct ItemScanInfo final : duckdb::TableFunctionInfo {
  std::shared_ptr<ItemStore> store;
  uint32_t segments = 1;
};

struct ItemScanData final : duckdb::TableFunctionData {
  std::shared_ptr<ItemStore> store;
  ItemTable table;
  uint32_t segments = 1;
  std::vector<std::string> names;
  duckdb::vector<duckdb::LogicalType> types;
  std::vector<ItemCondition> conditions;
};

/// One segment's batches, fetched by a thread of its own while the engine decodes.
class SegmentReader {
 public:
  SegmentReader(const ItemScanData& data, uint32_t segment, std::vector<std::string> attributes) {
    thread_ = std::jthread([this, &data, segment, attributes = std::move(attributes)] {
      auto done = data.store->scan(data.table.name, segment, data.segments, attributes, data.conditions,
                                   [this](std::string_view batch) { return give(batch); });
      const std::scoped_lock lock(mutex_);
      if (!done) error_ = done.error().message;
      finished_ = true;
      changed_.notify_all();
    });
  }
  ~SegmentReader() {
    const std::scoped_lock lock(mutex_);
    stopped_ = true;
    changed_.notify_all();
  }  // members are destroyed in reverse order: the thread is joined while the rest still lives

  /// False at the end.
  bool next(std::string& batch) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return !batches_.empty() || finished_; });
    if (batches_.empty()) {
      if (!error_.empty()) throw duckdb::IOException("Reading the items failed: " + error_);
      return false;
    }
    batch = std::move(batches_.front());
    batches_.pop_front();
    changed_.notify_all();
    return true;
  }

 private:
  bool give(std::string_view batch) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return batches_.size() < batches_max || stopped_; });
    if (stopped_) return false;
    batches_.emplace_back(batch);
    changed_.notify_all();
    return true;
  }

  static constexpr std::size_t batches_max = 4;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::string> batches_;
  std::string error_;
  bool finished_ = false;
  bool stopped_ = false;
  std::jthread thread_;
};

struct ItemScanGlobal final : duckdb::GlobalTableFunctionState {
  duckdb::idx_t MaxThreads() const override { return segments; }
  uint32_t segments = 1;
  std::atomic<uint32_t> next_segment = 0;
  std::vector<std::string> attributes;
  std::unordered_map<std::string_view, duckdb::idx_t> column_of;  // attribute → output column
  duckdb::idx_t columns = 0;
};

struct ItemScanLocal final : duckdb::LocalTableFunctionState {
  std::unique_ptr<SegmentReader> reader;
  uint32_t segment = 0;
  std::string batch;
  ByteCount count;
  std::optional<dynamodb::codec::BatchReader> items;
};

duckdb::unique_ptr<duckdb::FunctionData> bind(duckdb::ClientContext&, duckdb::TableFunctionBindInput& input,
                                              duckdb::vector<duckdb::LogicalType>& types, duckdb::vector<std::string>& names) {
  const auto& info = input.info->Cast<ItemScanInfo>();
  const auto table_name = input.inputs.at(0).GetValue<std::string>();
  if (!info.store) throw duckdb::IOException("This engine runs without a server: it has no items for table " + table_name);
  auto table = info.store->find_table(table_name);
  if (!table) throw duckdb::IOException(table.error().message);
  if (!*table) throw duckdb::IOException("Requested resource not found: Table: " + table_name + " not found");
  auto data = duckdb::make_uniq<ItemScanData>();
  data->store = info.store;
  data->table = std::move(**table);
  data->segments = info.segments;
  for (const auto& field : duckdb::StructType::GetChildTypes(input.inputs.at(1).type())) {
    data->names.push_back(field.first);
    data->types.push_back(field.second);
  }
  types = data->types;
  names = duckdb::vector<std::string>(data->names.begin(), data->names.end());
  return data;
}

duckdb::unique_ptr<duckdb::GlobalTableFunctionState> init_global(duckdb::ClientContext&,
                                                                 duckdb::TableFunctionInitInput& input) {
  const auto& data = input.bind_data->Cast<ItemScanData>();
  auto state = duckdb::make_uniq<ItemScanGlobal>();
  state->segments = data.segments;
  state->columns = input.column_ids.size();
  for (duckdb::idx_t i = 0; i < input.column_ids.size(); ++i) {
    if (input.column_ids[i] >= data.names.size()) continue;  // the row id, when only rows are counted
    const auto& name = data.names[input.column_ids[i]];
    state->column_of[name] = i;
    state->attributes.push_back(name);
  }
  // No attributes would mean all of them: ask for a key instead.
  if (state->attributes.empty()) state->attributes = {data.table.key_attributes.front()};
  return state;
}

duckdb::unique_ptr<duckdb::LocalTableFunctionState> init_local(duckdb::ExecutionContext& context,
                                                               duckdb::TableFunctionInitInput&,
                                                               duckdb::GlobalTableFunctionState*) {
  auto state = duckdb::make_uniq<ItemScanLocal>();
  state->count = read_count_of(context.client);
  return state;
}

bool next_item(ItemScanLocal& local, std::string_view& item) {
  while (true) {
    if (local.items && local.items->next(item)) return true;
    if (local.items && local.items->failed()) throw duckdb::IOException("A batch of items is cut short");
    local.items.reset();
    if (local.reader && local.reader->next(local.batch)) {
      if (local.count) local.count->fetch_add(local.batch.size(), std::memory_order_relaxed);
      local.items.emplace(local.batch);
      continue;
    }
    local.reader.reset();
    return false;
  }
}

bool next_segment(const ItemScanData& data, ItemScanGlobal& global, ItemScanLocal& local) {
  local.segment = global.next_segment.fetch_add(1);
  if (local.segment >= global.segments) return false;
  local.reader = std::make_unique<SegmentReader>(data, local.segment, global.attributes);
  return true;
}

void scan(duckdb::ClientContext&, duckdb::TableFunctionInput& input, duckdb::DataChunk& output) {
  const auto& data = input.bind_data->Cast<ItemScanData>();
  auto& global = input.global_state->Cast<ItemScanGlobal>();
  auto& local = input.local_state->Cast<ItemScanLocal>();
  duckdb::idx_t row = 0;
  // A chunk holds rows of one segment only: the segment is the batch index that keeps the order.
  while (row == 0) {
    if (!local.reader && !next_segment(data, global, local)) break;
    for (std::string_view item; row < STANDARD_VECTOR_SIZE && next_item(local, item); ++row) {
      for (duckdb::idx_t column = 0; column < output.ColumnCount(); ++column) {
        duckdb::FlatVector::SetNull(output.data[column], row, true);
      }
      for (dynamodb::codec::ItemReader attributes(item); attributes.next();) {
        const auto found = global.column_of.find(attributes.name());
        if (found == global.column_of.end() || attributes.value().type == dynamodb::Type::null) continue;
        auto& vector = output.data[found->second];
        duckdb::FlatVector::SetNull(vector, row, false);
        decode_item_value(attributes.value(), vector, row);
      }
    }
  }
  output.SetCardinality(row);
}

duckdb::OperatorPartitionData partition_data(duckdb::ClientContext&, duckdb::TableFunctionGetPartitionInput& input) {
  return duckdb::OperatorPartitionData(input.local_state->Cast<ItemScanLocal>().segment);
}

std::string_view comparison_text(duckdb::ExpressionType type) {
  switch (type) {
    case duckdb::ExpressionType::COMPARE_EQUAL: return "=";
    case duckdb::ExpressionType::COMPARE_LESSTHAN: return "<";
    case duckdb::ExpressionType::COMPARE_LESSTHANOREQUALTO: return "<=";
    case duckdb::ExpressionType::COMPARE_GREATERTHAN: return ">";
    case duckdb::ExpressionType::COMPARE_GREATERTHANOREQUALTO: return ">=";
    default: return {};
  }
}

/// A comparison of an exactly decoded column with a constant, as the store may check it. Text columns qualify only when
/// the attribute is a string key (others may hold numbers, which compare by their text here); doubles never do (the
/// store compares 38 digits, the engine 53 bits). DuckDB checks every condition again.
std::optional<ItemCondition> to_condition(const duckdb::LogicalGet& get, const ItemScanData& data,
                                          const duckdb::Expression& expression) {
  if (expression.GetExpressionClass() != duckdb::ExpressionClass::BOUND_COMPARISON) return std::nullopt;
  const auto& comparison = expression.Cast<duckdb::BoundComparisonExpression>();
  const auto operation = comparison_text(comparison.GetExpressionType());
  if (operation.empty() || comparison.left->GetExpressionClass() != duckdb::ExpressionClass::BOUND_COLUMN_REF ||
      comparison.right->GetExpressionClass() != duckdb::ExpressionClass::BOUND_CONSTANT) {
    return std::nullopt;
  }
  const auto& column = comparison.left->Cast<duckdb::BoundColumnRefExpression>();
  const auto& constant = comparison.right->Cast<duckdb::BoundConstantExpression>().value;
  const auto index = get.GetColumnIds().at(column.binding.column_index).GetPrimaryIndex();
  if (index >= data.names.size() || constant.IsNull()) return std::nullopt;
  const auto& name = data.names[index];
  const auto& type = data.types[index];
  if (type.IsIntegral()) return ItemCondition{name, std::string(operation), "N", constant.ToString()};
  const auto key = data.table.key_attribute_types.find(name);
  if (type.id() == duckdb::LogicalTypeId::VARCHAR && key != data.table.key_attribute_types.end() && key->second == "S") {
    return ItemCondition{name, std::string(operation), "S", constant.ToString()};
  }
  return std::nullopt;
}

void push_conditions(duckdb::ClientContext&, duckdb::LogicalGet& get, duckdb::FunctionData* bind_data,
                     duckdb::vector<duckdb::unique_ptr<duckdb::Expression>>& filters) {
  auto& data = bind_data->Cast<ItemScanData>();
  for (const auto& filter : filters) {
    if (auto condition = to_condition(get, data, *filter)) data.conditions.push_back(std::move(*condition));
  }
}

duckdb::unique_ptr<duckdb::NodeStatistics> cardinality(duckdb::ClientContext&, const duckdb::FunctionData* data) {
  return duckdb::make_uniq<duckdb::NodeStatistics>(data->Cast<ItemScanData>().table.item_count);
}

}  // namespace

void register_item_scan(duckdb::ExtensionLoader& loader, std::shared_ptr<ItemStore> store, int threads) {
  duckdb::TableFunction function("mastic_items", {duckdb::LogicalType::VARCHAR, duckdb::LogicalType::ANY}, scan, bind,
                                 init_global, init_local);
  function.projection_pushdown = true;
  function.pushdown_complex_filter = push_conditions;
  function.get_partition_data = partition_data;
  function.cardinality = cardinality;
  auto info = duckdb::make_shared_ptr<ItemScanInfo>();
  info->store = std::move(store);
  info->segments = static_cast<uint32_t>(std::max(1, threads) * 2);
  function.function_info = std::move(info);
  loader.RegisterFunction(std::move(function));
}

}  // namespace mastic::engine
