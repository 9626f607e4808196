// df.to(schema): columns and struct fields by name, in the schema's order, cast where that loses nothing.
#include <algorithm>
#include <array>

#include "spark/analyze/expression_text.h"
#include "spark/analyze/relations/reconcile.h"
#include "spark/analyze/relations/relations.h"
#include "spark/functions/coercion.h"

namespace mastic::spark {
namespace {

// Spark's Cast.canUpCast: every value has its counterpart in the wider type.
bool can_up_cast(const DataType& from, const DataType& to) {
  if (same_type(from, to) || from.is(TypeKind::null_)) return true;
  if (from.is_nested() || to.is_nested()) return false;
  if (to.is(TypeKind::string)) return !from.is(TypeKind::variant);
  static constexpr std::array<TypeKind, 6> order{TypeKind::byte_, TypeKind::short_, TypeKind::integer,
                                                 TypeKind::long_, TypeKind::float_, TypeKind::double_};
  const auto place = [&](const DataType& type) { return std::ranges::find(order, type.kind) - order.begin(); };
  const auto none = static_cast<std::ptrdiff_t>(order.size());
  if (place(from) < none && place(to) < none) return place(from) <= place(to);
  if (to.is(TypeKind::decimal) && from.is_integral()) {
    const auto digits = decimal_for(from);
    return to.precision - to.scale >= digits.precision;
  }
  if (to.is(TypeKind::decimal) && from.is(TypeKind::decimal))
    return to.precision - to.scale >= from.precision - from.scale && to.scale >= from.scale;
  if (from.is(TypeKind::decimal) && to.is_integral()) return from.scale == 0 && from.precision < decimal_for(to).precision;
  if (from.is(TypeKind::date)) return to.is(TypeKind::timestamp) || to.is(TypeKind::timestamp_ntz);
  if (from.is(TypeKind::timestamp)) return to.is(TypeKind::timestamp_ntz) || to.is(TypeKind::long_);
  if (from.is(TypeKind::timestamp_ntz)) return to.is(TypeKind::timestamp);
  if (from.is(TypeKind::long_)) return to.is(TypeKind::timestamp);
  if (from.is_textual() && to.is_textual()) return from.is(TypeKind::string) || to.precision >= from.precision;
  return from.kind == to.kind && from.is_interval();
}

class Reconciler {
 public:
  explicit Reconciler(AnalyzerState& state) : state_(state) {}

  /// `path`: the column's or field's name, for messages.
  SparkResult<ExpressionPtr> value(const ExpressionPtr& from, bool nullable, const DataType& to, bool to_nullable,
                                   const std::vector<std::string>& path) {
    if (nullable && !to_nullable) return fail(analysis_error("NULLABLE_COLUMN_OR_FIELD", {{"name", quoted_parts(path)}}));
    if (from->type.is(TypeKind::struct_) && to.is(TypeKind::struct_)) return structure(from, to, path);
    if (from->type.is(TypeKind::array) && to.is(TypeKind::array)) return elements(from, to, path);
    if (from->type.is(TypeKind::map) && to.is(TypeKind::map)) return entries(from, to, path);
    if (same_type(from->type, to)) return from;
    if (!can_up_cast(from->type, to)) return mismatch(from->type, to, path);
    return cast_to(state_, from, to);
  }

  /// The members of a struct or the columns of a relation in the schema's order. `get` gives the member at a position.
  template <typename Get>
  SparkResult<std::vector<ExpressionPtr>> members(const std::vector<StructField>& have, const std::vector<StructField>& want,
                                                  const std::vector<std::string>& path, Get&& get) {
    std::vector<ExpressionPtr> values;
    for (const auto& field : want) {
      auto inner = path;
      inner.push_back(field.name);
      std::vector<std::size_t> found;
      for (std::size_t i = 0; i < have.size(); ++i)
        if (equal_names(have[i].name, field.name, state_.case_sensitive)) found.push_back(i);
      if (found.size() > 1)
        return fail(
            analysis_error("AMBIGUOUS_COLUMN_OR_FIELD", {{"name", quoted_parts(inner)}, {"n", std::to_string(found.size())}}));
      if (found.empty()) {
        if (!field.nullable) {
          std::vector<Attribute> columns;
          for (const auto& known : have) columns.push_back({0, known.name, known.type, known.nullable, path, {}});
          return fail(unresolved_column(inner, columns));
        }
        values.push_back(null_constant(field.type));
        continue;
      }
      TRY(member, get(found[0]));
      TRY(reconciled, value(member, have[found[0]].nullable, field.type, field.nullable, inner));
      values.push_back(reconciled);
    }
    return values;
  }

 private:
  SparkResult<ExpressionPtr> mismatch(const DataType& from, const DataType& to, const std::vector<std::string>& path) {
    return fail(analysis_error("INVALID_COLUMN_OR_FIELD_DATA_TYPE",
                               {{"name", quoted_parts(path)}, {"type", quoted_type(from)}, {"expectedType", quoted_type(to)}}));
  }

  SparkResult<ExpressionPtr> structure(const ExpressionPtr& from, const DataType& to, const std::vector<std::string>& path) {
    TRY(values, members(from->type.fields, to.fields, path, [&](std::size_t at) -> SparkResult<ExpressionPtr> {
          const auto& field = from->type.fields[at];
          return make_expression(field.type, from->nullable || field.nullable, FieldAccess{from, static_cast<int>(at)});
        }));
    if (same_type(from->type, to)) return from;
    std::vector<ExpressionPtr> pairs;
    for (std::size_t i = 0; i < values.size(); ++i) {
      pairs.push_back(string_constant(to.fields[i].name));
      pairs.push_back(values[i]);
    }
    TRY(built, call_function(state_, "named_struct", std::move(pairs)));
    if (!from->nullable) return make_expression(to, false, std::get<Call>(built->node));
    TRY(absent, call_function(state_, "isnull", {from}));
    CaseWhen guard;
    guard.branches.emplace_back(absent, null_constant(to));
    guard.otherwise = built;
    guard.written_as_if = true;
    return make_expression(to, true, std::move(guard));
  }

  SparkResult<ExpressionPtr> elements(const ExpressionPtr& from, const DataType& to, std::vector<std::string> path) {
    path.emplace_back("element");
    const auto& element = from->type.element();
    const auto id = state_.next_id();
    const auto variable = make_expression(element, from->type.contains_null, LambdaVariable{id, "x"});
    TRY(body, value(variable, from->type.contains_null, to.element(), to.contains_null, path));
    if (same_type(from->type, to)) return from;
    Lambda lambda{{id}, {"x"}, {element}, body};
    auto function = make_expression(body->type, body->nullable, std::move(lambda));
    return make_expression(to, from->nullable, Call{"transform", {from, function}});
  }

  SparkResult<ExpressionPtr> entries(const ExpressionPtr& from, const DataType& to, const std::vector<std::string>& path) {
    for (std::size_t i = 0; i < 2; ++i) {
      auto inner = path;
      inner.emplace_back(i == 0 ? "key" : "value");
      if (i == 1 && from->type.contains_null && !to.contains_null)
        return fail(analysis_error("NULLABLE_COLUMN_OR_FIELD", {{"name", quoted_parts(inner)}}));
      const auto& have = from->type.children.at(i);
      const auto& want = to.children.at(i);
      if (!can_up_cast(have, want)) return mismatch(have, want, inner);
    }
    return cast_to(state_, from, to);
  }

  AnalyzerState& state_;
};

}  // namespace

SparkResult<ExpressionPtr> reconciled(AnalyzerState& state, const ExpressionPtr& expression, const DataType& to,
                                      const std::string& column) {
  return Reconciler(state).value(expression, expression->nullable, to, true, {column});
}

SparkResult<Resolved> resolve_to_schema(AnalyzerState& state, const proto::Relation& relation) {
  const auto& request = relation.to_schema();
  TRY(input, state.resolve(request.input()));
  TRY(schema, resolve_type(request.schema()));
  const auto& columns = input.plan->output;
  TRY(values, Reconciler(state).members(schema_of(*input.plan).fields, schema.fields, {},
                                        [&](std::size_t at) -> SparkResult<ExpressionPtr> { return reference(columns[at]); }));
  std::vector<Item> items;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto& field = schema.fields[i];
    Item item{values[i], {field.name}, field.metadata_json};
    const auto* column = std::get_if<ColumnReference>(&values[i]->node);
    item.explicit_name = column == nullptr;
    if (column != nullptr && item.metadata_json.empty())
      for (const auto& known : columns)
        if (known.id == column->id) item.metadata_json = known.metadata_json;
    items.push_back(std::move(item));
  }
  TRY(plan, build_projection(state, input.plan, std::move(items)));
  // The schema's own word on what may be NULL.
  auto output = plan->output;
  for (std::size_t i = 0; i < output.size(); ++i) output[i].nullable = schema.fields[i].nullable;
  auto copy = *plan;
  copy.output = std::move(output);
  return with_children(std::make_shared<const Relation>(std::move(copy)), {input.node});
}

}  // namespace mastic::spark
