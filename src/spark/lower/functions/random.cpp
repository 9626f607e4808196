// What draws at random: rand, randn, uniform, randstr, shuffle, uuid. After a function's own arguments, the last of which is
// the seed, analyze may have put the row's partition and its number.
#include <duckdb.hpp>
#include <duckdb/parser/expression/list.hpp>

#include "spark/lower/functions/table.h"

namespace mastic::spark {
namespace {

/// Seed, partition and row number, as the kernels take them; the seed is argument `place`.
void add_stream(CallInProgress& call, std::size_t place, ast::Exprs& arguments) {
  ast::Exprs seeds;
  if (call.count() > place) seeds.push_back(ast::cast(call.take(place), duckdb::LogicalType::BIGINT));
  seeds.push_back(ast::constant(duckdb::Value::BIGINT(call.count() > place ? 0 : call.lowering.now_microseconds())));
  arguments.push_back(ast::coalesce(std::move(seeds)));
  const bool numbered = call.count() > place + 2;
  arguments.push_back(numbered ? call.take(place + 1) : ast::constant(duckdb::Value::INTEGER(0)));
  arguments.push_back(numbered ? call.take(place + 2) : ast::null_of(duckdb::LogicalType::BIGINT));
}

ast::Expr drawn(CallInProgress& call, const char* kernel, std::size_t own_arguments) {
  ast::Exprs arguments;
  for (std::size_t i = 0; i < own_arguments; ++i) arguments.push_back(call.take(i));
  add_stream(call, own_arguments, arguments);
  return ast::call(kernel, std::move(arguments));
}

ast::Expr rand(CallInProgress& call) { return drawn(call, "spark_rand", 0); }
ast::Expr randn(CallInProgress& call) { return drawn(call, "spark_randn", 0); }
ast::Expr uuid(CallInProgress& call) { return drawn(call, "spark_uuid", 0); }
ast::Expr random_text(CallInProgress& call) { return drawn(call, "spark_randstr", 1); }
ast::Expr shuffle(CallInProgress& call) { return drawn(call, "spark_shuffle", 1); }

/// low + (high - low) * rand(seed), in the result's type.
ast::Expr uniform(CallInProgress& call) {
  ast::Exprs stream;
  add_stream(call, 2, stream);
  ast::Exprs parts;
  for (std::size_t i = 0; i < 2; ++i) parts.push_back(ast::cast(call.take(i), duckdb::LogicalType::DOUBLE));
  parts.push_back(ast::call("spark_rand", std::move(stream)));
  auto between = ast::fill("$1 + ($2 - $1) * $3", parts);
  return call.lowering.cast(std::move(between), types::double_type(), call.result, EvalMode::legacy);
}

constexpr FunctionLowering rows[] = {
    {"rand", -1, "", rand},       {"random", -1, "", rand},     {"randn", -1, "", randn}, {"randstr", -1, "", random_text},
    {"shuffle", -1, "", shuffle}, {"uniform", -1, "", uniform}, {"uuid", -1, "", uuid},
};

}  // namespace

std::span<const FunctionLowering> random_lowerings() { return rows; }

}  // namespace mastic::spark
