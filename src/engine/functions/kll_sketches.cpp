// KLL quantile sketches (Karnin, Lang, Liberty): levels of values, each level's value standing for twice as many as the one
// below. Up to k values nothing is lost. Values are kept as doubles, or as whole numbers for bigint sketches. The bytes are a
// form of our own.
//   spark_kll_sketch(list, k, kind), spark_kll_merge(list of sketches, k, function)
//   spark_kll_count(sketch, function), spark_kll_quantile(sketch, rank, function) → DOUBLE, spark_kll_rank(sketch, value,
//   function) spark_kll_text(sketch, function)
#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "engine/functions/kernel.h"
#include "engine/functions/register.h"

namespace mastic::engine {
namespace {

constexpr std::string_view mark = "MKL1";

class Kll {
 public:
  explicit Kll(int k) : k_(k), levels_(1) {}

  void add(double value) {
    levels_[0].push_back(value);
    ++count_;
    compact();
  }
  void add(const Kll& other) {
    if (levels_.size() < other.levels_.size()) levels_.resize(other.levels_.size());
    for (std::size_t i = 0; i < other.levels_.size(); ++i)
      levels_[i].insert(levels_[i].end(), other.levels_[i].begin(), other.levels_[i].end());
    count_ += other.count_;
    compact();
  }
  [[nodiscard]] int k() const { return k_; }
  [[nodiscard]] int64_t count() const { return count_; }

  /// The smallest value whose share of values up to it is at least `rank`.
  [[nodiscard]] double quantile(double rank) const {
    const auto weighted = sorted();
    const double wanted = std::ceil(rank * static_cast<double>(count_));
    double seen = 0;
    for (const auto& [value, weight] : weighted) {
      seen += static_cast<double>(weight);
      if (seen >= std::max(wanted, 1.0)) return value;
    }
    return weighted.back().first;
  }
  [[nodiscard]] double rank(double value) const {
    int64_t below = 0;
    for (const auto& [one, weight] : sorted())
      if (one <= value) below += weight;
    return static_cast<double>(below) / static_cast<double>(count_);
  }
  [[nodiscard]] std::size_t kept() const {
    std::size_t total = 0;
    for (const auto& level : levels_) total += level.size();
    return total;
  }
  [[nodiscard]] std::size_t levels() const { return levels_.size(); }

  [[nodiscard]] std::string bytes() const {
    std::string out(mark);
    const auto put = [&](uint64_t value, int size) {
      for (int i = 0; i < size; ++i) out += static_cast<char>(value >> (8 * i));
    };
    put(static_cast<uint64_t>(k_), 4);
    put(static_cast<uint64_t>(count_), 8);
    put(levels_.size(), 4);
    for (const auto& level : levels_) {
      put(level.size(), 4);
      for (const double value : level) put(std::bit_cast<uint64_t>(value), 8);
    }
    return out;
  }
  static std::optional<Kll> read(std::string_view bytes) {
    std::size_t at = mark.size();
    bool good = bytes.starts_with(mark);
    const auto get = [&](int size) {
      uint64_t value = 0;
      good &= at + static_cast<std::size_t>(size) <= bytes.size();
      for (int i = 0; good && i < size; ++i) value |= uint64_t{static_cast<uint8_t>(bytes[at++])} << (8 * i);
      return value;
    };
    if (!good) return std::nullopt;
    Kll sketch(static_cast<int>(get(4)));
    sketch.count_ = static_cast<int64_t>(get(8));
    const auto levels = get(4);
    if (!good || levels == 0 || levels > 64) return std::nullopt;
    sketch.levels_.resize(levels);
    for (auto& level : sketch.levels_) {
      const auto size = get(4);
      if (!good || size * 8 > bytes.size() - at) return std::nullopt;
      for (std::size_t i = 0; i < size; ++i) level.push_back(std::bit_cast<double>(get(8)));
    }
    return good ? std::optional(std::move(sketch)) : std::nullopt;
  }

 private:
  [[nodiscard]] std::vector<std::pair<double, int64_t>> sorted() const {
    std::vector<std::pair<double, int64_t>> all;
    for (std::size_t i = 0; i < levels_.size(); ++i)
      for (const double value : levels_[i]) all.emplace_back(value, int64_t{1} << i);
    std::ranges::sort(all);
    return all;
  }
  /// Halves full levels into the next: every second value of the sorted level moves up.
  void compact() {
    for (std::size_t i = 0; i < levels_.size(); ++i) {
      const auto depth = static_cast<double>(levels_.size() - i - 1);
      const auto capacity = static_cast<std::size_t>(std::max(std::ceil(k_ * std::pow(2.0 / 3.0, depth)), 8.0));
      if (levels_[i].size() <= capacity) continue;
      if (i + 1 == levels_.size()) levels_.emplace_back();
      auto& level = levels_[i];
      std::ranges::sort(level);
      const bool odd = level.size() % 2 == 1;
      const double left_over = level.back();
      if (odd) level.pop_back();
      offset_ ^= 1U;
      for (std::size_t j = offset_; j < level.size(); j += 2) levels_[i + 1].push_back(level[j]);
      level.clear();
      if (odd) level.push_back(left_over);
    }
  }

  int k_;
  int64_t count_ = 0;
  unsigned offset_ = 0;
  std::vector<std::vector<double>> levels_;
};

Value to_blob(const std::string& bytes) { return Value::BLOB(duckdb::const_data_ptr_cast(bytes.data()), bytes.size()); }

Kll read_sketch(const Value& value, const Value& function) {
  auto sketch = Kll::read(duckdb::StringValue::Get(value));
  if (!sketch) throw_spark_error("KLL_INVALID_INPUT_SKETCH_BUFFER", {{"function", "`" + function.ToString() + "`"}});
  return *std::move(sketch);
}

int checked_k(const Value& value, const std::string& function) {
  const auto k = value.GetValue<int32_t>();
  if (k < 8 || k > 65535)
    throw_spark_error("KLL_SKETCH_K_OUT_OF_RANGE", {{"functionName", "`" + function + "`"}, {"k", std::to_string(k)}});
  return k;
}

template <typename Make>
void each_row(DataChunk& input, Vector& result, Make&& make) {
  result.SetVectorType(duckdb::VectorType::FLAT_VECTOR);
  for (idx_t row = 0; row < input.size(); ++row) {
    const auto at = [&](idx_t column) { return input.data[column].GetValue(row); };
    result.SetValue(row, make(at));
  }
}

void sketch(DataChunk& input, ExpressionState&, Vector& result) {
  each_row(input, result, [](auto&& at) {
    Kll kll(checked_k(at(1), at(2).ToString()));
    if (const auto list = at(0); !list.IsNull())
      for (const auto& child : duckdb::ListValue::GetChildren(list))
        if (!child.IsNull() && !std::isnan(child.template GetValue<double>())) kll.add(child.template GetValue<double>());
    return to_blob(kll.bytes());
  });
}

void merge(DataChunk& input, ExpressionState&, Vector& result) {
  each_row(input, result, [](auto&& at) {
    const auto function = at(2);
    const bool aggregates = function.ToString().find("_agg") != std::string::npos;
    std::optional<Kll> merged;
    if (!at(1).IsNull()) merged.emplace(checked_k(at(1), function.ToString()));
    if (const auto list = at(0); !list.IsNull()) {
      for (const auto& child : duckdb::ListValue::GetChildren(list)) {
        if (child.IsNull() && !aggregates) return Value(LogicalType::BLOB);
        if (child.IsNull()) continue;
        const auto other = read_sketch(child, function);
        if (!merged) merged.emplace(other.k());
        merged->add(other);
      }
    }
    return to_blob(merged.value_or(Kll(200)).bytes());
  });
}

void count(DataChunk& input, ExpressionState&, Vector& result) {
  each_row(input, result, [](auto&& at) {
    if (at(0).IsNull()) return Value(LogicalType::BIGINT);
    return Value::BIGINT(read_sketch(at(0), at(1)).count());
  });
}

void quantile(DataChunk& input, ExpressionState&, Vector& result) {
  each_row(input, result, [](auto&& at) {
    if (at(0).IsNull() || at(1).IsNull()) return Value(LogicalType::DOUBLE);
    const auto rank = at(1).template GetValue<double>();
    if (!(rank >= 0 && rank <= 1))
      throw_spark_error("KLL_SKETCH_INVALID_QUANTILE_RANGE", {{"functionName", "`" + at(2).ToString() + "`"}});
    const auto kll = read_sketch(at(0), at(2));
    return kll.count() == 0 ? Value(LogicalType::DOUBLE) : Value::DOUBLE(kll.quantile(rank));
  });
}

void rank(DataChunk& input, ExpressionState&, Vector& result) {
  each_row(input, result, [](auto&& at) {
    if (at(0).IsNull() || at(1).IsNull()) return Value(LogicalType::DOUBLE);
    const auto kll = read_sketch(at(0), at(2));
    return kll.count() == 0 ? Value(LogicalType::DOUBLE) : Value::DOUBLE(kll.rank(at(1).template GetValue<double>()));
  });
}

void text(DataChunk& input, ExpressionState&, Vector& result) {
  each_row(input, result, [](auto&& at) {
    if (at(0).IsNull()) return Value(LogicalType::VARCHAR);
    const auto kll = read_sketch(at(0), at(1));
    return Value(fmt::format("### KLL sketch summary:\n   K    : {}\n   N    : {}\n   Levels : {}\n   Retained items : {}\n",
                             kll.k(), kll.count(), kll.levels(), kll.kept()));
  });
}

}  // namespace

void register_kll_sketch_functions(duckdb::ExtensionLoader& loader) {
  const auto bytes = LogicalType::BLOB;
  const auto name = LogicalType::VARCHAR;
  const auto real = LogicalType::DOUBLE;
  const auto number = LogicalType::INTEGER;
  loader.RegisterFunction(kernel("spark_kll_sketch", {LogicalType::LIST(real), number, name}, bytes, sketch));
  loader.RegisterFunction(kernel("spark_kll_merge", {LogicalType::LIST(bytes), number, name}, bytes, merge));
  loader.RegisterFunction(kernel("spark_kll_count", {bytes, name}, LogicalType::BIGINT, count));
  loader.RegisterFunction(kernel("spark_kll_quantile", {bytes, real, name}, real, quantile));
  loader.RegisterFunction(kernel("spark_kll_rank", {bytes, real, name}, real, rank));
  loader.RegisterFunction(kernel("spark_kll_text", {bytes, name}, LogicalType::VARCHAR, text));
}

}  // namespace mastic::engine
