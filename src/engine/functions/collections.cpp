// Arrays where Spark is three-valued: spark_array_contains(list, value), spark_arrays_overlap(a, b).
// spark_sequence_overflow and others stay with DuckDB's list functions; see spark/lower/functions/collection.cpp.
#include "engine/functions/kernel.h"
#include "engine/functions/register.h"

namespace mastic::engine {
namespace {

/// NULL when nothing equals and one of the members (or the value) is NULL.
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

}  // namespace

void register_collection_functions(duckdb::ExtensionLoader& loader) {
  loader.RegisterFunction(
      kernel("spark_arrays_overlap", {LogicalType::ANY, LogicalType::ANY}, LogicalType::BOOLEAN, overlap, bind_overlap));
}

}  // namespace mastic::engine
