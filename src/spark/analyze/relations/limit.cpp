// limit, offset, tail.
#include "spark/analyze/relations/relations.h"

namespace mastic::spark {
namespace {

SparkError negative(std::string_view name, int32_t value) {
  return analysis_error(
      "INVALID_LIMIT_LIKE_EXPRESSION.IS_NEGATIVE",
      {{"name", std::string(name)}, {"expr", "\"" + std::to_string(value) + "\""}, {"v", std::to_string(value)}});
}

}  // namespace

SparkResult<Resolved> resolve_limit(AnalyzerState& state, const proto::Relation& relation) {
  TRY(input, state.resolve(relation.limit().input()));
  if (relation.limit().limit() < 0) return fail(negative("limit", relation.limit().limit()));
  return with_children(make_relation(input.plan->output, Limit{input.plan, relation.limit().limit(), 0}), {input.node});
}

SparkResult<Resolved> resolve_offset(AnalyzerState& state, const proto::Relation& relation) {
  TRY(input, state.resolve(relation.offset().input()));
  if (relation.offset().offset() < 0) return fail(negative("offset", relation.offset().offset()));
  return with_children(make_relation(input.plan->output, Limit{input.plan, std::nullopt, relation.offset().offset()}),
                       {input.node});
}

SparkResult<Resolved> resolve_tail(AnalyzerState& state, const proto::Relation& relation) {
  TRY(input, state.resolve(relation.tail().input()));
  if (relation.tail().limit() < 0) return fail(negative("tail", relation.tail().limit()));
  return with_children(make_relation(input.plan->output, Tail{input.plan, relation.tail().limit()}), {input.node});
}

}  // namespace mastic::spark
