// unpivot and to(schema).
#include <algorithm>

#include "spark/analyze/expression_text.h"
#include "spark/analyze/relations/relations.h"
#include "spark/functions/coercion.h"

namespace mastic::spark {

// One row for each value column: stack(n, name, value, …) beside the id columns.
SparkResult<Resolved> resolve_unpivot(AnalyzerState& state, const proto::Relation& relation) {
  const auto& request = relation.unpivot();
  TRY(input, state.resolve(request.input()));
  const Scope scope = scope_of(input);
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
  if (values.empty()) return fail(analysis_error("UNPIVOT_REQUIRES_VALUE_COLUMNS", {}));
  std::vector<DataType> types;
  for (const auto& value : values) types.push_back(value.expression->type);
  auto common = wider_type_of(types, state.ansi);
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

// df.to(schema): by name, in the schema's order, cast where that loses nothing.
SparkResult<Resolved> resolve_to_schema(AnalyzerState& state, const proto::Relation& relation) {
  const auto& request = relation.to_schema();
  TRY(input, state.resolve(request.input()));
  TRY(schema, resolve_type(request.schema()));
  std::vector<Item> items;
  for (const auto& field : schema.fields) {
    const auto found = find_columns(input.plan->output, field.name, state.case_sensitive);
    if (found.size() > 1)
      return fail(analysis_error("AMBIGUOUS_COLUMN_OR_FIELD",
                                 {{"name", quoted_name(field.name)}, {"n", std::to_string(found.size())}}));
    if (found.empty()) {
      if (!field.nullable) return fail(unresolved_column({field.name}, input.plan->output));
      Item item{null_constant(field.type), {field.name}, field.metadata_json};
      item.explicit_name = true;
      items.push_back(std::move(item));
      continue;
    }
    const auto& column = *found.front();
    if (column.nullable && !field.nullable)
      return fail(analysis_error("NULLABLE_COLUMN_OR_FIELD", {{"name", quoted_name(field.name)}}));
    if (!can_cast(column.type, field.type, true))
      return fail(analysis_error(
          "INVALID_COLUMN_OR_FIELD_DATA_TYPE",
          {{"name", quoted_name(field.name)}, {"type", quoted_type(column.type)}, {"expectedType", quoted_type(field.type)}}));
    Item item{cast_to(state, reference(column), field.type), {field.name}, field.metadata_json};
    item.explicit_name = !same_type(column.type, field.type);
    items.push_back(std::move(item));
  }
  TRY(plan, build_projection(state, input.plan, std::move(items)));
  return with_children(plan, {input.node});
}

}  // namespace mastic::spark
