// Theta and tuple sketches: the smallest hashes of the keys that came, tuple ones with a summary beside each.
//   spark_theta_sketch(list of keys, lgNominal)
//   spark_tuple_sketch(list of {key, summary}, lgNominal, mode, summary kind)
//   spark_keys_merge(list of sketches, operation, lgNominal, mode, function)   union, intersection, difference (first minus
//   rest) spark_keys_estimate(sketch, function), spark_keys_theta(sketch, function) spark_keys_summary(sketch, mode, function)
//   → DOUBLE
// Theta sketches are DataSketches' compact ordered bytes; tuple sketches have a form of their own.
#include <algorithm>
#include <bit>
#include <cmath>
#include <map>

#include "engine/functions/kernel.h"
#include "engine/functions/register.h"
#include "engine/functions/sketch_hash.h"

namespace mastic::engine {
namespace {

constexpr uint64_t whole = INT64_MAX;
constexpr std::string_view tuple_mark = "MTP1";

enum class Mode : uint8_t { sum, min, max, always_one };

Mode mode_of(const std::string& text, const std::string& function) {
  const auto lower = duckdb::StringUtil::Lower(text);
  if (lower == "sum") return Mode::sum;
  if (lower == "min") return Mode::min;
  if (lower == "max") return Mode::max;
  if (lower == "alwaysone") return Mode::always_one;
  throw_spark_error("TUPLE_INVALID_SKETCH_MODE",
                    {{"function", "`" + function + "`"}, {"mode", text}, {"validModes", "sum, min, max, alwaysone"}});
}

double combined(double a, double b, Mode mode) {
  switch (mode) {
    case Mode::sum: return a + b;
    case Mode::min: return std::min(a, b);
    case Mode::max: return std::max(a, b);
    case Mode::always_one: return 1;
  }
  return a;
}

std::optional<uint64_t> key_hash(const Value& key) {
  if (key.IsNull()) return std::nullopt;
  std::string bytes(8, '\0');
  switch (key.type().id()) {
    case LogicalTypeId::VARCHAR:
    case LogicalTypeId::BLOB:
      bytes = duckdb::StringValue::Get(key);
      if (bytes.empty()) return std::nullopt;
      break;
    case LogicalTypeId::FLOAT:
    case LogicalTypeId::DOUBLE: {
      double number = key.GetValue<double>();
      if (number == 0) number = 0;
      std::memcpy(bytes.data(), &number, 8);
      break;
    }
    case LogicalTypeId::LIST: {
      bytes.clear();
      for (const auto& child : duckdb::ListValue::GetChildren(key)) {
        const auto number = child.GetValue<int64_t>();
        const int width = child.type().id() == LogicalTypeId::INTEGER ? 4 : 8;
        bytes.append(reinterpret_cast<const char*>(&number), static_cast<std::size_t>(width));
      }
      if (bytes.empty()) return std::nullopt;
      break;
    }
    default: {
      const auto number = key.GetValue<int64_t>();
      std::memcpy(bytes.data(), &number, 8);
    }
  }
  return murmur3_128(bytes, sketch_seed).first >> 1;
}

struct KeySketch {
  uint64_t theta = whole;  // hashes are below it
  bool empty = true;
  std::map<uint64_t, double> entries;
  bool has_summaries = false;

  void add(uint64_t hash, double summary, Mode mode) {
    empty = false;
    if (hash == 0 || hash >= theta) return;
    const auto [place, added] = entries.try_emplace(hash, mode == Mode::always_one ? 1 : summary);
    if (!added) place->second = combined(place->second, summary, mode);
  }
  /// No more than 2^lg entries: theta sinks to the first that is one too many.
  void trim(int lg) {
    const auto most = std::size_t{1} << lg;
    if (entries.size() <= most) return;
    auto from = std::next(entries.begin(), static_cast<std::ptrdiff_t>(most));
    theta = from->first;
    entries.erase(from, entries.end());
  }
  void below(uint64_t limit) {
    theta = std::min(theta, limit);
    entries.erase(entries.lower_bound(theta), entries.end());
  }
  [[nodiscard]] double share() const { return static_cast<double>(theta) / static_cast<double>(whole); }
  [[nodiscard]] double estimate() const { return static_cast<double>(entries.size()) / (theta == whole ? 1.0 : share()); }

  [[nodiscard]] std::string bytes() const {
    std::string out;
    const auto put = [&](uint64_t value, int count) {
      for (int i = 0; i < count; ++i) out += static_cast<char>(value >> (8 * i));
    };
    if (has_summaries) {
      out = tuple_mark;
      put(empty ? 1 : 0, 1);
      put(theta, 8);
      put(entries.size(), 4);
      for (const auto& [hash, summary] : entries) {
        put(hash, 8);
        put(std::bit_cast<uint64_t>(summary), 8);
      }
      return out;
    }
    constexpr unsigned read_only = 2;
    constexpr unsigned is_empty = 4;
    constexpr unsigned compact = 8;
    constexpr unsigned ordered = 16;
    constexpr unsigned single = 32;
    constexpr unsigned seed_hash = 0x93CC;
    const bool one = entries.size() == 1 && theta == whole;
    const int words = empty && entries.empty() ? 1 : theta != whole ? 3 : one ? 1 : 2;
    put(static_cast<unsigned>(words), 1);
    put(3, 1);
    put(3, 1);
    put(0, 2);
    put(read_only | compact | ordered | (empty ? is_empty : 0) | (one ? single : 0), 1);
    put(seed_hash, 2);
    if (words > 1) {
      put(entries.size(), 4);
      put(std::bit_cast<uint32_t>(1.0F), 4);
    }
    if (words > 2) put(theta, 8);
    for (const auto& [hash, summary] : entries) put(hash, 8);
    return out;
  }

  static std::optional<KeySketch> read(std::string_view bytes) {
    const auto get = [&](std::size_t at, int count) {
      uint64_t value = 0;
      for (int i = 0; i < count; ++i)
        if (at + static_cast<std::size_t>(i) < bytes.size())
          value |= uint64_t{static_cast<uint8_t>(bytes[at + static_cast<std::size_t>(i)])} << (8 * i);
      return value;
    };
    KeySketch sketch;
    if (bytes.starts_with(tuple_mark)) {
      sketch.has_summaries = true;
      sketch.empty = get(4, 1) != 0;
      sketch.theta = get(5, 8);
      const auto count = get(13, 4);
      if (bytes.size() != 17 + count * 16) return std::nullopt;
      for (std::size_t i = 0; i < count; ++i)
        sketch.entries.emplace(get(17 + i * 16, 8), std::bit_cast<double>(get(25 + i * 16, 8)));
      return sketch;
    }
    if (bytes.size() < 8 || get(1, 1) != 3 || get(2, 1) != 3) return std::nullopt;
    const auto words = get(0, 1);
    sketch.empty = (get(5, 1) & 4U) != 0;
    if (words == 3) sketch.theta = get(16, 8);
    if (sketch.empty) return sketch;
    const auto count = words == 1 ? 1 : get(8, 4);
    const auto data = words * 8;
    if (bytes.size() < data + count * 8) return std::nullopt;
    for (std::size_t i = 0; i < count; ++i) sketch.entries.emplace(get(data + i * 8, 8), 0.0);
    return sketch;
  }
};

Value to_blob(const std::string& bytes) { return Value::BLOB(duckdb::const_data_ptr_cast(bytes.data()), bytes.size()); }

KeySketch read_sketch(const Value& value, const std::string& function) {
  auto sketch = KeySketch::read(duckdb::StringValue::Get(value));
  if (!sketch) {
    const bool tuple = function.starts_with("tuple");
    throw_spark_error(tuple ? "TUPLE_INVALID_INPUT_SKETCH_BUFFER" : "THETA_INVALID_INPUT_SKETCH_BUFFER",
                      {{"function", "`" + function + "`"}});
  }
  return *std::move(sketch);
}

int nominal(const Value& value, const std::string& function) {
  const auto lg = value.GetValue<int32_t>();
  if (lg < 4 || lg > 26)
    throw_spark_error("SKETCH_INVALID_LG_NOM_ENTRIES",
                      {{"function", "`" + function + "`"}, {"min", "4"}, {"max", "26"}, {"value", std::to_string(lg)}});
  return lg;
}

template <typename Make>
void each_row(DataChunk& input, Vector& result, Make&& make) {
  result.SetVectorType(duckdb::VectorType::FLAT_VECTOR);
  for (idx_t row = 0; row < input.size(); ++row) {
    const auto at = [&](idx_t column) { return input.data[column].GetValue(row); };
    result.SetValue(row, make(at));
  }
}

void theta_sketch(DataChunk& input, ExpressionState&, Vector& result) {
  each_row(input, result, [](auto&& at) {
    const auto lg = nominal(at(1), "theta_sketch_agg");
    KeySketch sketch;
    if (const auto list = at(0); !list.IsNull())
      for (const auto& key : duckdb::ListValue::GetChildren(list))
        if (const auto hash = key_hash(key)) sketch.add(*hash, 0, Mode::sum);
    sketch.trim(lg);
    return to_blob(sketch.bytes());
  });
}

void tuple_sketch(DataChunk& input, ExpressionState&, Vector& result) {
  each_row(input, result, [](auto&& at) {
    const auto lg = nominal(at(1), "tuple_sketch_agg");
    const auto mode = mode_of(at(2).ToString(), "tuple_sketch_agg");
    KeySketch sketch;
    sketch.has_summaries = true;
    if (const auto list = at(0); !list.IsNull()) {
      for (const auto& pair : duckdb::ListValue::GetChildren(list)) {
        const auto& members = duckdb::StructValue::GetChildren(pair);
        if (members[1].IsNull()) continue;
        if (const auto hash = key_hash(members[0])) sketch.add(*hash, members[1].template GetValue<double>(), mode);
      }
    }
    sketch.trim(lg);
    return to_blob(sketch.bytes());
  });
}

void merge(DataChunk& input, ExpressionState&, Vector& result) {
  each_row(input, result, [](auto&& at) {
    const auto list = at(0);
    const auto operation = at(1).ToString();
    const auto function = at(4).ToString();
    const auto lg = nominal(at(2), function);
    const auto mode = mode_of(at(3).ToString(), function);
    const bool aggregates = function.find("_agg") != std::string::npos;
    std::vector<KeySketch> sketches;
    if (!list.IsNull()) {
      for (const auto& child : duckdb::ListValue::GetChildren(list)) {
        if (child.IsNull() && !aggregates) return Value(LogicalType::BLOB);
        if (!child.IsNull()) sketches.push_back(read_sketch(child, function));
      }
    }
    KeySketch merged;
    merged.has_summaries = function.starts_with("tuple");
    if (operation == "union") {
      for (const auto& sketch : sketches) {
        merged.theta = std::min(merged.theta, sketch.theta);
        merged.empty &= sketch.empty;
      }
      for (const auto& sketch : sketches)
        for (const auto& [hash, summary] : sketch.entries)
          merged.add(hash, sketch.has_summaries || !merged.has_summaries ? summary : (mode == Mode::always_one ? 1 : 0), mode);
      merged.below(merged.theta);
      merged.trim(lg);
    } else if (!sketches.empty()) {
      merged.entries = sketches[0].entries;
      merged.theta = sketches[0].theta;
      merged.empty = sketches[0].empty;
      for (std::size_t i = 1; i < sketches.size(); ++i) {
        merged.below(sketches[i].theta);
        if (operation == "intersection") merged.empty |= sketches[i].empty;
        std::erase_if(merged.entries, [&](const auto& entry) {
          return sketches[i].entries.contains(entry.first) != (operation == "intersection");
        });
        if (operation == "intersection" && sketches[i].has_summaries)
          for (auto& [hash, summary] : merged.entries) summary = combined(summary, sketches[i].entries.at(hash), mode);
      }
    }
    return to_blob(merged.bytes());
  });
}

void estimate(DataChunk& input, ExpressionState&, Vector& result) {
  each_row(input, result, [](auto&& at) {
    if (at(0).IsNull()) return Value(LogicalType::DOUBLE);
    return Value::DOUBLE(read_sketch(at(0), at(1).ToString()).estimate());
  });
}
void theta(DataChunk& input, ExpressionState&, Vector& result) {
  each_row(input, result, [](auto&& at) {
    if (at(0).IsNull()) return Value(LogicalType::DOUBLE);
    return Value::DOUBLE(read_sketch(at(0), at(1).ToString()).share());
  });
}
void summary(DataChunk& input, ExpressionState&, Vector& result) {
  each_row(input, result, [](auto&& at) {
    if (at(0).IsNull()) return Value(LogicalType::DOUBLE);
    const auto mode = mode_of(at(1).ToString(), at(2).ToString());
    const auto sketch = read_sketch(at(0), at(2).ToString());
    std::optional<double> total;
    double ones = 0;
    for (const auto& [hash, one] : sketch.entries) {
      total = total ? combined(*total, one, mode) : one;
      ++ones;
    }
    if (mode == Mode::always_one) return Value::DOUBLE(ones / sketch.share());
    if (!total) return mode == Mode::sum ? Value::DOUBLE(0) : Value(LogicalType::DOUBLE);
    return Value::DOUBLE(mode == Mode::sum && sketch.theta != whole ? *total / sketch.share() : *total);
  });
}

BindResult bind_list(duckdb::ClientContext&, ScalarFunction& function, BoundArguments& arguments) {
  function.arguments[0] = arguments[0]->return_type;
  return nullptr;
}

}  // namespace

void register_key_sketch_functions(duckdb::ExtensionLoader& loader) {
  const auto list = LogicalType::LIST(LogicalType::ANY);
  const auto bytes = LogicalType::BLOB;
  const auto text = LogicalType::VARCHAR;
  const auto number = LogicalType::INTEGER;
  const auto real = LogicalType::DOUBLE;
  loader.RegisterFunction(kernel("spark_theta_sketch", {list, number}, bytes, theta_sketch, bind_list));
  loader.RegisterFunction(kernel("spark_tuple_sketch", {list, number, text}, bytes, tuple_sketch, bind_list));
  loader.RegisterFunction(kernel("spark_keys_merge", {LogicalType::LIST(bytes), text, number, text, text}, bytes, merge));
  loader.RegisterFunction(kernel("spark_keys_estimate", {bytes, text}, real, estimate));
  loader.RegisterFunction(kernel("spark_keys_theta", {bytes, text}, real, theta));
  loader.RegisterFunction(kernel("spark_keys_summary", {bytes, text, text}, real, summary));
}

}  // namespace mastic::engine
