// WITH RECURSIVE t AS (start UNION ALL step): the step reads the rows that the step before gave, until there are none.
#include <charconv>

#include "spark/analyze/expression_text.h"
#include "spark/analyze/relations/relations.h"
#include "spark/analyze/rewrite.h"
#include "spark/functions/coercion.h"
#include "spark/sql/parser.h"

namespace mastic::spark {
namespace {

using Recursion = AnalyzerState::Recursion;

/// While it lives, the table's own name means its recursion.
class InScope {
 public:
  InScope(AnalyzerState& state, const std::string& name, Recursion& recursion) : state_(state) {
    state.common_tables.push_back({.name = name,
                                   .relation = nullptr,
                                   .visible = state.common_tables.size(),
                                   .outer_scopes = state.outer_scopes.size(),
                                   .recursion = &recursion});
  }
  ~InScope() { state_.common_tables.pop_back(); }
  InScope(const InScope&) = delete;
  InScope& operator=(const InScope&) = delete;

 private:
  AnalyzerState& state_;
};

bool reads(const RelationPtr& plan, const std::string& rows) {
  if (const auto* read = std::get_if<ReadCached>(&plan->node)) return read->name == rows;
  for (const auto& input : inputs_of(*plan))
    if (reads(input, rows)) return true;
  return false;
}

// A step sees one step's rows, not all: what needs all of them is refused.
bool is_misplaced(const RelationPtr& plan, const std::string& rows) {
  const auto& node = plan->node;
  const bool needs_all = std::holds_alternative<Aggregate>(node) || std::holds_alternative<Window>(node) ||
                         std::holds_alternative<Sort>(node) || std::holds_alternative<PythonAggregate>(node) ||
                         std::holds_alternative<PythonWindow>(node);
  if (needs_all && reads(plan, rows)) return true;
  if (const auto* join = std::get_if<Join>(&node)) {
    const bool keeps_left = join->type == JoinType::left || join->type == JoinType::semi || join->type == JoinType::anti;
    if (join->type == JoinType::full && (reads(join->left, rows) || reads(join->right, rows))) return true;
    if (keeps_left && reads(join->right, rows)) return true;
    if (join->type == JoinType::right && reads(join->left, rows)) return true;
  }
  bool in_subquery = false;
  const auto look = [&](const ExpressionPtr& expression) {
    walk(expression, [&](const ExpressionPtr& part) {
      if (const auto* subquery = std::get_if<SubqueryExpression>(&part->node)) in_subquery |= reads(subquery->plan, rows);
      return true;
    });
  };
  if (const auto* filter = std::get_if<Filter>(&node)) look(filter->condition);
  if (const auto* project = std::get_if<Project>(&node))
    for (const auto& item : project->expressions) look(item.expression);
  if (in_subquery) return true;
  for (const auto& input : inputs_of(*plan))
    if (is_misplaced(input, rows)) return true;
  return false;
}

// The step's rows as the start's types.
SparkResult<RelationPtr> fitted(AnalyzerState& state, const RelationPtr& step, const std::vector<Attribute>& wanted) {
  if (step->output.size() != wanted.size())
    return fail(analysis_error("NUM_COLUMNS_MISMATCH", {{"operator", "UNION"},
                                                        {"firstNumColumns", std::to_string(wanted.size())},
                                                        {"invalidOrdinalNum", "second"},
                                                        {"invalidNumColumns", std::to_string(step->output.size())}}));
  Project project{step, {}};
  std::vector<Attribute> output;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const auto& column = step->output[i];
    const bool is_null = column.type.is(TypeKind::null_);
    const auto common = wider_type(wanted[i].type, column.type, state.ansi);
    if (!is_null && (!common || !same_type(*common, wanted[i].type)))
      return fail(analysis_error("CANNOT_MERGE_INCOMPATIBLE_DATA_TYPE",
                                 {{"left", quoted_type(wanted[i].type)}, {"right", quoted_type(column.type)}}));
    const auto id = state.next_id();
    const auto value = cast_to(state, reference(column), wanted[i].type);
    project.expressions.push_back({id, column.name, value, {}});
    output.push_back({id, column.name, wanted[i].type, value->nullable, {}, {}});
  }
  return make_relation(std::move(output), std::move(project));
}

struct Body {
  const proto::Relation* relation = nullptr;
  const google::protobuf::RepeatedPtrField<std::string>* names = nullptr;
};

SparkResult<RelationPtr> resolve_steps(AnalyzerState& state, const Body& body, const std::string& name, int64_t level_limit) {
  const auto& relation = *body.relation;
  if (relation.has_with_relations()) {
    // WITH … inside: its tables are seen by both parts.
    const auto tables_before = state.common_tables.size();
    const auto references_before = state.references.size();
    for (const auto& referenced : relation.with_relations().references()) {
      if (referenced.common().has_plan_id()) state.references.emplace_back(referenced.common().plan_id(), &referenced);
      if (referenced.has_subquery_alias())
        state.common_tables.push_back({.name = referenced.subquery_alias().alias(),
                                       .relation = &referenced,
                                       .visible = state.common_tables.size(),
                                       .outer_scopes = state.outer_scopes.size()});
    }
    auto plan = resolve_steps(state, {&relation.with_relations().root(), body.names}, name, level_limit);
    state.common_tables.resize(tables_before);
    state.references.resize(references_before);
    return plan;
  }
  const auto invalid = [] { return analysis_error("INVALID_RECURSIVE_CTE"); };
  if (!relation.has_set_op() || relation.set_op().set_op_type() != proto::SetOperation::SET_OP_TYPE_UNION)
    return fail(invalid());
  if (!relation.set_op().is_all()) {
    return fail(relation.common().origin().has_jvm_origin()
                    ? placed_in_sql(analysis_error("UNION_NOT_SUPPORTED_IN_RECURSIVE_CTE"), relation.common().origin())
                    : analysis_error("UNION_NOT_SUPPORTED_IN_RECURSIVE_CTE"));
  }
  Recursion recursion;
  recursion.rows = "recursion_" + std::to_string(state.next_id());
  RelationPtr start;
  {
    const InScope scope(state, name, recursion);
    auto resolved = state.resolve(relation.set_op().left_input());
    if (recursion.named) return fail(invalid());
    if (!resolved) return fail(std::move(resolved).error());
    start = resolved->plan;
  }
  recursion.columns = start->output;
  recursion.has_columns = true;
  if (body.names != nullptr) {
    if (static_cast<std::size_t>(body.names->size()) != start->output.size())
      return fail(analysis_error("ASSIGNMENT_ARITY_MISMATCH", {{"numTarget", std::to_string(body.names->size())},
                                                               {"numExpr", std::to_string(start->output.size())}}));
    for (int i = 0; i < body.names->size(); ++i) recursion.columns[static_cast<std::size_t>(i)].name = body.names->Get(i);
  }
  RelationPtr step;
  {
    const InScope scope(state, name, recursion);
    TRY(resolved, state.resolve(relation.set_op().right_input()));
    step = resolved.plan;
  }
  if (is_misplaced(step, recursion.rows)) return fail(analysis_error("INVALID_RECURSIVE_REFERENCE.PLACE"));
  TRY(fitting, fitted(state, step, recursion.columns));
  // A union whose right side is marked: it reads, as ReadCached, what the step before gave (lower/relations/combining.cpp).
  const auto row_limit = state.number("spark.sql.cteRecursionRowLimit", 1'000'000);
  Alias again{.input = fitting,
              .hint = "recursion",
              .hint_arguments = {recursion.rows, std::to_string(level_limit), std::to_string(row_limit)}};
  SetOp node{
      .left = start, .right = make_relation(fitting->output, std::move(again)), .operation = SetOperation::union_, .all = true};
  std::vector<Attribute> output;
  for (std::size_t i = 0; i < recursion.columns.size(); ++i) {
    const auto& column = recursion.columns[i];
    output.push_back({state.next_id(), column.name, column.type, column.nullable || fitting->output[i].nullable, {}, {}});
  }
  return make_relation(std::move(output), std::move(node));
}

}  // namespace

SparkResult<Resolved> read_recursion(AnalyzerState& state, Recursion& recursion, const std::string& name) {
  recursion.named = true;
  if (!recursion.has_columns) return fail(analysis_error("INVALID_RECURSIVE_CTE"));
  auto output = recursion.columns;
  for (auto& column : output) {
    column.id = state.next_id();
    column.nullable = true;
    column.qualifier = {name};
    column.metadata_json.clear();
  }
  return with_children(make_relation(std::move(output), ReadCached{recursion.rows}), {});
}

SparkResult<Resolved> resolve_recursion(AnalyzerState& state, const proto::Relation& relation, const std::string& name) {
  // Does it name itself at all?
  Recursion probe;
  {
    const InScope scope(state, name, probe);
    auto plain = state.resolve(relation);
    if (!probe.named) return plain;
  }
  const auto mark = sql::mark_of(relation);
  int64_t level_limit = state.number("spark.sql.cteRecursionLevelLimit", 100);
  if (const auto colon = mark.find(':'); colon != std::string::npos)
    std::from_chars(mark.data() + colon + 1, mark.data() + mark.size(), level_limit);
  Body body{&relation.subquery_alias().input(), nullptr};
  if (body.relation->has_to_df()) body = {&body.relation->to_df().input(), &body.relation->to_df().column_names()};
  TRY(plan, resolve_steps(state, body, name, level_limit));
  auto output = plan->output;
  for (auto& column : output) column.qualifier = {name};
  return with_children(make_relation(std::move(output), Alias{plan}), {}, std::vector<HiddenColumn>{});
}

}  // namespace mastic::spark
