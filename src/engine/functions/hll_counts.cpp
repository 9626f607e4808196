// spark_hll_plus_plus(hash BIGINT, relative deviation): the aggregate under approx_count_distinct, with Spark's registers and
// corrections, so that it gives Spark's numbers.
#include <algorithm>
#include <bit>
#include <cmath>
#include <duckdb/function/aggregate_function.hpp>

#include "engine/functions/hll_bias.h"
#include "engine/functions/kernel.h"
#include "engine/functions/register.h"

namespace mastic::engine {
namespace {

struct Precision final : duckdb::FunctionData {
  explicit Precision(int bits) : bits(bits) {}
  duckdb::unique_ptr<duckdb::FunctionData> Copy() const override { return duckdb::make_uniq<Precision>(bits); }
  bool Equals(const duckdb::FunctionData& other) const override { return bits == other.Cast<Precision>().bits; }
  int bits;
};

struct Registers {
  uint8_t* values;  // null until the first hash
};

int bits_of(duckdb::AggregateInputData& input) { return input.bind_data->Cast<Precision>().bits; }

void add(Registers& state, int bits, int64_t signed_hash) {
  const auto size = std::size_t{1} << bits;
  if (state.values == nullptr) state.values = new uint8_t[size]();
  const auto hash = static_cast<uint64_t>(signed_hash);
  const auto index = hash >> (64 - bits);
  const auto rest = hash << bits | uint64_t{1} << (bits - 1);
  state.values[index] = std::max(state.values[index], static_cast<uint8_t>(std::countl_zero(rest) + 1));
}

double bias_of(double estimate, int bits) {
  constexpr std::size_t nearest = 6;
  const auto estimates = hll_plus_plus::raw_estimates[bits - 4];
  const auto biases = hll_plus_plus::biases[bits - 4];
  const auto at = static_cast<std::size_t>(std::ranges::lower_bound(estimates, estimate) - estimates.begin());
  const auto distance = [&](std::size_t i) { return (estimate - estimates[i]) * (estimate - estimates[i]); };
  std::size_t low = at + 1 > nearest ? at + 1 - nearest : 0;
  std::size_t high = std::min(low + nearest, estimates.size());
  while (high < estimates.size() && distance(high) < distance(low)) {
    ++low;
    ++high;
  }
  double sum = 0;
  for (std::size_t i = low; i < high; ++i) sum += biases[i];
  return sum / static_cast<double>(high - low);
}

int64_t count_of(const Registers& state, int bits) {
  const auto size = std::size_t{1} << bits;
  const auto m = static_cast<double>(size);
  double inverse = 0;
  double zeros = 0;
  for (std::size_t i = 0; i < size; ++i) {
    inverse += 1.0 / static_cast<double>(uint64_t{1} << state.values[i]);
    if (state.values[i] == 0) ++zeros;
  }
  const double alpha = bits == 4 ? 0.673 : bits == 5 ? 0.697 : bits == 6 ? 0.709 : 0.7213 / (1.0 + 1.079 / m);
  const double raw = alpha * m * m / inverse;
  const bool tabled = bits < 19;
  const double corrected = tabled && raw < 5.0 * m ? raw - bias_of(raw, bits) : raw;
  if (zeros > 0) {
    const double linear = m * std::log(m / zeros);
    if ((tabled && linear <= hll_plus_plus::thresholds[bits - 4]) || raw <= 2.5 * m)
      return static_cast<int64_t>(std::floor(linear + 0.5));
  }
  return static_cast<int64_t>(std::floor(corrected + 0.5));
}

idx_t state_size(const duckdb::AggregateFunction&) { return sizeof(Registers); }
void initialize(const duckdb::AggregateFunction&, duckdb::data_ptr_t state) {
  reinterpret_cast<Registers*>(state)->values = nullptr;
}

void update(Vector inputs[], duckdb::AggregateInputData& input, idx_t, Vector& states, idx_t count) {
  duckdb::UnifiedVectorFormat hashes;
  inputs[0].ToUnifiedFormat(count, hashes);
  duckdb::UnifiedVectorFormat places;
  states.ToUnifiedFormat(count, places);
  auto* const* state = reinterpret_cast<Registers**>(places.data);
  for (idx_t i = 0; i < count; ++i) {
    const auto at = hashes.sel->get_index(i);
    if (hashes.validity.RowIsValid(at))
      add(*state[places.sel->get_index(i)], bits_of(input), duckdb::UnifiedVectorFormat::GetData<int64_t>(hashes)[at]);
  }
}

void simple_update(Vector inputs[], duckdb::AggregateInputData& input, idx_t, duckdb::data_ptr_t state, idx_t count) {
  duckdb::UnifiedVectorFormat hashes;
  inputs[0].ToUnifiedFormat(count, hashes);
  for (idx_t i = 0; i < count; ++i) {
    const auto at = hashes.sel->get_index(i);
    if (hashes.validity.RowIsValid(at))
      add(*reinterpret_cast<Registers*>(state), bits_of(input), duckdb::UnifiedVectorFormat::GetData<int64_t>(hashes)[at]);
  }
}

void combine(Vector& sources, Vector& targets, duckdb::AggregateInputData& input, idx_t count) {
  const auto size = std::size_t{1} << bits_of(input);
  auto** source = duckdb::FlatVector::GetData<Registers*>(sources);
  auto** target = duckdb::FlatVector::GetData<Registers*>(targets);
  for (idx_t i = 0; i < count; ++i) {
    if (source[i]->values == nullptr) continue;
    if (target[i]->values == nullptr) target[i]->values = new uint8_t[size]();
    for (std::size_t j = 0; j < size; ++j) target[i]->values[j] = std::max(target[i]->values[j], source[i]->values[j]);
  }
}

void finalize(Vector& states, duckdb::AggregateInputData& input, Vector& result, idx_t count, idx_t offset) {
  duckdb::UnifiedVectorFormat places;
  states.ToUnifiedFormat(count, places);
  auto* const* state = reinterpret_cast<Registers**>(places.data);
  if (states.GetVectorType() == duckdb::VectorType::CONSTANT_VECTOR) {
    result.SetVectorType(duckdb::VectorType::CONSTANT_VECTOR);
    const auto& one = *state[0];
    *duckdb::ConstantVector::GetData<int64_t>(result) = one.values == nullptr ? 0 : count_of(one, bits_of(input));
    return;
  }
  result.SetVectorType(duckdb::VectorType::FLAT_VECTOR);
  for (idx_t i = 0; i < count; ++i) {
    const auto& one = *state[places.sel->get_index(i)];
    duckdb::FlatVector::GetData<int64_t>(result)[offset + i] = one.values == nullptr ? 0 : count_of(one, bits_of(input));
  }
}

void destroy(Vector& states, duckdb::AggregateInputData&, idx_t count) {
  auto** state = duckdb::FlatVector::GetData<Registers*>(states);
  for (idx_t i = 0; i < count; ++i) {
    delete[] state[i]->values;
    state[i]->values = nullptr;
  }
}

duckdb::unique_ptr<duckdb::FunctionData> bind(duckdb::ClientContext& context, duckdb::AggregateFunction& function,
                                              BoundArguments& arguments) {
  if (!arguments[1]->IsFoldable()) throw duckdb::BinderException("The deviation of approx_count_distinct must be constant");
  const double deviation = duckdb::ExpressionExecutor::EvaluateScalar(context, *arguments[1]).GetValue<double>();
  duckdb::Function::EraseArgument(function, arguments, 1);
  const int bits = static_cast<int>(std::ceil(2.0 * std::log(1.106 / deviation) / std::log(2.0)));
  if (bits < 4 || bits > 24) throw_spark_error("FAILED_FUNCTION_CALL", {{"funcName", "`approx_count_distinct`"}});
  return duckdb::make_uniq<Precision>(bits);
}

}  // namespace

void register_hll_count_functions(duckdb::ExtensionLoader& loader) {
  duckdb::AggregateFunction function("spark_hll_plus_plus", {LogicalType::BIGINT, LogicalType::DOUBLE}, LogicalType::BIGINT,
                                     state_size, initialize, update, combine, finalize,
                                     duckdb::FunctionNullHandling::DEFAULT_NULL_HANDLING, simple_update, bind, destroy);
  loader.RegisterFunction(std::move(function));
}

}  // namespace mastic::engine
