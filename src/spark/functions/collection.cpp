// Arrays and structs.
#include <fmt/format.h>

#include "spark/functions/row.h"

namespace mastic::spark {
using namespace accepts;
using namespace rules;

namespace {

// (array, element): the array's elements and the element take one type.
TypingRule array_and_element(std::function<DataType(const DataType& array, bool element_nullable)> result,
                             bool null_element_matters) {
  return
      [result = std::move(result), null_element_matters](const FunctionRow&, const CallSite& call) -> SparkResult<TypedCall> {
        const auto& array = call.arguments[0];
        const auto& element = call.arguments[1];
        auto array_type = array.type.is(TypeKind::null_) ? types::array(types::null()) : array.type;
        if (!array_type.is(TypeKind::array)) return fail(unexpected_type(call, 0, "\"ARRAY\"", array.type));
        auto common = tightest_common_type(array_type.element(), element.type, call.ansi);
        if (!common) common = wider_type(array_type.element(), element.type, call.ansi);
        if (!common)
          return fail(analysis_error("DATATYPE_MISMATCH.ARRAY_FUNCTION_DIFF_TYPES",
                                     {{"sqlExpr", fmt::format("\"{}\"", call.text)},
                                      {"functionName", fmt::format("`{}`", call.function)},
                                      {"dataType", "\"ARRAY\""},
                                      {"leftType", fmt::format("\"{}\"", sql_string(array.type))},
                                      {"rightType", fmt::format("\"{}\"", sql_string(element.type))}}));
        const auto coerced = types::array(*common, array_type.contains_null);
        const bool nullable = array.nullable || (null_element_matters && (element.nullable || array_type.contains_null));
        return TypedCall{{coerced, *common}, result(coerced, element.nullable), nullable};
      };
}

DataType gives_boolean(const DataType&, bool) { return types::boolean(); }
DataType gives_array(const DataType& array, bool) { return array; }
DataType grows_array(const DataType& array, bool element_nullable) {
  return types::array(array.element(), array.contains_null || element_nullable);
}

Row two_arrays(std::string_view name, ResultRule result) {
  return scalar(name).takes({array(), array()}).common().gives(std::move(result));
}
DataType either_nullable(std::span<const Argument> arguments) {
  return types::array(arguments[0].type.element(), arguments[0].type.contains_null || arguments[1].type.contains_null);
}

// named_struct(name, value, …): names are constants.
SparkResult<TypedCall> named_struct(const FunctionRow&, const CallSite& call) {
  TypedCall typed;
  std::vector<StructField> fields;
  for (std::size_t i = 0; i + 1 < call.arguments.size(); i += 2) {
    const auto* literal = call.arguments[i].literal;
    const auto* name = literal != nullptr ? std::get_if<std::string>(&literal->value) : nullptr;
    if (name == nullptr) return fail(non_foldable(call, i, "name", types::string()));
    fields.push_back({*name, call.arguments[i + 1].type, call.arguments[i + 1].nullable, {}});
    typed.arguments.push_back(types::string());
    typed.arguments.push_back(call.arguments[i + 1].type);
  }
  typed.result = types::structure(std::move(fields));
  typed.nullable = false;
  return typed;
}

// element_at and try_element_at: of an array by position from 1, of a map by key.
TypingRule element_at(bool tries) {
  return [tries](const FunctionRow&, const CallSite& call) -> SparkResult<TypedCall> {
    const auto& container = call.arguments[0].type;
    const auto& key = call.arguments[1].type;
    if (container.is(TypeKind::array)) {
      if (!key.is_integral() && !key.is(TypeKind::null_)) return fail(unexpected_type(call, 1, "\"INT\"", key));
      const bool nullable =
          tries || !call.ansi || call.arguments[0].nullable || call.arguments[1].nullable || container.contains_null;
      return TypedCall{{container, types::integer()}, container.element(), nullable};
    }
    if (container.is(TypeKind::map)) {
      auto common = wider_type(container.key(), key, call.ansi);
      if (!common) return fail(unexpected_type(call, 1, fmt::format("\"{}\"", sql_string(container.key())), key));
      return TypedCall{{types::map(*common, container.value(), container.contains_null), *common}, container.value(), true};
    }
    return fail(unexpected_type(call, 0, "(\"ARRAY\" or \"MAP\")", container));
  };
}

SparkResult<TypedCall> sequence(const FunctionRow&, const CallSite& call) {
  auto start = call.arguments[0].type;
  auto stop = call.arguments[1].type;
  auto common = wider_type(start, stop, call.ansi);
  if (common && common->is_textual()) common = types::timestamp();
  if (!common || (!common->is_integral() && !common->is_datetime() && !common->is(TypeKind::null_)))
    return fail(analysis_error("DATATYPE_MISMATCH.SEQUENCE_WRONG_INPUT_TYPES",
                               {{"sqlExpr", fmt::format("\"{}\"", call.text)},
                                {"functionName", "`sequence`"},
                                {"startType", "(\"TIMESTAMP\" or \"TIMESTAMP_NTZ\" or \"DATE\")"},
                                {"stepType", "(\"INTERVAL\" or \"INTERVAL YEAR TO MONTH\" or \"INTERVAL DAY TO SECOND\")"},
                                {"otherStartType", "\"INTEGRAL\""}}));
  TypedCall typed{{*common, *common}, types::array(*common, false), call.arguments[0].nullable || call.arguments[1].nullable};
  if (call.arguments.size() > 2) {
    auto step = call.arguments[2].type;
    if (common->is_integral()) {
      auto all = tightest_common_type(*common, step, call.ansi);
      if (!all) return fail(unexpected_type(call, 2, fmt::format("\"{}\"", sql_string(*common)), step));
      typed.arguments = {*all, *all};
      typed.result = types::array(*all, false);
      step = *all;
    }
    typed.arguments.push_back(step);
    typed.nullable |= call.arguments[2].nullable;
  }
  return typed;
}

SparkResult<TypedCall> arrays_zip(const FunctionRow&, const CallSite& call) {
  TypedCall typed;
  std::vector<StructField> fields;
  typed.nullable = false;
  for (std::size_t i = 0; i < call.arguments.size(); ++i) {
    const auto& argument = call.arguments[i];
    if (!argument.type.is(TypeKind::array)) return fail(unexpected_type(call, i, "\"ARRAY\"", argument.type));
    // A field is called as the column, or by its number when the argument has no name. Analyze puts the names in `text`.
    const bool named =
        !argument.text.empty() && argument.text.find_first_of("()[]' ,") == std::string::npos && !argument.foldable;
    const auto dot = argument.text.rfind('.');
    const auto name = dot == std::string::npos ? argument.text : argument.text.substr(dot + 1);
    fields.push_back({named ? name : std::to_string(i), argument.type.element(), true, {}});
    typed.arguments.push_back(argument.type);
    typed.nullable |= argument.nullable;
  }
  typed.result = types::array(types::structure(std::move(fields)), false);
  return typed;
}

SparkResult<void> sortable_elements(const FunctionRow& row, const CallSite& call) {
  const auto& type = call.arguments[0].type;
  if (is_orderable(type)) return {};
  return fail(
      analysis_error("DATATYPE_MISMATCH.INVALID_ORDERING_TYPE", {{"sqlExpr", fmt::format("\"{}\"", call.text)},
                                                                 {"functionName", fmt::format("`{}`", row.name)},
                                                                 {"dataType", fmt::format("\"{}\"", sql_string(type))}}));
}

DataType flattened(std::span<const Argument> arguments) {
  const auto& outer = arguments[0].type;
  if (outer.children.empty() || !outer.element().is(TypeKind::array)) return outer;
  return outer.element();
}

SparkResult<void> nested_array(const FunctionRow&, const CallSite& call) {
  const auto& type = call.arguments[0].type;
  if (type.is(TypeKind::array) && (type.element().is(TypeKind::array) || type.element().is(TypeKind::null_))) return {};
  return fail(unexpected_type(call, 0, "\"ARRAY\" of \"ARRAY\"", type));
}

}  // namespace

Table collection_functions() {
  const auto three_valued = array_and_element(gives_boolean, true);
  return {
      scalar("array").takes({any()}).repeats(0).common().nulls(Nulls::never).gives([](std::span<const Argument> arguments) {
        bool nullable = false;
        for (const auto& argument : arguments) nullable |= argument.nullable;
        return arguments.empty() ? types::array(types::null(), false) : types::array(arguments[0].type, nullable);
      }),
      scalar("array_append").takes({array(), any()}).typed_by(array_and_element(grows_array, false)),
      scalar("array_prepend").takes({array(), any()}).typed_by(array_and_element(grows_array, false)),
      scalar("array_compact").takes({array()}).gives([](std::span<const Argument> arguments) {
        return types::array(arguments[0].type.element(), false);
      }),
      scalar("array_contains").takes({array(), any()}).typed_by(three_valued),
      scalar("array_distinct").takes({array()}).gives(same_as(0)),
      two_arrays("array_except", same_as(0)),
      two_arrays("array_intersect",
                 [](std::span<const Argument> arguments) {
                   return types::array(arguments[0].type.element(),
                                       arguments[0].type.contains_null && arguments[1].type.contains_null);
                 }),
      two_arrays("array_union", either_nullable),
      two_arrays("arrays_overlap", [](std::span<const Argument>) { return types::boolean(); })
          .nulls([](std::span<const Argument> arguments) {
            return arguments[0].nullable || arguments[1].nullable || arguments[0].type.contains_null ||
                   arguments[1].type.contains_null;
          }),
      scalar("array_insert")
          .takes({array(), integer(), any()})
          .typed_by([](const FunctionRow&, const CallSite& call) -> SparkResult<TypedCall> {
            const auto& type = call.arguments[0].type;
            if (!type.is(TypeKind::array)) return fail(unexpected_type(call, 0, "\"ARRAY\"", type));
            auto common = wider_type(type.element(), call.arguments[2].type, call.ansi);
            if (!common) return fail(different_types(call));
            return TypedCall{{types::array(*common, type.contains_null), types::integer(), *common},
                             types::array(*common, true),
                             call.arguments[0].nullable || call.arguments[1].nullable};
          }),
      scalar("array_join").takes({exact(types::array(types::string())), string(), string()}).optional(1).gives(types::string()),
      scalar("array_max").takes({array()}).check(sortable_elements).gives(element_of(0)).nulls(Nulls::always),
      scalar("array_min").takes({array()}).check(sortable_elements).gives(element_of(0)).nulls(Nulls::always),
      scalar("array_position")
          .takes({array(), any()})
          .typed_by([](const FunctionRow&, const CallSite& call) -> SparkResult<TypedCall> {
            const auto& type = call.arguments[0].type;
            if (!type.is(TypeKind::array)) return fail(unexpected_type(call, 0, "\"ARRAY\"", type));
            auto common = wider_type(type.element(), call.arguments[1].type, call.ansi);
            if (!common) return fail(different_types(call));
            return TypedCall{{types::array(*common, type.contains_null), *common},
                             types::long_type(),
                             call.arguments[0].nullable || call.arguments[1].nullable};
          }),
      scalar("array_remove").takes({array(), any()}).typed_by(array_and_element(gives_array, true)),
      scalar("array_repeat").takes({any(), integer()}).gives(array_of(0)).nulls([](std::span<const Argument> arguments) {
        return arguments[1].nullable;
      }),
      scalar("array_size").takes({array()}).gives(types::integer()),
      scalar("arrays_zip").takes({array()}).repeats(0).typed_by(arrays_zip),
      scalar("size", {"cardinality"}).takes({one_of({array(), map()})}).gives(types::integer()).shows_alias(),
      scalar("element_at").takes({any(), any()}).typed_by(element_at(false)),
      scalar("try_element_at").takes({any(), any()}).typed_by(element_at(true)),
      scalar("flatten").takes({array()}).check(nested_array).gives(flattened).nulls([](std::span<const Argument> arguments) {
        return arguments[0].nullable || arguments[0].type.contains_null;
      }),
      scalar("get").takes({array(), integer()}).gives(element_of(0)).nulls(Nulls::always),
      // a[i] of an array: position from 0.
      scalar("array_item").takes({array(), integer()}).gives(element_of(0)).nulls(Nulls::always),
      // a.f of an array of structs: the array of that field. The second argument is the field's number.
      scalar("array_field")
          .takes({array(), integer()})
          .typed_by([](const FunctionRow&, const CallSite& call) -> SparkResult<TypedCall> {
            const auto field = static_cast<std::size_t>(std::get<int64_t>(call.arguments[1].literal->value));
            const auto& type = call.arguments[0].type;
            const auto& member = type.element().fields.at(field);
            return TypedCall{{type, types::integer()},
                             types::array(member.type, type.contains_null || member.nullable),
                             call.arguments[0].nullable};
          }),
      scalar("reverse").takes({one_of({array(), string()})}).gives(same_as(0)),
      scalar("sequence").takes({any(), any(), any()}).optional(1).typed_by(sequence),
      scalar("shuffle").takes({array(), long_type()}).optional(1).gives(same_as(0)).random(),
      scalar("slice").takes({array(), integer(), integer()}).gives(same_as(0)),
      scalar("sort_array")
          .takes({array(), boolean()})
          .optional(1)
          .defaults({constant(true)})
          .check(sortable_elements)
          .gives(same_as(0)),
      scalar("named_struct").takes({any()}).repeats(0).typed_by(named_struct),
  };
}

}  // namespace mastic::spark
