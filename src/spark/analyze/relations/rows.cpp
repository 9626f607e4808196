// Relations that choose, repeat or place rows and leave the columns alone: sample, distinct, repartition, hints; and
// range, which makes them.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "spark/analyze/expression_text.h"
#include "spark/analyze/expressions/resolver.h"
#include "spark/analyze/partitions.h"
#include "spark/analyze/relations/relations.h"
#include "spark/analyze/rewrite.h"
#include "spark/functions/coercion.h"

namespace mastic::spark {

namespace {

// Spark's Sample checks its bounds as plain requirements.
SparkError requirement(std::string message) {
  SparkError error;
  error.message = "requirement failed: " + std::move(message);
  error.classes = {"java.lang.IllegalArgumentException", "java.lang.RuntimeException", "java.lang.Exception",
                   "java.lang.Throwable", "java.lang.Object"};
  return error;
}

// An observed metric: aggregates, constants, and what is made of them.
SparkResult<void> check_metric(const ExpressionPtr& metric, const std::string& name) {
  SparkResult<void> result;
  const auto invalid = [&](std::string_view why, std::string_view parameter) {
    result = fail(analysis_error(fmt::format("INVALID_OBSERVED_METRICS.{}", why),
                                 {{std::string(parameter), quoted_text(*metric)}, {"name", name}}));
  };
  if (contains_window(metric)) invalid("WINDOW_EXPRESSIONS_UNSUPPORTED", "expr");
  walk(metric, [&](const ExpressionPtr& node) {
    if (const auto* call = std::get_if<AggregateCall>(&node->node)) {
      if (call->distinct) invalid("AGGREGATE_EXPRESSION_WITH_DISTINCT_UNSUPPORTED", "expr");
      if (call->filter) invalid("AGGREGATE_EXPRESSION_WITH_FILTER_UNSUPPORTED", "expr");
      for (const auto& child : children_of(*node))
        if (contains_aggregate(child)) invalid("NESTED_AGGREGATES_UNSUPPORTED", "expr");
      return false;
    }
    if (std::holds_alternative<ColumnReference>(node->node)) invalid("NON_AGGREGATE_FUNC_ARG_IS_ATTRIBUTE", "expr");
    return result.has_value();
  });
  return result;
}

// Each row as often as a Poisson distribution with this mean says, by the inverse of its cumulative probability.
SparkResult<RelationPtr> repeat_rows(AnalyzerState& state, const RelationPtr& rows, const ExpressionPtr& draw, double mean) {
  CaseWhen times;
  double probability = std::exp(-mean);
  double cumulative = probability;
  constexpr int most = 1000;
  int count = 0;
  for (; count < most && cumulative < 1 - 1e-12; ++count) {
    TRY(within, call_function(state, "<", {draw, make_expression(types::double_type(), false, Literal{cumulative})}));
    times.branches.emplace_back(within, integer_constant(count));
    probability *= mean / (count + 1);
    cumulative += probability;
  }
  times.otherwise = integer_constant(count);
  const auto repeats = times.branches.empty() ? times.otherwise : make_expression(types::integer(), false, times);
  TRY(copies, call_function(state, "array_repeat", {integer_constant(1), repeats}));
  TRY(explode, call_function(state, "explode", {copies}));
  return generate(state, rows, explode, {"copy"}, {});
}

}  // namespace

SparkResult<Resolved> resolve_sample(AnalyzerState& state, const proto::Relation& relation) {
  const auto& sample = relation.sample();
  TRY(input, state.resolve(sample.input()));
  const double fraction = sample.upper_bound() - sample.lower_bound();
  constexpr double slack = 1e-6;
  if (sample.with_replacement()) {
    if (fraction < -slack)
      return fail(requirement(
          fmt::format("Sampling fraction ({}) must be nonnegative with replacement", java_double_text(fraction, false))));
  } else if (fraction < -slack || fraction > 1 + slack) {
    return fail(requirement(fmt::format("Sampling fraction ({}) must be on interval [0, 1] without replacement",
                                        java_double_text(fraction, false))));
  }
  auto rows = input.plan;
  if (sample.deterministic_order()) {
    // Each part of a random split must see the rows in the same order.
    Sort sorted{rows, {}, false};
    for (const auto& column : rows->output)
      if (is_orderable(column.type)) sorted.orders.push_back(SortOrder{reference(column)});
    if (!sorted.orders.empty()) rows = make_relation(rows->output, std::move(sorted));
  }
  if (!sample.has_seed() && !sample.with_replacement()) {
    Sample node{rows, sample.lower_bound(), sample.upper_bound(), false, std::nullopt};
    return with_children(make_relation(input.plan->output, std::move(node)), {input.node});
  }
  const auto number = [](double value) { return make_expression(types::double_type(), false, Literal{value}); };
  TRY(drawn, with_draw(state, rows, sample.has_seed() ? sample.seed() : static_cast<int64_t>(state.next_id())));
  const auto draw = reference(drawn->output.back());
  if (sample.with_replacement()) {
    TRY(repeated, repeat_rows(state, drawn, draw, fraction));
    return with_children(project_columns(repeated, input.plan->output), {input.node});
  }
  TRY(from, call_function(state, ">=", {draw, number(sample.lower_bound())}));
  TRY(below, call_function(state, "<", {draw, number(sample.upper_bound())}));
  TRY(both, call_function(state, "and", {from, below}));
  const auto chosen = make_relation(drawn->output, Filter{drawn, both});
  return with_children(project_columns(chosen, input.plan->output), {input.node});
}

SparkResult<Resolved> resolve_deduplicate(AnalyzerState& state, const proto::Relation& relation) {
  const auto& request = relation.deduplicate();
  if (request.within_watermark()) return fail(unsupported("dropDuplicatesWithinWatermark"));
  TRY(input, state.resolve(request.input()));
  Deduplicate node{input.plan, {}};
  for (const auto& name : request.column_names()) {
    const auto found = find_columns(input.plan->output, name, state.case_sensitive);
    if (found.empty()) return fail(unresolved_column({name}, input.plan->output));
    for (const auto* column : found) node.keys.push_back(column->id);
  }
  for (const auto& column : input.plan->output) {
    const bool is_key = node.keys.empty() || std::ranges::find(node.keys, column.id) != node.keys.end();
    if (is_key && column.type.is(TypeKind::map))
      return fail(analysis_error("UNSUPPORTED_FEATURE.SET_OPERATION_ON_MAP_TYPE",
                                 {{"colName", quoted_name(column.name)}, {"dataType", quoted_type(column.type)}}));
  }
  return with_children(make_relation(input.plan->output, std::move(node)), {input.node});
}

SparkResult<Resolved> resolve_range(AnalyzerState& state, const proto::Relation& relation) {
  const auto& range = relation.range();
  if (range.step() == 0) return fail(requirement("step (0) cannot be 0"));
  RangeRows node{range.start(), range.end(), range.step(), range.has_num_partitions() ? range.num_partitions() : 1};
  return with_children(make_relation({{state.next_id(), "id", types::long_type(), false, {}, {}}}, node), {});
}

SparkResult<Resolved> resolve_repartition(AnalyzerState& state, const proto::Relation& relation) {
  const auto& request = relation.repartition();
  TRY(input, state.resolve(request.input()));
  Repartition node{input.plan, request.num_partitions(), !request.has_shuffle() || request.shuffle(), {}};
  return with_children(make_relation(input.plan->output, std::move(node)), {input.node});
}

// repartition(n, columns…): by a hash, unless a column has an order (repartitionByRange) or is the partition's number itself.
SparkResult<Resolved> resolve_repartition_by_expression(AnalyzerState& state, const proto::Relation& relation) {
  const auto& request = relation.repartition_by_expression();
  TRY(input, state.resolve(request.input()));
  Repartition node{input.plan, request.num_partitions(), true, {}};
  if (request.partition_exprs_size() > 0) node.partitioning = Partitioning::hash;
  const Scope scope = scope_of(input);
  for (const auto& expression : request.partition_exprs()) {
    if (expression.has_sort_order()) {
      TRY(order, resolve_sort_order(state, scope, expression.sort_order()));
      node.partitioning = Partitioning::range;
      node.ranges.push_back(order);
    } else if (expression.has_direct_shuffle_partition_id()) {
      TRY(id, resolve_expression(state, scope, expression.direct_shuffle_partition_id().child()));
      if (!id->type.is(TypeKind::integer))
        return fail(analysis_error("DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE",
                                   {{"sqlExpr", fmt::format("\"direct_shuffle_partition_id({})\"", text_of(*id))},
                                    {"paramIndex", "first"},
                                    {"requiredType", "\"INT\""},
                                    {"inputSql", quoted_text(*id)},
                                    {"inputType", quoted_type(id->type)}}));
      node.partitioning = Partitioning::by_id;
      node.by.push_back(id);
    } else {
      TRY(items, resolve_items(state, scope, expression));
      for (const auto& item : items) node.by.push_back(item.expression);
    }
  }
  // Ranges and plain columns together: all of them order the rows.
  if (node.partitioning == Partitioning::range) {
    for (const auto& key : std::exchange(node.by, {})) node.ranges.push_back(SortOrder{key});
  }
  return with_children(make_relation(input.plan->output, std::move(node)), {input.node});
}

// observe(): the rows pass; whoever runs the plan sends the metrics, aggregates over all of them.
SparkResult<Resolved> resolve_collect_metrics(AnalyzerState& state, const proto::Relation& relation) {
  const auto& request = relation.collect_metrics();
  TRY(input, state.resolve(request.input()));
  // One observed DataFrame may stand in a plan more than once; two observations of one name may not.
  auto bytes = request.SerializeAsString();
  const auto [known, added] = state.observations.try_emplace(request.name(), bytes);
  if (!added && known->second != bytes)
    return fail(analysis_error("DUPLICATED_METRICS_NAME", {{"metricName", request.name()}}));
  Observe node{input.plan, request.name(), "observed_" + std::to_string(state.next_id()), nullptr, relation.common().plan_id()};
  const auto rows = make_relation(input.plan->output, ReadCached{node.rows_name});
  TRY(items, resolve_items(state, scope_of(Resolved{rows, input.node}), request.metrics()));
  for (const auto& item : items)
    TRY_DO(check_metric(item.expression, item.names.empty() ? text_of(*item.expression) : item.names.front()));
  TRY(metrics, build_aggregate(state, rows, {}, std::move(items)));
  node.metrics = metrics;
  return with_children(make_relation(input.plan->output, std::move(node)), {input.node});
}

}  // namespace mastic::spark
