// Generators: one row in, any number out. The result type is a struct of the generated columns.
#include <fmt/format.h>

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

// stack(n, v1, v2, …): the values in n rows.
SparkResult<TypedCall> stack(const FunctionRow&, const CallSite& call) {
  const auto* literal = call.arguments[0].literal;
  const auto* rows = literal != nullptr ? std::get_if<int64_t>(&literal->value) : nullptr;
  if (rows == nullptr || *rows <= 0) return fail(non_foldable(call, 0, "n", types::integer()));
  const auto values = call.arguments.size() - 1;
  const auto width = (values + static_cast<std::size_t>(*rows) - 1) / static_cast<std::size_t>(*rows);
  std::vector<StructField> fields;
  for (std::size_t column = 0; column < width; ++column) {
    StructField field{fmt::format("col{}", column), types::null(), values % width != 0, {}};
    for (std::size_t i = column; i < values; i += width) {
      auto common = tightest_common_type(field.type, call.arguments[i + 1].type, call.ansi);
      if (!common) common = wider_type(field.type, call.arguments[i + 1].type, call.ansi);
      if (!common) return fail(different_types(call));
      field.type = *common;
      field.nullable |= call.arguments[i + 1].nullable;
    }
    fields.push_back(std::move(field));
  }
  TypedCall typed{{types::integer()}, {}, false};
  for (std::size_t i = 0; i < values; ++i) typed.arguments.push_back(fields[i % width].type);
  typed.result = types::structure(std::move(fields));
  return typed;
}

SparkResult<TypedCall> json_tuple(const FunctionRow&, const CallSite& call) {
  TypedCall typed{std::vector<DataType>(call.arguments.size(), types::string()), {}, false};
  std::vector<StructField> fields;
  for (std::size_t i = 1; i < call.arguments.size(); ++i)
    fields.push_back({fmt::format("c{}", i - 1), types::string(), true, {}});
  typed.result = types::structure(std::move(fields));
  return typed;
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
      generator("json_tuple").takes({string(), string()}).repeats(2).typed_by(json_tuple),
  };
}

}  // namespace mastic::spark
