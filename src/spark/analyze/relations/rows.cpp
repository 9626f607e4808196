// Relations that choose, repeat or place rows and leave the columns alone: sample, distinct, repartition, hints; and
// range, which makes them.
#include <algorithm>

#include "spark/analyze/expression_text.h"
#include "spark/analyze/relations/relations.h"

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

// observe() would have to send metrics when the rows have passed; without them an Observation waits for ever.
SparkResult<Resolved> resolve_collect_metrics(AnalyzerState&, const proto::Relation&) {
  return fail(unsupported("observe(): metrics of a query under way"));
}

}  // namespace mastic::spark
