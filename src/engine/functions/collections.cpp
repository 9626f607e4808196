// Where Spark is strict about an array's index.
//   spark_check_index(i, size) → i, from 0, or INVALID_ARRAY_INDEX; spark_check_element(i, size) → i, from 1 or from the end
//   backwards, or INVALID_ARRAY_INDEX_IN_ELEMENT_AT
#include "engine/functions/kernel.h"
#include "engine/functions/register.h"

namespace mastic::engine {
namespace {

void check_index(DataChunk& input, ExpressionState&, Vector& result) {
  duckdb::BinaryExecutor::Execute<int64_t, int64_t, int64_t>(
      input.data[0], input.data[1], result, input.size(), [](int64_t index, int64_t size) {
        if (index < 0 || index >= size) {
          throw_spark_error("INVALID_ARRAY_INDEX",
                            {{"indexValue", std::to_string(index)}, {"arraySize", std::to_string(size)}});
        }
        return index;
      });
}

/// From 1, as elt() counts.
void check_ordinal(DataChunk& input, ExpressionState&, Vector& result) {
  duckdb::BinaryExecutor::Execute<int64_t, int64_t, int64_t>(
      input.data[0], input.data[1], result, input.size(), [](int64_t index, int64_t size) {
        if (index < 1 || index > size) {
          throw_spark_error("INVALID_ARRAY_INDEX",
                            {{"indexValue", std::to_string(index)}, {"arraySize", std::to_string(size)}});
        }
        return index;
      });
}

void check_element(DataChunk& input, ExpressionState&, Vector& result) {
  duckdb::BinaryExecutor::Execute<int64_t, int64_t, int64_t>(
      input.data[0], input.data[1], result, input.size(), [](int64_t index, int64_t size) {
        if (index == 0) throw_spark_error("INVALID_INDEX_OF_ZERO");
        if (index > size || -index > size) {
          throw_spark_error("INVALID_ARRAY_INDEX_IN_ELEMENT_AT",
                            {{"indexValue", std::to_string(index)}, {"arraySize", std::to_string(size)}});
        }
        return index;
      });
}

void check_not_zero(DataChunk& input, ExpressionState&, Vector& result) {
  duckdb::UnaryExecutor::Execute<int64_t, int64_t>(input.data[0], result, input.size(), [](int64_t index) {
    if (index == 0) throw_spark_error("INVALID_INDEX_OF_ZERO");
    return index;
  });
}

/// The step of a sequence of dates, in microseconds.
void whole_days(DataChunk& input, ExpressionState&, Vector& result) {
  duckdb::UnaryExecutor::Execute<int64_t, int64_t>(input.data[0], result, input.size(), [](int64_t step) {
    if (step % 86'400'000'000 != 0) throw_spark_error("_LEGACY_ERROR_TEMP_3242", {{"intervalType", "interval day to second"}});
    return step;
  });
}

}  // namespace

void register_collection_functions(duckdb::ExtensionLoader& loader) {
  const auto number = LogicalType::BIGINT;
  loader.RegisterFunction(kernel("spark_check_index", {number, number}, number, check_index));
  loader.RegisterFunction(kernel("spark_check_ordinal", {number, number}, number, check_ordinal));
  loader.RegisterFunction(kernel("spark_check_not_zero", {number}, number, check_not_zero));
  loader.RegisterFunction(kernel("spark_whole_days", {number}, number, whole_days));
  loader.RegisterFunction(kernel("spark_check_element", {number, number}, number, check_element));
}

}  // namespace mastic::engine
