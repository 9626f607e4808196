// Aggregate functions and window calls.
//
// An aggregate's row says DuckDB's function, what happens to its arguments, and what is done with its answer; the same row
// serves Aggregate and WindowCall, as both are "an invocation" to the row.
#include <duckdb.hpp>
#include <duckdb/parser/expression/list.hpp>
#include <functional>

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
  // Makes the invocation: function, arguments, an extra condition (may be null).
  std::function<ast::Expr(const std::string&, ast::Exprs, ast::Expr)> invoke;

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

ast::Expr sum(const Use& use) {
  const auto& from = use.argument_type(0);
  if (from.is_integral() || from.is_interval()) {
    auto total = use.plain("sum", ast::cast(use.argument(0), duckdb::LogicalType::BIGINT));
    return ast::call(use.exact ? "spark_exact_sum" : "spark_wrap_sum", std::move(total));
  }
  if (from.is(TypeKind::decimal)) return ast::cast(use.plain("sum", use.argument(0)), to_duckdb_type(use.type), !use.exact);
  return use.plain("sum", ast::cast(use.argument(0), duckdb::LogicalType::DOUBLE));
}

ast::Expr average(const Use& use) {
  const auto& from = use.argument_type(0);
  if (!from.is(TypeKind::decimal)) return use.plain("avg", ast::cast(use.argument(0), duckdb::LogicalType::DOUBLE));
  auto total = ast::cast(use.plain("sum", use.argument(0)), duckdb::LogicalType::DECIMAL(38, static_cast<uint8_t>(from.scale)));
  auto count = use.plain("count", use.argument(0));
  // count 0 is division by zero: NULL is right for it in every mode.
  return ast::call("spark_decimal_divide", std::move(total), ast::cast(std::move(count), duckdb::LogicalType::DECIMAL(38, 0)),
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
ast::Expr collect_list(const Use& use) {
  return ast::coalesce([&] {
    ast::Exprs list;
    list.push_back(without_nulls(use, "list"));
    list.push_back(ast::call("list_value", ast::Exprs{}));
    return list;
  }());
}
ast::Expr collect_set(const Use& use) {
  ast::Exprs list;
  list.push_back(without_nulls(use, "list"));
  auto distinct = ast::fill("list_distinct(coalesce($1, []))", list);
  return distinct;
}

ast::Expr percentile(const Use& use, const char* function) {
  ast::Exprs list;
  auto value = use.argument(0);
  if (std::string_view(function) == "quantile_cont") value = ast::cast(std::move(value), duckdb::LogicalType::DOUBLE);
  list.push_back(std::move(value));
  auto share = use.argument(1);
  list.push_back(use.argument_type(1).is(TypeKind::array) ? std::move(share)
                                                          : ast::cast(std::move(share), duckdb::LogicalType::DOUBLE));
  return use.invoke(function, std::move(list), nullptr);
}
ast::Expr percentile_exact(const Use& use) { return percentile(use, "quantile_cont"); }
ast::Expr percentile_approximate(const Use& use) { return percentile(use, "quantile_disc"); }

ast::Expr skewness(const Use& use) {
  // DuckDB's is the sample's; Spark's the population's: G1·(n−2)/√(n(n−1)).
  ast::Exprs parts;
  parts.push_back(use.plain("skewness", use.argument(0)));
  parts.push_back(use.plain("count", use.argument(0)));
  parts.push_back(use.plain("var_pop", use.argument(0)));
  return ast::fill(
      "CASE WHEN $2 = 0 THEN NULL WHEN $3 = 0 THEN 'NaN'::DOUBLE WHEN $2 < 3 THEN 0.0 ELSE $1 * ($2 - 2) / sqrt($2 * ($2 - 1)) "
      "END",
      parts);
}
ast::Expr kurtosis(const Use& use) {
  ast::Exprs parts;
  parts.push_back(use.plain("kurtosis_pop", use.argument(0)));
  parts.push_back(use.plain("count", use.argument(0)));
  parts.push_back(use.plain("var_pop", use.argument(0)));
  return ast::fill("CASE WHEN $2 = 0 THEN NULL WHEN $3 = 0 THEN 'NaN'::DOUBLE ELSE $1 END", parts);
}

ast::Expr count_distinct(const Use& use) {
  ast::Exprs list;
  list.push_back(without_nulls(use, "list"));
  return ast::fill("len(list_distinct(coalesce($1, [])))", list);
}

ast::Expr text_list(const Use& use) {
  ast::Exprs list = use.all();
  if (list.size() < 2) list.push_back(ast::text(""));
  return use.invoke("string_agg", std::move(list), nullptr);
}

ast::Expr count_if(const Use& use) { return use.invoke("count_star", ast::Exprs{}, use.argument(0)); }

ast::Expr grouping(const Use& use) {
  ast::Exprs list = use.all();
  return duckdb::make_uniq<duckdb::OperatorExpression>(duckdb::ExpressionType::GROUPING_FUNCTION, std::move(list));
}

struct AggregateLowering {
  std::string_view name;
  std::string_view function;  // DuckDB's, same arguments
  ast::Expr (*build)(const Use&) = nullptr;
};

constexpr AggregateLowering aggregates[] = {
    {"any_value", "", first},
    {"approx_count_distinct", "", count_distinct},
    {"approx_percentile", "", percentile_approximate},
    {"array_agg", "", collect_list},
    {"avg", "", average},
    {"mean", "", average},
    {"try_avg", "", average},
    {"bit_and", "bit_and"},
    {"bit_or", "bit_or"},
    {"bit_xor", "bit_xor"},
    {"bool_and", "bool_and"},
    {"every", "bool_and"},
    {"bool_or", "bool_or"},
    {"any", "bool_or"},
    {"some", "bool_or"},
    {"collect_list", "", collect_list},
    {"collect_set", "", collect_set},
    {"corr", "corr"},
    {"count", "", count},
    {"count_if", "", count_if},
    {"covar_pop", "covar_pop"},
    {"covar_samp", "covar_samp"},
    {"first", "", first},
    {"first_value", "", first},
    {"grouping", "", grouping},
    {"grouping_id", "", grouping},
    {"kurtosis", "", kurtosis},
    {"last", "", first},
    {"last_value", "", first},
    {"listagg", "", text_list},
    {"string_agg", "", text_list},
    {"max", "max"},
    {"max_by", "arg_max"},
    {"median", "median"},
    {"min", "min"},
    {"min_by", "arg_min"},
    {"mode", "mode"},
    {"percentile", "", percentile_exact},
    {"percentile_approx", "", percentile_approximate},
    {"product", "product"},
    {"regr_avgx", "regr_avgx"},
    {"regr_avgy", "regr_avgy"},
    {"regr_count", "regr_count"},
    {"regr_intercept", "regr_intercept"},
    {"regr_r2", "regr_r2"},
    {"regr_slope", "regr_slope"},
    {"regr_sxx", "regr_sxx"},
    {"regr_sxy", "regr_sxy"},
    {"regr_syy", "regr_syy"},
    {"skewness", "", skewness},
    {"std", "stddev_samp"},
    {"stddev", "stddev_samp"},
    {"stddev_pop", "stddev_pop"},
    {"stddev_samp", "stddev_samp"},
    {"sum", "", sum},
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

ast::Expr Lowering::aggregate(const AggregateCall& node, const DataType& type) {
  Use use{*this, node.function, node.arguments, type, node.ignore_nulls, node.distinct, node.mode == EvalMode::ansi, {}};
  use.invoke = [&](const std::string& name, ast::Exprs arguments, ast::Expr condition) -> ast::Expr {
    auto filter = both(node.filter ? expression(node.filter) : nullptr, std::move(condition));
    duckdb::unique_ptr<duckdb::OrderModifier> order;
    if (!node.within_group.empty()) {
      order = duckdb::make_uniq<duckdb::OrderModifier>();
      for (const auto& one : node.within_group) order->orders.push_back(this->order(one));
    }
    return duckdb::make_uniq<duckdb::FunctionExpression>(name, std::move(arguments), std::move(filter), std::move(order),
                                                         node.distinct);
  };
  return lower_use(use);
}

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
    window->partitions = expressions(node.partition_by);
    for (const auto& one : node.order_by) window->orders.push_back(order(one));
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
  Use use{*this, node.function, node.arguments, type, node.ignore_nulls, node.distinct, options_.ansi, invoke};
  return lower_use(use);
}

}  // namespace mastic::spark
