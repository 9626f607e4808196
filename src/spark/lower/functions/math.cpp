// Numbers.
#include <duckdb.hpp>

#include "spark/lower/functions/table.h"
#include "spark/lower/types.h"

namespace mastic::spark {
namespace {

/// round, bround, ceil, floor at a number of digits.
ast::Expr at_scale(CallInProgress& call, const char* mode) {
  const std::string digits = call.count() > 1 ? call.literal_text(1).value_or("0") : "0";
  const auto& type = call.type(0);
  if (type.is(TypeKind::decimal)) {
    auto wide = ast::cast(call.take(0), duckdb::LogicalType::DECIMAL(38, static_cast<uint8_t>(type.scale)));
    DataType target = call.result;
    if (target.is_integral()) target = types::decimal(38, 0);
    return ast::call("spark_decimal_round", std::move(wide), ast::null_of(to_duckdb_type(target)),
                     ast::integer(std::stoll(digits)), ast::text(mode));
  }
  if (type.is_fractional()) return ast::call("spark_round", call.take(0), ast::integer(std::stoll(digits)), ast::text(mode));
  if (std::stoll(digits) >= 0) return call.take(0);
  auto wide = ast::cast(call.take(0), duckdb::LogicalType::DECIMAL(38, 0));
  return ast::call("spark_decimal_round", std::move(wide), ast::null_of(duckdb::LogicalType::DECIMAL(38, 0)),
                   ast::integer(std::stoll(digits)), ast::text(mode));
}
ast::Expr round(CallInProgress& call) { return at_scale(call, "round"); }
ast::Expr bround(CallInProgress& call) { return at_scale(call, "bround"); }
ast::Expr ceiling(CallInProgress& call) {
  if (call.count() > 1 || call.type(0).is(TypeKind::decimal)) return at_scale(call, "ceil");
  if (call.type(0).is_integral()) return call.take(0);
  call.arguments[0] = ast::call("ceil", call.take(0));
  return call.lowering.cast(call.take(0), types::double_type(), call.result, EvalMode::legacy);
}
ast::Expr floor(CallInProgress& call) {
  if (call.count() > 1 || call.type(0).is(TypeKind::decimal)) return at_scale(call, "floor");
  if (call.type(0).is_integral()) return call.take(0);
  call.arguments[0] = ast::call("floor", call.take(0));
  return call.lowering.cast(call.take(0), types::double_type(), call.result, EvalMode::legacy);
}

ast::Expr hex(CallInProgress& call) {
  if (call.type(0).is_integral()) return ast::fill("upper(to_hex($1))", call.arguments);
  return ast::fill("hex($1)", call.arguments);
}

ast::Expr bit_get(CallInProgress& call) {
  const auto& type = call.type(0);
  const int bits = type.is(TypeKind::byte_) ? 8 : type.is(TypeKind::short_) ? 16 : type.is(TypeKind::integer) ? 32 : 64;
  return ast::call("spark_bit_get", ast::cast(call.take(0), duckdb::LogicalType::BIGINT), call.take(1), ast::integer(bits),
                   ast::text(call.call.function));
}

ast::Expr convert_base(CallInProgress& call) {
  return ast::call(call.exact() ? "spark_conv_exact" : "spark_conv", std::move(call.arguments));
}

constexpr FunctionLowering rows[] = {
    {"acos", 1, "CASE WHEN abs($1) > 1 THEN 'NaN'::DOUBLE ELSE acos($1) END"},
    {"acosh", 1, "spark_acosh"},
    {"asin", 1, "CASE WHEN abs($1) > 1 THEN 'NaN'::DOUBLE ELSE asin($1) END"},
    {"asinh", 1, "spark_asinh"},
    {"atan", 1},
    {"atan2", 2},
    {"atanh", 1, "spark_atanh"},
    {"bin", 1, "bin($1::BIGINT)"},
    {"bit_count", 1, "bit_count($1::BIGINT)"},
    {"bit_get", 2, "", bit_get},
    {"getbit", 2, "", bit_get},
    {"bround", -1, "", bround},
    {"cbrt", 1, "spark_cbrt"},
    {"ceil", -1, "", ceiling},
    {"ceiling", -1, "", ceiling},
    {"conv", 3, "", convert_base},
    {"cos", 1},
    {"cosh", 1, "spark_cosh"},
    {"cot", 1, "1 / tan($1)"},
    {"csc", 1, "1 / sin($1)"},
    {"degrees", 1},
    {"e", 0, "2.718281828459045::DOUBLE + 0"},
    {"exp", 1, "spark_exp"},
    {"expm1", 1, "spark_expm1"},
    {"factorial", 1, "CASE WHEN $1 BETWEEN 0 AND 20 THEN factorial($1) END"},
    {"floor", -1, "", floor},
    {"greatest", -1},
    {"hex", 1, "", hex},
    {"hypot", 2, "sqrt($1 * $1 + $2 * $2)"},
    {"least", -1},
    {"ln", 1, "spark_ln"},
    {"log", 1, "spark_ln"},
    {"log", 2, "spark_log"},
    {"log10", 1, "spark_log10"},
    {"log1p", 1, "spark_log1p"},
    {"log2", 1, "spark_log2"},
    {"nanvl", 2, "CASE WHEN isnan($1) THEN $2 ELSE $1 END"},
    {"pi", 0, "pi()"},
    {"pow", 2, "pow($1, $2)"},
    {"power", 2, "pow($1, $2)"},
    {"radians", 1},
    {"rint", 1, "round_even($1, 0)"},
    {"round", -1, "", round},
    {"sec", 1, "1 / cos($1)"},
    {"sign", 1, "spark_sign($1::DOUBLE)"},
    {"shiftleft", 2, "spark_shift_left"},
    {"shiftright", 2, "spark_shift_right"},
    {"shiftrightunsigned", 2, "spark_shift_right_unsigned"},
    {"bitmap_bit_position", 1, "CASE WHEN $1 > 0 THEN ($1 - 1) % 32768 ELSE (-$1) % 32768 END"},
    {"bitmap_bucket_number", 1, "CASE WHEN $1 > 0 THEN 1 + ($1 - 1) // 32768 ELSE trunc($1 / 32768)::BIGINT END"},
    {"bitmap_count", 1, "spark_bitmap_count"},
    {"sin", 1},
    {"sinh", 1, "spark_sinh"},
    {"sqrt", 1, "CASE WHEN $1 < 0 THEN 'NaN'::DOUBLE ELSE sqrt($1) END"},
    {"tan", 1},
    {"tanh", 1, "spark_tanh"},
    {"unhex", 1, "spark_unhex"},
    {"width_bucket", 4,
     "CASE WHEN $4 <= 0 OR $2 = $3 THEN NULL WHEN $2 < $3 THEN CASE WHEN $1 < $2 THEN 0 WHEN $1 >= $3 THEN $4 + 1 ELSE "
     "floor(($1 - $2) / ($3 - $2) * $4)::BIGINT + 1 END ELSE CASE WHEN $1 > $2 THEN 0 WHEN $1 <= $3 THEN $4 + 1 ELSE "
     "floor(($2 - $1) / ($2 - $3) * $4)::BIGINT + 1 END END"},
};

}  // namespace

std::span<const FunctionLowering> math_lowerings() { return rows; }

}  // namespace mastic::spark
