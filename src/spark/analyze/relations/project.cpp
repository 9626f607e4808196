// select: also SELECT without FROM, whose input is one row.
#include "spark/analyze/relations/relations.h"
#include "spark/analyze/relations/time_window.h"

namespace mastic::spark {

SparkResult<Resolved> resolve_project(AnalyzerState& state, const proto::Relation& relation) {
  const auto& project = relation.project();
  Resolved input;
  if (project.has_input() && project.input().rel_type_case() != proto::Relation::REL_TYPE_NOT_SET) {
    TRY(resolved, state.resolve(project.input()));
    input = resolved;
  } else {
    input = with_children(make_relation({}, OneRow{}), {});
  }
  TRY(items, resolve_items(state, scope_of(input), project.expressions()));
  TRY(rows, with_windows(state, input.plan, {}, {&items}));
  const auto below = with_hidden(rows, items);
  TRY(plan, build_projection(state, below, std::move(items)));
  return with_children(plan, {input.node});
}

}  // namespace mastic::spark
