// Arrays where Spark is three-valued or strict.
//   spark_arrays_overlap(a, b)
//   spark_check_index(i, size) → i, from 0, or INVALID_ARRAY_INDEX; spark_check_element(i, size) → i, from 1 or from the end
//   backwards, or INVALID_ARRAY_INDEX_IN_ELEMENT_AT
#include "engine/functions/kernel.h"
#include "engine/functions/register.h"

namespace mastic::engine {
namespace {

/// NULL when nothing equals and one of the members is NULL.
void overlap(DataChunk& input, ExpressionState&, Vector& result) {
  result.SetVectorType(duckdb::VectorType::FLAT_VECTOR);
  for (idx_t row = 0; row < input.size(); ++row) {
    const auto left = input.data[0].GetValue(row);
    const auto right = input.data[1].GetValue(row);
    bool found = false;
    bool unknown = left.IsNull() || right.IsNull();
    if (!unknown) {
      const auto& a = duckdb::ListValue::GetChildren(left);
      const auto& b = duckdb::ListValue::GetChildren(right);
      bool nulls = false;
      for (const auto& x : a) {
        for (const auto& y : b) {
          if (x.IsNull() || y.IsNull()) {
            nulls = true;
          } else if (Value::NotDistinctFrom(x, y)) {
            found = true;
          }
        }
      }
      unknown = !found && nulls && !a.empty() && !b.empty();
    }
    duckdb::FlatVector::SetNull(result, row, unknown);
    duckdb::FlatVector::GetData<bool>(result)[row] = found;
  }
}

BindResult bind_overlap(duckdb::ClientContext&, ScalarFunction& function, BoundArguments& arguments) {
  function.arguments[0] = arguments[0]->return_type;
  function.arguments[1] = arguments[0]->return_type;
  return nullptr;
}

void check_index(DataChunk& input, ExpressionState&, Vector& result) {
  duckdb::BinaryExecutor::Execute<int64_t, int64_t, int64_t>(
      input.data[0], input.data[1], result, input.size(), [](int64_t index, int64_t size) {
        if (index < 0 || index >= size) {
          throw_spark_error("INVALID_ARRAY_INDEX", {{"indexValue", std::to_string(index)},
                                                    {"arraySize", std::to_string(size)},
                                                    {"ansiConfig", "\"spark.sql.ansi.enabled\""}});
        }
        return index;
      });
}

void check_element(DataChunk& input, ExpressionState&, Vector& result) {
  duckdb::BinaryExecutor::Execute<int64_t, int64_t, int64_t>(
      input.data[0], input.data[1], result, input.size(), [](int64_t index, int64_t size) {
        if (index == 0) throw_spark_error("INVALID_INDEX_OF_ZERO");
        if (index > size || -index > size) {
          throw_spark_error("INVALID_ARRAY_INDEX_IN_ELEMENT_AT", {{"indexValue", std::to_string(index)},
                                                                  {"arraySize", std::to_string(size)},
                                                                  {"ansiConfig", "\"spark.sql.ansi.enabled\""}});
        }
        return index;
      });
}

}  // namespace

void register_collection_functions(duckdb::ExtensionLoader& loader) {
  const auto number = LogicalType::BIGINT;
  loader.RegisterFunction(
      kernel("spark_arrays_overlap", {LogicalType::ANY, LogicalType::ANY}, LogicalType::BOOLEAN, overlap, bind_overlap));
  loader.RegisterFunction(kernel("spark_check_index", {number, number}, number, check_index));
  loader.RegisterFunction(kernel("spark_check_element", {number, number}, number, check_element));
}

}  // namespace mastic::engine
