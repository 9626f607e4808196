// df.describe, df.summary and df.stat: rewritten into aggregates.
#include <algorithm>
#include <cmath>

#include "spark/analyze/expression_text.h"
#include "spark/analyze/relations/relations.h"

namespace mastic::spark {
namespace {

SparkResult<ExpressionPtr> statistic(AnalyzerState& state, const std::string& name, const Attribute& column) {
  const auto value = reference(column);
  const bool number = column.type.is_numeric();
  const auto as_text = [&](SparkResult<ExpressionPtr> result) -> SparkResult<ExpressionPtr> {
    if (!result) return result;
    return cast_to(state, *result, types::string());
  };
  if (name == "count") return as_text(call_function(state, "count", {value}));
  if (name == "count_distinct") return as_text(call_function(state, "count", {value}, true));
  if (name == "approx_count_distinct") return as_text(call_function(state, "approx_count_distinct", {value}));
  if (name == "min" || name == "max") return as_text(call_function(state, name, {value}));
  // Of text, what reads as a number counts.
  ExpressionPtr numeric = value;
  if (!number) {
    TRY(parsed, explicit_cast(state, value, types::double_type(), EvalMode::try_));
    numeric = parsed;
  }
  if (name == "mean") return as_text(call_function(state, "avg", {numeric}));
  if (name == "stddev") return as_text(call_function(state, "stddev_samp", {numeric}));
  if (name.ends_with('%')) {
    const auto share = std::strtod(name.c_str(), nullptr) / 100;
    auto constant = make_expression(types::double_type(), false, Literal{share});
    return as_text(call_function(state, "percentile_approx", {numeric, constant}));
  }
  return fail(unsupported("summary(\"" + name + "\")"));
}

SparkResult<Resolved> summary(AnalyzerState& state, const Resolved& input, const std::vector<std::string>& names,
                              const std::vector<std::string>& wanted) {
  std::vector<Attribute> columns;
  for (const auto& name : wanted) {
    TRY(column, one_column(state, input.plan->output, name));
    columns.push_back(column);
  }
  if (wanted.empty())
    for (const auto& column : input.plan->output)
      if (column.type.is_numeric() || column.type.is_textual()) columns.push_back(column);
  // One aggregate of all, then a row a statistic.
  std::vector<Item> items;
  for (const auto& name : names)
    for (const auto& column : columns) {
      TRY(value, statistic(state, name, column));
      items.push_back(Item{value, {column.name}, {}});
    }
  if (columns.empty()) items.push_back(Item{*call_function(state, "count", {integer_constant(1)}), {"count"}, {}});
  TRY(aggregate, build_aggregate(state, input.plan, {}, std::move(items)));
  std::vector<ExpressionPtr> cells{integer_constant(static_cast<int64_t>(names.size()))};
  std::vector<std::string> labels{"summary"};
  for (const auto& column : columns) labels.push_back(column.name);
  for (std::size_t i = 0; i < names.size(); ++i) {
    cells.push_back(string_constant(names[i]));
    for (std::size_t j = 0; j < columns.size(); ++j) cells.push_back(reference(aggregate->output[i * columns.size() + j]));
  }
  TRY(stack, call_function(state, "stack", std::move(cells)));
  TRY(rows, generate(state, aggregate, stack, labels, {}));
  auto shown = std::get<Generate>(rows->node).generated;
  return with_children(project_columns(rows, shown), {});
}

SparkResult<Resolved> two_columns(AnalyzerState& state, const proto::Relation& source, const std::string& first,
                                  const std::string& second, std::string_view function) {
  TRY(input, state.resolve(source));
  TRY(left, one_column(state, input.plan->output, first));
  TRY(right, one_column(state, input.plan->output, second));
  TRY(value, call_function(state, function, {reference(left), reference(right)}));
  TRY(plan, build_aggregate(state, input.plan, {}, {Item{value, {std::string(function == "corr" ? "corr" : "cov")}, {}}}));
  return with_children(plan, {});
}

// A row for each value of the first column, a column for each of the second, counts within.
SparkResult<Resolved> crosstab(AnalyzerState& state, const proto::StatCrosstab& request) {
  proto::Relation pivot;
  auto* aggregate = pivot.mutable_aggregate();
  *aggregate->mutable_input() = request.input();
  aggregate->set_group_type(proto::Aggregate::GROUP_TYPE_PIVOT);
  const auto as_text = [](proto::Expression* target, const std::string& name) {
    target->mutable_alias()->add_name(name);
    auto* cast = target->mutable_alias()->mutable_expr()->mutable_cast();
    cast->mutable_expr()->mutable_unresolved_attribute()->set_unparsed_identifier(quoted_name(name));
    cast->set_type_str("string");
  };
  as_text(aggregate->add_grouping_expressions(), request.col1());
  aggregate->mutable_grouping_expressions(0)->mutable_alias()->set_name(0, request.col1() + "_" + request.col2());
  as_text(aggregate->mutable_pivot()->mutable_col(), request.col2());
  auto* count = aggregate->add_aggregate_expressions()->mutable_unresolved_function();
  count->set_function_name("count");
  count->add_arguments()->mutable_literal()->set_integer(1);
  proto::Relation filled;
  *filled.mutable_fill_na()->mutable_input() = std::move(pivot);
  filled.mutable_fill_na()->add_values()->set_long_(0);
  return state.resolve(filled);
}

// An array of arrays: for each column the quantiles asked for.
SparkResult<Resolved> quantiles(AnalyzerState& state, const proto::StatApproxQuantile& request) {
  TRY(input, state.resolve(request.input()));
  std::vector<ExpressionPtr> wanted;
  for (const double share : request.probabilities())
    wanted.push_back(make_expression(types::double_type(), false, Literal{share}));
  TRY(shares, call_function(state, "array", wanted));
  // An error of 0 is no error at all.
  const auto accuracy = static_cast<int64_t>(std::ceil(1 / std::max(request.relative_error(), 1e-9)));
  const auto accuracy_literal = make_expression(types::integer(), false, Literal{accuracy});
  const auto nothing = make_expression(types::double_type(), true, Literal{});
  std::vector<ExpressionPtr> columns;
  for (const auto& name : request.cols()) {
    TRY(column, one_column(state, input.plan->output, name));
    TRY(number, call_function(state, "nanvl", {cast_to(state, reference(column), types::double_type()), nothing}));
    TRY(value, call_function(state, "percentile_approx", std::vector<ExpressionPtr>{number, shares, accuracy_literal}));
    columns.push_back(value);
  }
  TRY(all, call_function(state, "array", std::move(columns)));
  TRY(plan, build_aggregate(state, input.plan, {}, {Item{all, {"approx_quantile"}, {}}}));
  return with_children(plan, {});
}

}  // namespace

SparkResult<Resolved> resolve_statistics(AnalyzerState& state, const proto::Relation& relation) {
  if (relation.has_summary()) {
    const auto& request = relation.summary();
    TRY(input, state.resolve(request.input()));
    std::vector<std::string> names(request.statistics().begin(), request.statistics().end());
    if (names.empty()) names = {"count", "mean", "stddev", "min", "25%", "50%", "75%", "max"};
    return summary(state, input, names, {});
  }
  if (relation.has_describe()) {
    const auto& request = relation.describe();
    TRY(input, state.resolve(request.input()));
    return summary(state, input, {"count", "mean", "stddev", "min", "max"}, {request.cols().begin(), request.cols().end()});
  }
  if (relation.has_crosstab()) return crosstab(state, relation.crosstab());
  if (relation.has_cov())
    return two_columns(state, relation.cov().input(), relation.cov().col1(), relation.cov().col2(), "covar_samp");
  if (relation.has_corr())
    return two_columns(state, relation.corr().input(), relation.corr().col1(), relation.corr().col2(), "corr");
  if (relation.has_approx_quantile()) return quantiles(state, relation.approx_quantile());
  if (relation.has_freq_items()) return resolve_frequent_items(state, relation.freq_items());
  return resolve_sample_by(state, relation.sample_by());
}

}  // namespace mastic::spark
