// What the functions that draw at random share. Spark draws a partition's rows from a generator of its own, seeded with the
// seed plus the partition's number, in the order of the rows; so a seed repeats its numbers.
//
// Such a kernel's last arguments are seed (constant), partition and row: the row's number in its partition, from 1. A thread
// that sees only some of the rows passes over the others' draws, so that a row's draw does not depend on the threads. `row`
// is NULL where rows are not numbered; then each thread has a run of its own, of which only the first one's is Spark's.
#pragma once

#include <algorithm>
#include <atomic>
#include <map>
#include <memory>
#include <vector>

#include "engine/functions/kernel.h"

namespace mastic::engine {

struct SeedData final : duckdb::FunctionData {
  SeedData(int64_t seed, std::shared_ptr<std::atomic<uint64_t>> threads) : seed(seed), threads(std::move(threads)) {}
  duckdb::unique_ptr<duckdb::FunctionData> Copy() const override { return duckdb::make_uniq<SeedData>(seed, threads); }
  bool Equals(const duckdb::FunctionData& other) const override { return seed == other.Cast<SeedData>().seed; }
  int64_t seed;
  std::shared_ptr<std::atomic<uint64_t>> threads;  // that have drawn without a row's number
};

/// A thread's generators, one for each partition that it has met.
template <typename Generator>
struct RandomStreams final : duckdb::FunctionLocalState {
  explicit RandomStreams(const SeedData& data) : data(data) {}

  /// Calls `draw(row, generator)` for each row, after `skip(row, generator)` for each draw that is passed over; the last two
  /// columns are partition and row number.
  template <typename Draw, typename Skip>
  void each(DataChunk& input, Draw&& draw, Skip&& skip) {
    duckdb::UnifiedVectorFormat partitions;
    duckdb::UnifiedVectorFormat numbers;
    input.data[input.ColumnCount() - 2].ToUnifiedFormat(input.size(), partitions);
    input.data[input.ColumnCount() - 1].ToUnifiedFormat(input.size(), numbers);
    for (idx_t row = 0; row < input.size(); ++row) {
      const auto place = numbers.sel->get_index(row);
      const bool numbered = numbers.validity.RowIsValid(place);
      const auto partition = duckdb::UnifiedVectorFormat::GetData<int32_t>(partitions)[partitions.sel->get_index(row)];
      auto& stream = of(partition, numbered);
      if (numbered) {
        const auto before = duckdb::UnifiedVectorFormat::GetData<int64_t>(numbers)[place] - 1;
        if (before < stream.drawn) stream.go_back(before);
        while (stream.drawn < before) {
          skip(row, stream.generator);
          stream.count();
        }
      }
      draw(row, stream.generator);
      stream.count();
    }
  }
  /// The same where a draw needs nothing of its row: what is passed over is drawn and dropped.
  template <typename Draw>
  void each(DataChunk& input, Draw&& draw) {
    each(input, draw, draw);
  }

 private:
  struct Stream {
    explicit Stream(uint64_t seed) : generator(seed), marks{generator} {}
    void count() {
      if (++drawn % marked == 0 && drawn / marked == static_cast<int64_t>(marks.size())) marks.push_back(generator);
    }
    void go_back(int64_t to) {
      const auto mark = std::min(to / marked, static_cast<int64_t>(marks.size()) - 1);
      generator = marks[static_cast<std::size_t>(mark)];
      drawn = mark * marked;
    }
    static constexpr int64_t marked = sizeof(Generator) < 100 ? 2048 : 65536;
    Generator generator;
    std::vector<Generator> marks;  // as it was after each `marked` draws: rows need not come in order
    int64_t drawn = 0;
  };

  [[nodiscard]] uint64_t seed_of(int32_t partition) const {
    return static_cast<uint64_t>(data.seed) + static_cast<uint64_t>(static_cast<int64_t>(partition));
  }

  Stream& of(int32_t partition, bool numbered) {
    if (last != nullptr && last_partition == partition) return *last;
    auto seed = seed_of(partition);
    if (!numbered) {
      if (!thread) thread = data.threads->fetch_add(1);
      seed += *thread * 0x9E3779B97F4A7C15U;
    }
    last = &streams.try_emplace(partition, Stream(seed)).first->second;
    last_partition = partition;
    return *last;
  }

  SeedData data;
  std::map<int32_t, Stream> streams;
  Stream* last = nullptr;
  int32_t last_partition = 0;
  std::optional<uint64_t> thread;
};

template <typename Generator>
RandomStreams<Generator>& streams_of(ExpressionState& state) {
  return duckdb::ExecuteFunctionState::GetFunctionState(state)->Cast<RandomStreams<Generator>>();
}

template <typename Generator>
duckdb::unique_ptr<duckdb::FunctionLocalState> init_streams(ExpressionState&, const duckdb::BoundFunctionExpression&,
                                                            duckdb::FunctionData* data) {
  return duckdb::make_uniq<RandomStreams<Generator>>(data->Cast<SeedData>());
}

/// Reads the seed, the third argument from the end, and drops it.
inline BindResult bind_seed(duckdb::ClientContext& context, ScalarFunction& function, BoundArguments& arguments) {
  const auto seed = take_constant(context, function, arguments, arguments.size() - 3).template GetValue<int64_t>();
  return duckdb::make_uniq<SeedData>(seed, std::make_shared<std::atomic<uint64_t>>(0));
}

/// A kernel over `arguments`, then seed, partition and row.
template <typename Generator>
ScalarFunction random_kernel(std::string name, duckdb::vector<LogicalType> arguments, LogicalType result,
                             duckdb::scalar_function_t body, duckdb::bind_scalar_function_t bind = bind_seed) {
  for (const auto& type : {LogicalType::BIGINT, LogicalType::INTEGER, LogicalType::BIGINT}) arguments.push_back(type);
  auto function = kernel(std::move(name), std::move(arguments), std::move(result), std::move(body), bind);
  function.stability = duckdb::FunctionStability::VOLATILE;
  function.init_local_state = init_streams<Generator>;
  return function;
}

}  // namespace mastic::engine
