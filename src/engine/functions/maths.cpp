// Java's StrictMath as kernels over DOUBLE: spark_exp, spark_expm1, spark_ln, spark_log10, spark_log1p, spark_log2, spark_sinh,
// spark_cosh, spark_tanh, spark_cbrt, and Spark's own formulas over them: spark_asinh, spark_acosh, spark_atanh.
//   spark_log(base, x); logarithms are NULL where the number is not positive.
//   spark_sign(DOUBLE): NaN stays NaN.
//   spark_shift_right_unsigned(INTEGER | BIGINT, INTEGER)
//   spark_bit_get(BIGINT, position, bits of the type, the name that was called): 0, 1 or INVALID_PARAMETER_VALUE
#include <cmath>

#include "engine/functions/java_math.h"
#include "engine/functions/kernel.h"
#include "engine/functions/register.h"

namespace mastic::engine {
namespace {

template <double (*function)(double)>
void plain(DataChunk& input, ExpressionState&, Vector& result) {
  duckdb::UnaryExecutor::Execute<double, double>(input.data[0], result, input.size(), [](double x) { return function(x); });
}

/// NULL at `limit` and below.
template <double (*function)(double), int limit>
void logarithm(DataChunk& input, ExpressionState&, Vector& result) {
  duckdb::UnaryExecutor::ExecuteWithNulls<double, double>(input.data[0], result, input.size(),
                                                          [](double x, ValidityMask& mask, idx_t row) {
                                                            if (x <= limit) mask.SetInvalid(row);
                                                            return function(x);
                                                          });
}

double log2(double x) { return java_math::log(x) / java_math::log(2.0); }
// The inverse hyperbolic functions as fdlibm has them.
double asinh(double x) {
  const double magnitude = std::fabs(x);
  if (!std::isfinite(x) || magnitude < 0x1p-28) return x;
  double w = 0;
  if (magnitude > 0x1p28) {
    w = java_math::log(magnitude) + 6.93147180559945286227e-01;
  } else if (magnitude > 2) {
    w = java_math::log(2.0 * magnitude + 1.0 / (std::sqrt(x * x + 1.0) + magnitude));
  } else {
    const double t = x * x;
    w = java_math::log1p(magnitude + t / (1.0 + std::sqrt(1.0 + t)));
  }
  return x > 0 ? w : -w;
}
double acosh(double x) {
  if (x < 1) return std::numeric_limits<double>::quiet_NaN();
  if (!std::isfinite(x)) return x;
  if (x > 0x1p28) return java_math::log(x) + 6.93147180559945286227e-01;
  if (x == 1) return 0;
  if (x > 2) return java_math::log(2.0 * x - 1.0 / (x + std::sqrt(x * x - 1.0)));
  const double t = x - 1.0;
  return java_math::log1p(t + std::sqrt(2.0 * t + t * t));
}
double atanh(double x) { return 0.5 * (java_math::log1p(x) - java_math::log1p(-x)); }
double sign(double x) { return x > 0 ? 1.0 : x < 0 ? -1.0 : x; }

void log_of_base(DataChunk& input, ExpressionState&, Vector& result) {
  duckdb::BinaryExecutor::ExecuteWithNulls<double, double, double>(input.data[0], input.data[1], result, input.size(),
                                                                   [](double base, double x, ValidityMask& mask, idx_t row) {
                                                                     if (base <= 0 || x <= 0) mask.SetInvalid(row);
                                                                     return java_math::log(x) / java_math::log(base);
                                                                   });
}

template <typename T>
void shift_right_unsigned(DataChunk& input, ExpressionState&, Vector& result) {
  duckdb::BinaryExecutor::Execute<T, int32_t, T>(input.data[0], input.data[1], result, input.size(), [](T value, int32_t by) {
    return static_cast<T>(static_cast<std::make_unsigned_t<T>>(value) >> (by & (sizeof(T) * 8 - 1)));
  });
}

template <typename T, bool left>
void shift(DataChunk& input, ExpressionState&, Vector& result) {
  duckdb::BinaryExecutor::Execute<T, int32_t, T>(input.data[0], input.data[1], result, input.size(), [](T value, int32_t by) {
    const auto bits = by & static_cast<int32_t>(sizeof(T) * 8 - 1);
    return left ? static_cast<T>(static_cast<std::make_unsigned_t<T>>(value) << bits) : static_cast<T>(value >> bits);
  });
}

BindResult bind_bit_get(duckdb::ClientContext& context, ScalarFunction& function, BoundArguments& arguments) {
  const auto name = take_constant(context, function, arguments, 3).ToString();
  const auto bits = take_constant(context, function, arguments, 2).GetValue<int32_t>();
  function.function = [name, bits](DataChunk& input, ExpressionState&, Vector& result) {
    duckdb::BinaryExecutor::Execute<int64_t, int32_t, int8_t>(
        input.data[0], input.data[1], result, input.size(), [&](int64_t value, int32_t position) {
          if (position < 0 || position >= bits) {
            throw_spark_error("INVALID_PARAMETER_VALUE.BIT_POSITION_RANGE", {{"parameter", "`pos`"},
                                                                             {"functionName", "`" + name + "`"},
                                                                             {"upper", std::to_string(bits)},
                                                                             {"invalidValue", std::to_string(position)}});
          }
          return static_cast<int8_t>(value >> position & 1);
        });
  };
  return nullptr;
}

}  // namespace

void register_math_functions(duckdb::ExtensionLoader& loader) {
  const auto number = LogicalType::DOUBLE;
  const std::pair<const char*, void (*)(DataChunk&, ExpressionState&, Vector&)> unary[] = {
      {"spark_exp", plain<java_math::exp>},
      {"spark_expm1", plain<java_math::expm1>},
      {"spark_sinh", plain<java_math::sinh>},
      {"spark_cosh", plain<java_math::cosh>},
      {"spark_tanh", plain<java_math::tanh>},
      {"spark_cbrt", plain<java_math::cbrt>},
      {"spark_asinh", plain<asinh>},
      {"spark_acosh", plain<acosh>},
      {"spark_atanh", plain<atanh>},
      {"spark_sign", plain<sign>},
      {"spark_ln", logarithm<java_math::log, 0>},
      {"spark_log10", logarithm<java_math::log10, 0>},
      {"spark_log2", logarithm<log2, 0>},
      {"spark_log1p", logarithm<java_math::log1p, -1>},
  };
  for (const auto& [name, body] : unary) loader.RegisterFunction(kernel(name, {number}, number, body));
  loader.RegisterFunction(kernel("spark_log", {number, number}, number, log_of_base));
  const auto integer = LogicalType::INTEGER;
  const auto bigint = LogicalType::BIGINT;
  loader.RegisterFunction(kernel("spark_shift_right_unsigned", {integer, integer}, integer, shift_right_unsigned<int32_t>));
  loader.RegisterFunction(kernel("spark_shift_right_unsigned", {bigint, integer}, bigint, shift_right_unsigned<int64_t>));
  loader.RegisterFunction(
      kernel("spark_bit_get", {bigint, integer, integer, LogicalType::VARCHAR}, LogicalType::TINYINT, nullptr, bind_bit_get));
  loader.RegisterFunction(kernel("spark_shift_left", {integer, integer}, integer, shift<int32_t, true>));
  loader.RegisterFunction(kernel("spark_shift_left", {bigint, integer}, bigint, shift<int64_t, true>));
  loader.RegisterFunction(kernel("spark_shift_right", {integer, integer}, integer, shift<int32_t, false>));
  loader.RegisterFunction(kernel("spark_shift_right", {bigint, integer}, bigint, shift<int64_t, false>));
}

}  // namespace mastic::engine
