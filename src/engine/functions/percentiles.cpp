// Aggregates over a group's values that list() has gathered.
//   spark_percentile(list of values, list of counts or NULL, list of shares, continuous)   exact; counts repeat values
//   spark_mode(list)                                the most frequent value, ties to the smallest
//   spark_top_by(list of {value, order}, count, descending)   max_by, min_by with a count
//   spark_histogram(list of doubles, bins)          Hive's NumericHistogram: [{x, y}]
#include <algorithm>
#include <cmath>
#include <map>

#include "engine/functions/kernel.h"
#include "engine/functions/register.h"

namespace mastic::engine {
namespace {

std::vector<Value> present(const Value& list) {
  std::vector<Value> values;
  if (list.IsNull()) return values;
  for (const auto& child : duckdb::ListValue::GetChildren(list))
    if (!child.IsNull()) values.push_back(child);
  return values;
}

bool smaller(const Value& a, const Value& b) { return a < b; }

/// Spark's percentile: between the two nearest values, each value counted as often as its frequency says.
void percentile(DataChunk& input, ExpressionState&, Vector& result) {
  result.SetVectorType(duckdb::VectorType::FLAT_VECTOR);
  for (idx_t row = 0; row < input.size(); ++row) {
    const auto list = input.data[0].GetValue(row);
    const auto frequencies = input.data[1].GetValue(row);
    const auto shares = input.data[2].GetValue(row);
    const bool continuous = input.data[3].GetValue(row).GetValue<bool>();
    std::map<double, int64_t> counts;
    int64_t total = 0;
    if (!list.IsNull()) {
      const auto& values = duckdb::ListValue::GetChildren(list);
      for (std::size_t i = 0; i < values.size(); ++i) {
        if (values[i].IsNull()) continue;
        int64_t count = 1;
        if (!frequencies.IsNull()) {
          const auto& given = duckdb::ListValue::GetChildren(frequencies)[i];
          if (given.IsNull()) continue;
          count = given.GetValue<int64_t>();
          if (count < 0) throw_spark_error("_LEGACY_ERROR_TEMP_2013", {{"frequencyExpression", "frequency"}});
        }
        if (count == 0) continue;
        counts[values[i].GetValue<double>()] += count;
        total += count;
      }
    }
    if (total == 0 || shares.IsNull()) {
      result.SetValue(row, Value(result.GetType()));
      continue;
    }
    const auto at = [&](int64_t position) {
      int64_t seen = 0;
      for (const auto& [value, count] : counts) {
        seen += count;
        if (position < seen) return value;
      }
      return counts.rbegin()->first;
    };
    duckdb::vector<Value> answers;
    for (const auto& share : duckdb::ListValue::GetChildren(shares)) {
      const double wanted = share.GetValue<double>();
      if (!continuous) {
        const auto rank = static_cast<int64_t>(std::ceil(wanted * static_cast<double>(total)));
        answers.push_back(Value::DOUBLE(at(std::max<int64_t>(rank - 1, 0))));
        continue;
      }
      const double position = static_cast<double>(total - 1) * wanted;
      const auto lower = static_cast<int64_t>(std::floor(position));
      const auto higher = static_cast<int64_t>(std::ceil(position));
      const double a = at(lower);
      const double b = at(higher);
      answers.push_back(Value::DOUBLE(lower == higher || a == b ? a
                                                                : (static_cast<double>(higher) - position) * a +
                                                                      (position - static_cast<double>(lower)) * b));
    }
    result.SetValue(row, Value::LIST(LogicalType::DOUBLE, std::move(answers)));
  }
}

void mode(DataChunk& input, ExpressionState&, Vector& result) {
  result.SetVectorType(duckdb::VectorType::FLAT_VECTOR);
  for (idx_t row = 0; row < input.size(); ++row) {
    auto values = present(input.data[0].GetValue(row));
    const auto descending = input.data[1].GetValue(row);
    std::ranges::sort(values, smaller);
    std::size_t best = 0;
    std::size_t best_count = 0;
    for (std::size_t start = 0; start < values.size();) {
      std::size_t end = start + 1;
      while (end < values.size() && Value::NotDistinctFrom(values[start], values[end])) ++end;
      const bool ties = !descending.IsNull() && descending.GetValue<bool>();
      if (end - start > best_count || (ties && end - start == best_count)) {
        best = start;
        best_count = end - start;
      }
      start = end;
    }
    result.SetValue(row, best_count == 0 ? Value(result.GetType()) : values[best]);
  }
}

BindResult bind_mode(duckdb::ClientContext&, ScalarFunction& function, BoundArguments& arguments) {
  function.arguments[0] = arguments[0]->return_type;
  function.return_type = duckdb::ListType::GetChildType(arguments[0]->return_type);
  return nullptr;
}

void top_by(DataChunk& input, ExpressionState&, Vector& result) {
  result.SetVectorType(duckdb::VectorType::FLAT_VECTOR);
  const auto& type = duckdb::ListType::GetChildType(result.GetType());
  for (idx_t row = 0; row < input.size(); ++row) {
    std::vector<std::pair<Value, Value>> pairs;
    for (const auto& pair : present(input.data[0].GetValue(row))) {
      const auto& members = duckdb::StructValue::GetChildren(pair);
      if (!members[1].IsNull()) pairs.emplace_back(members[0], members[1]);
    }
    const auto count = input.data[1].GetValue(row).GetValue<int64_t>();
    const bool descending = input.data[2].GetValue(row).GetValue<bool>();
    std::ranges::stable_sort(
        pairs, [&](const auto& a, const auto& b) { return descending ? b.second < a.second : a.second < b.second; });
    duckdb::vector<Value> answers;
    for (const auto& [value, order] : pairs) {
      if (static_cast<int64_t>(answers.size()) == count) break;
      answers.push_back(value);
    }
    result.SetValue(row, Value::LIST(type, std::move(answers)));
  }
}

BindResult bind_top(duckdb::ClientContext&, ScalarFunction& function, BoundArguments& arguments) {
  function.arguments[0] = arguments[0]->return_type;
  const auto& pair = duckdb::ListType::GetChildType(arguments[0]->return_type);
  function.return_type = LogicalType::LIST(duckdb::StructType::GetChildType(pair, 0));
  return nullptr;
}

/// Ben-Haim and Yom-Tov's histogram as Hive keeps it: at most so many bins, the two nearest are joined.
void histogram(DataChunk& input, ExpressionState&, Vector& result) {
  result.SetVectorType(duckdb::VectorType::FLAT_VECTOR);
  const auto bin = duckdb::ListType::GetChildType(result.GetType());
  struct Bin {
    double x;
    double y;
  };
  for (idx_t row = 0; row < input.size(); ++row) {
    const auto values = present(input.data[0].GetValue(row));
    const auto bins_max = input.data[1].GetValue(row).GetValue<int64_t>();
    if (values.empty()) {
      result.SetValue(row, Value(result.GetType()));
      continue;
    }
    std::vector<Bin> bins;
    for (const auto& one : values) {
      const double value = one.GetValue<double>();
      const auto place = std::ranges::lower_bound(bins, value, {}, &Bin::x);
      if (place != bins.end() && place->x == value) {
        place->y += 1;
        continue;
      }
      bins.insert(place, {value, 1});
      if (static_cast<int64_t>(bins.size()) <= bins_max) continue;
      std::size_t nearest = 0;
      double gap = bins[1].x - bins[0].x;
      for (std::size_t i = 1; i + 1 < bins.size(); ++i) {
        const double own = bins[i + 1].x - bins[i].x;
        if (own < gap) {
          gap = own;
          nearest = i;
        }
      }
      auto& left = bins[nearest];
      const auto& right = bins[nearest + 1];
      const double weight = left.y + right.y;
      left.x = left.x * (left.y / weight) + right.x * (right.y / weight);
      left.y = weight;
      bins.erase(bins.begin() + static_cast<std::ptrdiff_t>(nearest) + 1);
    }
    duckdb::vector<Value> answers;
    for (const auto& [x, y] : bins) answers.push_back(Value::STRUCT(bin, {Value::DOUBLE(x), Value::DOUBLE(y)}));
    result.SetValue(row, Value::LIST(bin, std::move(answers)));
  }
}

}  // namespace

void register_percentile_functions(duckdb::ExtensionLoader& loader) {
  const auto any_list = LogicalType::LIST(LogicalType::ANY);
  const auto doubles = LogicalType::LIST(LogicalType::DOUBLE);
  const auto bins = LogicalType::LIST(LogicalType::STRUCT({{"x", LogicalType::DOUBLE}, {"y", LogicalType::DOUBLE}}));
  loader.RegisterFunction(kernel("spark_percentile",
                                 {doubles, LogicalType::LIST(LogicalType::BIGINT), doubles, LogicalType::BOOLEAN}, doubles,
                                 percentile));
  loader.RegisterFunction(kernel("spark_mode", {any_list, LogicalType::BOOLEAN}, LogicalType::ANY, mode, bind_mode));
  loader.RegisterFunction(
      kernel("spark_top_by", {any_list, LogicalType::BIGINT, LogicalType::BOOLEAN}, any_list, top_by, bind_top));
  loader.RegisterFunction(kernel("spark_histogram", {doubles, LogicalType::BIGINT}, bins, histogram));
}

}  // namespace mastic::engine
