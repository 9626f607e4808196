// filter, where, HAVING.
#include "spark/analyze/expression_text.h"
#include "spark/analyze/file_metadata.h"
#include "spark/analyze/partitions.h"
#include "spark/analyze/relations/relations.h"
#include "spark/analyze/rewrite.h"
#include "spark/sql/parser.h"

namespace mastic::spark {

SparkResult<Resolved> resolve_filter(AnalyzerState& state, const proto::Relation& relation) {
  const auto& filter = relation.filter();
  if (const auto mark = sql::mark_of(relation); mark == "version" || mark == "timestamp")
    return resolve_time_travel(state, relation);
  TRY(input, state.resolve(filter.input()));
  TRY(named, resolve_above(state, input, {&filter.condition()}));
  TRY(filed, take_file_names(state, std::move(named)));
  TRY(above, take_partitions(state, std::move(filed)));
  if (sql::mark_of(relation) == "qualify") {
    TRY(with_windows, take_windows(state, std::move(above)));
    above = std::move(with_windows);
  }
  auto condition = above.expressions.front();
  if (contains_window(condition) || contains_aggregate(condition)) {
    std::string offenders;
    walk(condition, [&](const ExpressionPtr& part) {
      if (!std::holds_alternative<AggregateCall>(part->node) && !std::holds_alternative<WindowCall>(part->node)) return true;
      offenders += (offenders.empty() ? "" : ", ") + text_of(*part);
      return false;
    });
    return fail(
        analysis_error("INVALID_WHERE_CONDITION", {{"condition", quoted_text(*condition)}, {"expressionList", offenders}}));
  }
  if (condition->type.is(TypeKind::null_)) condition = cast_to(state, condition, types::boolean());
  if (!condition->type.is(TypeKind::boolean))
    return fail(analysis_error(
        "DATATYPE_MISMATCH.FILTER_NOT_BOOLEAN",
        {{"sqlExpr", quoted_text(*condition)}, {"filter", quoted_text(*condition)}, {"type", quoted_type(condition->type)}}));
  auto plan = make_relation(above.plan->output, Filter{above.plan, condition});
  if (plan->output.size() != input.plan->output.size()) plan = project_columns(plan, input.plan->output);
  return with_children(plan, {input.node});
}

}  // namespace mastic::spark
