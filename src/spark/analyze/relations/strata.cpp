// df.stat.freqItems and sampleBy.
#include <fmt/format.h>

#include <algorithm>

#include "spark/analyze/expression_text.h"
#include "spark/analyze/partitions.h"
#include "spark/analyze/relations/relations.h"
#include "spark/analyze/rewrite.h"
#include "spark/functions/coercion.h"

namespace mastic::spark {
namespace {

// The values of a column that make up at least `support` of the rows. Spark's sketch holds 1/support values: when there are
// no more than that, it answers all of them.
SparkResult<RelationPtr> frequent(AnalyzerState& state, const RelationPtr& input, const Attribute& column, double support) {
  TRY(count, call_function(state, "count", {integer_constant(1)}));
  TRY(counted, build_aggregate(state, input, {item_of(column)}, {item_of(column), Item{count, {"n"}, {}}}));
  const auto value = counted->output[0];
  const auto number = counted->output[1];

  const auto over_all = [&](std::string_view function, ExpressionPtr argument) {
    WindowCall call{.function = std::string(function), .arguments = {std::move(argument)}};
    call.frame = FrameType::rows;
    call.lower.kind = FrameBound::Kind::unbounded_preceding;
    call.upper.kind = FrameBound::Kind::unbounded_following;
    return make_expression(types::long_type(), true, std::move(call));
  };
  Above above{counted, {over_all("count", integer_constant(1)), over_all("sum", reference(number))}};
  TRY(totals, take_windows(state, std::move(above)));
  const auto double_constant = [](double constant) { return make_expression(types::double_type(), false, Literal{constant}); };
  TRY(few, call_function(state, "<=", {totals.expressions[0], long_constant(static_cast<int64_t>(1 / support))}));
  TRY(least,
      call_function(state, "*", {cast_to(state, totals.expressions[1], types::double_type()), double_constant(support)}));
  TRY(often, call_function(state, ">=", {cast_to(state, reference(number), types::double_type()), least}));
  TRY(either, call_function(state, "or", {few, often}));
  const auto chosen = make_relation(totals.plan->output, Filter{totals.plan, either});
  TRY(list, call_function(state, "array_agg", {reference(value)}));
  return build_aggregate(state, chosen, {}, {Item{list, {column.name + "_freqItems"}, {}}});
}

}  // namespace

SparkResult<Resolved> resolve_frequent_items(AnalyzerState& state, const proto::StatFreqItems& request) {
  TRY(input, state.resolve(request.input()));
  constexpr double support_otherwise = 0.01;
  const double support = request.has_support() ? request.support() : support_otherwise;
  if (support < 1e-4 || support > 1) {
    SparkError error;
    error.message =
        fmt::format("requirement failed: Support must be in [1e-4, 1], but got {}.", java_double_text(support, false));
    error.classes = {"java.lang.IllegalArgumentException", "java.lang.RuntimeException", "java.lang.Exception",
                     "java.lang.Throwable", "java.lang.Object"};
    return fail(std::move(error));
  }
  RelationPtr all;
  for (const auto& name : request.cols()) {
    TRY(column, one_column(state, input.plan->output, name));
    auto plan = input.plan;
    auto wanted = column;
    if (all) {
      plan = with_fresh_ids(plan, [&] { return state.next_id(); });
      for (std::size_t i = 0; i < plan->output.size(); ++i)
        if (input.plan->output[i].id == column.id) wanted = plan->output[i];
    }
    TRY(items, frequent(state, plan, wanted, support));
    if (!all) {
      all = items;
      continue;
    }
    auto output = all->output;
    output.insert(output.end(), items->output.begin(), items->output.end());
    all = make_relation(std::move(output), Join{all, items, JoinType::cross, nullptr});
  }
  if (!all) all = make_relation({}, OneRow{});
  return with_children(all, {}, std::vector<HiddenColumn>{});
}

// rand(seed) < the fraction of the row's stratum; rows of a stratum that is not named are left out.
SparkResult<Resolved> resolve_sample_by(AnalyzerState& state, const proto::StatSampleBy& request) {
  TRY(input, state.resolve(request.input()));
  TRY(key, resolve_expression(state, scope_of(input), request.col()));
  CaseWhen fractions;
  for (const auto& stratum : request.fractions()) {
    if (stratum.fraction() < 0 || stratum.fraction() > 1) {
      SparkError error;
      error.message = fmt::format("requirement failed: Fractions must be in [0, 1], but got {}.",
                                  java_double_text(stratum.fraction(), false));
      error.classes = {"java.lang.IllegalArgumentException", "java.lang.RuntimeException", "java.lang.Exception",
                       "java.lang.Throwable", "java.lang.Object"};
      return fail(std::move(error));
    }
    TRY(value, resolve_literal(state, stratum.stratum()));
    const auto common = comparison_type(key->type, value->type, state.ansi);
    if (!common) continue;
    TRY(same, call_function(state, "<=>", {cast_to(state, key, *common), cast_to(state, value, *common)}));
    fractions.branches.emplace_back(same, make_expression(types::double_type(), false, Literal{stratum.fraction()}));
  }
  const auto none = make_expression(types::double_type(), false, Literal{0.0});
  ExpressionPtr fraction = none;
  if (!fractions.branches.empty()) {
    fractions.otherwise = none;
    fraction = make_expression(types::double_type(), false, std::move(fractions));
  }
  TRY(drawn, with_draw(state, input.plan, request.has_seed() ? request.seed() : 0));
  TRY(chosen, call_function(state, "<", {reference(drawn->output.back()), fraction}));
  const auto filtered = make_relation(drawn->output, Filter{drawn, chosen});
  return with_children(project_columns(filtered, input.plan->output), {input.node});
}

}  // namespace mastic::spark
