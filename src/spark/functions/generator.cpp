// Generators: one row in, any number out. The result type is a struct of the generated columns.
#include <fmt/format.h>

#include <algorithm>

#include "spark/functions/row.h"

namespace mastic::spark {
using namespace accepts;
using namespace rules;

namespace {

// explode and posexplode, of arrays and maps.
TypingRule explode(bool with_position, bool outer) {
  return [with_position, outer](const FunctionRow&, const CallSite& call) -> SparkResult<TypedCall> {
    const auto& type = call.arguments[0].type;
    std::vector<StructField> fields;
    if (with_position) fields.push_back({"pos", types::integer(), outer, {}});
    if (type.is(TypeKind::array)) {
      fields.push_back({"col", type.element(), outer || type.contains_null, {}});
    } else if (type.is(TypeKind::map)) {
      fields.push_back({"key", type.key(), outer, {}});
      fields.push_back({"value", type.value(), outer || type.contains_null, {}});
    } else {
      return fail(unexpected_type(call, 0, "(\"ARRAY\" or \"MAP\")", type));
    }
    return TypedCall{{type}, types::structure(std::move(fields)), false};
  };
}

TypingRule inline_structs(bool outer) {
  return [outer](const FunctionRow&, const CallSite& call) -> SparkResult<TypedCall> {
    const auto& type = call.arguments[0].type;
    if (!type.is(TypeKind::array) || !type.element().is(TypeKind::struct_))
      return fail(unexpected_type(call, 0, "\"ARRAY<STRUCT>\"", type));
    auto fields = type.element().fields;
    for (auto& field : fields) field.nullable |= outer || type.contains_null;
    return TypedCall{{type}, types::structure(std::move(fields)), false};
  };
}

// stack(n, v1, v2, …): the values in n rows. A column's values are of one type, as they are.
SparkResult<TypedCall> stack(const FunctionRow&, const CallSite& call) {
  const auto& count = call.arguments[0];
  if (!count.type.is(TypeKind::integer)) return fail(unexpected_type(call, 0, "\"INT\"", count.type));
  const auto* rows = count.literal != nullptr ? std::get_if<int64_t>(&count.literal->value) : nullptr;
  const auto* negative = count.expression == nullptr ? nullptr : std::get_if<Call>(&count.expression->node);
  if (rows == nullptr && negative == nullptr) return fail(non_foldable(call, 0, "n", types::integer()));
  if (rows == nullptr || *rows <= 0)
    return fail(analysis_error("DATATYPE_MISMATCH.VALUE_OUT_OF_RANGE", {{"sqlExpr", fmt::format("\"{}\"", call.text)},
                                                                        {"exprName", "`n`"},
                                                                        {"valueRange", "(0, 2147483647]"},
                                                                        {"currentValue", count.text}}));
  const auto values = call.arguments.size() - 1;
  const auto width = std::max<std::size_t>((values + static_cast<std::size_t>(*rows) - 1) / static_cast<std::size_t>(*rows), 1);
  std::vector<StructField> fields;
  for (std::size_t column = 0; column < width; ++column) {
    StructField field{fmt::format("col{}", column), types::null(), true, {}};
    std::size_t first = 0;
    for (std::size_t i = column; i < values; i += width) {
      const auto& type = call.arguments[i + 1].type;
      if (type.is(TypeKind::null_)) continue;
      if (field.type.is(TypeKind::null_)) {
        field.type = type;
        first = i + 1;
      } else if (!same_type(field.type, type)) {
        return fail(analysis_error("DATATYPE_MISMATCH.STACK_COLUMN_DIFF_TYPES",
                                   {{"sqlExpr", fmt::format("\"{}\"", call.text)},
                                    {"columnIndex", std::to_string(column)},
                                    {"leftParamIndex", std::to_string(first)},
                                    {"leftType", fmt::format("\"{}\"", sql_string(field.type))},
                                    {"rightParamIndex", std::to_string(i + 1)},
                                    {"rightType", fmt::format("\"{}\"", sql_string(type))}}));
      }
    }
    fields.push_back(std::move(field));
  }
  TypedCall typed{{types::integer()}, {}, false};
  for (std::size_t i = 0; i < values; ++i) typed.arguments.push_back(fields[i % width].type);
  typed.result = types::structure(std::move(fields));
  return typed;
}

SparkResult<TypedCall> json_tuple(const FunctionRow&, const CallSite& call) {
  for (const auto& argument : call.arguments)
    if (!argument.type.is_textual())
      return fail(analysis_error("DATATYPE_MISMATCH.NON_STRING_TYPE",
                                 {{"sqlExpr", fmt::format("\"{}\"", call.text)}, {"funcName", "`json_tuple`"}}));
  TypedCall typed{std::vector<DataType>(call.arguments.size(), types::string()), {}, false};
  std::vector<StructField> fields;
  for (std::size_t i = 1; i < call.arguments.size(); ++i)
    fields.push_back({fmt::format("c{}", i - 1), types::string(), true, {}});
  typed.result = types::structure(std::move(fields));
  return typed;
}

// variant_explode: an object's members or an array's elements.
TypingRule variant_explode(bool outer) {
  return [outer](const FunctionRow&, const CallSite& call) -> SparkResult<TypedCall> {
    const auto& type = call.arguments[0].type;
    if (!type.is(TypeKind::variant) && !type.is(TypeKind::null_)) return fail(unexpected_type(call, 0, "\"VARIANT\"", type));
    const auto variant = types::of(TypeKind::variant);
    return TypedCall{
        {variant},
        types::structure(
            {{"pos", types::integer(), outer, {}}, {"key", types::string(), true, {}}, {"value", variant, outer, {}}}),
        false};
  };
}

}  // namespace

Table generator_functions() {
  return {
      generator("explode").takes({any()}).typed_by(explode(false, false)),
      generator("explode_outer").takes({any()}).typed_by(explode(false, true)),
      generator("posexplode").takes({any()}).typed_by(explode(true, false)),
      generator("posexplode_outer").takes({any()}).typed_by(explode(true, true)),
      generator("inline").takes({any()}).typed_by(inline_structs(false)),
      generator("inline_outer").takes({any()}).typed_by(inline_structs(true)),
      generator("stack").takes({integer(), any()}).repeats(2).typed_by(stack),
      generator("variant_explode").takes({any()}).typed_by(variant_explode(false)),
      generator("variant_explode_outer").takes({any()}).typed_by(variant_explode(true)),
      generator("json_tuple").takes({string(), string()}).repeats(2).typed_by(json_tuple),
  };
}

}  // namespace mastic::spark
