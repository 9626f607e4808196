// spark_rand(seed), spark_randn(seed), spark_randstr(length, seed): Spark's XORShiftRandom, as partition 0 draws it. Each
// thread of a query has its own run of numbers, so that only what one thread computes (small inputs) repeats Spark's rows.
#include <cmath>
#include <map>

#include "engine/functions/kernel.h"
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

struct RandomState final : duckdb::FunctionLocalState {
  explicit RandomState(uint64_t seed) {
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

/// A run of numbers for each partition.
struct PartitionedState final : duckdb::FunctionLocalState {
  explicit PartitionedState(uint64_t seed) : seed(seed) {}
  RandomState& of(int32_t partition) {
    return states.try_emplace(partition, seed + static_cast<uint64_t>(static_cast<int64_t>(partition))).first->second;
  }
  uint64_t seed;
  std::map<int32_t, RandomState> states;
};

struct SeedData final : duckdb::FunctionData {
  explicit SeedData(int64_t seed) : seed(seed) {}
  duckdb::unique_ptr<duckdb::FunctionData> Copy() const override { return duckdb::make_uniq<SeedData>(seed); }
  bool Equals(const duckdb::FunctionData& other) const override { return seed == other.Cast<SeedData>().seed; }
  int64_t seed;
};

BindResult bind_seed(duckdb::ClientContext& context, ScalarFunction& function, BoundArguments& arguments) {
  return duckdb::make_uniq<SeedData>(take_constant(context, function, arguments, 0).GetValue<int64_t>());
}

duckdb::unique_ptr<duckdb::FunctionLocalState> init(ExpressionState&, const duckdb::BoundFunctionExpression&,
                                                    duckdb::FunctionData* data) {
  return duckdb::make_uniq<RandomState>(static_cast<uint64_t>(data->Cast<SeedData>().seed));
}

template <bool gaussian>
void draw(DataChunk& input, ExpressionState& state, Vector& result) {
  auto& random = duckdb::ExecuteFunctionState::GetFunctionState(state)->Cast<RandomState>();
  result.SetVectorType(duckdb::VectorType::FLAT_VECTOR);
  for (idx_t row = 0; row < input.size(); ++row) {
    duckdb::FlatVector::GetData<double>(result)[row] = gaussian ? random.gaussian() : random.uniform();
  }
}

duckdb::unique_ptr<duckdb::FunctionLocalState> init_partitioned(ExpressionState&, const duckdb::BoundFunctionExpression&,
                                                                duckdb::FunctionData* data) {
  return duckdb::make_uniq<PartitionedState>(static_cast<uint64_t>(data->Cast<SeedData>().seed));
}

// The seed is bound away: the partition is the only argument left.
template <bool gaussian>
void draw_in_partition(DataChunk& input, ExpressionState& state, Vector& result) {
  auto& randoms = duckdb::ExecuteFunctionState::GetFunctionState(state)->Cast<PartitionedState>();
  duckdb::UnifiedVectorFormat partitions;
  input.data[0].ToUnifiedFormat(input.size(), partitions);
  result.SetVectorType(duckdb::VectorType::FLAT_VECTOR);
  for (idx_t row = 0; row < input.size(); ++row) {
    auto& random = randoms.of(duckdb::UnifiedVectorFormat::GetData<int32_t>(partitions)[partitions.sel->get_index(row)]);
    duckdb::FlatVector::GetData<double>(result)[row] = gaussian ? random.gaussian() : random.uniform();
  }
}

void add_partitioned(duckdb::ExtensionLoader& loader, const char* name, void (*body)(DataChunk&, ExpressionState&, Vector&)) {
  auto function = kernel(name, {LogicalType::BIGINT, LogicalType::INTEGER}, LogicalType::DOUBLE, body, bind_seed);
  function.stability = duckdb::FunctionStability::VOLATILE;
  function.init_local_state = init_partitioned;
  loader.RegisterFunction(std::move(function));
}

/// randstr: digits and letters, each from one draw.
void draw_text(DataChunk& input, ExpressionState& state, Vector& result) {
  auto& random = duckdb::ExecuteFunctionState::GetFunctionState(state)->Cast<RandomState>();
  result.SetVectorType(duckdb::VectorType::FLAT_VECTOR);
  for (idx_t row = 0; row < input.size(); ++row) {
    const auto length = input.data[0].GetValue(row);
    duckdb::FlatVector::SetNull(result, row, length.IsNull());
    if (length.IsNull()) continue;
    const auto wanted = length.GetValue<int32_t>();
    if (wanted < 0) {
      throw_spark_error("INVALID_PARAMETER_VALUE.LENGTH",
                        {{"parameter", "`length`"}, {"functionName", "`randstr`"}, {"length", std::to_string(wanted)}});
    }
    std::string text;
    for (int32_t i = 0; i < wanted; ++i) {
      const int value = std::abs(static_cast<int32_t>(random.next(32)) % 62);
      text += static_cast<char>(value < 10 ? '0' + value : value < 36 ? 'a' + value - 10 : 'A' + value - 36);
    }
    duckdb::FlatVector::GetData<string_t>(result)[row] = add_string(result, text);
  }
}

BindResult bind_text_seed(duckdb::ClientContext& context, ScalarFunction& function, BoundArguments& arguments) {
  return duckdb::make_uniq<SeedData>(take_constant(context, function, arguments, 1).GetValue<int64_t>());
}

void add(duckdb::ExtensionLoader& loader, const char* name, void (*body)(DataChunk&, ExpressionState&, Vector&)) {
  auto function = kernel(name, {LogicalType::BIGINT}, LogicalType::DOUBLE, body, bind_seed);
  function.stability = duckdb::FunctionStability::VOLATILE;
  function.init_local_state = init;
  loader.RegisterFunction(std::move(function));
}

}  // namespace

void register_random_functions(duckdb::ExtensionLoader& loader) {
  add(loader, "spark_rand", draw<false>);
  add(loader, "spark_randn", draw<true>);
  add_partitioned(loader, "spark_rand_in_partition", draw_in_partition<false>);
  add_partitioned(loader, "spark_randn_in_partition", draw_in_partition<true>);
  auto text =
      kernel("spark_randstr", {LogicalType::INTEGER, LogicalType::BIGINT}, LogicalType::VARCHAR, draw_text, bind_text_seed);
  text.stability = duckdb::FunctionStability::VOLATILE;
  text.init_local_state = init;
  loader.RegisterFunction(std::move(text));
}

}  // namespace mastic::engine
