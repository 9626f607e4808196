// HyperLogLog and count-min sketches, over the values that list() has gathered.
//   spark_hll_sketch(list, lgK), spark_hll_merge(list of sketches, any sizes), spark_hll_estimate(sketch)
//   spark_count_min(list, eps, confidence, seed)
// HLL sketches are DataSketches' bytes (list, set and HLL_8 forms); the estimate of a large one is Ertl's, which needs no
// tables, so it may differ from DataSketches' in the error's range.
#include <algorithm>
#include <cmath>
#include <set>

#include "engine/functions/kernel.h"
#include "engine/functions/register.h"
#include "engine/functions/sketch_hash.h"

namespace mastic::engine {
namespace {

Value to_blob(const std::string& bytes) { return Value::BLOB(duckdb::const_data_ptr_cast(bytes.data()), bytes.size()); }

/// The bytes that a value is hashed by; nothing for what sketches skip.
std::optional<std::string> hashed_bytes(const Value& value) {
  if (value.IsNull()) return std::nullopt;
  switch (value.type().id()) {
    case LogicalTypeId::VARCHAR:
    case LogicalTypeId::BLOB: {
      const auto& bytes = duckdb::StringValue::Get(value);
      return bytes.empty() ? std::nullopt : std::optional(bytes);
    }
    default: {
      const auto number = value.GetValue<int64_t>();
      std::string bytes(8, '\0');
      std::memcpy(bytes.data(), &number, 8);
      return bytes;
    }
  }
}

class HllSketch {
 public:
  explicit HllSketch(int lg_k) : lg_k_(lg_k) {}

  void add_bytes(std::string_view bytes) {
    const auto [h0, h1] = murmur3_128(bytes, sketch_seed);
    const auto zeros = static_cast<uint32_t>(std::min(std::countl_zero(h1), 62) + 1);
    add(zeros << 26 | static_cast<uint32_t>(h0 & 0x3FFFFFF));
  }

  void add(uint32_t coupon) {
    if (registers_.empty()) {
      if (seen_.insert(coupon).second) coupons_.push_back(coupon);
      if (coupons_.size() <= coupons_max()) return;
      registers_.assign(std::size_t{1} << lg_k_, 0);
      for (const auto one : coupons_) put(one);
      return;
    }
    put(coupon);
  }

  void add(const HllSketch& other) {
    for (const auto coupon : other.registers_.empty() ? other.coupons_ : std::vector<uint32_t>()) add(coupon);
    if (other.registers_.empty()) return;
    if (registers_.empty()) {
      registers_.assign(std::size_t{1} << lg_k_, 0);
      for (const auto one : coupons_) put(one);
    }
    // A larger sketch folds onto a smaller one: the slot's low bits are the same.
    for (std::size_t i = 0; i < other.registers_.size(); ++i) {
      auto& mine = registers_[i & (registers_.size() - 1)];
      mine = std::max(mine, other.registers_[i]);
    }
  }

  [[nodiscard]] int lg_k() const { return lg_k_; }
  [[nodiscard]] int64_t estimate() const {
    if (registers_.empty()) return static_cast<int64_t>(coupons_.size());
    const auto m = static_cast<double>(registers_.size());
    constexpr int levels = 63;
    std::vector<double> counts(levels + 2, 0);
    for (const auto value : registers_) ++counts[std::min<int>(value, levels + 1)];
    const auto sigma = [](double x) {
      if (x == 1.0) return HUGE_VAL;
      double y = 1;
      double z = x;
      for (double before = -1; before != z;) {
        x *= x;
        before = z;
        z += x * y;
        y += y;
      }
      return z;
    };
    const auto tau = [](double x) {
      if (x == 0.0 || x == 1.0) return 0.0;
      double y = 1;
      double z = 1 - x;
      for (double before = -1; before != z;) {
        x = std::sqrt(x);
        before = z;
        y *= 0.5;
        z -= (1 - x) * (1 - x) * y;
      }
      return z / 3;
    };
    double z = m * tau(1 - counts[levels + 1] / m);
    for (int k = levels; k >= 1; --k) z = 0.5 * (z + counts[static_cast<std::size_t>(k)]);
    z += m * sigma(counts[0] / m);
    return std::llround(m * m / (2 * std::log(2.0)) / z);
  }

  [[nodiscard]] std::string bytes() const {
    constexpr std::size_t list_max = 8;
    std::string out;
    const auto byte = [&](int value) { out += static_cast<char>(value); };
    const auto word = [&](uint32_t value) {
      for (int i = 0; i < 4; ++i) byte(static_cast<int>(value >> (8 * i) & 0xFF));
    };
    const auto real = [&](double value) { out.append(reinterpret_cast<const char*>(&value), 8); };
    if (registers_.empty() && coupons_.size() < list_max) {
      for (const int one : {2, 1, 7, lg_k_, 3, coupons_.empty() ? 4 : 0, static_cast<int>(coupons_.size()), 8}) byte(one);
      for (std::size_t i = 0; i < list_max; ++i) word(i < coupons_.size() ? coupons_[i] : 0);
      return out;
    }
    if (registers_.empty()) {
      for (const int one : {3, 1, 7, lg_k_, 5, 8, 0, 9}) byte(one);  // 8: compact
      word(static_cast<uint32_t>(coupons_.size()));
      for (const auto coupon : coupons_) word(coupon);
      return out;
    }
    double low = 0;
    double high = 0;
    uint32_t zeros = 0;
    for (const auto value : registers_) {
      zeros += value == 0 ? 1 : 0;
      (value < 32 ? low : high) += std::ldexp(1.0, -value);
    }
    for (const int one : {10, 1, 7, lg_k_, 0, 16, 0, 10}) byte(one);  // 16: out of order
    real(0);
    real(low);
    real(high);
    word(zeros);
    word(0);
    out.append(reinterpret_cast<const char*>(registers_.data()), registers_.size());
    return out;
  }

  static std::optional<HllSketch> read(std::string_view bytes) {
    const auto at = [&](std::size_t i) { return i < bytes.size() ? static_cast<uint8_t>(bytes[i]) : uint8_t{0}; };
    if (bytes.size() < 8 || at(1) != 1 || at(2) != 7 || at(3) < 4 || at(3) > 21) return std::nullopt;
    HllSketch sketch(at(3));
    const auto word = [&](std::size_t from) {
      uint32_t value = 0;
      if (from + 4 <= bytes.size()) std::memcpy(&value, bytes.data() + from, 4);
      return value;
    };
    const auto form = at(7) & 3U;
    if (form == 2) {
      const auto size = std::size_t{1} << sketch.lg_k_;
      if (bytes.size() < 40 + size || at(7) >> 2 != 2) return std::nullopt;
      sketch.registers_.assign(bytes.begin() + 40, bytes.begin() + 40 + static_cast<std::ptrdiff_t>(size));
      return sketch;
    }
    for (std::size_t from = form == 0 ? 8 : 12; from + 4 <= bytes.size(); from += 4)
      if (const auto coupon = word(from); coupon != 0) sketch.add(coupon);
    return sketch;
  }

 private:
  [[nodiscard]] std::size_t coupons_max() const { return std::max<std::size_t>((std::size_t{1} << lg_k_) / 8 * 3 / 4, 8); }
  void put(uint32_t coupon) {
    auto& slot = registers_[coupon & (registers_.size() - 1)];
    slot = std::max(slot, static_cast<uint8_t>(coupon >> 26));
  }

  int lg_k_;
  std::vector<uint32_t> coupons_;  // in order of arrival; until there are too many
  std::set<uint32_t> seen_;
  std::vector<uint8_t> registers_;
};

void hll_sketch(DataChunk& input, ExpressionState&, Vector& result) {
  result.SetVectorType(duckdb::VectorType::FLAT_VECTOR);
  for (idx_t row = 0; row < input.size(); ++row) {
    const auto lg_k = input.data[1].GetValue(row).GetValue<int32_t>();
    if (lg_k < 4 || lg_k > 21)
      throw_spark_error("HLL_INVALID_LG_K",
                        {{"function", "`hll_sketch_agg`"}, {"min", "4"}, {"max", "21"}, {"value", std::to_string(lg_k)}});
    HllSketch sketch(lg_k);
    const auto list = input.data[0].GetValue(row);
    if (!list.IsNull())
      for (const auto& child : duckdb::ListValue::GetChildren(list))
        if (const auto bytes = hashed_bytes(child)) sketch.add_bytes(*bytes);
    result.SetValue(row, to_blob(sketch.bytes()));
  }
}

HllSketch read_hll(const Value& value, const std::string& function) {
  auto sketch = HllSketch::read(duckdb::StringValue::Get(value));
  if (!sketch) throw_spark_error("HLL_INVALID_INPUT_SKETCH_BUFFER", {{"function", "`" + function + "`"}});
  return *std::move(sketch);
}

void hll_merge(DataChunk& input, ExpressionState&, Vector& result) {
  result.SetVectorType(duckdb::VectorType::FLAT_VECTOR);
  for (idx_t row = 0; row < input.size(); ++row) {
    const auto list = input.data[0].GetValue(row);
    const auto function = input.data[2].GetValue(row).ToString();
    const bool any_size = input.data[1].GetValue(row).GetValue<bool>();
    std::vector<HllSketch> sketches;
    bool null = false;
    if (!list.IsNull()) {
      for (const auto& child : duckdb::ListValue::GetChildren(list)) {
        null |= child.IsNull();
        if (!child.IsNull()) sketches.push_back(read_hll(child, function));
      }
    }
    if (null && function == "hll_union") {
      result.SetValue(row, Value(LogicalType::BLOB));
      continue;
    }
    int smallest = sketches.empty() ? 12 : 21;
    for (const auto& sketch : sketches) {
      if (!any_size && sketch.lg_k() != sketches[0].lg_k())
        throw_spark_error("HLL_UNION_DIFFERENT_LG_K", {{"left", std::to_string(sketches[0].lg_k())},
                                                       {"right", std::to_string(sketch.lg_k())},
                                                       {"function", "`" + function + "`"}});
      smallest = std::min(smallest, sketch.lg_k());
    }
    HllSketch merged(smallest);
    for (const auto& sketch : sketches) merged.add(sketch);
    result.SetValue(row, to_blob(merged.bytes()));
  }
}

void hll_estimate(DataChunk& input, ExpressionState&, Vector& result) {
  duckdb::UnaryExecutor::Execute<string_t, int64_t>(input.data[0], result, input.size(), [](string_t bytes) {
    const auto sketch = HllSketch::read(view(bytes));
    if (!sketch) throw_spark_error("HLL_INVALID_INPUT_SKETCH_BUFFER", {{"function", "`hll_sketch_estimate`"}});
    return sketch->estimate();
  });
}

/// java.util.Random, for count-min's hash coefficients.
class JavaRandom {
 public:
  explicit JavaRandom(int64_t seed) : state_((static_cast<uint64_t>(seed) ^ 0x5DEECE66DULL) & mask) {}
  int32_t below(int32_t bound) {
    while (true) {
      const auto bits = next31();
      const auto value = bits % bound;
      if (int64_t{bits} - value + (bound - 1) <= INT32_MAX) return value;
    }
  }

 private:
  static constexpr uint64_t mask = (1ULL << 48) - 1;
  int32_t next31() {
    state_ = (state_ * 0x5DEECE66DULL + 0xB) & mask;
    return static_cast<int32_t>(state_ >> 17);
  }
  uint64_t state_;
};

int32_t murmur3_32(std::string_view bytes, int32_t seed) {
  auto h = static_cast<uint32_t>(seed);
  const auto mix = [&](uint32_t k) { h = std::rotl(h ^ std::rotl(k * 0xCC9E2D51U, 15) * 0x1B873593U, 13) * 5 + 0xE6546B64U; };
  std::size_t at = 0;
  for (; at + 4 <= bytes.size(); at += 4) {
    uint32_t word = 0;
    std::memcpy(&word, bytes.data() + at, 4);
    mix(word);
  }
  for (; at < bytes.size(); ++at) mix(static_cast<uint32_t>(static_cast<int32_t>(static_cast<int8_t>(bytes[at]))));
  h ^= static_cast<uint32_t>(bytes.size());
  h = (h ^ h >> 16) * 0x85EBCA6BU;
  h = (h ^ h >> 13) * 0xC2B2AE35U;
  return static_cast<int32_t>(h ^ h >> 16);
}

void count_min(DataChunk& input, ExpressionState&, Vector& result) {
  result.SetVectorType(duckdb::VectorType::FLAT_VECTOR);
  for (idx_t row = 0; row < input.size(); ++row) {
    const double eps = input.data[1].GetValue(row).GetValue<double>();
    const double confidence = input.data[2].GetValue(row).GetValue<double>();
    const auto seed = input.data[3].GetValue(row).GetValue<int64_t>();
    const auto width = static_cast<int32_t>(std::ceil(2 / eps));
    const auto depth = static_cast<int32_t>(std::ceil(-std::log1p(-confidence) / std::log(2.0)));
    JavaRandom random(seed);
    std::vector<int64_t> coefficients;
    for (int32_t i = 0; i < depth; ++i) coefficients.push_back(random.below(INT32_MAX));
    std::vector<int64_t> table(static_cast<std::size_t>(width) * static_cast<std::size_t>(depth), 0);
    int64_t total = 0;
    const auto list = input.data[0].GetValue(row);
    const auto count = [&](int32_t line, int64_t column) {
      ++table[static_cast<std::size_t>(line) * static_cast<std::size_t>(width) + static_cast<std::size_t>(column)];
    };
    if (!list.IsNull()) {
      for (const auto& child : duckdb::ListValue::GetChildren(list)) {
        if (child.IsNull()) continue;
        ++total;
        const bool text = child.type().id() == LogicalTypeId::VARCHAR || child.type().id() == LogicalTypeId::BLOB;
        if (text) {
          const auto& bytes = duckdb::StringValue::Get(child);
          const auto first = murmur3_32(bytes, 0);
          const auto second = murmur3_32(bytes, first);
          for (int32_t i = 0; i < depth; ++i) {
            const auto mixed =
                static_cast<int32_t>(static_cast<uint32_t>(first) + static_cast<uint32_t>(i) * static_cast<uint32_t>(second));
            count(i, std::abs(int64_t{mixed} % width));
          }
          continue;
        }
        for (int32_t i = 0; i < depth; ++i) {
          auto hash = static_cast<int64_t>(static_cast<uint64_t>(coefficients[static_cast<std::size_t>(i)]) *
                                           static_cast<uint64_t>(child.GetValue<int64_t>()));
          hash += hash >> 32;
          hash &= INT32_MAX;
          count(i, hash % width);
        }
      }
    }
    std::string out;
    const auto put = [&](uint64_t value, int bytes) {
      for (int i = bytes - 1; i >= 0; --i) out += static_cast<char>(value >> (8 * i));
    };
    put(1, 4);
    put(static_cast<uint64_t>(total), 8);
    put(static_cast<uint64_t>(depth), 4);
    put(static_cast<uint64_t>(width), 4);
    for (const auto one : coefficients) put(static_cast<uint64_t>(one), 8);
    for (const auto one : table) put(static_cast<uint64_t>(one), 8);
    result.SetValue(row, to_blob(out));
  }
}

BindResult bind_list(duckdb::ClientContext&, ScalarFunction& function, BoundArguments& arguments) {
  function.arguments[0] = arguments[0]->return_type;
  return nullptr;
}

}  // namespace

void register_sketch_functions(duckdb::ExtensionLoader& loader) {
  const auto list = LogicalType::LIST(LogicalType::ANY);
  const auto bytes = LogicalType::BLOB;
  const auto real = LogicalType::DOUBLE;
  loader.RegisterFunction(kernel("spark_hll_sketch", {list, LogicalType::INTEGER}, bytes, hll_sketch, bind_list));
  loader.RegisterFunction(
      kernel("spark_hll_merge", {LogicalType::LIST(bytes), LogicalType::BOOLEAN, LogicalType::VARCHAR}, bytes, hll_merge));
  loader.RegisterFunction(kernel("spark_hll_estimate", {bytes}, LogicalType::BIGINT, hll_estimate));
  loader.RegisterFunction(kernel("spark_count_min", {list, real, real, LogicalType::BIGINT}, bytes, count_min, bind_list));
}

}  // namespace mastic::engine
