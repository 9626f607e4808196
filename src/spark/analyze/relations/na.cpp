// df.na: fill, drop, replace.
#include <algorithm>

#include "spark/analyze/expression_text.h"
#include "spark/analyze/relations/relations.h"
#include "spark/functions/coercion.h"

namespace mastic::spark {
namespace {

// Which kind of column a fill value is for.
bool fits(const DataType& column, const DataType& value) {
  if (value.is(TypeKind::boolean)) return column.is(TypeKind::boolean);
  if (value.is_textual()) return column.is_textual();
  return value.is_numeric() && column.is_numeric();
}

SparkResult<std::vector<ColumnId>> named_columns(const AnalyzerState& state, const RelationPtr& input,
                                                 const google::protobuf::RepeatedPtrField<std::string>& names) {
  std::vector<ColumnId> ids;
  for (const auto& name : names) {
    TRY(column, one_column(state, input->output, name));
    ids.push_back(column.id);
  }
  return ids;
}

bool contains(const std::vector<ColumnId>& ids, ColumnId id) { return std::ranges::find(ids, id) != ids.end(); }

Item changed(const Attribute& column, ExpressionPtr value) {
  Item item{std::move(value), {column.name}, {}};
  item.explicit_name = true;
  return item;
}

// NaN counts as missing.
SparkResult<ExpressionPtr> without_nan(AnalyzerState& state, const Attribute& column) {
  if (!column.type.is_fractional()) return reference(column);
  return call_function(state, "nanvl", {reference(column), null_constant(column.type)});
}

}  // namespace

SparkResult<Resolved> resolve_fill_na(AnalyzerState& state, const proto::Relation& relation) {
  const auto& request = relation.fill_na();
  TRY(input, state.resolve(request.input()));
  TRY(ids, named_columns(state, input.plan, request.cols()));
  std::vector<ExpressionPtr> values;
  for (const auto& literal : request.values()) {
    TRY(value, resolve_literal(state, literal));
    values.push_back(value);
  }
  if (values.empty()) return fail(internal_error("fillna without a value"));
  std::vector<Item> items;
  for (const auto& column : input.plan->output) {
    ExpressionPtr value = ids.empty() ? values.front() : nullptr;
    for (std::size_t i = 0; i < ids.size(); ++i)
      if (ids[i] == column.id) value = values.size() == 1 ? values.front() : values[std::min(i, values.size() - 1)];
    if (!value || !fits(column.type, value->type)) {
      items.push_back(item_of(column));
      continue;
    }
    TRY(present, without_nan(state, column));
    TRY(filled, call_function(state, "coalesce", {present, cast_to(state, value, column.type)}));
    items.push_back(changed(column, filled));
  }
  TRY(plan, build_projection(state, input.plan, std::move(items)));
  return with_children(plan, {input.node});
}

SparkResult<Resolved> resolve_drop_na(AnalyzerState& state, const proto::Relation& relation) {
  const auto& request = relation.drop_na();
  TRY(input, state.resolve(request.input()));
  TRY(ids, named_columns(state, input.plan, request.cols()));
  ExpressionPtr count;
  int columns = 0;
  for (const auto& column : input.plan->output) {
    if (!ids.empty() && !contains(ids, column.id)) continue;
    TRY(present, without_nan(state, column));
    TRY(there, call_function(state, "isnotnull", {present}));
    CaseWhen one;
    one.branches.emplace_back(there, integer_constant(1));
    one.otherwise = integer_constant(0);
    auto counted = make_expression(types::integer(), false, std::move(one));
    ++columns;
    if (count) {
      TRY(sum, call_function(state, "+", {count, counted}));
      count = sum;
    } else {
      count = counted;
    }
  }
  if (!count) return input;
  const int wanted = request.has_min_non_nulls() ? request.min_non_nulls() : columns;
  TRY(condition, call_function(state, ">=", {count, integer_constant(wanted)}));
  return with_children(make_relation(input.plan->output, Filter{input.plan, condition}), {input.node});
}

SparkResult<Resolved> resolve_replace(AnalyzerState& state, const proto::Relation& relation) {
  const auto& request = relation.replace();
  TRY(input, state.resolve(request.input()));
  TRY(ids, named_columns(state, input.plan, request.cols()));
  std::vector<std::pair<ExpressionPtr, ExpressionPtr>> replacements;
  for (const auto& replacement : request.replacements()) {
    TRY(from, resolve_literal(state, replacement.old_value()));
    TRY(to, resolve_literal(state, replacement.new_value()));
    replacements.emplace_back(from, to);
  }
  std::vector<Item> items;
  for (const auto& column : input.plan->output) {
    CaseWhen node;
    if (ids.empty() || contains(ids, column.id)) {
      for (const auto& [from, to] : replacements) {
        const bool null_from = from->type.is(TypeKind::null_);
        if (!null_from && !fits(column.type, from->type)) continue;
        if (null_from && !to->type.is(TypeKind::null_) && !fits(column.type, to->type)) continue;
        // Numbers meet in the wider type: NaN is no whole number, and none is NaN.
        const auto sought = from->type.is_numeric() ? from : cast_to(state, from, column.type);
        auto condition = null_from ? call_function(state, "isnull", {reference(column)})
                                   : call_function(state, "=", {reference(column), sought});
        if (!condition) return fail(std::move(condition).error());
        node.branches.emplace_back(*condition, cast_to(state, to, column.type));
      }
    }
    if (node.branches.empty()) {
      items.push_back(item_of(column));
      continue;
    }
    bool nullable = column.nullable;
    for (const auto& [condition, value] : node.branches) nullable |= value->nullable;
    node.otherwise = reference(column);
    items.push_back(changed(column, make_expression(column.type, nullable, std::move(node))));
  }
  TRY(plan, build_projection(state, input.plan, std::move(items)));
  return with_children(plan, {input.node});
}

}  // namespace mastic::spark
