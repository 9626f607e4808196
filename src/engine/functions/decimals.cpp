// spark_decimal_add, _subtract, _multiply, _divide, _remainder, _pmod (a DECIMAL, b DECIMAL, witness, exact BOOLEAN):
// computed in 256 bits, rounded half up to the witness's scale; beyond its precision NULL, or with `exact` an error.
// spark_decimal_round(a DECIMAL(38,s), witness, digits INTEGER, mode): round, bround, ceil, floor at a scale.
#include <boost/multiprecision/cpp_int.hpp>
#include <duckdb/common/types/decimal.hpp>

#include "engine/functions/kernel.h"
#include "engine/functions/number_text.h"
#include "engine/functions/register.h"

namespace mastic::engine {
namespace {

using Wide = boost::multiprecision::int256_t;

enum class Operation : uint8_t { add, subtract, multiply, divide, remainder, pmod };

Wide wide_power(int exponent) {
  Wide value = 1;
  for (int i = 0; i < exponent; ++i) value *= 10;
  return value;
}

/// a / b rounded half away from zero.
Wide divide_half_up(const Wide& a, const Wide& b) {
  Wide quotient = a / b;
  const Wide rest = abs(a % b) * 2;
  if (rest >= abs(b)) quotient += (a < 0) == (b < 0) ? 1 : -1;
  return quotient;
}

Wide rescale(const Wide& value, int from, int to) {
  if (to >= from) return value * wide_power(to - from);
  return divide_half_up(value, wide_power(from - to));
}

/// The unscaled result at `scale`; nullopt for a zero divisor.
std::optional<Wide> compute(Operation operation, int128 left, int left_scale, int128 right, int right_scale, int scale) {
  const Wide a(left);
  const Wide b(right);
  switch (operation) {
    case Operation::multiply: return rescale(a * b, left_scale + right_scale, scale);
    case Operation::divide: {
      if (right == 0) return std::nullopt;
      // a/10^s1 ÷ b/10^s2 at `scale` is a·10^(scale + s2 − s1) / b.
      const int shift = scale + right_scale - left_scale;
      return shift >= 0 ? divide_half_up(a * wide_power(shift), b) : divide_half_up(a, b * wide_power(-shift));
    }
    default: {
      const int common = std::max(left_scale, right_scale);
      const Wide x = rescale(a, left_scale, common);
      const Wide y = rescale(b, right_scale, common);
      if (operation == Operation::add) return rescale(x + y, common, scale);
      if (operation == Operation::subtract) return rescale(x - y, common, scale);
      if (y == 0) return std::nullopt;
      const Wide rest = x % y;
      return rescale(operation == Operation::pmod && rest < 0 ? Wide((rest + y) % y) : rest, common, scale);
    }
  }
}

/// The same in 128 bits where no step can leave them, which is nearly always: ten times as fast. nullopt: use the wide way.
template <Operation operation>
std::optional<int128> compute_narrow(int128 left, int left_scale, int128 right, int right_scale, int scale) {
  constexpr int128 half = static_cast<int128>(1) << 63;
  if constexpr (operation == Operation::multiply) {
    int128 product = 0;
    if (scale != left_scale + right_scale || __builtin_mul_overflow(left, right, &product)) return std::nullopt;
    return product;
  }
  if constexpr (operation == Operation::divide) {
    const int shift = scale + right_scale - left_scale;
    int128 numerator = 0;
    if (right == 0 || shift < 0 || shift > 37 || __builtin_mul_overflow(left, power_of_ten(shift), &numerator))
      return std::nullopt;
    if (right >= half || right <= -half) return std::nullopt;  // so that twice the rest fits
    const int128 quotient = numerator / right;
    const int128 rest = numerator - quotient * right;
    const int128 twice = (rest < 0 ? -rest : rest) * 2;
    if (twice < (right < 0 ? -right : right)) return quotient;
    return quotient + ((numerator < 0) == (right < 0) ? 1 : -1);
  }
  if constexpr (operation == Operation::add || operation == Operation::subtract) {
    const int common = std::max(left_scale, right_scale);
    int128 a = 0;
    int128 b = 0;
    int128 result = 0;
    if (scale != common || __builtin_mul_overflow(left, power_of_ten(common - left_scale), &a) ||
        __builtin_mul_overflow(right, power_of_ten(common - right_scale), &b))
      return std::nullopt;
    const bool overflow =
        operation == Operation::add ? __builtin_add_overflow(a, b, &result) : __builtin_sub_overflow(a, b, &result);
    return overflow ? std::nullopt : std::optional(result);
  }
  return std::nullopt;
}

[[noreturn]] void throw_out_of_range(const Wide& value, int value_scale, int width, int scale) {
  std::string digits = abs(value).str();
  if (static_cast<int>(digits.size()) <= value_scale)
    digits.insert(0, static_cast<std::size_t>(value_scale) + 1 - digits.size(), '0');
  if (value_scale > 0) digits.insert(digits.size() - static_cast<std::size_t>(value_scale), ".");
  throw_spark_error("NUMERIC_VALUE_OUT_OF_RANGE.WITH_SUGGESTION", {{"value", (value < 0 ? "-" : "") + digits},
                                                                   {"precision", std::to_string(width)},
                                                                   {"scale", std::to_string(scale)},
                                                                   {"config", "\"spark.sql.ansi.enabled\""}});
}

/// What an operand is read as: 64 bits where its digits fit, which spares the conversion and makes products cheap.
LogicalType operand_type(const LogicalType& type) {
  const bool narrow = duckdb::DecimalType::GetWidth(type) <= duckdb::Decimal::MAX_WIDTH_INT64;
  return LogicalType::DECIMAL(narrow ? duckdb::Decimal::MAX_WIDTH_INT64 : duckdb::Decimal::MAX_WIDTH_DECIMAL,
                              duckdb::DecimalType::GetScale(type));
}

struct Scales {
  int left = 0;
  int right = 0;
  int result = 0;
  int width = 0;  // of the result
  bool exact = false;
};

template <Operation operation, typename A, typename B, typename T>
duckdb::scalar_function_t operation_over(Scales scales) {
  return [scales, limit = wide_power(scales.width), narrow_limit = power_of_ten(scales.width)](
             DataChunk& input, ExpressionState&, Vector& result) {
    duckdb::BinaryExecutor::ExecuteWithNulls<A, B, T>(
        input.data[0], input.data[1], result, input.size(), [&](A a, B b, ValidityMask& mask, idx_t row) -> T {
          const int128 left = to_native(a);
          const int128 right = to_native(b);
          const auto narrow = compute_narrow<operation>(left, scales.left, right, scales.right, scales.result);
          if (narrow && *narrow < narrow_limit && *narrow > -narrow_limit) return to_storage<T>(*narrow);
          const auto value = compute(operation, left, scales.left, right, scales.right, scales.result);
          if (!value && scales.exact) {
            throw_spark_error(operation == Operation::divide ? "DIVIDE_BY_ZERO" : "REMAINDER_BY_ZERO",
                              {{"config", "\"spark.sql.ansi.enabled\""}});
          }
          if (value && abs(*value) < limit) return to_storage<T>(static_cast<int128>(*value));
          if (scales.exact) throw_out_of_range(*value, scales.result, scales.width, scales.result);
          mask.SetInvalid(row);
          return T{};
        });
  };
}

template <Operation operation>
BindResult bind_operation(duckdb::ClientContext& context, ScalarFunction& function, BoundArguments& arguments) {
  const bool exact = take_constant(context, function, arguments, 3).GetValue<bool>();
  const auto type = take_witness(function, arguments, 2);
  const auto left = operand_type(arguments[0]->return_type);
  const auto right = operand_type(arguments[1]->return_type);
  const Scales scales{duckdb::DecimalType::GetScale(left), duckdb::DecimalType::GetScale(right),
                      duckdb::DecimalType::GetScale(type), duckdb::DecimalType::GetWidth(type), exact};
  function.arguments = {left, right};
  function.return_type = type;
  const auto narrow = [](const LogicalType& operand) { return operand.InternalType() == duckdb::PhysicalType::INT64; };
  function.function = with_decimal_storage(type, [&]<typename T>() -> duckdb::scalar_function_t {
    using Huge = duckdb::hugeint_t;
    if (narrow(left) && narrow(right)) return operation_over<operation, int64_t, int64_t, T>(scales);
    if (narrow(left)) return operation_over<operation, int64_t, Huge, T>(scales);
    if (narrow(right)) return operation_over<operation, Huge, int64_t, T>(scales);
    return operation_over<operation, Huge, Huge, T>(scales);
  });
  return nullptr;
}

enum class Rounding : uint8_t { half_up, half_even, ceiling, floor };

int128 round_at(int128 value, int drop, Rounding rounding) {
  if (drop <= 0) return value;
  if (drop > 38) drop = 38;
  const int128 unit = power_of_ten(drop);
  const int128 floor = value / unit - (value % unit < 0 ? 1 : 0);
  const int128 rest = value - floor * unit;  // 0 … unit−1
  switch (rounding) {
    case Rounding::floor: return floor * unit;
    case Rounding::ceiling: return (floor + (rest > 0 ? 1 : 0)) * unit;
    case Rounding::half_even: return (floor + (rest > unit - rest || (rest == unit - rest && floor % 2 != 0) ? 1 : 0)) * unit;
    default:  // half away from zero
      return (floor + (rest > unit - rest || (rest == unit - rest && value >= 0) ? 1 : 0)) * unit;
  }
}

BindResult bind_round(duckdb::ClientContext& context, ScalarFunction& function, BoundArguments& arguments) {
  const auto mode = take_constant(context, function, arguments, 3).ToString();
  const int digits = take_constant(context, function, arguments, 2).GetValue<int32_t>();
  const auto type = take_witness(function, arguments, 1);
  const int from_scale = duckdb::DecimalType::GetScale(arguments[0]->return_type);
  const int to_scale = duckdb::DecimalType::GetScale(type);
  const Rounding rounding = mode == "floor"    ? Rounding::floor
                            : mode == "ceil"   ? Rounding::ceiling
                            : mode == "bround" ? Rounding::half_even
                                               : Rounding::half_up;
  const int128 limit = power_of_ten(duckdb::DecimalType::GetWidth(type));
  function.arguments[0] = LogicalType::DECIMAL(38, static_cast<uint8_t>(from_scale));
  function.return_type = type;
  function.function = with_decimal_storage(type, [&]<typename T>() -> duckdb::scalar_function_t {
    return [=](DataChunk& input, ExpressionState&, Vector& result) {
      convert_vector<duckdb::hugeint_t, T>(
          input.data[0], result, input.size(),
          [&](duckdb::hugeint_t value) -> std::optional<T> {
            int128 rounded = round_at(to_native(value), from_scale - digits, rounding);
            rounded = to_scale < from_scale ? rounded / power_of_ten(from_scale - to_scale)
                                            : rounded * power_of_ten(to_scale - from_scale);
            if (rounded >= limit || rounded <= -limit) return std::nullopt;
            return to_storage<T>(rounded);
          },
          [](duckdb::hugeint_t) {});
    };
  });
  return nullptr;
}

/// Math.round-like rounding of doubles goes through BigDecimal in Spark: the shortest text, rounded there.
template <typename T>
BindResult bind_round_fraction(duckdb::ClientContext& context, ScalarFunction& function, BoundArguments& arguments) {
  const auto mode = take_constant(context, function, arguments, 2).ToString();
  const int digits = take_constant(context, function, arguments, 1).GetValue<int32_t>();
  function.function = [digits, even = mode == "bround"](DataChunk& input, ExpressionState&, Vector& result) {
    duckdb::UnaryExecutor::Execute<T, T>(input.data[0], result, input.size(), [&](T value) -> T {
      if (!std::isfinite(value) || std::abs(value) >= 1e18 || digits > 17) return value;
      const auto text = java_double(static_cast<double>(value));
      const auto unscaled = parse_decimal(text, 38, 18);
      if (!unscaled) return value;
      const int128 rounded = round_at(*unscaled, 18 - digits, even ? Rounding::half_even : Rounding::half_up);
      return static_cast<T>(*parse_double(decimal_text(rounded, 18)));
    });
  };
  return nullptr;
}

}  // namespace

void register_decimal_functions(duckdb::ExtensionLoader& loader) {
  const duckdb::vector<LogicalType> arguments{LogicalType::ANY, LogicalType::ANY, LogicalType::ANY, LogicalType::BOOLEAN};
  const auto any = LogicalType::ANY;
  loader.RegisterFunction(kernel("spark_decimal_add", arguments, any, nullptr, bind_operation<Operation::add>));
  loader.RegisterFunction(kernel("spark_decimal_subtract", arguments, any, nullptr, bind_operation<Operation::subtract>));
  loader.RegisterFunction(kernel("spark_decimal_multiply", arguments, any, nullptr, bind_operation<Operation::multiply>));
  loader.RegisterFunction(kernel("spark_decimal_divide", arguments, any, nullptr, bind_operation<Operation::divide>));
  loader.RegisterFunction(kernel("spark_decimal_remainder", arguments, any, nullptr, bind_operation<Operation::remainder>));
  loader.RegisterFunction(kernel("spark_decimal_pmod", arguments, any, nullptr, bind_operation<Operation::pmod>));
  loader.RegisterFunction(
      kernel("spark_decimal_round", {any, any, LogicalType::INTEGER, LogicalType::VARCHAR}, any, nullptr, bind_round));
  loader.RegisterFunction(kernel("spark_round", {LogicalType::DOUBLE, LogicalType::INTEGER, LogicalType::VARCHAR},
                                 LogicalType::DOUBLE, nullptr, bind_round_fraction<double>));
  loader.RegisterFunction(kernel("spark_round", {LogicalType::FLOAT, LogicalType::INTEGER, LogicalType::VARCHAR},
                                 LogicalType::FLOAT, nullptr, bind_round_fraction<float>));
}

}  // namespace mastic::engine
