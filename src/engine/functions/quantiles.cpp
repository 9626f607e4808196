// spark_quantiles(DOUBLE, accuracy, list of shares) → DOUBLE[]: percentile_approx, in memory that does not grow with the rows.
//
// Greenwald and Khanna's summary as Spark's QuantileSummaries keeps it, step for step: rows that come in one order give
// Spark's answer for one partition. Exact while 2 · rows is below the accuracy.
#include <algorithm>
#include <cmath>
#include <duckdb/function/aggregate_function.hpp>

#include "engine/functions/kernel.h"
#include "engine/functions/register.h"

namespace mastic::engine {
namespace {

/// Java's order of doubles: NaN is the greatest.
bool before(double a, double b) { return std::isnan(b) ? !std::isnan(a) : a < b; }

class Summary {
 public:
  void add(double value, double error) {
    head_.push_back(value);
    if (head_.size() < head_size) return;
    take_head(error);
    if (sampled_.size() >= compress_size) compress(error);
  }

  void settle(double error) {
    if (compressed_ && head_.empty()) return;
    take_head(error);
    compress(error);
  }

  /// Both are settled.
  void merge(const Summary& other, double error) {
    if (other.count_ == 0) return;
    if (count_ == 0) {
      *this = other;
      return;
    }
    std::vector<Sample> merged;
    merged.reserve(sampled_.size() + other.sampled_.size());
    const auto own_delta = static_cast<int64_t>(std::floor(2 * error * static_cast<double>(other.count_)));
    const auto other_delta = static_cast<int64_t>(std::floor(2 * error * static_cast<double>(count_)));
    std::size_t i = 0;
    std::size_t j = 0;
    while (i < sampled_.size() && j < other.sampled_.size()) {
      const bool own = before(sampled_[i].value, other.sampled_[j].value);
      auto next = own ? sampled_[i++] : other.sampled_[j++];
      next.delta += own ? (j > 0 ? own_delta : 0) : (i > 0 ? other_delta : 0);
      merged.push_back(next);
    }
    merged.insert(merged.end(), sampled_.begin() + static_cast<std::ptrdiff_t>(i), sampled_.end());
    merged.insert(merged.end(), other.sampled_.begin() + static_cast<std::ptrdiff_t>(j), other.sampled_.end());
    count_ += other.count_;
    sampled_ = std::move(merged);
    compress(error);
  }

  [[nodiscard]] bool empty() const { return count_ == 0; }

  /// Of a settled summary that is not empty.
  [[nodiscard]] double at(double share, double error) const {
    if (share <= error || sampled_.size() == 1) return sampled_.front().value;
    if (share >= 1 - error) return sampled_.back().value;
    int64_t widest = 0;
    for (const auto& sample : sampled_) widest = std::max(widest, sample.delta + sample.gap);
    const auto rank = static_cast<int64_t>(std::ceil(share * static_cast<double>(count_)));
    int64_t least = 0;
    for (std::size_t i = 0; i + 1 < sampled_.size(); ++i) {
      least += sampled_[i].gap;
      if (least + sampled_[i].delta - widest / 2 <= rank && rank <= least + widest / 2) return sampled_[i].value;
    }
    return sampled_.back().value;
  }

 private:
  static constexpr std::size_t head_size = 50'000;
  static constexpr std::size_t compress_size = 10'000;

  struct Sample {
    double value;
    int64_t gap;    // to the least rank of the sample before
    int64_t delta;  // how far the greatest rank is from the least
  };

  void take_head(double error) {
    if (head_.empty()) return;
    std::ranges::sort(head_, before);
    std::vector<Sample> merged;
    merged.reserve(sampled_.size() + head_.size());
    std::size_t at = 0;
    for (std::size_t i = 0; i < head_.size(); ++i) {
      while (at < sampled_.size() && !before(head_[i], sampled_[at].value)) merged.push_back(sampled_[at++]);
      ++count_;
      const bool border = merged.empty() || (at == sampled_.size() && i + 1 == head_.size());
      merged.push_back({head_[i], 1, border ? 0 : static_cast<int64_t>(std::floor(2 * error * static_cast<double>(count_)))});
    }
    merged.insert(merged.end(), sampled_.begin() + static_cast<std::ptrdiff_t>(at), sampled_.end());
    sampled_ = std::move(merged);
    head_.clear();
    compressed_ = false;
  }

  void compress(double error) {
    compressed_ = true;
    if (sampled_.empty()) return;
    const double threshold = 2 * error * static_cast<double>(count_);
    std::vector<Sample> kept;  // from the last to the first
    Sample head = sampled_.back();
    for (std::size_t i = sampled_.size() - 1; i-- > 1;) {
      if (static_cast<double>(sampled_[i].gap + head.gap + head.delta) < threshold) {
        head.gap += sampled_[i].gap;
      } else {
        kept.push_back(head);
        head = sampled_[i];
      }
    }
    kept.push_back(head);
    if (sampled_.size() > 1 && !before(head.value, sampled_.front().value)) kept.push_back(sampled_.front());
    std::ranges::reverse(kept);
    sampled_ = std::move(kept);
  }

  std::vector<double> head_;
  std::vector<Sample> sampled_;
  int64_t count_ = 0;
  bool compressed_ = true;
};

struct Wanted final : duckdb::FunctionData {
  Wanted(double error, std::vector<double> shares) : error(error), shares(std::move(shares)) {}
  duckdb::unique_ptr<duckdb::FunctionData> Copy() const override { return duckdb::make_uniq<Wanted>(error, shares); }
  bool Equals(const duckdb::FunctionData& other) const override {
    const auto& that = other.Cast<Wanted>();
    return error == that.error && shares == that.shares;
  }
  double error;
  std::vector<double> shares;
};

struct State {
  Summary* summary;  // null until the first value
};

const Wanted& wanted_of(duckdb::AggregateInputData& input) { return input.bind_data->Cast<Wanted>(); }

idx_t state_size(const duckdb::AggregateFunction&) { return sizeof(State); }
void initialize(const duckdb::AggregateFunction&, duckdb::data_ptr_t state) {
  reinterpret_cast<State*>(state)->summary = nullptr;
}

void add(State& state, double value, double error) {
  if (state.summary == nullptr) state.summary = new Summary();
  state.summary->add(value, error);
}

void update(Vector inputs[], duckdb::AggregateInputData& input, idx_t, Vector& states, idx_t count) {
  duckdb::UnifiedVectorFormat values;
  inputs[0].ToUnifiedFormat(count, values);
  duckdb::UnifiedVectorFormat places;
  states.ToUnifiedFormat(count, places);
  auto* const* state = reinterpret_cast<State**>(places.data);
  for (idx_t i = 0; i < count; ++i) {
    const auto at = values.sel->get_index(i);
    if (values.validity.RowIsValid(at))
      add(*state[places.sel->get_index(i)], duckdb::UnifiedVectorFormat::GetData<double>(values)[at], wanted_of(input).error);
  }
}

void simple_update(Vector inputs[], duckdb::AggregateInputData& input, idx_t, duckdb::data_ptr_t state, idx_t count) {
  duckdb::UnifiedVectorFormat values;
  inputs[0].ToUnifiedFormat(count, values);
  for (idx_t i = 0; i < count; ++i) {
    const auto at = values.sel->get_index(i);
    if (values.validity.RowIsValid(at))
      add(*reinterpret_cast<State*>(state), duckdb::UnifiedVectorFormat::GetData<double>(values)[at], wanted_of(input).error);
  }
}

void combine(Vector& sources, Vector& targets, duckdb::AggregateInputData& input, idx_t count) {
  const double error = wanted_of(input).error;
  auto** source = duckdb::FlatVector::GetData<State*>(sources);
  auto** target = duckdb::FlatVector::GetData<State*>(targets);
  for (idx_t i = 0; i < count; ++i) {
    if (source[i]->summary == nullptr) continue;
    Summary other = *source[i]->summary;  // a window's states are combined more than once
    other.settle(error);
    if (target[i]->summary == nullptr) target[i]->summary = new Summary();
    target[i]->summary->settle(error);
    target[i]->summary->merge(other, error);
  }
}

void finalize(Vector& states, duckdb::AggregateInputData& input, Vector& result, idx_t count, idx_t offset) {
  const auto& wanted = wanted_of(input);
  duckdb::UnifiedVectorFormat places;
  states.ToUnifiedFormat(count, places);
  auto* const* state = reinterpret_cast<State**>(places.data);
  for (idx_t i = 0; i < count; ++i) {
    auto* summary = state[places.sel->get_index(i)]->summary;
    if (summary != nullptr) summary->settle(wanted.error);
    if (summary == nullptr || summary->empty()) {
      result.SetValue(offset + i, Value(result.GetType()));
      continue;
    }
    duckdb::vector<Value> answers;
    for (const double share : wanted.shares) answers.push_back(Value::DOUBLE(summary->at(share, wanted.error)));
    result.SetValue(offset + i, Value::LIST(LogicalType::DOUBLE, std::move(answers)));
  }
}

void destroy(Vector& states, duckdb::AggregateInputData&, idx_t count) {
  auto** state = duckdb::FlatVector::GetData<State*>(states);
  for (idx_t i = 0; i < count; ++i) {
    delete state[i]->summary;
    state[i]->summary = nullptr;
  }
}

BindResult bind(duckdb::ClientContext& context, duckdb::AggregateFunction& function, BoundArguments& arguments) {
  const auto constant = [&](idx_t index) {
    if (!arguments[index]->IsFoldable()) throw duckdb::BinderException("The shares of percentile_approx must be constant");
    auto value = duckdb::ExpressionExecutor::EvaluateScalar(context, *arguments[index]);
    duckdb::Function::EraseArgument(function, arguments, index);
    return value;
  };
  std::vector<double> shares;
  if (const auto list = constant(2); !list.IsNull())
    for (const auto& share : duckdb::ListValue::GetChildren(list)) shares.push_back(share.GetValue<double>());
  return duckdb::make_uniq<Wanted>(1.0 / constant(1).GetValue<double>(), std::move(shares));
}

}  // namespace

void register_quantile_functions(duckdb::ExtensionLoader& loader) {
  const auto doubles = LogicalType::LIST(LogicalType::DOUBLE);
  duckdb::AggregateFunction function("spark_quantiles", {LogicalType::DOUBLE, LogicalType::DOUBLE, doubles}, doubles,
                                     state_size, initialize, update, combine, finalize,
                                     duckdb::FunctionNullHandling::DEFAULT_NULL_HANDLING, simple_update, bind, destroy);
  loader.RegisterFunction(std::move(function));
}

}  // namespace mastic::engine
