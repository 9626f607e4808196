// spark_shuffle(list, seed): the list's elements in random order. The generator and how it is drawn from are Spark's
// (MT19937, inside-out Fisher-Yates), so that a seed gives Spark's order in the rows that the first thread sees.
#include <array>

#include "engine/functions/kernel.h"
#include "engine/functions/register.h"

namespace mastic::engine {
namespace {

/// MT19937 with Matsumoto and Nishimura's initialisation by an array; std::mt19937 has no such.
class Twister {
 public:
  explicit Twister(uint64_t seed) {
    const std::array<uint32_t, 2> key = {static_cast<uint32_t>(seed >> 32), static_cast<uint32_t>(seed)};
    state_[0] = 19650218U;
    for (uint32_t i = 1; i < size; ++i) state_[i] = 1812433253U * (state_[i - 1] ^ state_[i - 1] >> 30) + i;
    uint32_t i = 1;
    uint32_t j = 0;
    const auto advance = [&] {
      if (++i < size) return;
      state_[0] = state_[size - 1];
      i = 1;
    };
    for (uint32_t k = 0; k < size; ++k) {
      state_[i] = (state_[i] ^ (state_[i - 1] ^ state_[i - 1] >> 30) * 1664525U) + key[j] + j;
      advance();
      j = (j + 1) % key.size();
    }
    for (uint32_t k = 1; k < size; ++k) {
      state_[i] = (state_[i] ^ (state_[i - 1] ^ state_[i - 1] >> 30) * 1566083941U) - i;
      advance();
    }
    state_[0] = 0x80000000U;
  }

  /// Even in [0, bound), as java.util.Random.nextInt(bound) takes it from 31 bits.
  uint32_t below(uint32_t bound) {
    if ((bound & (bound - 1)) == 0) return static_cast<uint32_t>(uint64_t{bound} * (next() >> 1) >> 31);
    while (true) {
      const uint32_t bits = next() >> 1;
      const uint32_t value = bits % bound;
      if (uint64_t{bits} - value + (bound - 1) <= INT32_MAX) return value;
    }
  }

 private:
  static constexpr uint32_t size = 624;
  static constexpr uint32_t middle = 397;

  uint32_t next() {
    if (at_ == size) {
      for (uint32_t i = 0; i < size; ++i) {
        const uint32_t y = (state_[i] & 0x80000000U) | (state_[(i + 1) % size] & 0x7FFFFFFFU);
        state_[i] = state_[(i + middle) % size] ^ y >> 1 ^ ((y & 1U) != 0 ? 0x9908B0DFU : 0U);
      }
      at_ = 0;
    }
    uint32_t y = state_[at_++];
    y ^= y >> 11;
    y ^= y << 7 & 0x9D2C5680U;
    y ^= y << 15 & 0xEFC60000U;
    return y ^ y >> 18;
  }

  std::array<uint32_t, size> state_{};
  uint32_t at_ = size;
};

struct ShuffleData final : duckdb::FunctionData {
  explicit ShuffleData(int64_t seed) : seed(seed) {}
  duckdb::unique_ptr<duckdb::FunctionData> Copy() const override { return duckdb::make_uniq<ShuffleData>(seed); }
  bool Equals(const duckdb::FunctionData& other) const override { return seed == other.Cast<ShuffleData>().seed; }
  int64_t seed;
};

struct ShuffleState final : duckdb::FunctionLocalState {
  explicit ShuffleState(int64_t seed) : twister(static_cast<uint64_t>(seed)) {}
  Twister twister;
};

BindResult bind(duckdb::ClientContext& context, ScalarFunction& function, BoundArguments& arguments) {
  auto data = duckdb::make_uniq<ShuffleData>(take_constant(context, function, arguments, 1).GetValue<int64_t>());
  function.arguments[0] = arguments[0]->return_type;
  function.return_type = arguments[0]->return_type;
  return data;
}

duckdb::unique_ptr<duckdb::FunctionLocalState> init(ExpressionState&, const duckdb::BoundFunctionExpression&,
                                                    duckdb::FunctionData* data) {
  return duckdb::make_uniq<ShuffleState>(data->Cast<ShuffleData>().seed);
}

void shuffle(DataChunk& input, ExpressionState& state, Vector& result) {
  auto& twister = duckdb::ExecuteFunctionState::GetFunctionState(state)->Cast<ShuffleState>().twister;
  const auto count = input.size();
  duckdb::UnifiedVectorFormat lists;
  input.data[0].ToUnifiedFormat(count, lists);
  const auto* entries = duckdb::UnifiedVectorFormat::GetData<duckdb::list_entry_t>(lists);
  idx_t total = 0;
  for (idx_t row = 0; row < count; ++row) {
    const auto place = lists.sel->get_index(row);
    if (lists.validity.RowIsValid(place)) total += entries[place].length;
  }
  duckdb::SelectionVector order(std::max<idx_t>(total, 1));
  result.SetVectorType(duckdb::VectorType::FLAT_VECTOR);
  auto* shuffled = duckdb::FlatVector::GetData<duckdb::list_entry_t>(result);
  idx_t offset = 0;
  for (idx_t row = 0; row < count; ++row) {
    const auto place = lists.sel->get_index(row);
    if (!lists.validity.RowIsValid(place)) {
      duckdb::FlatVector::SetNull(result, row, true);
      continue;
    }
    const auto entry = entries[place];
    for (uint32_t i = 0; i < entry.length; ++i) {
      const auto j = twister.below(i + 1);
      if (j != i) order.set_index(offset + i, order.get_index(offset + j));
      order.set_index(offset + j, entry.offset + i);
    }
    shuffled[row] = {offset, entry.length};
    offset += entry.length;
  }
  duckdb::ListVector::Reserve(result, total);
  duckdb::VectorOperations::Copy(duckdb::ListVector::GetEntry(input.data[0]), duckdb::ListVector::GetEntry(result), order,
                                 total, 0, 0);
  duckdb::ListVector::SetListSize(result, total);
}

}  // namespace

void register_shuffle_functions(duckdb::ExtensionLoader& loader) {
  auto function = kernel("spark_shuffle", {LogicalType::LIST(LogicalType::ANY), LogicalType::BIGINT},
                         LogicalType::LIST(LogicalType::ANY), shuffle, bind);
  function.stability = duckdb::FunctionStability::VOLATILE;
  function.init_local_state = init;
  loader.RegisterFunction(std::move(function));
}

}  // namespace mastic::engine
