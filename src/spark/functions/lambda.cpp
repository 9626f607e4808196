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
  if (type.is(TypeKind::null_)) return LambdaParameter{types::null(), true};
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
  if (parameters > 1) list.push_back({types::integer(), false});
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
  return Parameters{left[0], {left[1].type, true}, {right[1].type, true}};
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
  const auto& zero = call.arguments[1].type;
  const auto& merged = call.arguments[2].type;
  if (!same_type(zero, merged) && !implicit_cast(merged, exact(zero), call.ansi))
    return fail(unexpected_type(call, 2, fmt::format("\"{}\"", sql_string(zero)), merged));
  TypedCall typed{{call.arguments[0].type, zero, zero}, zero, true};
  if (call.arguments.size() > 3) {
    typed.result = call.arguments[3].type;
    typed.arguments.push_back(typed.result);
  }
  return typed;
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
      scalar("exists", {"any_match"})
          .takes({array(), any()})
          .lambda(item_only)
          .typed_by([](const FunctionRow&, const CallSite& call) {
            return predicate_over(call, types::boolean(), call.arguments[0].nullable || call.arguments[1].nullable);
          }),
      scalar("forall", {"all_match"})
          .takes({array(), any()})
          .lambda(item_only)
          .typed_by([](const FunctionRow&, const CallSite& call) {
            return predicate_over(call, types::boolean(), call.arguments[0].nullable || call.arguments[1].nullable);
          }),
      scalar("aggregate", {"reduce"})
          .takes({array(), any(), any(), any()})
          .optional(1)
          .lambda(accumulator)
          .typed_by(aggregated)
          .shows_alias(),
      scalar("array_sort").takes({array(), any()}).optional(1).lambda(two_items).typed_by(as_given(same_as(0))),
      scalar("zip_with")
          .takes({array(), array(), any()})
          .lambda(items_of_both)
          .typed_by(as_given(
              [](std::span<const Argument> arguments) { return types::array(arguments[2].type, arguments[2].nullable); })),
      scalar("map_filter").takes({map(), any()}).lambda(entry).typed_by([](const FunctionRow&, const CallSite& call) {
        return predicate_over(call, call.arguments[0].type, call.arguments[0].nullable);
      }),
      scalar("map_zip_with")
          .takes({map(), map(), any()})
          .lambda(entries_of_both)
          .typed_by(as_given([](std::span<const Argument> arguments) {
            return types::map(arguments[0].type.key(), arguments[2].type, arguments[2].nullable);
          })),
      scalar("transform_keys").takes({map(), any()}).lambda(entry).typed_by(as_given([](std::span<const Argument> arguments) {
        return types::map(arguments[1].type, arguments[0].type.value(), arguments[0].type.contains_null);
      })),
      scalar("transform_values").takes({map(), any()}).lambda(entry).typed_by(as_given([](std::span<const Argument> arguments) {
        return types::map(arguments[0].type.key(), arguments[1].type, arguments[1].nullable);
      })),
  };
}

}  // namespace mastic::spark
