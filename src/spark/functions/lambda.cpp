// Higher-order functions: their lambda arguments' parameters, and the type of the whole.
#include <fmt/format.h>

#include "spark/functions/row.h"

namespace mastic::spark {
using namespace accepts;
using namespace rules;

namespace {

using Parameters = std::vector<LambdaParameter>;

SparkResult<LambdaParameter> element(const CallSite& call, std::size_t argument) {
  const auto& type = call.arguments[argument].type;
  if (!type.is(TypeKind::array)) return fail(unexpected_type(call, argument, "\"ARRAY\"", type));
  return LambdaParameter{type.element(), type.contains_null};
}

SparkResult<Parameters> key_and_value(const CallSite& call, std::size_t argument) {
  const auto& type = call.arguments[argument].type;
  if (!type.is(TypeKind::map)) return fail(unexpected_type(call, argument, "\"MAP\"", type));
  return Parameters{{type.key(), false}, {type.value(), type.contains_null}};
}

// x, or x and its position.
SparkResult<Parameters> item_and_index(const CallSite& call, std::size_t, std::size_t parameters) {
  TRY(item, element(call, 0));
  Parameters list{item};
  if (parameters == 2) list.push_back({types::integer(), false});
  return list;
}
SparkResult<Parameters> item_only(const CallSite& call, std::size_t, std::size_t) {
  TRY(item, element(call, 0));
  return Parameters{item};
}
SparkResult<Parameters> two_items(const CallSite& call, std::size_t, std::size_t) {
  TRY(item, element(call, 0));
  return Parameters{item, item};
}
SparkResult<Parameters> items_of_both(const CallSite& call, std::size_t, std::size_t) {
  TRY(left, element(call, 0));
  TRY(right, element(call, 1));
  return Parameters{{left.type, true}, {right.type, true}};
}
SparkResult<Parameters> entry(const CallSite& call, std::size_t, std::size_t) { return key_and_value(call, 0); }
SparkResult<Parameters> entries_of_both(const CallSite& call, std::size_t, std::size_t) {
  TRY(left, key_and_value(call, 0));
  TRY(right, key_and_value(call, 1));
  auto key = tightest_common_type(left[0].type, right[0].type, false);
  if (!key)
    return fail(analysis_error("DATATYPE_MISMATCH.MAP_ZIP_WITH_DIFF_TYPES",
                               {{"sqlExpr", fmt::format("\"{}\"", call.text)},
                                {"functionName", "`map_zip_with`"},
                                {"leftType", fmt::format("\"{}\"", sql_string(left[0].type))},
                                {"rightType", fmt::format("\"{}\"", sql_string(right[0].type))}}));
  return Parameters{{*key, false}, {left[1].type, true}, {right[1].type, true}};
}
// merge(accumulator, x), then finish(accumulator).
SparkResult<Parameters> accumulator(const CallSite& call, std::size_t argument, std::size_t) {
  const LambdaParameter total{call.arguments[1].type, true};
  if (argument == 3) return Parameters{total};
  TRY(item, element(call, 0));
  return Parameters{total, item};
}

SparkResult<TypedCall> predicate_over(const CallSite& call, DataType result, bool nullable) {
  if (!call.arguments[1].type.is(TypeKind::boolean) && !call.arguments[1].type.is(TypeKind::null_))
    return fail(unexpected_type(call, 1, "\"BOOLEAN\"", call.arguments[1].type));
  return TypedCall{{call.arguments[0].type, types::boolean()}, std::move(result), nullable};
}

SparkResult<TypedCall> aggregated(const FunctionRow&, const CallSite& call) {
  if (!call.arguments[0].type.is(TypeKind::array)) return fail(unexpected_type(call, 0, "\"ARRAY\"", call.arguments[0].type));
  const auto& zero = call.arguments[1].type;
  const auto& merged = call.arguments[2].type;
  if (!same_type(zero, merged)) return fail(unexpected_type(call, 2, fmt::format("\"{}\"", sql_string(zero)), merged));
  TypedCall typed{{call.arguments[0].type, zero, zero}, zero, true};
  if (call.arguments.size() > 3) {
    typed.result = call.arguments[3].type;
    typed.arguments.push_back(typed.result);
    typed.nullable = call.arguments[0].nullable || call.arguments[3].nullable;
  }
  return typed;
}

// A comparator gives an integer; without one the elements have their own order.
SparkResult<TypedCall> sorted(const FunctionRow& row, const CallSite& call) {
  auto type = call.arguments[0].type;
  if (type.is(TypeKind::null_)) type = types::array(types::null());
  if (!type.is(TypeKind::array)) return fail(unexpected_type(call, 0, "\"ARRAY\"", type));
  if (call.arguments.size() == 1) {
    if (is_orderable(type.element())) return TypedCall{{type}, type, call.arguments[0].nullable};
    return fail(analysis_error("DATATYPE_MISMATCH.INVALID_ORDERING_TYPE",
                               {{"sqlExpr", fmt::format("\"{}\"", call.text)},
                                {"functionName", fmt::format("`{}`", row.name)},
                                {"dataType", fmt::format("\"{}\"", sql_string(type.element()))}}));
  }
  const auto& comparison = call.arguments[1].type;
  if (!comparison.is(TypeKind::integer))
    return fail(analysis_error("DATATYPE_MISMATCH.UNEXPECTED_RETURN_TYPE",
                               {{"sqlExpr", fmt::format("\"{}\"", call.text)},
                                {"functionName", "`lambdafunction`"},
                                {"expectedType", "\"INT\""},
                                {"actualType", fmt::format("\"{}\"", sql_string(comparison))}}));
  return TypedCall{{type, comparison}, type, call.arguments[0].nullable};
}

// map_zip_with: both maps take the common key type.
SparkResult<TypedCall> zipped(const FunctionRow&, const CallSite& call) {
  const auto& left = call.arguments[0].type;
  const auto& right = call.arguments[1].type;
  if (!left.is(TypeKind::map)) return fail(unexpected_type(call, 0, "\"MAP\"", left));
  if (!right.is(TypeKind::map)) return fail(unexpected_type(call, 1, "\"MAP\"", right));
  auto key = tightest_common_type(left.key(), right.key(), false);
  if (!key) return fail(different_types(call));
  const auto& value = call.arguments[2];
  return TypedCall{
      {types::map(*key, left.value(), left.contains_null), types::map(*key, right.value(), right.contains_null), value.type},
      types::map(*key, value.type, value.nullable),
      call.arguments[0].nullable || call.arguments[1].nullable};
}

TypingRule as_given(ResultRule result) {
  return [result = std::move(result)](const FunctionRow&, const CallSite& call) -> SparkResult<TypedCall> {
    TypedCall typed;
    for (const auto& argument : call.arguments) typed.arguments.push_back(argument.type);
    typed.result = result(call.arguments);
    typed.nullable = false;
    for (const auto& argument : call.arguments) typed.nullable |= !argument.lambda && argument.nullable;
    return typed;
  };
}

}  // namespace

Table lambda_functions() {
  return {
      scalar("transform")
          .takes({array(), any()})
          .lambda(item_and_index)
          .typed_by(as_given(
              [](std::span<const Argument> arguments) { return types::array(arguments[1].type, arguments[1].nullable); })),
      scalar("filter").takes({array(), any()}).lambda(item_and_index).typed_by([](const FunctionRow&, const CallSite& call) {
        return predicate_over(call, call.arguments[0].type, call.arguments[0].nullable);
      }),
      scalar("exists").takes({array(), any()}).lambda(item_only).typed_by([](const FunctionRow&, const CallSite& call) {
        return predicate_over(call, types::boolean(), call.arguments[0].nullable || call.arguments[1].nullable);
      }),
      scalar("forall").takes({array(), any()}).lambda(item_only).typed_by([](const FunctionRow&, const CallSite& call) {
        return predicate_over(call, types::boolean(), call.arguments[0].nullable || call.arguments[1].nullable);
      }),
      scalar("aggregate", {"reduce"})
          .takes({array(), any(), any(), any()})
          .optional(1)
          .lambda(accumulator)
          .typed_by(aggregated)
          .shows_alias(),
      scalar("array_sort").takes({array(), any()}).optional(1).lambda(two_items).typed_by(sorted),
      scalar("zip_with")
          .takes({array(), array(), any()})
          .lambda(items_of_both)
          .typed_by(as_given(
              [](std::span<const Argument> arguments) { return types::array(arguments[2].type, arguments[2].nullable); })),
      scalar("map_filter").takes({map(), any()}).lambda(entry).typed_by([](const FunctionRow&, const CallSite& call) {
        return predicate_over(call, call.arguments[0].type, call.arguments[0].nullable);
      }),
      scalar("map_zip_with").takes({map(), map(), any()}).lambda(entries_of_both).typed_by(zipped),
      scalar("transform_keys").takes({map(), any()}).lambda(entry).typed_by(as_given([](std::span<const Argument> arguments) {
        return types::map(arguments[1].type, arguments[0].type.value(), arguments[0].type.contains_null);
      })),
      scalar("transform_values").takes({map(), any()}).lambda(entry).typed_by(as_given([](std::span<const Argument> arguments) {
        return types::map(arguments[0].type.key(), arguments[1].type, arguments[1].nullable);
      })),
  };
}

}  // namespace mastic::spark
