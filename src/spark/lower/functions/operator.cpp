// Operators: arithmetic, comparison, logic, bits.
#include <duckdb.hpp>
#include <duckdb/parser/expression/list.hpp>

#include "spark/lower/functions/table.h"
#include "spark/lower/types.h"

namespace mastic::spark {
namespace {

using duckdb::ExpressionType;

std::string by_mode(const CallInProgress& call, const std::string& operation) {
  return (call.call.mode == EvalMode::ansi   ? "spark_exact_"
          : call.call.mode == EvalMode::try_ ? "spark_try_"
                                             : "spark_wrap_") +
         operation;
}

ast::Expr decimal(CallInProgress& call, const std::string& operation) {
  auto left = call.take(0);
  auto right = call.take(1);
  return ast::call("spark_decimal_" + operation, std::move(left), std::move(right), ast::null_of(to_duckdb_type(call.result)),
                   ast::boolean(call.exact()));
}

/// Sums of dates, timestamps and intervals. Intervals are numbers here: months, or microseconds.
ast::Expr shift(CallInProgress& call, bool minus) {
  std::size_t base = call.type(0).is_datetime() ? 0 : 1;
  const DataType& time = call.type(base);
  const DataType& by = call.type(1 - base);
  if (time.is_datetime() && by.is_datetime()) {  // a difference
    if (time.is(TypeKind::date) && by.is(TypeKind::date)) {
      return ast::fill(call.result.is(TypeKind::day_time_interval) ? "($1 - $2) * 86400000000" : "$1 - $2", call.arguments);
    }
    return ast::fill("epoch_us($1) - epoch_us($2)", call.arguments);
  }
  ast::Exprs parts;
  parts.push_back(call.take(base));
  parts.push_back(call.take(1 - base));
  if (by.is_integral()) return ast::fill(minus ? "$1 - $2" : "$1 + $2", parts);
  if (by.is(TypeKind::year_month_interval)) {
    if (minus)
      parts[1] = ast::fill("-($1)", [&] {
        ast::Exprs a;
        a.push_back(std::move(parts[1]));
        return a;
      }());
    if (time.is(TypeKind::timestamp)) {
      parts[0] = call.lowering.local_time(std::move(parts[0]), time);
      return call.lowering.instant(ast::call("spark_add_months", std::move(parts)));
    }
    return ast::call("spark_add_months", std::move(parts));
  }
  if (by.is(TypeKind::day_time_interval)) {
    if (time.is(TypeKind::date) && call.result.is(TypeKind::date)) {
      return ast::fill(minus ? "$1 - ($2 // 86400000000)::INTEGER" : "$1 + ($2 // 86400000000)::INTEGER", parts);
    }
    return ast::fill(minus ? "$1 - to_microseconds($2)" : "$1 + to_microseconds($2)", parts);
  }
  return ast::fill(minus ? "$1 - $2" : "$1 + $2", parts);
}

ast::Expr add_or_subtract(CallInProgress& call, const char* sign, const std::string& operation) {
  if (call.result.is_integral()) return ast::call(by_mode(call, operation), std::move(call.arguments));
  if (call.result.is(TypeKind::decimal)) {
    // Below 38 digits nothing can overflow, and DuckDB's rule for the type is Spark's.
    if (call.result.precision >= 38) return decimal(call, operation);
    return ast::fill(std::string("$1 ") + sign + " $2", call.arguments);
  }
  if (call.count() == 2 && (call.type(0).is_datetime() || call.type(1).is_datetime())) return shift(call, *sign == '-');
  return ast::fill(std::string("$1 ") + sign + " $2", call.arguments);
}

ast::Expr add(CallInProgress& call) { return add_or_subtract(call, "+", "add"); }
ast::Expr subtract(CallInProgress& call) { return add_or_subtract(call, "-", "subtract"); }

/// An interval times or by a number, rounded half up; months or microseconds.
ast::Expr scale_interval(CallInProgress& call, bool divides) {
  if (!call.type(0).is_interval()) std::swap(call.arguments[0], call.arguments[1]);
  const auto type = to_duckdb_type(call.result);
  const bool tries = call.call.mode == EvalMode::try_;
  if (call.result.is(TypeKind::calendar_interval)) {
    return ast::call(tries ? "spark_try_scale_interval" : "spark_scale_interval", call.take(0), call.take(1),
                     ast::boolean(divides));
  }
  ast::Exprs parts;
  parts.push_back(ast::cast(call.take(0), duckdb::LogicalType::DOUBLE));
  parts.push_back(ast::cast(call.take(1), duckdb::LogicalType::DOUBLE));
  if (!divides) return ast::cast(ast::fill("round($1 * $2)", parts), type, tries);
  if (tries) return ast::cast(ast::fill("round($1 / nullif($2, 0))", parts), type, true);
  return ast::cast(ast::fill("round(spark_divide_interval($1, $2))", parts), type);
}

ast::Expr multiply(CallInProgress& call) {
  if (call.result.is_interval()) return scale_interval(call, false);
  if (call.result.is_integral()) return ast::call(by_mode(call, "multiply"), std::move(call.arguments));
  if (call.result.is(TypeKind::decimal) && call.type(0).precision + call.type(1).precision > 18)
    return decimal(call, "multiply");
  return ast::fill("$1 * $2", call.arguments);
}

ast::Expr divide(CallInProgress& call) {
  if (call.result.is(TypeKind::decimal)) return decimal(call, "divide");
  if (call.result.is_interval()) return scale_interval(call, true);
  if (call.exact()) return ast::call("spark_divide_exact", std::move(call.arguments));
  return ast::fill("$1 / nullif($2, 0)", call.arguments);
}

ast::Expr divide_whole(CallInProgress& call) {
  if (call.type(0).is_interval()) {
    for (auto& argument : call.arguments) argument = ast::cast(std::move(argument), duckdb::LogicalType::BIGINT);
    return ast::call(call.exact() ? "spark_divide_integer_exact" : "spark_divide_integer", std::move(call.arguments));
  }
  for (std::size_t i = 0; i < 2; ++i) {
    if (call.type(i).is(TypeKind::decimal)) call.arguments[i] = ast::call("trunc", call.take(i));
    call.arguments[i] = ast::cast(call.take(i), duckdb::LogicalType::BIGINT);
  }
  return ast::call(call.exact() ? "spark_divide_integer_exact" : "spark_divide_integer", std::move(call.arguments));
}

ast::Expr remainder(CallInProgress& call) {
  if (call.result.is(TypeKind::decimal)) return decimal(call, "remainder");
  return ast::call(call.exact() ? "spark_remainder_exact" : "spark_remainder", std::move(call.arguments));
}

ast::Expr pmod(CallInProgress& call) {
  if (call.result.is(TypeKind::decimal)) return decimal(call, "pmod");
  return ast::call(call.exact() ? "spark_pmod_exact" : "spark_pmod", std::move(call.arguments));
}

ast::Expr negative(CallInProgress& call) {
  if (call.result.is_integral())
    return ast::call(call.exact() ? "spark_exact_negate" : "spark_wrap_negate", std::move(call.arguments));
  return ast::fill("-($1)", call.arguments);
}

ast::Expr absolute(CallInProgress& call) {
  if (call.result.is_integral())
    return ast::call(call.exact() ? "spark_exact_abs" : "spark_wrap_abs", std::move(call.arguments));
  return ast::call("abs", std::move(call.arguments));
}

template <ExpressionType type>
ast::Expr compare(CallInProgress& call) {
  return ast::compare(type, call.take(0), call.take(1));
}

ast::Expr both(CallInProgress& call) { return ast::conjunction(std::move(call.arguments), true); }
ast::Expr either(CallInProgress& call) { return ast::conjunction(std::move(call.arguments), false); }
ast::Expr invert(CallInProgress& call) { return ast::negate(call.take(0)); }

ast::Expr in(CallInProgress& call) {
  if (call.count() == 1) return ast::boolean(false);
  return duckdb::make_uniq<duckdb::OperatorExpression>(ExpressionType::COMPARE_IN, std::move(call.arguments));
}

/// Spark's LIKE escapes with a backslash unless told otherwise. Where a constant pattern escapes nothing, DuckDB's own LIKE
/// says the same and is several times as fast: it looks for the constant parts.
ast::Expr like(CallInProgress& call, const char* plain, const char* escaped) {
  if (call.count() == 2) {
    const auto* literal = std::get_if<Literal>(&call.call.arguments[1]->node);
    const auto* pattern = literal != nullptr ? std::get_if<std::string>(&literal->value) : nullptr;
    if (pattern != nullptr && pattern->find('\\') == std::string::npos) return ast::call(plain, std::move(call.arguments));
    call.arguments.push_back(ast::text("\\"));
  }
  return ast::call(escaped, std::move(call.arguments));
}
ast::Expr like_case(CallInProgress& call) { return like(call, "~~", "spark_like"); }
ast::Expr ilike(CallInProgress& call) { return like(call, "~~*", "spark_ilike"); }

ast::Expr concat(CallInProgress& call) {
  if (call.arguments.empty()) return ast::text("");
  ast::Expr joined = call.take(0);
  for (std::size_t i = 1; i < call.count(); ++i) {
    ast::Exprs pair;
    pair.push_back(std::move(joined));
    pair.push_back(call.take(i));
    // For lists || takes NULL as an empty list.
    joined = call.result.is(TypeKind::array)
                 ? ast::fill("CASE WHEN $1 IS NULL OR $2 IS NULL THEN NULL ELSE list_concat($1, $2) END", pair)
                 : ast::fill("$1 || $2", pair);
  }
  return joined;
}

constexpr FunctionLowering rows[] = {
    {"+", 1, "$1"},
    {"+", 2, "", add},
    {"try_add", 2, "", add},
    {"-", 1, "", negative},
    {"-", 2, "", subtract},
    {"try_subtract", 2, "", subtract},
    {"*", 2, "", multiply},
    {"try_multiply", 2, "", multiply},
    {"/", 2, "", divide},
    {"try_divide", 2, "", divide},
    {"div", 2, "", divide_whole},
    {"%", 2, "", remainder},
    {"mod", 2, "", remainder},
    {"try_mod", 2, "", remainder},
    {"pmod", 2, "", pmod},
    {"negative", 1, "", negative},
    {"positive", 1, "$1"},
    {"abs", 1, "", absolute},
    {"=", 2, "", compare<ExpressionType::COMPARE_EQUAL>},
    {"==", 2, "", compare<ExpressionType::COMPARE_EQUAL>},
    {"<>", 2, "", compare<ExpressionType::COMPARE_NOTEQUAL>},
    {"!=", 2, "", compare<ExpressionType::COMPARE_NOTEQUAL>},
    {"<=>", 2, "", compare<ExpressionType::COMPARE_NOT_DISTINCT_FROM>},
    {"equal_null", 2, "", compare<ExpressionType::COMPARE_NOT_DISTINCT_FROM>},
    {"<", 2, "", compare<ExpressionType::COMPARE_LESSTHAN>},
    {"<=", 2, "", compare<ExpressionType::COMPARE_LESSTHANOREQUALTO>},
    {">", 2, "", compare<ExpressionType::COMPARE_GREATERTHAN>},
    {">=", 2, "", compare<ExpressionType::COMPARE_GREATERTHANOREQUALTO>},
    {"and", -1, "", both},
    {"or", -1, "", either},
    {"not", 1, "", invert},
    {"!", 1, "", invert},
    {"between", 3, "$1 >= $2 AND $1 <= $3"},
    {"in", -1, "", in},
    {"like", -1, "", like_case},
    {"ilike", -1, "", ilike},
    {"rlike", 2, "spark_rlike"},
    {"regexp", 2, "spark_rlike"},
    {"regexp_like", 2, "spark_rlike"},
    {"isnull", 1, "$1 IS NULL"},
    {"isnotnull", 1, "$1 IS NOT NULL"},
    {"isnan", 1, "coalesce(isnan($1), false)"},
    {"&", 2, "$1 & $2"},
    {"|", 2, "$1 | $2"},
    {"^", 2, "xor($1, $2)"},
    {"~", 1, "~($1)"},
    {"concat", -1, "", concat},
    {"||", -1, "", concat},
};

}  // namespace

std::span<const FunctionLowering> operator_lowerings() { return rows; }

}  // namespace mastic::spark
