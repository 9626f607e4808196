// Bitmaps of 4096 bytes, and what counts in them.
//   spark_bitmap_of(list of positions), spark_bitmap_merge(list of bitmaps, all)   after list() has gathered a group
//   spark_bitmap_position(x), spark_bitmap_bucket(x), spark_bitmap_count(bitmap)
#include <bit>

#include "engine/functions/kernel.h"
#include "engine/functions/register.h"

namespace mastic::engine {
namespace {

constexpr int64_t bitmap_bytes = 4096;
constexpr int64_t bitmap_bits = 8 * bitmap_bytes;

Value to_blob(const std::string& bytes) { return Value::BLOB(duckdb::const_data_ptr_cast(bytes.data()), bytes.size()); }

void of_positions(DataChunk& input, ExpressionState&, Vector& result) {
  result.SetVectorType(duckdb::VectorType::FLAT_VECTOR);
  for (idx_t row = 0; row < input.size(); ++row) {
    std::string bitmap(bitmap_bytes, '\0');
    const auto list = input.data[0].GetValue(row);
    if (!list.IsNull()) {
      for (const auto& child : duckdb::ListValue::GetChildren(list)) {
        if (child.IsNull()) continue;
        const auto position = child.GetValue<int64_t>();
        if (position < 0 || position >= bitmap_bits)
          throw_spark_error("INVALID_BITMAP_POSITION", {{"bitPosition", std::to_string(position)},
                                                        {"bitmapNumBytes", std::to_string(bitmap_bytes)},
                                                        {"bitmapNumBits", std::to_string(bitmap_bits)}});
        auto& byte = bitmap[static_cast<std::size_t>(position / 8)];
        byte = static_cast<char>(static_cast<uint8_t>(byte) | 1U << (position % 8));
      }
    }
    result.SetValue(row, to_blob(bitmap));
  }
}

void merge(DataChunk& input, ExpressionState&, Vector& result) {
  result.SetVectorType(duckdb::VectorType::FLAT_VECTOR);
  for (idx_t row = 0; row < input.size(); ++row) {
    const bool all = input.data[1].GetValue(row).GetValue<bool>();
    std::string bitmap(bitmap_bytes, all ? '\xFF' : '\0');
    const auto list = input.data[0].GetValue(row);
    if (!list.IsNull()) {
      for (const auto& child : duckdb::ListValue::GetChildren(list)) {
        if (child.IsNull()) continue;
        const auto& other = duckdb::StringValue::Get(child);
        for (std::size_t i = 0; i < bitmap.size(); ++i) {
          const auto mine = static_cast<uint8_t>(bitmap[i]);
          const auto theirs = i < other.size() ? static_cast<uint8_t>(other[i]) : uint8_t{0};
          bitmap[i] = static_cast<char>(all ? mine & theirs : mine | theirs);
        }
      }
    }
    result.SetValue(row, to_blob(bitmap));
  }
}

// Positive numbers count from 1: bucket 1 has 1 … 32768. Others belong to buckets 0, -1, ….
void position_of(DataChunk& input, ExpressionState&, Vector& result) {
  duckdb::UnaryExecutor::Execute<int64_t, int64_t>(input.data[0], result, input.size(), [](int64_t number) {
    return number > 0 ? (number - 1) % bitmap_bits : -(number % bitmap_bits);
  });
}
void bucket_of(DataChunk& input, ExpressionState&, Vector& result) {
  duckdb::UnaryExecutor::Execute<int64_t, int64_t>(input.data[0], result, input.size(), [](int64_t number) {
    return number > 0 ? 1 + (number - 1) / bitmap_bits : number / bitmap_bits;
  });
}
void count(DataChunk& input, ExpressionState&, Vector& result) {
  duckdb::UnaryExecutor::Execute<string_t, int64_t>(input.data[0], result, input.size(), [](string_t bitmap) {
    int64_t bits = 0;
    for (const char c : view(bitmap)) bits += std::popcount(static_cast<uint8_t>(c));
    return bits;
  });
}

}  // namespace

void register_bitmap_functions(duckdb::ExtensionLoader& loader) {
  const auto number = LogicalType::BIGINT;
  const auto bytes = LogicalType::BLOB;
  loader.RegisterFunction(kernel("spark_bitmap_of", {LogicalType::LIST(number)}, bytes, of_positions));
  loader.RegisterFunction(kernel("spark_bitmap_merge", {LogicalType::LIST(bytes), LogicalType::BOOLEAN}, bytes, merge));
  loader.RegisterFunction(kernel("spark_bitmap_position", {number}, number, position_of));
  loader.RegisterFunction(kernel("spark_bitmap_bucket", {number}, number, bucket_of));
  loader.RegisterFunction(kernel("spark_bitmap_count", {bytes}, number, count));
}

}  // namespace mastic::engine
