#include "spark/analyze/state.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/stack.h"
#include "spark/analyze/expression_text.h"
#include "spark/analyze/python/python.h"
#include "spark/analyze/relations/relations.h"
#include "spark/analyze/rewrite.h"
#include "spark/functions/coercion.h"

namespace mastic::spark {

AnalyzerState::AnalyzerState(AnalysisContext& session)
    : context(session), text_zone_(session.configuration("spark.sql.session.timeZone").value_or("UTC")) {
  ansi = setting("spark.sql.ansi.enabled", true);
  case_sensitive = setting("spark.sql.caseSensitive", false);
}

bool AnalyzerState::setting(std::string_view key, bool otherwise) const {
  const auto value = context.configuration(key);
  return value ? equal_names(*value, "true", false) : otherwise;
}

int64_t AnalyzerState::number(std::string_view key, int64_t otherwise) const {
  const auto value = context.configuration(key);
  int64_t number = otherwise;
  if (value) std::from_chars(value->data(), value->data() + value->size(), number);
  return number;
}

SparkError placed_in_sql(SparkError error, const proto::Origin& origin) {
  // Some conditions point nowhere.
  static constexpr std::array<std::string_view, 8> without_place{
      "MISSING_AGGREGATION",         "CANNOT_MERGE_INCOMPATIBLE_DATA_TYPE",
      "UNSUPPORTED_FEATURE",         "FIELD_NOT_FOUND",
      "INVALID_RECURSIVE_CTE",       "COLLATION_MISMATCH",
      "INVALID_RECURSIVE_REFERENCE", "INVALID_TIME_TRAVEL_TIMESTAMP_EXPR"};
  const auto condition = std::string_view(error.condition).substr(0, error.condition.find('.'));
  if (!error.contexts.empty() || std::ranges::find(without_place, condition) != without_place.end()) return error;
  const auto& place = origin.jvm_origin();
  error.contexts.push_back({.fragment = {},
                            .call_site = {},
                            .sql_text = {},
                            .start_index = place.start_index(),
                            .stop_index = place.stop_index(),
                            .is_dataframe = false});
  return error;
}

SparkResult<Resolved> AnalyzerState::resolve(const proto::Relation& relation) {
  // The client's plans grow by a level for each withColumn; each level takes a few kilobytes of stack.
  constexpr int deepest = 1500;
  if (++depth_ > deepest || stack_is_low()) {
    --depth_;
    return fail(unsupported("a plan of more than 1500 nested relations"));
  }
  const auto outer_plan_id = current_plan_id;
  if (relation.common().has_plan_id()) current_plan_id = relation.common().plan_id();
  auto resolved = resolve_relation(*this, relation);
  current_plan_id = outer_plan_id;
  --depth_;
  if (!resolved) {
    if (!relation.common().origin().has_jvm_origin()) return resolved;
    return fail(placed_in_sql(std::move(resolved).error(), relation.common().origin()));
  }
  auto node = std::make_shared<PlanNode>();
  if (resolved->node) *node = *resolved->node;
  if (relation.common().has_plan_id()) {
    node->plan_id = relation.common().plan_id();
    // A view remembers the plan alone; DataFrames that went into it are still found in it.
    if (resolved->plan->plan_id && resolved->plan->plan_id != node->plan_id)
      resolved->plan = make_relation(resolved->plan->output, Alias{resolved->plan});
    auto copy = *resolved->plan;
    copy.plan_id = node->plan_id;
    resolved->plan = std::make_shared<const Relation>(std::move(copy));
  }
  node->plan = resolved->plan;
  resolved->node = std::move(node);
  return resolved;
}

int64_t AnalyzerState::next_python_result_id() {
  const auto place = python_calls[current_plan_id]++;
  return context.python_result_id(std::to_string(current_plan_id) + "/" + std::to_string(place));
}

Resolved with_children(RelationPtr plan, std::vector<PlanNodePtr> children, std::optional<std::vector<HiddenColumn>> hidden) {
  auto node = std::make_shared<PlanNode>();
  node->plan = plan;
  node->children = std::move(children);
  if (hidden) {
    node->hidden = std::move(*hidden);
  } else {
    for (const auto& child : node->children)
      if (child) node->hidden.insert(node->hidden.end(), child->hidden.begin(), child->hidden.end());
  }
  return Resolved{std::move(plan), std::move(node)};
}

Scope scope_of(const Resolved& input) { return Scope{input.plan->output, {input.node}}; }

Scope scope_of(const Resolved& left, const Resolved& right) {
  Scope scope{left.plan->output, {left.node, right.node}};
  scope.columns.insert(scope.columns.end(), right.plan->output.begin(), right.plan->output.end());
  return scope;
}

ExpressionPtr reference(const Attribute& attribute) {
  return make_expression(attribute.type, attribute.nullable, ColumnReference{attribute.id, attribute.name});
}
ExpressionPtr integer_constant(int64_t value) { return make_expression(types::integer(), false, Literal{value}); }
ExpressionPtr long_constant(int64_t value) { return make_expression(types::long_type(), false, Literal{value}); }
ExpressionPtr string_constant(std::string value) { return make_expression(types::string(), false, Literal{std::move(value)}); }
ExpressionPtr boolean_constant(bool value) { return make_expression(types::boolean(), false, Literal{value}); }
ExpressionPtr null_constant(DataType type) { return make_expression(std::move(type), true, Literal{}); }

ExpressionPtr cast_to(const AnalyzerState& state, const ExpressionPtr& expression, const DataType& type) {
  if (same_type(expression->type, type)) return expression;
  const bool nullable = expression->nullable || cast_may_null(expression->type, type, state.ansi);
  return make_expression(type, nullable, Cast{expression, state.ansi ? EvalMode::ansi : EvalMode::legacy, true});
}

SparkResult<ExpressionPtr> explicit_cast(const AnalyzerState& state, const ExpressionPtr& expression, const DataType& type,
                                         std::optional<EvalMode> mode) {
  const EvalMode used = mode.value_or(state.ansi ? EvalMode::ansi : EvalMode::legacy);
  if (!can_cast(expression->type, type, used != EvalMode::legacy)) {
    auto shown = make_expression(type, true, Cast{expression, used, false});
    return fail(analysis_error(
        "DATATYPE_MISMATCH.CAST_WITHOUT_SUGGESTION",
        {{"sqlExpr", quoted_text(*shown)}, {"srcType", quoted_type(expression->type)}, {"targetType", quoted_type(type)}}));
  }
  const bool nullable = expression->nullable || (used == EvalMode::try_ && !same_type(expression->type, type)) ||
                        cast_may_null(expression->type, type, used == EvalMode::ansi);
  return make_expression(type, nullable, Cast{expression, used, false});
}

RelationPtr project_columns(const RelationPtr& input, const std::vector<Attribute>& columns) {
  Project project{input, {}};
  for (const auto& column : columns)
    project.expressions.push_back({column.id, column.name, reference(column), column.metadata_json});
  return make_relation(columns, std::move(project));
}

Item item_of(const Attribute& attribute) {
  return Item{reference(attribute), {attribute.name}, attribute.metadata_json, attribute.qualifier};
}

namespace {
SparkResult<Command> extract_python_of(AnalyzerState& state, Command command) {
  auto& input = std::visit([](auto& write) -> RelationPtr& { return write.input; }, command);
  TRY(extracted, extract_python(state, input));
  input = extracted;
  return command;
}
}  // namespace

SparkResult<std::string> AnalysisContext::ask_python(const std::string&, const std::string&, const std::string&) {
  return fail(unsupported("Python outside of a session"));
}

Analyzer::Analyzer(AnalysisContext& context) : state_(std::make_unique<AnalyzerState>(context)) {}
Analyzer::~Analyzer() = default;

SparkResult<RelationPtr> Analyzer::resolve(const proto::Relation& relation) {
  TRY(resolved, state_->resolve(relation));
  return extract_python(*state_, resolved.plan);
}
SparkResult<Command> Analyzer::resolve_write(const proto::WriteOperation& write) {
  TRY(command, spark::resolve_write(*state_, write));
  return extract_python_of(*state_, std::move(command));
}
SparkResult<Command> Analyzer::resolve_write(const proto::WriteOperationV2& write) {
  TRY(command, spark::resolve_write(*state_, write));
  return extract_python_of(*state_, std::move(command));
}

DataType schema_of(const Relation& relation) {
  std::vector<StructField> fields;
  for (const auto& column : relation.output)
    fields.push_back({column.name, column.type, column.nullable, column.metadata_json});
  return types::structure(std::move(fields));
}

}  // namespace mastic::spark
