// As-of joins and nearest-by joins: for each row on the left the rows on the right that are closest to it. Both are a
// lateral join with the right side's first rows in the order of the distance.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "spark/analyze/expression_text.h"
#include "spark/analyze/relations/relations.h"
#include "spark/analyze/rewrite.h"
#include "spark/functions/coercion.h"

namespace mastic::spark {
namespace {

std::string lower(std::string_view text) {
  std::string result;
  for (const char letter : text)
    if (letter != '_') result += static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
  return result;
}

SparkResult<JoinType> inner_or_left(const std::string& written) {
  const auto type = lower(written);
  if (type.empty() || type == "inner") return JoinType::inner;
  if (type == "left" || type == "leftouter") return JoinType::left;
  return fail(
      analysis_error("UNSUPPORTED_JOIN_TYPE", {{"typ", written}, {"supported", "'inner', 'leftouter', 'left', 'left_outer'"}}));
}

// The left side's columns inside of the lateral right side.
ExpressionPtr seen_from_right(const ExpressionPtr& expression, const RelationPtr& left) {
  return rewrite(expression, [&](const ExpressionPtr& node) -> ExpressionPtr {
    const auto* column = std::get_if<ColumnReference>(&node->node);
    if (column == nullptr) return nullptr;
    const bool ours = std::ranges::any_of(left->output, [&](const Attribute& known) { return known.id == column->id; });
    return ours ? make_expression(node->type, node->nullable, OuterReference{column->id, column->name}) : node;
  });
}

// left joined with the first `count` rows of right by `order`, of those that meet `condition`.
Resolved join_nearest(const Resolved& left, const Resolved& right, JoinType type, const ExpressionPtr& condition,
                      SortOrder order, int64_t count) {
  const auto& columns = right.plan->output;
  auto rows = make_relation(columns, Filter{right.plan, seen_from_right(condition, left.plan)});
  order.child = seen_from_right(order.child, left.plan);
  rows = make_relation(columns, Sort{rows, {std::move(order)}});
  rows = make_relation(columns, Limit{rows, count, 0});
  auto output = left.plan->output;
  for (auto column : columns) {
    column.nullable |= type == JoinType::left;
    output.push_back(std::move(column));
  }
  return with_children(make_relation(std::move(output), Join{left.plan, rows, type, nullptr, true}), {left.node, right.node});
}

SparkResult<ExpressionPtr> both(AnalyzerState& state, const ExpressionPtr& one, const ExpressionPtr& other) {
  if (!one) return other;
  return call_function(state, "and", {one, other});
}

struct AsOf {
  AnalyzerState& state;
  ExpressionPtr left;
  ExpressionPtr right;
  std::string direction;
  bool exact = true;

  SparkResult<ExpressionPtr> compare(std::string_view operation, const ExpressionPtr& a, const ExpressionPtr& b) const {
    return call_function(state, operation, {a, b});
  }

  [[nodiscard]] SparkResult<ExpressionPtr> condition() const {
    if (direction == "backward") return compare(exact ? ">=" : ">", left, right);
    if (direction == "forward") return compare(exact ? "<=" : "<", left, right);
    if (exact) return boolean_constant(true);
    TRY(equal, compare("=", left, right));
    return call_function(state, "not", {equal});
  }

  [[nodiscard]] SparkResult<ExpressionPtr> distance() const {
    if (direction == "backward") return compare("-", left, right);
    if (direction == "forward") return compare("-", right, left);
    TRY(above, compare(">", left, right));
    TRY(down, compare("-", left, right));
    TRY(up, compare("-", right, left));
    CaseWhen nearer;
    nearer.branches.emplace_back(above, down);
    nearer.otherwise = up;
    return make_expression(down->type, down->nullable || up->nullable, std::move(nearer));
  }

  [[nodiscard]] SparkResult<ExpressionPtr> within(const ExpressionPtr& tolerance) const {
    TRY(low, compare("-", left, tolerance));
    TRY(high, compare("+", left, tolerance));
    TRY(not_below, compare(">=", right, low));
    TRY(not_above, compare("<=", right, high));
    if (direction == "backward") return not_below;
    if (direction == "forward") return not_above;
    return both(state, not_below, not_above);
  }
};

bool is_negative(const ExpressionPtr& value) {
  const auto* call = std::get_if<Call>(&value->node);
  if (call != nullptr && call->function == "negative") return true;
  const auto* literal = std::get_if<Literal>(&value->node);
  if (literal == nullptr) return false;
  if (const auto* number = std::get_if<int64_t>(&literal->value)) return *number < 0;
  if (const auto* number = std::get_if<double>(&literal->value)) return *number < 0;
  const auto* text = std::get_if<std::string>(&literal->value);
  return text != nullptr && text->starts_with('-');
}

}  // namespace

SparkResult<Resolved> resolve_as_of_join(AnalyzerState& state, const proto::Relation& relation) {
  const auto& join = relation.as_of_join();
  TRY(type, inner_or_left(join.join_type()));
  TRY(left, state.resolve(join.left()));
  TRY(right, state.resolve(join.right()));
  AsOf as_of{state, nullptr, nullptr, lower(join.direction()), join.allow_exact_matches()};
  static constexpr std::array<std::string_view, 3> directions{"backward", "forward", "nearest"};
  if (std::ranges::find(directions, as_of.direction) == directions.end())
    return fail(analysis_error("AS_OF_JOIN.UNSUPPORTED_DIRECTION",
                               {{"direction", join.direction()}, {"supported", "'backward', 'forward', 'nearest'"}}));
  TRY(left_as_of, resolve_expression(state, scope_of(left), join.left_as_of()));
  TRY(right_as_of, resolve_expression(state, scope_of(right), join.right_as_of()));
  const auto common = comparison_type(left_as_of->type, right_as_of->type, state.ansi);
  as_of.left = common ? cast_to(state, left_as_of, *common) : left_as_of;
  as_of.right = common ? cast_to(state, right_as_of, *common) : right_as_of;
  TRY(condition, as_of.condition());
  if (join.has_tolerance()) {
    TRY(tolerance, resolve_expression(state, Scope{}, join.tolerance()));
    if (!is_foldable(tolerance)) return fail(analysis_error("AS_OF_JOIN.TOLERANCE_IS_UNFOLDABLE"));
    if (is_negative(tolerance)) return fail(analysis_error("AS_OF_JOIN.TOLERANCE_IS_NON_NEGATIVE"));
    TRY(within, as_of.within(tolerance));
    TRY(all, both(state, condition, within));
    condition = all;
  }
  if (join.has_join_expr()) {
    TRY(written, resolve_condition(state, scope_of(left, right), join.join_expr()));
    TRY(all, both(state, written, condition));
    condition = all;
  }
  for (const auto& name : join.using_columns()) {
    TRY(ours, one_column(state, left.plan->output, name));
    TRY(theirs, one_column(state, right.plan->output, name));
    TRY(equal, call_function(state, "=", {reference(ours), reference(theirs)}));
    TRY(all, both(state, equal, condition));
    condition = all;
  }
  TRY(distance, as_of.distance());
  return join_nearest(left, right, type, condition, SortOrder{distance}, 1);
}

SparkResult<Resolved> resolve_nearest_by_join(AnalyzerState& state, const proto::Relation& relation) {
  const auto& join = relation.nearest_by_join();
  TRY(type, inner_or_left(join.join_type()));
  const auto direction = lower(join.direction());
  if (direction != "distance" && direction != "similarity")
    return fail(unsupported("a nearest-by join in the direction " + join.direction()));
  constexpr int most = 100'000;
  if (join.num_results() < 1 || join.num_results() > most)
    return fail(unsupported("a nearest-by join with a number of results outside of 1 to 100000"));
  TRY(left, state.resolve(join.left()));
  TRY(right, state.resolve(join.right()));
  TRY(rank, resolve_expression(state, scope_of(left, right), join.ranking_expression()));
  if (!is_orderable(rank->type))
    return fail(analysis_error(
        "DATATYPE_MISMATCH.INVALID_ORDERING_TYPE",
        {{"sqlExpr", quoted_text(*rank)}, {"functionName", "`nearest by`"}, {"dataType", quoted_type(rank->type)}}));
  TRY(known, call_function(state, "isnotnull", {rank}));
  SortOrder order{rank};
  order.ascending = direction == "distance";
  return join_nearest(left, right, type, known, std::move(order), join.num_results());
}

}  // namespace mastic::spark
