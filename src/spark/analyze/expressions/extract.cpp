// child[extraction] and child.field, by the child's type.
#include <fmt/format.h>

#include "spark/analyze/expression_text.h"
#include "spark/analyze/state.h"

namespace mastic::spark {
namespace {

SparkResult<int> field_of(const AnalyzerState& state, const DataType& type, const std::string& name) {
  int found = -1;
  int count = 0;
  for (std::size_t i = 0; i < type.fields.size(); ++i) {
    if (!equal_names(type.fields[i].name, name, state.case_sensitive)) continue;
    if (count++ == 0) found = static_cast<int>(i);
  }
  if (count > 1)
    return fail(
        analysis_error("AMBIGUOUS_REFERENCE_TO_FIELDS", {{"field", quoted_name(name)}, {"count", std::to_string(count)}}));
  if (count == 1) return found;
  std::string fields;
  for (const auto& field : type.fields) fields += (fields.empty() ? "" : ", ") + quoted_name(field.name);
  return fail(analysis_error("FIELD_NOT_FOUND", {{"fieldName", quoted_name(name)}, {"fields", fields}}));
}

}  // namespace

SparkResult<ExpressionPtr> extract_value(AnalyzerState& state, const ExpressionPtr& child, const ExpressionPtr& extraction) {
  const auto& type = child->type;
  const auto* literal = std::get_if<Literal>(&extraction->node);
  const auto* name = literal != nullptr ? std::get_if<std::string>(&literal->value) : nullptr;
  if (type.is(TypeKind::struct_)) {
    if (name == nullptr) return fail(analysis_error("INVALID_EXTRACT_FIELD_TYPE", {{"extraction", quoted_text(*extraction)}}));
    TRY(field, field_of(state, type, *name));
    const auto& member = type.fields[static_cast<std::size_t>(field)];
    return make_expression(member.type, child->nullable || member.nullable, FieldAccess{child, field});
  }
  if (type.is(TypeKind::array) && type.element().is(TypeKind::struct_) && name != nullptr) {
    TRY(field, field_of(state, type.element(), *name));
    return call_function(state, "array_field", {child, integer_constant(field)});
  }
  if (type.is(TypeKind::array)) return call_function(state, "array_item", {child, extraction});
  if (type.is(TypeKind::map)) return call_function(state, "map_item", {child, extraction});
  return fail(analysis_error("INVALID_EXTRACT_BASE_FIELD_TYPE", {{"base", quoted_text(*child)}, {"other", quoted_type(type)}}));
}

}  // namespace mastic::spark
