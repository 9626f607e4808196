// orderBy and sortWithinPartitions. An integer is a position in SQL and in the DataFrame API alike.
#include "spark/analyze/expression_text.h"
#include "spark/analyze/file_metadata.h"
#include "spark/analyze/partitions.h"
#include "spark/analyze/relations/relations.h"
#include "spark/analyze/rewrite.h"
#include "spark/functions/coercion.h"

namespace mastic::spark {

SparkResult<Resolved> resolve_sort(AnalyzerState& state, const proto::Relation& relation) {
  const auto& sort = relation.sort();
  TRY(input, state.resolve(sort.input()));
  if (sort.order_size() == 1 && sort.order(0).child().has_unresolved_star()) {
    // ORDER BY ALL: the columns from left to right, all in that direction.
    const auto& order = sort.order(0);
    Sort node{input.plan, {}, true};
    for (const auto& column : input.plan->output) {
      SortOrder made{reference(column)};
      made.ascending = order.direction() != proto::Expression::SortOrder::SORT_DIRECTION_DESCENDING;
      made.nulls_first = order.null_ordering() == proto::Expression::SortOrder::SORT_NULLS_UNSPECIFIED
                             ? made.ascending
                             : order.null_ordering() == proto::Expression::SortOrder::SORT_NULLS_FIRST;
      node.orders.push_back(made);
    }
    return with_children(make_relation(input.plan->output, std::move(node)), {input.node});
  }
  std::vector<const proto::Expression*> keys;
  for (const auto& order : sort.order()) keys.push_back(&order.child());
  TRY(named, resolve_above(state, input, keys));
  for (auto& key : named.expressions) {
    const auto* literal = std::get_if<Literal>(&key->node);
    const auto* position =
        literal != nullptr && key->type.is(TypeKind::integer) ? std::get_if<int64_t>(&literal->value) : nullptr;
    if (position == nullptr) continue;
    const auto size = static_cast<int64_t>(input.plan->output.size());
    if (*position < 1 || *position > size)
      return fail(
          analysis_error("ORDER_BY_POS_OUT_OF_RANGE", {{"index", std::to_string(*position)}, {"size", std::to_string(size)}}));
    key = reference(input.plan->output[static_cast<std::size_t>(*position - 1)]);
  }
  TRY(filed, take_file_names(state, std::move(named)));
  TRY(placed, take_partitions(state, std::move(filed)));
  TRY(above, take_windows(state, std::move(placed)));
  Sort node{above.plan, {}, !sort.has_is_global() || sort.is_global()};
  for (int i = 0; i < sort.order_size(); ++i) {
    const auto& order = sort.order(i);
    const auto& key = above.expressions[static_cast<std::size_t>(i)];
    if (!is_orderable(key->type))
      return fail(analysis_error(
          "DATATYPE_MISMATCH.INVALID_ORDERING_TYPE",
          {{"sqlExpr", quoted_text(*key)}, {"functionName", "`sortorder`"}, {"dataType", quoted_type(key->type)}}));
    SortOrder made{key};
    made.ascending = order.direction() != proto::Expression::SortOrder::SORT_DIRECTION_DESCENDING;
    made.nulls_first = order.null_ordering() == proto::Expression::SortOrder::SORT_NULLS_UNSPECIFIED
                           ? made.ascending
                           : order.null_ordering() == proto::Expression::SortOrder::SORT_NULLS_FIRST;
    node.orders.push_back(made);
  }
  auto plan = make_relation(above.plan->output, std::move(node));
  if (plan->output.size() != input.plan->output.size()) plan = project_columns(plan, input.plan->output);
  return with_children(plan, {input.node});
}

}  // namespace mastic::spark
