// Sketches: the scalar functions; aggregates.cpp has the aggregates.
#include <duckdb.hpp>
#include <duckdb/parser/expression/list.hpp>

#include "spark/lower/functions/table.h"
#include "spark/lower/types.h"

namespace mastic::spark {
namespace {

ast::Expr name(const CallInProgress& call) { return ast::text(call.call.function); }

bool starts(const CallInProgress& call, std::string_view prefix) { return call.call.function.starts_with(prefix); }

/// Union, intersection, difference of two theta or tuple sketches. What a function does not take has its default.
ast::Expr merge_keys(CallInProgress& call) {
  const bool tuple = starts(call, "tuple_");
  const auto& function = call.call.function;
  const char* operation = function.find("_union") != std::string::npos          ? "union"
                          : function.find("_intersection") != std::string::npos ? "intersection"
                                                                                : "difference";
  auto lg = std::string_view(operation) == "union" && call.count() > 2 ? ast::cast(call.take(2), duckdb::LogicalType::INTEGER)
                                                                       : ast::constant(duckdb::Value::INTEGER(26));
  auto mode = tuple && std::string_view(operation) != "difference" ? call.take(call.count() - 1) : ast::text("sum");
  auto both = ast::call("list_value", call.take(0), call.take(1));
  return ast::call("spark_keys_merge", std::move(both), ast::text(operation), std::move(lg), std::move(mode), name(call));
}

ast::Expr estimate(CallInProgress& call) {
  auto value = ast::call("spark_keys_estimate", call.take(0), name(call));
  if (starts(call, "tuple_")) return value;
  return ast::cast(ast::call("round", std::move(value)), duckdb::LogicalType::BIGINT);
}
ast::Expr theta(CallInProgress& call) { return ast::call("spark_keys_theta", call.take(0), name(call)); }
ast::Expr summary(CallInProgress& call) { return ast::call("spark_keys_summary", call.take(0), call.take(1), name(call)); }

ast::Expr hll_union(CallInProgress& call) {
  return ast::call("spark_hll_merge", ast::call("list_value", call.take(0), call.take(1)), call.take(2),
                   ast::text("hll_union"));
}

ast::Expr kll_count(CallInProgress& call) { return ast::call("spark_kll_count", call.take(0), name(call)); }
ast::Expr kll_text(CallInProgress& call) { return ast::call("spark_kll_text", call.take(0), name(call)); }
ast::Expr kll_merge(CallInProgress& call) {
  return ast::call("spark_kll_merge", ast::call("list_value", call.take(0), call.take(1)),
                   ast::null_of(duckdb::LogicalType::INTEGER), name(call));
}
/// For one rank or value, or for each of an array.
ast::Expr kll_answer(CallInProgress& call) {
  const char* kernel = call.call.function.find("_quantile_") != std::string::npos ? "spark_kll_quantile" : "spark_kll_rank";
  const auto& result = call.result;
  const auto asked = [&](ast::Expr value) {
    return ast::call(kernel, call.arguments[0]->Copy(), ast::cast(std::move(value), duckdb::LogicalType::DOUBLE), name(call));
  };
  if (!result.is(TypeKind::array)) return ast::cast(asked(call.take(1)), to_duckdb_type(result));
  const auto element = call.lowering.fresh_name("e");
  auto body = ast::cast(asked(ast::column(element)), to_duckdb_type(result.element()));
  return ast::call("list_transform", call.take(1), ast::lambda({element}, std::move(body)));
}

constexpr FunctionLowering rows[] = {
    {"bitmap_bit_position", 1, "spark_bitmap_position($1::BIGINT)"},
    {"bitmap_bucket_number", 1, "spark_bitmap_bucket($1::BIGINT)"},
    {"bitmap_count", 1, "spark_bitmap_count"},
    {"hll_sketch_estimate", 1, "spark_hll_estimate"},
    {"hll_union", -1, "", hll_union},
    {"kll_sketch_get_n_bigint", -1, "", kll_count},
    {"kll_sketch_get_n_double", -1, "", kll_count},
    {"kll_sketch_get_n_float", -1, "", kll_count},
    {"kll_sketch_get_quantile_bigint", -1, "", kll_answer},
    {"kll_sketch_get_quantile_double", -1, "", kll_answer},
    {"kll_sketch_get_quantile_float", -1, "", kll_answer},
    {"kll_sketch_get_rank_bigint", -1, "", kll_answer},
    {"kll_sketch_get_rank_double", -1, "", kll_answer},
    {"kll_sketch_get_rank_float", -1, "", kll_answer},
    {"kll_sketch_merge_bigint", -1, "", kll_merge},
    {"kll_sketch_merge_double", -1, "", kll_merge},
    {"kll_sketch_merge_float", -1, "", kll_merge},
    {"kll_sketch_to_string_bigint", -1, "", kll_text},
    {"kll_sketch_to_string_double", -1, "", kll_text},
    {"kll_sketch_to_string_float", -1, "", kll_text},
    {"theta_difference", -1, "", merge_keys},
    {"theta_intersection", -1, "", merge_keys},
    {"theta_sketch_estimate", -1, "", estimate},
    {"theta_union", -1, "", merge_keys},
    {"tuple_difference_double", -1, "", merge_keys},
    {"tuple_difference_integer", -1, "", merge_keys},
    {"tuple_difference_theta_double", -1, "", merge_keys},
    {"tuple_difference_theta_integer", -1, "", merge_keys},
    {"tuple_intersection_double", -1, "", merge_keys},
    {"tuple_intersection_integer", -1, "", merge_keys},
    {"tuple_intersection_theta_double", -1, "", merge_keys},
    {"tuple_intersection_theta_integer", -1, "", merge_keys},
    {"tuple_sketch_estimate_double", -1, "", estimate},
    {"tuple_sketch_estimate_integer", -1, "", estimate},
    {"tuple_sketch_summary_double", -1, "", summary},
    {"tuple_sketch_summary_integer", -1, "", summary},
    {"tuple_sketch_theta_double", -1, "", theta},
    {"tuple_sketch_theta_integer", -1, "", theta},
    {"tuple_union_double", -1, "", merge_keys},
    {"tuple_union_integer", -1, "", merge_keys},
    {"tuple_union_theta_double", -1, "", merge_keys},
    {"tuple_union_theta_integer", -1, "", merge_keys},
};

}  // namespace

std::span<const FunctionLowering> sketch_lowerings() { return rows; }

}  // namespace mastic::spark
