// spark_shuffle(list, …): the list's elements in random order, by an inside-out Fisher-Yates as Spark does it.
// spark_uuid(…): a random UUID. Both draw from a MersenneTwister.
#include <fmt/format.h>

#include "engine/functions/random_streams.h"
#include "engine/functions/register.h"
#include "engine/functions/twister.h"

namespace mastic::engine {
namespace {

BindResult bind_shuffle(duckdb::ClientContext& context, ScalarFunction& function, BoundArguments& arguments) {
  auto data = bind_seed(context, function, arguments);
  function.arguments[0] = arguments[0]->return_type;
  function.return_type = arguments[0]->return_type;
  return data;
}

/// How many draws a shuffle takes follows from its list, so that no thread can pass over others' rows. The first vector of a
/// partition comes to one thread in order and is shuffled as Spark does it; a later row has a generator of its own.
struct Shuffling final : duckdb::FunctionLocalState {
  explicit Shuffling(const SeedData& data) : data(data) {}

  /// Even in [0, bound) for the row: the next of its partition's run, or of its own.
  struct Draws {
    Twister* shared = nullptr;
    uint64_t own = 0;
    uint32_t below(uint32_t bound) {
      if (shared != nullptr) return shared->below(bound);
      uint64_t mixed = own += 0x9E3779B97F4A7C15U;  // SplitMix64
      mixed = (mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9U;
      mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EBU;
      return static_cast<uint32_t>(((mixed ^ mixed >> 31) >> 32) * bound >> 32);
    }
  };

  Draws of(int32_t partition, std::optional<int64_t> row) {
    auto seed = static_cast<uint64_t>(data.seed) + static_cast<uint64_t>(static_cast<int64_t>(partition));
    if (row && *row > static_cast<int64_t>(STANDARD_VECTOR_SIZE))
      return {nullptr, seed ^ static_cast<uint64_t>(*row) * 0xD6E8FEB86659FD93U};
    if (!row) {
      if (!thread) thread = data.threads->fetch_add(1);
      seed += *thread * 0x9E3779B97F4A7C15U;
    }
    return {&partitions.try_emplace(partition, seed).first->second};
  }

  SeedData data;
  std::map<int32_t, Twister> partitions;
  std::optional<uint64_t> thread;
};

duckdb::unique_ptr<duckdb::FunctionLocalState> init_shuffling(ExpressionState&, const duckdb::BoundFunctionExpression&,
                                                              duckdb::FunctionData* data) {
  return duckdb::make_uniq<Shuffling>(data->Cast<SeedData>());
}

void shuffle(DataChunk& input, ExpressionState& state, Vector& result) {
  auto& shuffling = duckdb::ExecuteFunctionState::GetFunctionState(state)->Cast<Shuffling>();
  const auto count = input.size();
  duckdb::UnifiedVectorFormat lists;
  duckdb::UnifiedVectorFormat partitions;
  duckdb::UnifiedVectorFormat numbers;
  input.data[0].ToUnifiedFormat(count, lists);
  input.data[1].ToUnifiedFormat(count, partitions);
  input.data[2].ToUnifiedFormat(count, numbers);
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
    const auto number = numbers.sel->get_index(row);
    const auto partition = duckdb::UnifiedVectorFormat::GetData<int32_t>(partitions)[partitions.sel->get_index(row)];
    auto draws = shuffling.of(partition, numbers.validity.RowIsValid(number)
                                             ? std::optional(duckdb::UnifiedVectorFormat::GetData<int64_t>(numbers)[number])
                                             : std::nullopt);
    const auto entry = entries[place];
    for (uint32_t i = 0; i < entry.length; ++i) {
      const auto j = draws.below(i + 1);
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

void uuid(DataChunk& input, ExpressionState& state, Vector& result) {
  result.SetVectorType(duckdb::VectorType::FLAT_VECTOR);
  const auto draw = [&](idx_t row, Twister& twister) {
    const uint64_t high = (twister.next_long() & 0xFFFFFFFFFFFF0FFFU) | 0x4000U;  // version 4
    const uint64_t low = (twister.next_long() | 0x8000000000000000U) & 0xBFFFFFFFFFFFFFFFU;
    const auto text = fmt::format("{:08x}-{:04x}-{:04x}-{:04x}-{:012x}", high >> 32, high >> 16 & 0xFFFFU, high & 0xFFFFU,
                                  low >> 48, low & 0xFFFFFFFFFFFFU);
    duckdb::FlatVector::GetData<string_t>(result)[row] = add_string(result, text);
  };
  streams_of<Twister>(state).each(input, draw, [](idx_t, Twister& twister) {
    twister.next_long();
    twister.next_long();
  });
}

}  // namespace

void register_shuffle_functions(duckdb::ExtensionLoader& loader) {
  const auto list = LogicalType::LIST(LogicalType::ANY);
  auto function = random_kernel<Twister>("spark_shuffle", {list}, list, shuffle, bind_shuffle);
  function.init_local_state = init_shuffling;
  loader.RegisterFunction(std::move(function));
  loader.RegisterFunction(random_kernel<Twister>("spark_uuid", {}, LogicalType::VARCHAR, uuid));
}

}  // namespace mastic::engine
