// Relations that choose, repeat or place rows and leave the columns alone: sample, distinct, repartition, hints; and
// range, which makes them.
#include <algorithm>

#include "spark/analyze/expression_text.h"
#include "spark/analyze/relations/relations.h"
#include "spark/analyze/rewrite.h"

namespace mastic::spark {

SparkResult<Resolved> resolve_sample(AnalyzerState& state, const proto::Relation& relation) {
  const auto& sample = relation.sample();
  TRY(input, state.resolve(sample.input()));
  Sample node{input.plan, sample.lower_bound(), sample.upper_bound(), sample.with_replacement(), std::nullopt};
  if (sample.has_seed()) node.seed = sample.seed();
  return with_children(make_relation(input.plan->output, std::move(node)), {input.node});
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

// A plain IllegalArgumentException in Spark: no condition, no SQLSTATE.
static SparkError zero_step() {
  SparkError error;
  error.message = "requirement failed: step (0) cannot be 0";
  error.classes = {"java.lang.IllegalArgumentException", "java.lang.RuntimeException", "java.lang.Exception",
                   "java.lang.Throwable", "java.lang.Object"};
  return error;
}

SparkResult<Resolved> resolve_range(AnalyzerState& state, const proto::Relation& relation) {
  const auto& range = relation.range();
  if (range.step() == 0) return fail(zero_step());
  RangeRows node{range.start(), range.end(), range.step(), range.has_num_partitions() ? range.num_partitions() : 1};
  return with_children(make_relation({{state.next_id(), "id", types::long_type(), false, {}, {}}}, node), {});
}

SparkResult<Resolved> resolve_repartition(AnalyzerState& state, const proto::Relation& relation) {
  const auto& request = relation.repartition();
  TRY(input, state.resolve(request.input()));
  Repartition node{input.plan, request.num_partitions(), !request.has_shuffle() || request.shuffle(), {}};
  return with_children(make_relation(input.plan->output, std::move(node)), {input.node});
}

SparkResult<Resolved> resolve_repartition_by_expression(AnalyzerState& state, const proto::Relation& relation) {
  const auto& request = relation.repartition_by_expression();
  TRY(input, state.resolve(request.input()));
  Repartition node{input.plan, request.num_partitions(), true, {}};
  for (const auto& expression : request.partition_exprs()) {
    TRY(key, resolve_expression(state, scope_of(input), expression));
    node.by.push_back(key);
  }
  return with_children(make_relation(input.plan->output, std::move(node)), {input.node});
}

// Hints steer Spark's planner; DuckDB has its own.
SparkResult<Resolved> resolve_hint(AnalyzerState& state, const proto::Relation& relation) {
  TRY(input, state.resolve(relation.hint().input()));
  return with_children(input.plan, {input.node});
}

namespace {

// Spark's CheckAnalysis: outside aggregates only what is the same for all rows, inside nothing that needs a second pass.
SparkResult<void> check_metric(const ExpressionPtr& metric) {
  std::optional<SparkError> error;
  const auto refuse = [&](const char* what, const ExpressionPtr& found) {
    if (!error)
      error = analysis_error(std::string("INVALID_OBSERVED_METRICS.") + what, {{"expr", "\"" + text_of(*found) + "\""}});
    return false;
  };
  walk(metric, [&](const ExpressionPtr& node) {
    if (std::holds_alternative<WindowCall>(node->node)) return refuse("WINDOW_EXPRESSIONS_UNSUPPORTED", node);
    if (std::holds_alternative<ColumnReference>(node->node)) return refuse("NON_AGGREGATE_FUNC_ARG_IS_ATTRIBUTE", node);
    if (const auto* call = std::get_if<AggregateCall>(&node->node)) {
      if (call->distinct) return refuse("AGGREGATE_EXPRESSION_WITH_DISTINCT_UNSUPPORTED", node);
      if (call->filter) return refuse("AGGREGATE_EXPRESSION_WITH_FILTER_UNSUPPORTED", node);
      return false;
    }
    return true;
  });
  if (error) return fail(*std::move(error));
  return {};
}

}  // namespace

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
  for (const auto& item : items) TRY_DO(check_metric(item.expression));
  TRY(metrics, build_aggregate(state, rows, {}, std::move(items)));
  node.metrics = metrics;
  return with_children(make_relation(input.plan->output, std::move(node)), {input.node});
}

SparkResult<Resolved> resolve_map_partitions(AnalyzerState& state, const proto::Relation& relation) {
  const auto& request = relation.map_partitions();
  TRY(input, state.resolve(request.input()));
  if (!request.func().has_python_udf()) return fail(unsupported("mapPartitions with a function that is not Python"));
  const auto& udf = request.func().python_udf();
  TRY(type, resolve_type(udf.output_type()));
  PythonTransform node{
      input.plan,
      {request.func().function_name(), udf.command(), udf.python_ver(), udf.eval_type(), request.func().deterministic()},
      {}};
  for (const auto& column : input.plan->output) node.function.arguments.push_back(reference(column));
  std::vector<Attribute> output;
  for (const auto& field : type.fields)
    output.push_back({state.next_id(), field.name, field.type, field.nullable, {}, field.metadata_json});
  return with_children(make_relation(std::move(output), std::move(node)), {input.node});
}

}  // namespace mastic::spark
