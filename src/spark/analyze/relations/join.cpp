// join: ON, USING, NATURAL, cross; lateral joins.
#include <algorithm>

#include "spark/analyze/expression_text.h"
#include "spark/analyze/plan_text.h"
#include "spark/analyze/relations/relations.h"
#include "spark/functions/registry.h"
#include "spark/sql/parser.h"

namespace mastic::spark {
namespace {

SparkResult<JoinType> join_type(proto::Join::JoinType type) {
  switch (type) {
    case proto::Join::JOIN_TYPE_UNSPECIFIED:
    case proto::Join::JOIN_TYPE_INNER: return JoinType::inner;
    case proto::Join::JOIN_TYPE_FULL_OUTER: return JoinType::full;
    case proto::Join::JOIN_TYPE_LEFT_OUTER: return JoinType::left;
    case proto::Join::JOIN_TYPE_RIGHT_OUTER: return JoinType::right;
    case proto::Join::JOIN_TYPE_LEFT_ANTI: return JoinType::anti;
    case proto::Join::JOIN_TYPE_LEFT_SEMI: return JoinType::semi;
    case proto::Join::JOIN_TYPE_CROSS: return JoinType::cross;
    default: return fail(unsupported("this join type"));
  }
}

std::vector<Attribute> nullable(std::vector<Attribute> columns, bool all) {
  if (all)
    for (auto& column : columns) column.nullable = true;
  return columns;
}

// Which side's rows may be missing decides what may be NULL.
RelationPtr join_of(const RelationPtr& left, const RelationPtr& right, JoinType type, ExpressionPtr condition,
                    bool lateral = false) {
  auto output = nullable(left->output, type == JoinType::right || type == JoinType::full);
  if (type != JoinType::semi && type != JoinType::anti) {
    auto more = nullable(right->output, type == JoinType::left || type == JoinType::full);
    output.insert(output.end(), more.begin(), more.end());
  }
  return make_relation(std::move(output), Join{left, right, type, std::move(condition), lateral});
}

const Attribute& with_id(const std::vector<Attribute>& columns, ColumnId id) {
  return *std::ranges::find_if(columns, [&](const Attribute& column) { return column.id == id; });
}

SparkResult<Attribute> using_column(const AnalyzerState& state, const RelationPtr& side, const std::string& name,
                                    std::string_view which) {
  const auto found = find_columns(side->output, name, state.case_sensitive);
  if (found.size() == 1) return *found.front();
  if (found.size() > 1) return one_column(state, side->output, name);
  std::vector<std::string> names;
  for (const auto& column : side->output) names.push_back(quoted_name(column.name));
  std::ranges::sort(names);
  std::string list;
  for (const auto& column : names) list += (list.empty() ? "" : ", ") + column;
  return fail(analysis_error("UNRESOLVED_USING_COLUMN_FOR_JOIN",
                             {{"colName", quoted_name(name)}, {"side", std::string(which)}, {"suggestion", list}}));
}

// USING: the keys once, in front; then the left's other columns, then the right's.
SparkResult<Resolved> join_using(AnalyzerState& state, const Resolved& left, const Resolved& right, JoinType type,
                                 const std::vector<std::string>& names) {
  std::vector<std::pair<Attribute, Attribute>> keys;
  ExpressionPtr condition;
  for (const auto& name : names) {
    TRY(ours, using_column(state, left.plan, name, "left"));
    TRY(theirs, using_column(state, right.plan, name, "right"));
    TRY(equal, call_function(state, "=", {reference(ours), reference(theirs)}));
    if (condition) {
      TRY(both, call_function(state, "and", {condition, equal}));
      condition = both;
    } else {
      condition = equal;
    }
    keys.emplace_back(ours, theirs);
  }
  auto joined = join_of(left.plan, right.plan, type, condition);
  Project project{joined, {}};
  std::vector<Attribute> output;
  const auto pass = [&](const Attribute& column) {
    project.expressions.push_back({column.id, column.name, reference(column), column.metadata_json});
    output.push_back(column);
  };
  for (const auto& [ours, theirs] : keys) {
    if (type == JoinType::right) {
      auto key = with_id(joined->output, theirs.id);
      key.name = ours.name;
      pass(key);
    } else if (type == JoinType::full) {
      TRY(either, call_function(state, "coalesce",
                                {reference(with_id(joined->output, ours.id)), reference(with_id(joined->output, theirs.id))}));
      const auto id = state.next_id();
      project.expressions.push_back({id, ours.name, either, {}});
      output.push_back({id, ours.name, either->type, ours.nullable || theirs.nullable, {}, {}});
    } else {
      pass(with_id(joined->output, ours.id));
    }
  }
  const auto is_key = [&](ColumnId id) {
    return std::ranges::any_of(keys, [&](const auto& key) { return key.first.id == id || key.second.id == id; });
  };
  for (const auto& column : joined->output)
    if (!is_key(column.id)) pass(column);
  // The keys that do not show can be named through their own table or DataFrame.
  std::vector<HiddenColumn> hidden;
  for (const auto& [ours, theirs] : keys) {
    if (type == JoinType::right || type == JoinType::full) hidden.push_back({with_id(joined->output, ours.id), true});
    if (type != JoinType::right && type != JoinType::semi && type != JoinType::anti)
      hidden.push_back({with_id(joined->output, theirs.id), true});
  }
  for (const auto* side : {&left, &right})
    for (const auto& deeper : (*side).node->hidden)
      if (side == &left || (type != JoinType::semi && type != JoinType::anti)) hidden.push_back(deeper);
  return with_children(make_relation(std::move(output), std::move(project)), {left.node, right.node}, std::move(hidden));
}

SparkResult<ExpressionPtr> join_condition(AnalyzerState& state, const Scope& scope, const proto::Expression& expression) {
  TRY(condition, resolve_expression(state, scope, expression));
  if (!condition->type.is(TypeKind::boolean))
    return fail(analysis_error("JOIN_CONDITION_IS_NOT_BOOLEAN_TYPE",
                               {{"joinCondition", quoted_text(*condition)}, {"conditionType", quoted_type(condition->type)}}));
  return condition;
}

// spark.sql.crossJoin.enabled=false: a join of every row with every row must be asked for in so many words.
SparkResult<void> check_cartesian(const AnalyzerState& state, const RelationPtr& left, const RelationPtr& right,
                                  JoinType type) {
  const auto shown = type == JoinType::inner   ? "INNER"
                     : type == JoinType::left  ? "LEFT OUTER"
                     : type == JoinType::right ? "RIGHT OUTER"
                     : type == JoinType::full  ? "FULL OUTER"
                                               : "";
  if (state.setting("spark.sql.crossJoin.enabled", true) || *shown == 0) return {};
  return fail(
      analysis_error("_LEGACY_ERROR_TEMP_1211",
                     {{"joinType", std::string(shown)}, {"leftPlan", plan_text(*left)}, {"rightPlan", plan_text(*right)}}));
}

// The condition may name hidden columns; they are dropped again above the join.
RelationPtr join_on(const RelationPtr& left, const RelationPtr& right, JoinType type, const ExpressionPtr& condition) {
  if (!condition) return join_of(left, right, type, condition);
  const auto wide_left = with_hidden(left, std::vector{condition});
  const auto wide_right = with_hidden(right, std::vector{condition});
  if (wide_left == left && wide_right == right) return join_of(left, right, type, condition);
  const auto shown = join_of(left, right, type, condition)->output;
  return project_columns(join_of(wide_left, wide_right, type, condition), shown);
}

std::vector<HiddenColumn> hidden_of(const Resolved& left, const Resolved& right, JoinType type) {
  auto hidden = left.node->hidden;
  for (auto& column : hidden) column.column.nullable |= type == JoinType::right || type == JoinType::full;
  if (type == JoinType::semi || type == JoinType::anti) return hidden;
  for (auto column : right.node->hidden) {
    column.column.nullable |= type == JoinType::left || type == JoinType::full;
    hidden.push_back(std::move(column));
  }
  return hidden;
}

}  // namespace

SparkResult<Resolved> resolve_join(AnalyzerState& state, const proto::Relation& relation) {
  const auto& join = relation.join();
  TRY(type, join_type(join.join_type()));
  TRY(left, state.resolve(join.left()));
  TRY(right, state.resolve(join.right()));
  std::vector<std::string> names(join.using_columns().begin(), join.using_columns().end());
  if (sql::mark_of(relation) == "natural")
    for (const auto& column : left.plan->output)
      if (!find_columns(right.plan->output, column.name, state.case_sensitive).empty()) names.push_back(column.name);
  if (!names.empty()) return join_using(state, left, right, type == JoinType::cross ? JoinType::inner : type, names);
  ExpressionPtr condition;
  if (join.has_join_condition()) {
    TRY(resolved, join_condition(state, scope_of(left, right), join.join_condition()));
    condition = resolved;
  }
  if (!condition && type != JoinType::cross) TRY_DO(check_cartesian(state, left.plan, right.plan, type));
  if (type == JoinType::cross && condition) type = JoinType::inner;
  return with_children(join_on(left.plan, right.plan, type, condition), {left.node, right.node}, hidden_of(left, right, type));
}

namespace {

// LATERAL VIEW f(x) t AS a, b: what stands around the generator.
struct LateralView {
  const proto::UnresolvedTableValuedFunction* function = nullptr;
  std::vector<std::string> names;
  std::vector<std::string> qualifier;
};

std::optional<LateralView> lateral_view(const proto::Relation& relation) {
  LateralView view;
  const proto::Relation* at = &relation;
  if (at->has_subquery_alias()) {
    view.qualifier = {at->subquery_alias().alias()};
    at = &at->subquery_alias().input();
  }
  if (at->has_to_df()) {
    view.names.assign(at->to_df().column_names().begin(), at->to_df().column_names().end());
    at = &at->to_df().input();
  }
  if (!at->has_unresolved_table_valued_function()) return std::nullopt;
  view.function = &at->unresolved_table_valued_function();
  return view;
}

}  // namespace

SparkResult<Resolved> resolve_lateral_join(AnalyzerState& state, const proto::Relation& relation) {
  const auto& join = relation.lateral_join();
  TRY(type, join_type(join.join_type()));
  TRY(left, state.resolve(join.left()));
  const Scope outer = scope_of(left);
  const auto view = lateral_view(join.right());
  const auto* row = view ? find_function(view->function->function_name()) : nullptr;
  if (row != nullptr && row->kind == FunctionKind::generator && !join.has_join_condition() &&
      (type == JoinType::inner || type == JoinType::cross)) {
    proto::Expression call;
    call.mutable_unresolved_function()->set_function_name(view->function->function_name());
    *call.mutable_unresolved_function()->mutable_arguments() = view->function->arguments();
    TRY(generator, resolve_expression(state, outer, call));
    TRY(plan, generate(state, left.plan, generator, view->names, view->qualifier));
    return with_children(plan, {left.node});
  }
  state.outer_scopes.push_back(&outer);
  auto right = state.resolve(join.right());
  state.outer_scopes.pop_back();
  if (!right) return right;
  if (type != JoinType::inner && type != JoinType::left && type != JoinType::cross)
    return fail(analysis_error("INVALID_LATERAL_JOIN_TYPE", {{"joinType", "RIGHT OUTER"}}));
  ExpressionPtr condition;
  if (join.has_join_condition()) {
    TRY(resolved, join_condition(state, scope_of(left, *right), join.join_condition()));
    condition = resolved;
  }
  return with_children(join_of(left.plan, right->plan, type, condition, true), {left.node, right->node});
}

}  // namespace mastic::spark
