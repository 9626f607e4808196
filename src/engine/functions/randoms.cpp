// spark_rand, spark_randn, spark_randstr: Spark's XORShiftRandom.
#include <cmath>

#include "engine/functions/random_streams.h"
#include "engine/functions/register.h"

namespace mastic::engine {
namespace {

/// scala.util.hashing.MurmurHash3.bytesHash over the seed's eight bytes, big-endian.
uint32_t murmur(uint64_t seed, uint32_t h) {
  const auto mix = [&](uint32_t k) {
    k *= 0xCC9E2D51U;
    k = k << 15 | k >> 17;
    k *= 0x1B873593U;
    h ^= k;
    h = (h << 13 | h >> 19) * 5 + 0xE6546B64U;
  };
  const auto word = [&](int from) {  // little-endian words of the big-endian bytes
    uint32_t value = 0;
    for (int i = 0; i < 4; ++i) value |= static_cast<uint32_t>(seed >> (56 - 8 * (from + i)) & 0xFF) << (8 * i);
    return value;
  };
  mix(word(0));
  mix(word(4));
  h ^= 8;
  h = (h ^ h >> 16) * 0x85EBCA6BU;
  h = (h ^ h >> 13) * 0xC2B2AE35U;
  return h ^ h >> 16;
}

/// org.apache.spark.util.random.XORShiftRandom.
struct XorShift {
  explicit XorShift(uint64_t seed) {
    const uint32_t low = murmur(seed, 0x3C074A61U);
    const uint32_t high = murmur(seed, low);
    state = static_cast<uint64_t>(high) << 32 | low;
  }
  uint64_t next(int bits) {
    state ^= state << 21;
    state ^= state >> 35;
    state ^= state << 4;
    return state & ((uint64_t{1} << bits) - 1);
  }
  double uniform() {
    const uint64_t high = next(26);
    return static_cast<double>((high << 27) + next(27)) * 0x1.0p-53;
  }
  double gaussian() {  // java.util.Random.nextGaussian
    if (has_spare) {
      has_spare = false;
      return spare;
    }
    while (true) {
      const double a = 2 * uniform() - 1;
      const double b = 2 * uniform() - 1;
      const double square = a * a + b * b;
      if (square >= 1 || square == 0) continue;
      const double factor = std::sqrt(-2 * std::log(square) / square);
      spare = b * factor;
      has_spare = true;
      return a * factor;
    }
  }
  uint64_t state = 0;
  double spare = 0;
  bool has_spare = false;
};

template <bool gaussian>
void draw(DataChunk& input, ExpressionState& state, Vector& result) {
  result.SetVectorType(duckdb::VectorType::FLAT_VECTOR);
  auto* numbers = duckdb::FlatVector::GetData<double>(result);
  streams_of<XorShift>(state).each(
      input, [&](idx_t row, XorShift& random) { numbers[row] = gaussian ? random.gaussian() : random.uniform(); });
}

/// randstr: digits and letters, each from one draw. The length is a constant.
void draw_text(DataChunk& input, ExpressionState& state, Vector& result) {
  result.SetVectorType(duckdb::VectorType::FLAT_VECTOR);
  const auto length_of = [&](idx_t row) {
    const auto length = input.data[0].GetValue(row);
    return length.IsNull() ? std::nullopt : std::optional(length.GetValue<int32_t>());
  };
  const auto draw = [&](idx_t row, XorShift& random) {
    const auto length = length_of(row);
    duckdb::FlatVector::SetNull(result, row, !length);
    if (!length) return;
    if (*length < 0) {
      throw_spark_error("INVALID_PARAMETER_VALUE.LENGTH",
                        {{"parameter", "`length`"}, {"functionName", "`randstr`"}, {"length", std::to_string(*length)}});
    }
    std::string text;
    for (int32_t i = 0; i < *length; ++i) {
      const int value = std::abs(static_cast<int32_t>(random.next(32)) % 62);
      text += static_cast<char>(value < 10 ? '0' + value : value < 36 ? 'a' + value - 10 : 'A' + value - 36);
    }
    duckdb::FlatVector::GetData<string_t>(result)[row] = add_string(result, text);
  };
  streams_of<XorShift>(state).each(input, draw, [&](idx_t row, XorShift& random) {
    for (int32_t i = 0; i < length_of(row).value_or(0); ++i) random.next(32);
  });
}

}  // namespace

void register_random_functions(duckdb::ExtensionLoader& loader) {
  loader.RegisterFunction(random_kernel<XorShift>("spark_rand", {}, LogicalType::DOUBLE, draw<false>));
  loader.RegisterFunction(random_kernel<XorShift>("spark_randn", {}, LogicalType::DOUBLE, draw<true>));
  loader.RegisterFunction(random_kernel<XorShift>("spark_randstr", {LogicalType::INTEGER}, LogicalType::VARCHAR, draw_text));
}

}  // namespace mastic::engine
