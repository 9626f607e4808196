// Aggregate functions and window calls.
//
// An aggregate's row says DuckDB's function, what happens to its arguments, and what is done with its answer; the same row
// serves Aggregate and WindowCall, as both are "an invocation" to the row.
#include <algorithm>
#include <duckdb.hpp>
#include <duckdb/parser/expression/list.hpp>
#include <functional>

#include "spark/lower/collations.h"
#include "spark/lower/functions/table.h"
#include "spark/lower/lowering.h"
#include "spark/lower/types.h"

namespace mastic::spark {
namespace {

/// One use of an aggregate, over a group or a window.
struct Use {
  Lowering& lowering;
  const std::string& function;
  const std::vector<ExpressionPtr>& arguments;
  const DataType& type;
  bool ignore_nulls = false;
  bool distinct = false;
  bool exact = false;
  const std::vector<SortOrder>* within_group = nullptr;
  // Makes the invocation: function, arguments, an extra condition (may be null).
  std::function<ast::Expr(const std::string&, ast::Exprs, ast::Expr)> invoke;
  // The same over all rows, whatever DISTINCT says.
  std::function<ast::Expr(const std::string&, ast::Exprs, ast::Expr)> invoke_all;

  [[nodiscard]] ast::Expr argument(std::size_t index) const { return lowering.expression(arguments.at(index)); }
  [[nodiscard]] const DataType& argument_type(std::size_t index) const { return arguments.at(index)->type; }
  [[nodiscard]] ast::Exprs all() const { return lowering.expressions(arguments); }
  [[nodiscard]] ast::Expr plain(const std::string& name, ast::Exprs list) const {
    return invoke(name, std::move(list), nullptr);
  }
  [[nodiscard]] ast::Expr plain(const std::string& name, ast::Expr one) const {
    ast::Exprs list;
    list.push_back(std::move(one));
    return invoke(name, std::move(list), nullptr);
  }
  [[nodiscard]] ast::Exprs one(ast::Expr expression) const {
    ast::Exprs list;
    list.push_back(std::move(expression));
    return list;
  }
};

bool tries(const Use& use) { return use.function.starts_with("try_"); }

/// DECIMAL sums that may leave 38 digits are summed by a kernel that notices.
bool may_overflow(const DataType& decimal) { return decimal.precision > 28; }

ast::Expr decimal_sum(const Use& use) {
  const auto& from = use.argument_type(0);
  const auto wide = duckdb::LogicalType::DECIMAL(38, static_cast<uint8_t>(from.scale));
  if (!may_overflow(from)) return ast::cast(use.plain("sum", use.argument(0)), wide);
  return use.plain(use.exact && !tries(use) ? "spark_decimal_sum_exact" : "spark_decimal_sum",
                   ast::cast(use.argument(0), wide));
}

ast::Expr sum(const Use& use) {
  const auto& from = use.argument_type(0);
  if (from.is_integral() || from.is_interval()) {
    auto total = use.plain("sum", ast::cast(use.argument(0), duckdb::LogicalType::BIGINT));
    return ast::call(tries(use)                        ? "spark_try_sum"
                     : use.exact || from.is_interval() ? "spark_exact_sum"
                                                       : "spark_wrap_sum",
                     std::move(total));
  }
  if (from.is(TypeKind::decimal)) return ast::cast(decimal_sum(use), to_duckdb_type(use.type), !use.exact || tries(use));
  return use.plain("sum", ast::cast(use.argument(0), duckdb::LogicalType::DOUBLE));
}

ast::Expr average(const Use& use) {
  const auto& from = use.argument_type(0);
  if (from.is_interval()) {
    // Spark rounds half up; the total is exact.
    ast::Exprs parts;
    parts.push_back(use.plain("sum", ast::cast(use.argument(0), duckdb::LogicalType::BIGINT)));
    parts.push_back(use.plain("count", use.argument(0)));
    return ast::fill("CASE WHEN $2 > 0 THEN round($1::DECIMAL(38, 0)::DOUBLE / $2)::BIGINT END", parts);
  }
  if (!from.is(TypeKind::decimal)) return use.plain("avg", ast::cast(use.argument(0), duckdb::LogicalType::DOUBLE));
  auto count = use.plain("count", use.argument(0));
  // count 0 is division by zero: NULL is right for it in every mode.
  return ast::call("spark_decimal_divide", decimal_sum(use), ast::cast(std::move(count), duckdb::LogicalType::DECIMAL(38, 0)),
                   ast::null_of(to_duckdb_type(use.type)), ast::boolean(false));
}

ast::Expr count(const Use& use) {
  if (use.arguments.empty()) return use.plain("count_star", ast::Exprs{});
  if (use.arguments.size() == 1) return use.plain("count", use.argument(0));
  // Rows in which any argument is NULL do not count.
  ast::Exprs conditions;
  for (std::size_t i = 0; i < use.arguments.size(); ++i) conditions.push_back(ast::is_not_null(use.argument(i)));
  return use.invoke("count", use.one(ast::call("row", use.all())), ast::conjunction(std::move(conditions), true));
}

ast::Expr without_nulls(const Use& use, const char* function) {
  return use.invoke(function, use.one(use.argument(0)), ast::is_not_null(use.argument(0)));
}
ast::Expr first(const Use& use) {
  const bool last = use.function.starts_with("last");
  bool ignore = use.ignore_nulls || use.function == "any_value_ignore";
  if (use.arguments.size() > 1) {
    const auto* literal = std::get_if<Literal>(&use.arguments[1]->node);
    const auto* truth = literal != nullptr ? std::get_if<bool>(&literal->value) : nullptr;
    ignore = ignore || (truth != nullptr && *truth);
  }
  const char* function = last ? "last" : "first";
  return ignore ? without_nulls(use, function) : use.plain(function, use.argument(0));
}
/// The first argument's values in order of arrival, each once with DISTINCT; an empty list for none.
ast::Expr gathered(const Use& use, bool once) {
  ast::Exprs list;
  list.push_back(use.invoke_all("list", use.one(use.argument(0)), ast::is_not_null(use.argument(0))));
  return ast::fill(once ? "spark_array_distinct(coalesce($1, []))" : "coalesce($1, [])", list);
}
ast::Expr collect_list(const Use& use) { return gathered(use, use.distinct); }
ast::Expr collect_set(const Use& use) { return gathered(use, true); }

bool is_array(const Use& use, std::size_t argument) {
  return argument < use.arguments.size() && use.argument_type(argument).is(TypeKind::array);
}

/// A share or an array of them as a list of doubles.
ast::Expr shares(const Use& use, std::size_t argument) {
  auto share = use.argument(argument);
  if (!is_array(use, argument)) share = ast::call("list_value", std::move(share));
  return ast::cast(std::move(share), duckdb::LogicalType::LIST(duckdb::LogicalType::DOUBLE));
}

/// One answer for one share, all of them for an array.
ast::Expr answers(const Use& use, std::size_t argument, ast::Expr list) {
  return is_array(use, argument) ? std::move(list) : ast::call("list_extract", std::move(list), ast::integer(1));
}

ast::Expr doubles(const Use& use, ast::Expr value) {
  return use.plain("list", ast::cast(std::move(value), duckdb::LogicalType::DOUBLE));
}

/// percentile(x, share, frequency); median(x).
ast::Expr percentile_exact(const Use& use) {
  const bool median = use.arguments.size() < 2;
  const auto* frequency = use.arguments.size() > 2 ? std::get_if<Literal>(&use.arguments[2]->node) : nullptr;
  const bool weighted = use.arguments.size() > 2 && frequency == nullptr;
  if (!weighted) {
    ast::Exprs list;
    list.push_back(ast::cast(use.argument(0), duckdb::LogicalType::DOUBLE));
    list.push_back(median             ? ast::constant(duckdb::Value::DOUBLE(0.5))
                   : is_array(use, 1) ? ast::cast(use.argument(1), duckdb::LogicalType::LIST(duckdb::LogicalType::DOUBLE))
                                      : ast::cast(use.argument(1), duckdb::LogicalType::DOUBLE));
    return use.invoke("quantile_cont", std::move(list), nullptr);
  }
  auto counts = use.plain("list", ast::cast(use.argument(2), duckdb::LogicalType::BIGINT));
  return answers(
      use, 1,
      ast::call("spark_percentile", doubles(use, use.argument(0)), std::move(counts), shares(use, 1), ast::boolean(true)));
}

ast::Expr percentile_approximate(const Use& use) {
  const auto& type = use.argument_type(0);
  const auto wide = to_duckdb_type(type);
  ast::Exprs list;
  // Spark's summaries hold doubles, whatever the column is.
  const char* to_number = type.is(TypeKind::date) ? "($1 - DATE '1970-01-01')::DOUBLE"
                          : type.is(TypeKind::timestamp) || type.is(TypeKind::timestamp_ntz) ? "epoch_us($1)::DOUBLE"
                                                                                             : "$1::DOUBLE";
  list.push_back(ast::fill(to_number, use.one(use.argument(0))));
  list.push_back(use.arguments.size() > 2 ? ast::cast(use.argument(2), duckdb::LogicalType::DOUBLE)
                                          : ast::constant(duckdb::Value::DOUBLE(10000)));
  list.push_back(shares(use, 1));
  auto found = use.invoke("spark_quantiles", std::move(list), nullptr);
  const auto back = [&](ast::Expr number) {
    if (type.is(TypeKind::date)) return ast::fill("DATE '1970-01-01' + $1::INTEGER", use.one(std::move(number)));
    if (type.is(TypeKind::timestamp_ntz)) return ast::fill("make_timestamp($1::BIGINT)", use.one(std::move(number)));
    if (type.is(TypeKind::timestamp))
      return ast::call("spark_as_instant", ast::fill("make_timestamp($1::BIGINT)", use.one(std::move(number))));
    return ast::cast(std::move(number), wide);
  };
  if (!is_array(use, 1)) return back(ast::call("list_extract", std::move(found), ast::integer(1)));
  const auto one = use.lowering.fresh_name("q");
  return ast::call("list_transform", std::move(found), ast::lambda({one}, back(ast::column(one))));
}

/// percentile_cont(share) WITHIN GROUP (ORDER BY x)
ast::Expr percentile_within_group(const Use& use) {
  if (use.within_group == nullptr || use.within_group->size() != 1) not_lowered(use.function + " without WITHIN GROUP");
  const auto& order = use.within_group->front();
  ast::Exprs share;
  share.push_back(use.argument(0));
  auto wanted = ast::fill(order.ascending ? "[$1::DOUBLE]" : "[1 - $1::DOUBLE]", share);
  auto none = ast::null_of(duckdb::LogicalType::LIST(duckdb::LogicalType::BIGINT));
  auto list = ast::call("spark_percentile", doubles(use, use.lowering.expression(order.child)), std::move(none),
                        std::move(wanted), ast::boolean(use.function == "percentile_cont"));
  return ast::call("list_extract", std::move(list), ast::integer(1));
}

ast::Expr mode(const Use& use) {
  const bool largest = use.within_group != nullptr && !use.within_group->empty() && !use.within_group->front().ascending;
  return ast::call("spark_mode", use.plain("list", use.argument(0)), ast::boolean(largest));
}

/// max_by(x, y[, count]): DuckDB's arg_max skips a NULL x, Spark does not.
ast::Expr extreme_by(const Use& use) {
  const bool descending = use.function == "max_by";
  if (use.arguments.size() < 3) return use.plain(descending ? "arg_max_null" : "arg_min_null", use.all());
  auto value = use.argument(0);
  auto order = use.argument(1);
  value->SetAlias("x");
  order->SetAlias("y");
  auto pairs = use.plain("list", ast::call("struct_pack", std::move(value), std::move(order)));
  return ast::call("spark_top_by", std::move(pairs), ast::cast(use.argument(2), duckdb::LogicalType::BIGINT),
                   ast::boolean(descending));
}

ast::Expr histogram(const Use& use) {
  auto bins =
      ast::call("spark_histogram", doubles(use, use.argument(0)), ast::cast(use.argument(1), duckdb::LogicalType::BIGINT));
  const auto read =
      types::array(types::structure({{"x", types::double_type(), true, {}}, {"y", types::double_type(), true, {}}}));
  return use.lowering.cast(std::move(bins), read, use.type, EvalMode::legacy);
}

ast::Expr bitmap_of(const Use& use) {
  return ast::call("spark_bitmap_of", use.plain("list", ast::cast(use.argument(0), duckdb::LogicalType::BIGINT)));
}
ast::Expr bitmap_merge(const Use& use) {
  return ast::call("spark_bitmap_merge", use.plain("list", use.argument(0)), ast::boolean(use.function == "bitmap_and_agg"));
}

/// Sketches gather 64-bit hashes, or what they are merged from.
ast::Expr approximate_count(const Use& use) {
  auto hash = ast::call("spark_xxhash64", use.argument(0));
  ast::Exprs list;
  list.push_back(std::move(hash));
  list.push_back(use.arguments.size() > 1 ? ast::cast(use.argument(1), duckdb::LogicalType::DOUBLE)
                                          : ast::constant(duckdb::Value::DOUBLE(0.05)));
  return ast::coalesce([&] {
    ast::Exprs both;
    both.push_back(use.invoke("spark_hll_plus_plus", std::move(list), ast::is_not_null(use.argument(0))));
    both.push_back(ast::constant(duckdb::Value::BIGINT(0)));
    return both;
  }());
}

ast::Expr integer_of(const Use& use, std::size_t argument) {
  return ast::cast(use.argument(argument), duckdb::LogicalType::INTEGER);
}

ast::Expr hll_sketch(const Use& use) {
  return ast::call("spark_hll_sketch", use.plain("list", use.argument(0)), integer_of(use, 1));
}
ast::Expr hll_union(const Use& use) {
  return ast::call("spark_hll_merge", without_nulls(use, "list"), use.argument(1), ast::text("hll_union_agg"));
}
ast::Expr count_min(const Use& use) {
  const auto real = [&](std::size_t argument) { return ast::cast(use.argument(argument), duckdb::LogicalType::DOUBLE); };
  return ast::call("spark_count_min", use.plain("list", use.argument(0)), real(1), real(2),
                   ast::cast(use.argument(3), duckdb::LogicalType::BIGINT));
}
ast::Expr theta_sketch(const Use& use) {
  return ast::call("spark_theta_sketch", use.plain("list", use.argument(0)), integer_of(use, 1));
}
ast::Expr tuple_sketch(const Use& use) {
  auto key = use.argument(0);
  auto summary = ast::cast(use.argument(1), duckdb::LogicalType::DOUBLE);
  key->SetAlias("k");
  summary->SetAlias("s");
  return ast::call("spark_tuple_sketch", use.plain("list", ast::call("struct_pack", std::move(key), std::move(summary))),
                   integer_of(use, 2), use.argument(3));
}
/// (theta|tuple)_(union|intersection)_agg…: the last argument of a tuple's is the mode.
ast::Expr keys_merge(const Use& use) {
  const bool tuple = use.function.starts_with("tuple_");
  const bool unites = use.function.find("_union_") != std::string::npos;
  auto lg = unites ? integer_of(use, 1) : ast::constant(duckdb::Value::INTEGER(26));
  auto mode = tuple ? use.argument(use.arguments.size() - 1) : ast::text("sum");
  return ast::call("spark_keys_merge", without_nulls(use, "list"), ast::text(unites ? "union" : "intersection"), std::move(lg),
                   std::move(mode), ast::text(use.function));
}
ast::Expr kll_sketch(const Use& use) {
  auto k = use.arguments.size() > 1 ? integer_of(use, 1) : ast::constant(duckdb::Value::INTEGER(200));
  return ast::call("spark_kll_sketch", doubles(use, use.argument(0)), std::move(k), ast::text(use.function));
}
ast::Expr kll_merge(const Use& use) {
  auto k = use.arguments.size() > 1 ? integer_of(use, 1) : ast::null_of(duckdb::LogicalType::INTEGER);
  return ast::call("spark_kll_merge", without_nulls(use, "list"), std::move(k), ast::text(use.function));
}

ast::Expr text_list(const Use& use) {
  const bool bytes = use.type.is(TypeKind::binary);
  const auto* literal = use.arguments.size() > 1 ? std::get_if<Literal>(&use.arguments[1]->node) : nullptr;
  const bool none = use.arguments.size() < 2 || (literal != nullptr && std::holds_alternative<std::monostate>(literal->value));
  if (bytes) {
    auto separator = none ? ast::constant(duckdb::Value::BLOB("")) : use.argument(1);
    return ast::call("spark_join_bytes", use.plain("list", use.argument(0)), std::move(separator));
  }
  ast::Exprs list;
  if (use.distinct) {
    list.push_back(gathered(use, true));
    list.push_back(none ? ast::text("") : use.argument(1));
    return ast::fill("CASE WHEN len($1) > 0 THEN array_to_string($1, $2) END", list);
  }
  list.push_back(use.argument(0));
  list.push_back(none ? ast::text("") : use.argument(1));
  return use.invoke("string_agg", std::move(list), nullptr);
}

ast::Expr count_if(const Use& use) { return use.invoke("count_star", ast::Exprs{}, use.argument(0)); }

ast::Expr grouping(const Use& use) {
  ast::Exprs list = use.all();
  return duckdb::make_uniq<duckdb::OperatorExpression>(duckdb::ExpressionType::GROUPING_FUNCTION, std::move(list));
}

ast::Expr corr(const Use& use) { return use.plain(use.exact ? "spark_corr_exact" : "spark_corr", use.all()); }

ast::Expr variant_shapes(const Use& use) { return ast::call("spark_variant_shapes", use.plain("list", use.argument(0))); }

// --- pandas' aggregates: NULLs do not count unless a flag says so -----------------------------------------------------

bool flag(const Use& use, std::size_t argument) {
  const auto* literal = std::get_if<Literal>(&use.arguments.at(argument)->node);
  const auto* truth = literal != nullptr ? std::get_if<bool>(&literal->value) : nullptr;
  if (truth == nullptr) not_lowered(use.function + " with a flag that is no constant");
  return *truth;
}

ast::Expr pandas_product(const Use& use) {
  ast::Exprs parts;
  parts.push_back(use.plain("product", use.argument(0)));
  const std::string product =
      use.type.is_integral() ? "CAST(coalesce($1, 1.0::DOUBLE) AS BIGINT)" : "coalesce($1, 1.0::DOUBLE)";
  if (flag(use, 1)) return ast::fill(product, parts);
  parts.push_back(use.plain("count_star", ast::Exprs{}));
  parts.push_back(use.plain("count", use.argument(0)));
  return ast::fill("CASE WHEN $2 = $3 THEN " + product + " END", parts);
}

/// A population's moment as one of n - ddof values.
ast::Expr with_ddof(const Use& use, ast::Expr population, ast::Expr count, std::size_t ddof, bool root) {
  ast::Exprs parts;
  parts.push_back(std::move(population));
  parts.push_back(std::move(count));
  parts.push_back(use.argument(ddof));
  return ast::fill(
      root ? "CASE WHEN $2 <> $3 THEN sqrt($1 * $2 / ($2 - $3)) END" : "CASE WHEN $2 <> $3 THEN $1 * $2 / ($2 - $3) END",
      parts);
}
ast::Expr pandas_variance(const Use& use) {
  return with_ddof(use, use.plain("var_pop", use.argument(0)), use.plain("count", use.argument(0)), 1,
                   use.function == "pandas_stddev");
}
ast::Expr pandas_covariance(const Use& use) {
  const auto both = [&] {
    ast::Exprs list;
    list.push_back(use.argument(0));
    list.push_back(use.argument(1));
    return list;
  };
  return with_ddof(use, use.plain("covar_pop", both()), use.plain("regr_count", both()), 2, false);
}
/// Of a sample; values that are all equal have none. Spark takes sums of powers of the differences below 1e-14 for zero.
ast::Expr pandas_shape(const Use& use) {
  const bool skew = use.function == "pandas_skew";
  ast::Exprs parts;
  parts.push_back(use.plain("count", use.argument(0)));
  parts.push_back(use.plain("var_pop", use.argument(0)));
  parts.push_back(use.plain(skew ? "spark_skewness" : "spark_kurtosis", use.argument(0)));
  return ast::fill(skew
                       ? "CASE WHEN $1 < 3 THEN NULL WHEN $1 * $2 < 1e-14 OR abs($3) * sqrt(pow($1 * $2, 3) / $1) < 1e-14 THEN "
                         "0.0::DOUBLE ELSE sqrt($1::DOUBLE * ($1 - 1)) / "
                         "($1 - 2) * $3 END"
                       : "CASE WHEN $1 < 4 THEN NULL WHEN $1 * $2 < 1e-14 THEN 0.0::DOUBLE ELSE (($1::DOUBLE + 1) * ($1 - 1) * "
                         "($3 + 3) - 3 * ($1::DOUBLE - 1) * ($1 - 1)) / (($1::DOUBLE - 2) * ($1 - 3)) END",
                   parts);
}
ast::Expr pandas_mode(const Use& use) {
  ast::Exprs parts;
  parts.push_back(use.plain("histogram", use.argument(0)));
  parts.push_back(use.plain("count_star", ast::Exprs{}));
  parts.push_back(use.plain("count", use.argument(0)));
  parts.push_back(ast::null_of(to_duckdb_type(use.type)));
  const std::string nulls = flag(use, 1) ? "0" : "($2 - $3)";
  const std::string most = "greatest(coalesce(list_max(map_values($1)), 0), " + nulls + ")";
  return ast::fill("list_concat(coalesce(list_transform(list_filter(map_entries($1), lambda e: e.value = " + most +
                       "), lambda e: e.key), []), CASE WHEN " + nulls + " > 0 AND " + nulls + " = " + most +
                       " THEN [NULL] ELSE [] END)",
                   parts);
}
ast::Expr collect_top(const Use& use) {
  const bool ascending = flag(use, 2);
  ast::Exprs parts;
  parts.push_back(use.invoke("list", use.one(use.argument(0)), ast::is_not_null(use.argument(0))));
  parts.push_back(use.argument(1));
  return ast::fill(ascending ? "coalesce(list_sort($1)[1:$2], [])" : "coalesce(list_reverse_sort($1)[1:$2], [])", parts);
}
/// The exponentially weighted mean of the frame's values, the last counting most.
ast::Expr weighted_mean(const Use& use) {
  ast::Exprs parts;
  parts.push_back(use.plain("list", use.argument(0)));
  parts.push_back(use.argument(1));
  const std::string values = flag(use, 2) ? "list_filter($1, lambda x: x IS NOT NULL)" : "$1";
  const std::string pairs = "list_transform(" + values +
                            ", lambda x: {'n': coalesce(x, 0.0::DOUBLE), 'd': CASE WHEN x IS NULL THEN 0.0::DOUBLE ELSE "
                            "1.0::DOUBLE END})";
  ast::Exprs folded;
  const std::string sums =
      "list_reduce(" + pairs + ", lambda a, b: {'n': a.n * (1 - $2::DOUBLE) + b.n, 'd': a.d * (1 - $2::DOUBLE) + b.d})";
  folded.push_back(ast::fill("CASE WHEN len(" + values + ") > 0 THEN " + sums + " END", parts));
  return ast::fill("CASE WHEN struct_extract($1, 'd') <> 0 THEN struct_extract($1, 'n') / struct_extract($1, 'd') END", folded);
}
/// How many NULLs in a row end the frame.
ast::Expr null_index(const Use& use) {
  ast::Exprs parts;
  parts.push_back(use.plain("list", ast::is_not_null(use.argument(0))));
  return ast::fill("coalesce(nullif(list_position(list_reverse($1), true), 0) - 1, len($1))::INTEGER", parts);
}

struct AggregateLowering {
  std::string_view name;
  std::string_view function;  // DuckDB's, same arguments
  ast::Expr (*build)(const Use&) = nullptr;
};

constexpr AggregateLowering aggregates[] = {
    {"any_value", "", first},
    {"approx_count_distinct", "", approximate_count},
    {"approx_percentile", "", percentile_approximate},
    {"array_agg", "", collect_list},
    {"avg", "", average},
    {"mean", "", average},
    {"try_avg", "", average},
    {"bit_and", "bit_and"},
    {"bit_or", "bit_or"},
    {"bit_xor", "bit_xor"},
    {"bitmap_and_agg", "", bitmap_merge},
    {"bitmap_construct_agg", "", bitmap_of},
    {"bitmap_or_agg", "", bitmap_merge},
    {"bool_and", "bool_and"},
    {"every", "bool_and"},
    {"bool_or", "bool_or"},
    {"any", "bool_or"},
    {"some", "bool_or"},
    {"collect_list", "", collect_list},
    {"collect_set", "", collect_set},
    {"corr", "", corr},
    {"count", "", count},
    {"count_if", "", count_if},
    {"count_min_sketch", "", count_min},
    {"covar_pop", "spark_covar_pop"},
    {"covar_samp", "spark_covar_samp"},
    {"first", "", first},
    {"first_value", "", first},
    {"grouping", "", grouping},
    {"grouping_id", "", grouping},
    {"collect_top_k", "", collect_top},
    {"ewm", "", weighted_mean},
    {"null_index", "", null_index},
    {"pandas_covar", "", pandas_covariance},
    {"pandas_kurt", "", pandas_shape},
    {"pandas_mode", "", pandas_mode},
    {"pandas_product", "", pandas_product},
    {"pandas_skew", "", pandas_shape},
    {"pandas_stddev", "", pandas_variance},
    {"pandas_var", "", pandas_variance},
    {"hll_sketch_agg", "", hll_sketch},
    {"hll_union_agg", "", hll_union},
    {"histogram_numeric", "", histogram},
    {"kll_merge_agg_bigint", "", kll_merge},
    {"kll_merge_agg_double", "", kll_merge},
    {"kll_merge_agg_float", "", kll_merge},
    {"kll_sketch_agg_bigint", "", kll_sketch},
    {"kll_sketch_agg_double", "", kll_sketch},
    {"kll_sketch_agg_float", "", kll_sketch},
    {"kurtosis", "spark_kurtosis"},
    {"last", "", first},
    {"last_value", "", first},
    {"listagg", "", text_list},
    {"string_agg", "", text_list},
    {"max", "max"},
    {"max_by", "", extreme_by},
    {"median", "", percentile_exact},
    {"min", "min"},
    {"min_by", "", extreme_by},
    {"mode", "", mode},
    {"percentile", "", percentile_exact},
    {"percentile_approx", "", percentile_approximate},
    {"percentile_cont", "", percentile_within_group},
    {"percentile_disc", "", percentile_within_group},
    {"product", "product"},
    {"regr_avgx", "regr_avgx"},
    {"regr_avgy", "regr_avgy"},
    {"regr_count", "regr_count"},
    {"regr_intercept", "spark_regr_intercept"},
    {"regr_r2", "spark_regr_r2"},
    {"regr_slope", "spark_regr_slope"},
    {"regr_sxx", "spark_regr_sxx"},
    {"regr_sxy", "spark_regr_sxy"},
    {"regr_syy", "spark_regr_syy"},
    {"schema_of_variant_agg", "", variant_shapes},
    {"skewness", "spark_skewness"},
    {"std", "stddev_samp"},
    {"stddev", "stddev_samp"},
    {"stddev_pop", "stddev_pop"},
    {"stddev_samp", "stddev_samp"},
    {"sum", "", sum},
    {"theta_intersection_agg", "", keys_merge},
    {"theta_sketch_agg", "", theta_sketch},
    {"theta_union_agg", "", keys_merge},
    {"tuple_intersection_agg_double", "", keys_merge},
    {"tuple_intersection_agg_integer", "", keys_merge},
    {"tuple_sketch_agg_double", "", tuple_sketch},
    {"tuple_sketch_agg_integer", "", tuple_sketch},
    {"tuple_union_agg_double", "", keys_merge},
    {"tuple_union_agg_integer", "", keys_merge},
    {"try_sum", "", sum},
    {"var_pop", "var_pop"},
    {"var_samp", "var_samp"},
    {"variance", "var_samp"},
};

const AggregateLowering* find_aggregate(std::string_view name) {
  for (const auto& row : aggregates) {
    if (row.name == name) return &row;
  }
  return nullptr;
}

constexpr std::string_view window_functions[] = {"row_number", "rank", "dense_rank",  "percent_rank", "cume_dist", "ntile",
                                                 "lag",        "lead", "first_value", "last_value",   "nth_value"};

ast::Expr lower_use(const Use& use) {
  const auto* row = find_aggregate(use.function);
  if (row == nullptr) not_lowered("aggregate function " + use.function);
  return row->build != nullptr ? row->build(use) : use.plain(std::string(row->function), use.all());
}

ast::Expr both(ast::Expr a, ast::Expr b) {
  if (!a || !b) return a ? std::move(a) : std::move(b);
  ast::Exprs parts;
  parts.push_back(std::move(a));
  parts.push_back(std::move(b));
  return ast::conjunction(std::move(parts), true);
}

duckdb::WindowBoundary boundary(const FrameBound& bound, FrameType frame) {
  const bool rows = frame == FrameType::rows;
  switch (bound.kind) {
    case FrameBound::Kind::unbounded_preceding: return duckdb::WindowBoundary::UNBOUNDED_PRECEDING;
    case FrameBound::Kind::unbounded_following: return duckdb::WindowBoundary::UNBOUNDED_FOLLOWING;
    case FrameBound::Kind::preceding:
      return rows ? duckdb::WindowBoundary::EXPR_PRECEDING_ROWS : duckdb::WindowBoundary::EXPR_PRECEDING_RANGE;
    case FrameBound::Kind::following:
      return rows ? duckdb::WindowBoundary::EXPR_FOLLOWING_ROWS : duckdb::WindowBoundary::EXPR_FOLLOWING_RANGE;
    default: return rows ? duckdb::WindowBoundary::CURRENT_ROW_ROWS : duckdb::WindowBoundary::CURRENT_ROW_RANGE;
  }
}

}  // namespace

bool is_aggregate_lowered(std::string_view name) { return find_aggregate(name) != nullptr; }
bool is_window_lowered(std::string_view name) {
  return std::find(std::begin(window_functions), std::end(window_functions), name) != std::end(window_functions);
}

namespace {

/// Aggregates that compare strings of a collation would compare bytes.
void refuse_collated(const std::string& function, const std::vector<ExpressionPtr>& arguments, bool distinct) {
  static constexpr std::string_view without_comparison[] = {"count", "first", "last", "any_value", "collect_list", "listagg"};
  if (!distinct && std::ranges::find(without_comparison, function) != std::end(without_comparison)) return;
  for (const auto& argument : arguments) Lowering::refuse_collation(argument->type, "the aggregate function " + function);
}

}  // namespace

ast::Expr Lowering::aggregate(const AggregateCall& node, const DataType& type) {
  refuse_collated(node.function, node.arguments, node.distinct);
  Use use{*this,
          node.function,
          node.arguments,
          type,
          node.ignore_nulls,
          node.distinct,
          node.mode == EvalMode::ansi,
          &node.within_group,
          {},
          {}};
  const auto invoke = [&](const std::string& name, ast::Exprs arguments, ast::Expr condition, bool distinct) -> ast::Expr {
    auto filter = both(node.filter ? expression(node.filter) : nullptr, std::move(condition));
    duckdb::unique_ptr<duckdb::OrderModifier> order;
    if (!node.within_group.empty()) {
      order = duckdb::make_uniq<duckdb::OrderModifier>();
      for (const auto& one : node.within_group) order->orders.push_back(this->order(one));
    }
    return duckdb::make_uniq<duckdb::FunctionExpression>(name, std::move(arguments), std::move(filter), std::move(order),
                                                         distinct);
  };
  use.invoke = [&](const std::string& name, ast::Exprs arguments, ast::Expr condition) {
    return invoke(name, std::move(arguments), std::move(condition), node.distinct);
  };
  use.invoke_all = [&](const std::string& name, ast::Exprs arguments, ast::Expr condition) {
    return invoke(name, std::move(arguments), std::move(condition), false);
  };
  return lower_use(use);
}

namespace {

/// Whether rows of equal keys get different answers, so that their order among each other shows.
bool tells_peers_apart(const WindowCall& node) {
  static constexpr std::string_view of_peers[] = {"rank", "dense_rank", "percent_rank", "cume_dist"};
  if (std::ranges::find(of_peers, node.function) != std::end(of_peers)) return false;
  static constexpr std::string_view of_rows[] = {"row_number", "ntile", "lag", "lead"};
  return node.frame == FrameType::rows || std::ranges::find(of_rows, node.function) != std::end(of_rows);
}

}  // namespace

ast::Expr Lowering::window(const WindowCall& node, const DataType& type) {
  const bool native = is_window_lowered(node.function);
  const auto invoke = [&](const std::string& name, ast::Exprs arguments, ast::Expr condition) -> ast::Expr {
    std::string lower = name;
    const auto kind =
        native ? duckdb::WindowExpression::WindowToExpressionType(lower) : duckdb::ExpressionType::WINDOW_AGGREGATE;
    auto window = duckdb::make_uniq<duckdb::WindowExpression>(kind, "", "", name);
    const bool shifts = name == "lag" || name == "lead";
    for (std::size_t i = 0; i < arguments.size(); ++i) {
      if (shifts && i == 1) {
        window->offset_expr = std::move(arguments[i]);
      } else if (shifts && i == 2) {
        window->default_expr = std::move(arguments[i]);
      } else {
        window->children.push_back(std::move(arguments[i]));
      }
    }
    for (const auto& key : node.partition_by) window->partitions.push_back(collation_key(expression(key), key->type));
    for (const auto& one : node.order_by) window->orders.push_back(order(one));
    if (!window_arrival.empty() && tells_peers_apart(node)) {
      window->orders.emplace_back(duckdb::OrderType::ASCENDING, duckdb::OrderByNullType::NULLS_FIRST,
                                  ast::column(window_arrival));
    }
    window->filter_expr = both(node.filter ? expression(node.filter) : nullptr, std::move(condition));
    window->distinct = node.distinct;
    window->ignore_nulls = native && node.ignore_nulls;
    window->start = boundary(node.lower, node.frame);
    window->end = boundary(node.upper, node.frame);
    if (node.lower.offset) window->start_expr = expression(node.lower.offset);
    if (node.upper.offset) window->end_expr = expression(node.upper.offset);
    // A bounded frame of the current row alone: DuckDB wants both ends in one unit.
    return window;
  };
  if (native) {
    auto arguments = expressions(node.arguments);
    // first_value(x, true) and last_value(x, true): the second argument is "ignore nulls", which the flag says already.
    if ((node.function == "first_value" || node.function == "last_value") && arguments.size() > 1) arguments.pop_back();
    return invoke(node.function, std::move(arguments), nullptr);
  }
  // Over a window, first and last are DuckDB's window functions: they keep the frame's order and may skip NULLs.
  if (node.function == "first" || node.function == "last" || node.function == "any_value") {
    WindowCall renamed = node;
    renamed.function = node.function == "last" ? "last_value" : "first_value";
    if (renamed.arguments.size() > 1) {
      const auto* literal = std::get_if<Literal>(&renamed.arguments[1]->node);
      const auto* truth = literal != nullptr ? std::get_if<bool>(&literal->value) : nullptr;
      renamed.ignore_nulls = renamed.ignore_nulls || (truth != nullptr && *truth);
    }
    return window(renamed, type);
  }
  Use use{*this, node.function, node.arguments, type, node.ignore_nulls, node.distinct, options_.ansi, nullptr, invoke, invoke};
  return lower_use(use);
}

}  // namespace mastic::spark
