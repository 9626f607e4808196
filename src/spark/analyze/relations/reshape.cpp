// unpivot.
#include <algorithm>

#include "spark/analyze/expression_text.h"
#include "spark/analyze/expressions/resolver.h"
#include "spark/analyze/relations/relations.h"
#include "spark/functions/coercion.h"

namespace mastic::spark {

namespace {

SparkResult<void> only_columns(const std::vector<Item>& items, const std::string& given, const std::string& empty) {
  std::string others;
  for (const auto& item : items)
    if (!std::holds_alternative<ColumnReference>(item.expression->node))
      others += (others.empty() ? "" : ", ") + quoted_text(*item.expression);
  if (others.empty()) return {};
  return fail(analysis_error("UNPIVOT_REQUIRES_ATTRIBUTES", {{"given", given}, {"empty", empty}, {"expressions", others}}));
}

// Spark expands rows with an operator that cannot hold IN and EXISTS.
SparkResult<void> no_subqueries(AnalyzerState& state, const Scope& scope,
                                const google::protobuf::RepeatedPtrField<proto::Expression>& expressions) {
  for (const auto& written : expressions) {
    if (!written.has_subquery_expression()) continue;
    TRY(resolved, resolve_expression(state, scope, written));
    const auto* subquery = std::get_if<SubqueryExpression>(&resolved->node);
    if (subquery == nullptr || subquery->kind == SubqueryExpression::Kind::scalar) continue;
    return fail(located(analysis_error("UNSUPPORTED_SUBQUERY_EXPRESSION_CATEGORY.UNSUPPORTED_IN_EXISTS_SUBQUERY",
                                       {{"treeNode", "Expand [" + text_of(*resolved) + "]"}}),
                        written));
  }
  return {};
}

}  // namespace

// One row for each value column: stack(n, name, value, …) beside the id columns.
SparkResult<Resolved> resolve_unpivot(AnalyzerState& state, const proto::Relation& relation) {
  const auto& request = relation.unpivot();
  TRY(input, state.resolve(request.input()));
  const Scope scope = scope_of(input);
  TRY_DO(no_subqueries(state, scope, request.ids()));
  if (request.has_values()) TRY_DO(no_subqueries(state, scope, request.values().values()));
  TRY(ids, resolve_items(state, scope, request.ids()));
  std::vector<Item> values;
  if (request.has_values()) {
    TRY(written, resolve_items(state, scope, request.values().values()));
    values = written;
  } else {
    for (const auto& column : input.plan->output) {
      const bool is_id = std::ranges::any_of(ids, [&](const Item& item) {
        const auto* reference = std::get_if<ColumnReference>(&item.expression->node);
        return reference != nullptr && reference->id == column.id;
      });
      if (!is_id) values.push_back(item_of(column));
    }
  }
  // When one side is left to be "the others", what is given on the other must be columns.
  if (!request.has_values()) TRY_DO(only_columns(ids, "id", "value"));
  if (values.empty()) return fail(analysis_error("UNPIVOT_REQUIRES_VALUE_COLUMNS", {}));
  std::vector<DataType> types;
  for (const auto& value : values) types.push_back(value.expression->type);
  auto common = wider_type_without_strings(types, false);  // strings are not promoted in either mode
  if (!common) {
    std::string list;
    for (const auto& value : values)
      list += (list.empty() ? "" : ", ") + quoted_type(value.expression->type) + " (" +
              quoted_name(text_of(*value.expression)) + ")";
    return fail(analysis_error("UNPIVOT_VALUE_DATA_TYPE_MISMATCH", {{"types", list}}));
  }
  std::vector<ExpressionPtr> arguments{integer_constant(static_cast<int64_t>(values.size()))};
  for (const auto& value : values) {
    arguments.push_back(string_constant(value.names.empty() ? text_of(*value.expression) : value.names.front()));
    arguments.push_back(cast_to(state, value.expression, *common));
  }
  TRY(stack, call_function(state, "stack", std::move(arguments)));
  TRY(generated, generate(state, input.plan, stack, {request.variable_column_name(), request.value_column_name()}, {}));
  const auto& columns = std::get<Generate>(generated->node).generated;
  auto items = ids;
  for (const auto& column : columns) items.push_back(item_of(column));
  TRY(plan, build_projection(state, generated, std::move(items)));
  return with_children(plan, {input.node});
}

}  // namespace mastic::spark
