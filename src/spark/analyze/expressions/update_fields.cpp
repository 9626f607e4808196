// Column.withField and dropFields: the struct built anew.
#include "spark/analyze/expression_text.h"
#include "spark/analyze/expressions/resolver.h"

namespace mastic::spark {
namespace {

// The struct with the field at `path` set to `value`, or without it when `value` is null.
SparkResult<ExpressionPtr> update(AnalyzerState& state, const ExpressionPtr& structure, std::span<const std::string> path,
                                  const ExpressionPtr& value) {
  if (!structure->type.is(TypeKind::struct_))
    return fail(analysis_error("DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE", {{"sqlExpr", quoted_text(*structure)},
                                                                           {"paramIndex", "first"},
                                                                           {"requiredType", "\"STRUCT\""},
                                                                           {"inputSql", quoted_text(*structure)},
                                                                           {"inputType", quoted_type(structure->type)}}));
  std::vector<ExpressionPtr> pairs;
  bool found = false;
  for (const auto& field : structure->type.fields) {
    TRY(member, extract_value(state, structure, string_constant(field.name)));
    if (!equal_names(field.name, path.front(), state.case_sensitive)) {
      pairs.push_back(string_constant(field.name));
      pairs.push_back(member);
      continue;
    }
    found = true;
    if (path.size() > 1) {
      TRY(inner, update(state, member, path.subspan(1), value));
      pairs.push_back(string_constant(field.name));
      pairs.push_back(inner);
    } else if (value) {
      pairs.push_back(string_constant(path.front()));
      pairs.push_back(value);
    }
  }
  if (!found && path.size() > 1) {
    std::string fields;
    for (const auto& field : structure->type.fields) fields += (fields.empty() ? "" : ", ") + quoted_name(field.name);
    return fail(analysis_error("FIELD_NOT_FOUND", {{"fieldName", quoted_name(path.front())}, {"fields", fields}}));
  }
  if (!found && value) {
    pairs.push_back(string_constant(path.front()));
    pairs.push_back(value);
  }
  if (pairs.empty())
    return fail(analysis_error("DATATYPE_MISMATCH.CANNOT_DROP_ALL_FIELDS", {{"sqlExpr", quoted_text(*structure)}}));
  TRY(built, call_function(state, "named_struct", std::move(pairs)));
  if (!structure->nullable) return built;
  // A struct that is NULL stays NULL.
  TRY(absent, call_function(state, "isnull", {structure}));
  CaseWhen guard;
  guard.branches.emplace_back(absent, null_constant(built->type));
  guard.otherwise = built;
  guard.written_as_if = true;
  return make_expression(built->type, true, std::move(guard));
}

}  // namespace

SparkResult<ExpressionPtr> ExpressionResolver::update_fields(const proto::Expression::UpdateFields& request) {
  TRY(structure, resolve(request.struct_expression()));
  TRY(path, split_name(request.field_name()));
  ExpressionPtr value;
  if (request.has_value_expression()) {
    TRY(resolved, resolve(request.value_expression()));
    value = resolved;
  }
  return update(state_, structure, path, value);
}

}  // namespace mastic::spark
