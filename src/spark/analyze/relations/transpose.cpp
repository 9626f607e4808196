// df.transpose: rows become columns. Which columns there are is in the data, so the rows are read during analysis.
#include <fmt/format.h>

#include "spark/analyze/expression_text.h"
#include "spark/analyze/relations/relations.h"
#include "spark/functions/coercion.h"

namespace mastic::spark {
namespace {

SparkError invalid_index(const std::string& reason) {
  return analysis_error("TRANSPOSE_INVALID_INDEX_COLUMN", {{"reason", reason}});
}

// A type as Scala prints it: ArrayType(StringType,true).
std::string scala_text(const DataType& type) {
  const auto truth = [](bool value) { return value ? "true" : "false"; };
  switch (type.kind) {
    case TypeKind::array: return fmt::format("ArrayType({},{})", scala_text(type.element()), truth(type.contains_null));
    case TypeKind::map:
      return fmt::format("MapType({},{},{})", scala_text(type.key()), scala_text(type.value()), truth(type.contains_null));
    case TypeKind::struct_: {
      std::string fields;
      for (const auto& field : type.fields)
        fields += fmt::format("{}StructField({},{},{})", fields.empty() ? "" : ",", field.name, scala_text(field.type),
                              truth(field.nullable));
      return fmt::format("StructType({})", fields);
    }
    default: {
      auto name = type_name(type);
      if (!name.empty()) name[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(name[0])));
      return name + "Type";
    }
  }
}

SparkResult<DataType> common_type(const AnalyzerState& state, const std::vector<Attribute>& columns) {
  if (columns.empty()) return types::string();
  auto common = columns.front().type;
  for (const auto& column : columns) {
    const bool one_is_text = common.is_textual() != column.type.is_textual();
    const auto wider = one_is_text && !common.is(TypeKind::null_) && !column.type.is(TypeKind::null_)
                           ? std::nullopt
                           : wider_type(common, column.type, state.ansi);
    if (!wider)
      return fail(
          analysis_error("TRANSPOSE_NO_LEAST_COMMON_TYPE", {{"dt1", quoted_type(common)}, {"dt2", quoted_type(column.type)}}));
    common = *wider;
  }
  return common;
}

// The rows by their index, each: the index as text, then the other columns in their common type.
SparkResult<std::vector<std::vector<ExpressionPtr>>> read_rows(AnalyzerState& state, const RelationPtr& input,
                                                               const Attribute& index, const std::vector<Attribute>& others,
                                                               const DataType& type) {
  const auto most = state.number("spark.sql.transposeMaxValues", 500);
  TRY(known, call_function(state, "isnotnull", {reference(index)}));
  auto plan = make_relation(input->output, Filter{input, known});
  plan = make_relation(input->output, Sort{plan, {SortOrder{reference(index)}}});
  Project project{plan, {}};
  std::vector<Attribute> output;
  const auto add = [&](const std::string& name, const ExpressionPtr& value) {
    output.push_back({state.next_id(), name, value->type, value->nullable, {}, {}});
    project.expressions.push_back({output.back().id, name, value, {}});
  };
  TRY(name, explicit_cast(state, reference(index), types::string()));
  add("key", name);
  for (const auto& column : others) add(column.name, cast_to(state, reference(column), type));
  TRY(rows, state.context.collect(make_relation(std::move(output), std::move(project)), most + 1));
  if (static_cast<int64_t>(rows.size()) > most)
    return fail(analysis_error("TRANSPOSE_EXCEED_ROW_LIMIT",
                               {{"maxValues", std::to_string(most)}, {"config", "spark.sql.transposeMaxValues"}}));
  return rows;
}

}  // namespace

SparkResult<Resolved> resolve_transpose(AnalyzerState& state, const proto::Relation& relation) {
  const auto& request = relation.transpose();
  TRY(input, state.resolve(request.input()));
  if (input.plan->output.empty()) return fail(invalid_index("Index column must be an atomic attribute"));
  if (request.index_columns_size() > 1) return fail(invalid_index("Multiple index columns are not supported"));
  Attribute index = input.plan->output.front();
  if (request.index_columns_size() == 1) {
    TRY(named, resolve_expression(state, scope_of(input), request.index_columns(0)));
    const auto* column = std::get_if<ColumnReference>(&named->node);
    if (column == nullptr) return fail(invalid_index("Index column must be an atomic attribute"));
    for (const auto& known : input.plan->output)
      if (known.id == column->id) index = known;
  }
  if (index.type.is_nested() || index.type.is(TypeKind::null_) || index.type.is(TypeKind::variant))
    return fail(invalid_index("Index column must be of atomic type, but found: " + scala_text(index.type)));
  std::vector<Attribute> others;
  for (const auto& column : input.plan->output)
    if (column.id != index.id) others.push_back(column);
  TRY(type, common_type(state, others));
  TRY(rows, read_rows(state, input.plan, index, others, type));

  // stack(n, 'column', its value in each row, …)
  std::vector<std::string> names{"key"};
  for (const auto& row : rows) {
    const auto* literal = std::get_if<Literal>(&row.at(0)->node);
    const auto* name = literal != nullptr ? std::get_if<std::string>(&literal->value) : nullptr;
    names.push_back(name != nullptr ? *name : "");
  }
  std::vector<ExpressionPtr> cells{integer_constant(static_cast<int64_t>(others.size()))};
  for (std::size_t i = 0; i < others.size(); ++i) {
    cells.push_back(string_constant(others[i].name));
    for (const auto& row : rows) cells.push_back(row.at(i + 1));
  }
  std::vector<Attribute> output;
  for (const auto& name : names) {
    const bool key = output.empty();
    output.push_back({state.next_id(), name, key ? types::string() : type, !key, {}, {}});
  }
  if (others.empty())
    return with_children(make_relation(std::move(output), LocalData{}), {input.node}, std::vector<HiddenColumn>{});
  Generate node{make_relation({}, OneRow{}), "stack", std::move(cells), false, output};
  return with_children(make_relation(std::move(output), std::move(node)), {input.node}, std::vector<HiddenColumn>{});
}

}  // namespace mastic::spark
