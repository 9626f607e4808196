// union, unionByName, intersect, except: columns by position or by name, widened to common types.
#include <algorithm>
#include <array>

#include "spark/analyze/expression_text.h"
#include "spark/analyze/relations/reconcile.h"
#include "spark/analyze/relations/relations.h"
#include "spark/functions/coercion.h"

namespace mastic::spark {
namespace {

std::string_view ordinal(std::size_t index) {
  static constexpr std::array<std::string_view, 10> words{"first", "second",  "third",  "fourth", "fifth",
                                                          "sixth", "seventh", "eighth", "ninth",  "tenth"};
  return index < words.size() ? words[index] : "last";
}

// The right side with its columns in the left's order; those it lacks are NULL when that is allowed.
SparkResult<RelationPtr> by_name(AnalyzerState& state, const RelationPtr& from, const std::vector<Attribute>& wanted,
                                 bool allow_missing, std::vector<Attribute>& extra) {
  Project project{from, {}};
  std::vector<Attribute> output;
  std::vector<ColumnId> used;
  for (const auto& want : wanted) {
    const auto found = find_columns(from->output, want.name, state.case_sensitive);
    if (found.size() > 1)
      return fail(analysis_error("AMBIGUOUS_REFERENCE", {{"name", quoted_name(want.name)}, {"referenceNames", "[]"}}));
    if (found.empty() && !allow_missing) return fail(unresolved_column({want.name}, from->output));
    Attribute column = found.empty() ? Attribute{state.next_id(), want.name, want.type, true, {}, {}} : *found.front();
    project.expressions.push_back({column.id, column.name, found.empty() ? null_constant(want.type) : reference(column), {}});
    used.push_back(column.id);
    output.push_back(std::move(column));
  }
  for (const auto& column : from->output) {
    if (std::ranges::find(used, column.id) != used.end()) continue;
    project.expressions.push_back({column.id, column.name, reference(column), {}});
    output.push_back(column);
    extra.push_back(column);
  }
  return make_relation(std::move(output), std::move(project));
}

RelationPtr with_nulls(AnalyzerState& state, const RelationPtr& from, const std::vector<Attribute>& missing) {
  Project project{from, {}};
  auto output = from->output;
  for (const auto& column : output) project.expressions.push_back({column.id, column.name, reference(column), {}});
  for (const auto& column : missing) {
    const auto id = state.next_id();
    project.expressions.push_back({id, column.name, null_constant(column.type), {}});
    output.push_back({id, column.name, column.type, true, {}, {}});
  }
  return make_relation(std::move(output), std::move(project));
}

// Structs of both sides as one: the left's fields, then those that only the right has.
DataType merged_type(const AnalyzerState& state, const DataType& left, const DataType& right) {
  if (left.is(TypeKind::array) && right.is(TypeKind::array)) {
    auto merged = left;
    merged.contains_null |= right.contains_null;
    merged.children[0] = merged_type(state, left.element(), right.element());
    return merged;
  }
  if (!left.is(TypeKind::struct_) || !right.is(TypeKind::struct_)) return wider_type(left, right, state.ansi).value_or(left);
  auto merged = left;
  for (auto& field : merged.fields) {
    const auto other = std::ranges::find_if(
        right.fields, [&](const auto& known) { return equal_names(known.name, field.name, state.case_sensitive); });
    if (other == right.fields.end()) {
      field.nullable = true;
      continue;
    }
    field.type = merged_type(state, field.type, other->type);
    field.nullable |= other->nullable;
  }
  for (auto field : right.fields) {
    const bool known = std::ranges::any_of(
        left.fields, [&](const auto& ours) { return equal_names(ours.name, field.name, state.case_sensitive); });
    if (known) continue;
    field.nullable = true;
    merged.fields.push_back(std::move(field));
  }
  return merged;
}

bool holds_struct(const DataType& type) {
  return type.is(TypeKind::struct_) || (type.is(TypeKind::array) && holds_struct(type.element()));
}

// A side with its structs in the merged form.
SparkResult<RelationPtr> with_merged(AnalyzerState& state, const RelationPtr& from, const std::vector<DataType>& types) {
  Project project{from, {}};
  auto output = from->output;
  bool changed = false;
  for (std::size_t i = 0; i < output.size(); ++i) {
    ExpressionPtr value = reference(output[i]);
    if (holds_struct(output[i].type) && !same_type(output[i].type, types[i])) {
      TRY(merged, reconciled(state, value, types[i], output[i].name));
      value = merged;
      changed = true;
      output[i].id = state.next_id();
      output[i].type = types[i];
      output[i].nullable = value->nullable;
    }
    project.expressions.push_back({output[i].id, output[i].name, value, {}});
  }
  return changed ? make_relation(std::move(output), std::move(project)) : from;
}

RelationPtr with_types(AnalyzerState& state, const RelationPtr& from, const std::vector<DataType>& types) {
  Project project{from, {}};
  auto output = from->output;
  bool changed = false;
  for (std::size_t i = 0; i < output.size(); ++i) {
    auto value = cast_to(state, reference(output[i]), types[i]);
    if (!same_type(output[i].type, types[i])) {
      changed = true;
      output[i].id = state.next_id();
      output[i].nullable = value->nullable;
      output[i].type = types[i];
    }
    project.expressions.push_back({output[i].id, output[i].name, value, {}});
  }
  return changed ? make_relation(std::move(output), std::move(project)) : from;
}

}  // namespace

SparkResult<Resolved> resolve_set_operation(AnalyzerState& state, const proto::Relation& relation) {
  const auto& operation = relation.set_op();
  TRY(left_input, state.resolve(operation.left_input()));
  TRY(right_input, state.resolve(operation.right_input()));
  auto left = left_input.plan;
  auto right = right_input.plan;
  SetOp node;
  std::string_view name = "UNION";
  if (operation.set_op_type() == proto::SetOperation::SET_OP_TYPE_INTERSECT) {
    node.operation = SetOperation::intersect;
    name = "INTERSECT";
  } else if (operation.set_op_type() == proto::SetOperation::SET_OP_TYPE_EXCEPT) {
    node.operation = SetOperation::except;
    name = "EXCEPT";
  }
  node.all = operation.is_all();
  if (operation.by_name()) {
    std::vector<Attribute> extra;
    TRY(ordered, by_name(state, right, left->output, operation.allow_missing_columns(), extra));
    right = ordered;
    if (!extra.empty() && operation.allow_missing_columns()) left = with_nulls(state, left, extra);
    if (operation.allow_missing_columns() && left->output.size() == right->output.size()) {
      std::vector<DataType> merged;
      for (std::size_t i = 0; i < left->output.size(); ++i)
        merged.push_back(merged_type(state, left->output[i].type, right->output[i].type));
      TRY(ours, with_merged(state, left, merged));
      TRY(theirs, with_merged(state, right, merged));
      left = ours;
      right = theirs;
    }
  }
  if (left->output.size() != right->output.size())
    return fail(analysis_error("NUM_COLUMNS_MISMATCH", {{"operator", std::string(name)},
                                                        {"firstNumColumns", std::to_string(left->output.size())},
                                                        {"invalidOrdinalNum", "second"},
                                                        {"invalidNumColumns", std::to_string(right->output.size())}}));
  std::vector<DataType> types;
  for (std::size_t i = 0; i < left->output.size(); ++i) {
    auto common = wider_type(left->output[i].type, right->output[i].type, state.ansi);
    if (!common)
      return fail(analysis_error("INCOMPATIBLE_COLUMN_TYPE", {{"tableOrdinalNumber", "second"},
                                                              {"columnOrdinalNumber", std::string(ordinal(i))},
                                                              {"operator", std::string(name)},
                                                              {"dataType1", quoted_type(right->output[i].type)},
                                                              {"dataType2", quoted_type(left->output[i].type)},
                                                              {"hint", ""}}));
    if (common->is(TypeKind::map) && (node.operation != SetOperation::union_ || !node.all))
      return fail(analysis_error("UNSUPPORTED_FEATURE.SET_OPERATION_ON_MAP_TYPE",
                                 {{"colName", quoted_name(left->output[i].name)}, {"dataType", quoted_type(*common)}}));
    types.push_back(*common);
  }
  node.left = with_types(state, left, types);
  node.right = with_types(state, right, types);
  std::vector<Attribute> output;
  for (std::size_t i = 0; i < types.size(); ++i) {
    const auto& ours = node.left->output[i];
    const auto& theirs = node.right->output[i];
    const bool nullable = node.operation == SetOperation::union_      ? ours.nullable || theirs.nullable
                          : node.operation == SetOperation::intersect ? ours.nullable && theirs.nullable
                                                                      : ours.nullable;
    const bool is_union = node.operation == SetOperation::union_;
    output.push_back({is_union ? state.next_id() : ours.id, ours.name, types[i], nullable, {}, ours.metadata_json});
  }
  // Nothing below a union can be named from above it: the columns are new. The others choose from the left side's rows.
  std::vector<PlanNodePtr> nodes;
  if (node.operation != SetOperation::union_) nodes = {left_input.node, right_input.node};
  return with_children(make_relation(std::move(output), std::move(node)), std::move(nodes), std::vector<HiddenColumn>{});
}

}  // namespace mastic::spark
