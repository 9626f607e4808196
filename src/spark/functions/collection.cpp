// Arrays and structs.
#include <fmt/format.h>

#include <array>
#include <optional>

#include "spark/functions/row.h"

namespace mastic::spark {
using namespace accepts;
using namespace rules;

namespace {

enum class Common : uint8_t { tightest, without_strings };

std::optional<DataType> common_of(const DataType& left, const DataType& right, Common how) {
  if (how == Common::tightest) return tightest_common_type(left, right, false);
  const std::array both{left, right};
  return wider_type_without_strings(both, false);
}

SparkError different_element(const CallSite& call, const DataType& left, const DataType& right) {
  return analysis_error("DATATYPE_MISMATCH.ARRAY_FUNCTION_DIFF_TYPES",
                        {{"sqlExpr", fmt::format("\"{}\"", call.text)},
                         {"functionName", fmt::format("`{}`", call.function)},
                         {"dataType", "\"ARRAY\""},
                         {"leftType", fmt::format("\"{}\"", sql_string(left))},
                         {"rightType", fmt::format("\"{}\"", sql_string(right))}});
}
SparkError null_typed(const CallSite& call) {
  return analysis_error("DATATYPE_MISMATCH.NULL_TYPE",
                        {{"sqlExpr", fmt::format("\"{}\"", call.text)}, {"functionName", fmt::format("`{}`", call.function)}});
}
SparkError not_orderable(const CallSite& call, std::string_view function, const DataType& type) {
  return analysis_error("DATATYPE_MISMATCH.INVALID_ORDERING_TYPE", {{"sqlExpr", fmt::format("\"{}\"", call.text)},
                                                                    {"functionName", fmt::format("`{}`", function)},
                                                                    {"dataType", fmt::format("\"{}\"", sql_string(type))}});
}

/// How a function of an array and one element is typed.
struct ElementRule {
  Common common = Common::tightest;
  bool refuses_null_types = false;  // NULL_TYPE for a bare NULL
  bool names_the_array = false;     // UNEXPECTED_INPUT_TYPE for a first argument that is no array
  bool compares = true;
  DataType (*result)(const DataType& array) = nullptr;
  bool unknown_when_null_inside = false;  // NULL also when the array holds one
  bool nullable_by_element = true;
};

// (array, element): the array's elements and the element take one type; strings and numbers do not mix.
TypingRule array_and_element(ElementRule rule) {
  return [rule](const FunctionRow& row, const CallSite& call) -> SparkResult<TypedCall> {
    const auto& array = call.arguments[0];
    const auto& element = call.arguments[1];
    if (rule.refuses_null_types && (array.type.is(TypeKind::null_) || element.type.is(TypeKind::null_)))
      return fail(null_typed(call));
    if (!array.type.is(TypeKind::array)) {
      if (rule.names_the_array) return fail(unexpected_type(call, 0, "\"ARRAY\"", array.type));
      return fail(different_element(call, array.type, element.type));
    }
    auto common = common_of(array.type.element(), element.type, rule.common);
    if (!common) return fail(different_element(call, array.type, element.type));
    if (rule.compares && !is_orderable(*common)) return fail(not_orderable(call, row.name, *common));
    const auto coerced = types::array(*common, array.type.contains_null);
    const bool nullable = array.nullable || (rule.nullable_by_element && element.nullable) ||
                          (rule.unknown_when_null_inside && array.type.contains_null);
    return TypedCall{{coerced, *common}, rule.result(coerced), nullable};
  };
}

DataType gives_boolean(const DataType&) { return types::boolean(); }
DataType gives_long(const DataType&) { return types::long_type(); }
DataType gives_array(const DataType& array) { return array; }
DataType gives_nullable_array(const DataType& array) { return types::array(array.element(), true); }

// Two arrays of one element type.
TypingRule of_two_arrays(std::function<DataType(const DataType& left, const DataType& right)> result) {
  return [result = std::move(result)](const FunctionRow& row, const CallSite& call) -> SparkResult<TypedCall> {
    DataType left = call.arguments[0].type;
    DataType right = call.arguments[1].type;
    const auto different = [&] {
      return analysis_error("DATATYPE_MISMATCH.BINARY_ARRAY_DIFF_TYPES",
                            {{"sqlExpr", fmt::format("\"{}\"", call.text)},
                             {"functionName", fmt::format("`{}`", row.name)},
                             {"arrayType", "\"ARRAY\""},
                             {"leftType", fmt::format("\"{}\"", sql_string(left))},
                             {"rightType", fmt::format("\"{}\"", sql_string(right))}});
    };
    if (left.is(TypeKind::null_) && right.is(TypeKind::array)) left = types::array(right.element(), false);
    if (right.is(TypeKind::null_) && left.is(TypeKind::array)) right = types::array(left.element(), false);
    if (!left.is(TypeKind::array) || !right.is(TypeKind::array)) return fail(different());
    auto common = tightest_common_type(left.element(), right.element(), false);
    if (!common) return fail(different());
    if (!is_orderable(*common)) return fail(not_orderable(call, row.name, *common));
    left = types::array(*common, left.contains_null);
    right = types::array(*common, right.contains_null);
    bool nullable = call.arguments[0].nullable || call.arguments[1].nullable;
    auto type = result(left, right);
    if (type.is(TypeKind::boolean)) nullable |= left.contains_null || right.contains_null;
    return TypedCall{{left, right}, std::move(type), nullable};
  };
}

const int64_t* constant_integer(const Argument& argument) {
  return argument.literal == nullptr ? nullptr : std::get_if<int64_t>(&argument.literal->value);
}

// array(…)[i] with both known: whether that member can be NULL.
std::optional<bool> member_nullable(const Argument& array, const Argument& index, int64_t first) {
  const auto* at = constant_integer(index);
  const auto* call = array.expression == nullptr ? nullptr : std::get_if<Call>(&array.expression->node);
  if (at == nullptr || call == nullptr || call->function != "array") return std::nullopt;
  const auto count = static_cast<int64_t>(call->arguments.size());
  const int64_t position = *at < 0 && first == 1 ? count + *at : *at - first;
  if (position < 0 || position >= count) return std::nullopt;
  return call->arguments[static_cast<std::size_t>(position)]->nullable;
}

bool item_nullable(const CallSite& call, int64_t first) {
  if (const auto known = member_nullable(call.arguments[0], call.arguments[1], first)) return *known;
  const bool foldable = call.arguments[1].foldable && !call.arguments[1].nullable;
  return foldable || !call.ansi || call.arguments[0].type.contains_null;
}

// named_struct(name, value, …): names are constants.
SparkResult<TypedCall> named_struct(const FunctionRow&, const CallSite& call) {
  if (call.arguments.size() % 2 != 0)
    return fail(analysis_error("WRONG_NUM_ARGS.WITHOUT_SUGGESTION", {{"functionName", "`named_struct`"},
                                                                     {"expectedNum", "2n (n > 0)"},
                                                                     {"actualNum", std::to_string(call.arguments.size())},
                                                                     {"docroot", "https://spark.apache.org/docs/latest"}}));
  TypedCall typed;
  std::vector<StructField> fields;
  std::string unnamed;
  for (std::size_t i = 0; i + 1 < call.arguments.size(); i += 2) {
    const auto* literal = call.arguments[i].literal;
    const auto* name = literal != nullptr ? std::get_if<std::string>(&literal->value) : nullptr;
    if (name == nullptr) {
      unnamed += fmt::format("{}\"{}\"", unnamed.empty() ? "" : ", ", call.arguments[i].text);
      continue;
    }
    fields.push_back({*name, call.arguments[i + 1].type, call.arguments[i + 1].nullable, {}});
    typed.arguments.push_back(types::string());
    typed.arguments.push_back(call.arguments[i + 1].type);
  }
  if (!unnamed.empty())
    return fail(analysis_error("DATATYPE_MISMATCH.CREATE_NAMED_STRUCT_WITHOUT_FOLDABLE_STRING",
                               {{"sqlExpr", fmt::format("\"{}\"", call.text)}, {"inputExprs", "[" + unnamed + "]"}}));
  typed.result = types::structure(std::move(fields));
  typed.nullable = false;
  return typed;
}

// element_at and try_element_at: of an array by position from 1, of a map by key.
TypingRule element_at(bool tries) {
  return [tries](const FunctionRow& row, const CallSite& call) -> SparkResult<TypedCall> {
    const auto& container = call.arguments[0].type;
    const auto& key = call.arguments[1].type;
    if (container.is(TypeKind::array)) {
      if (key.is(TypeKind::long_) || (!key.is_integral() && !key.is(TypeKind::null_)))
        return fail(unexpected_type(call, 1, "\"INT\"", key));
      CallSite site = call;
      site.ansi = call.ansi && !tries;
      const bool nullable = item_nullable(site, 1) || call.arguments[0].nullable || call.arguments[1].nullable;
      return TypedCall{{container, types::integer()}, container.element(), nullable};
    }
    if (container.is(TypeKind::map)) {
      auto common = common_of(container.key(), key, Common::tightest);
      if (!common)
        return fail(analysis_error("DATATYPE_MISMATCH.MAP_FUNCTION_DIFF_TYPES",
                                   {{"sqlExpr", fmt::format("\"{}\"", call.text)},
                                    {"functionName", fmt::format("`{}`", row.name)},
                                    {"dataType", "\"MAP\""},
                                    {"leftType", fmt::format("\"{}\"", sql_string(container))},
                                    {"rightType", fmt::format("\"{}\"", sql_string(key))}}));
      return TypedCall{{types::map(*common, container.value(), container.contains_null), *common}, container.value(), true};
    }
    return fail(unexpected_type(call, 0, "(\"ARRAY\" or \"MAP\")", container));
  };
}

SparkResult<TypedCall> sequence(const FunctionRow&, const CallSite& call) {
  const auto& start = call.arguments[0].type;
  const auto& stop = call.arguments[1].type;
  const auto wrong = [&] {
    return analysis_error("DATATYPE_MISMATCH.SEQUENCE_WRONG_INPUT_TYPES",
                          {{"sqlExpr", fmt::format("\"{}\"", call.text)},
                           {"functionName", "`sequence`"},
                           {"startType", "(\"TIMESTAMP\" or \"TIMESTAMP_NTZ\" or \"DATE\")"},
                           {"stepType", "(\"INTERVAL\" or \"INTERVAL YEAR TO MONTH\" or \"INTERVAL DAY TO SECOND\")"},
                           {"otherStartType", "\"INTEGRAL\""}});
  };
  auto common = tightest_common_type(start, stop, false);
  if (!common && start.is_datetime() && stop.is_datetime()) common = wider_type(start, stop, false);
  if (!common || (!common->is_integral() && !common->is_datetime())) return fail(wrong());
  TypedCall typed{{*common, *common}, types::array(*common, false), call.arguments[0].nullable || call.arguments[1].nullable};
  if (call.arguments.size() > 2) {
    auto step = call.arguments[2].type;
    if (common->is_integral()) {
      auto all = tightest_common_type(*common, step, false);
      if (!all || !all->is_integral()) return fail(wrong());
      typed.arguments = {*all, *all};
      typed.result = types::array(*all, false);
      step = *all;
    } else if (step.is(TypeKind::null_)) {
      step = types::day_time_interval();
    } else if (!step.is_interval()) {
      return fail(wrong());
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
    const auto type = argument.type.is(TypeKind::null_) ? types::array(types::null(), false) : argument.type;
    if (!type.is(TypeKind::array)) return fail(unexpected_type(call, i, "\"ARRAY\"", argument.type));
    // A field is called as the column, or by its number when the argument has no name. Analyze puts the names in `text`.
    const bool named =
        !argument.text.empty() && argument.text.find_first_of("()[]' ,") == std::string::npos && !argument.foldable;
    const auto dot = argument.text.rfind('.');
    const auto name = dot == std::string::npos ? argument.text : argument.text.substr(dot + 1);
    fields.push_back({named ? name : std::to_string(i), type.element(), true, {}});
    typed.arguments.push_back(type);
    typed.nullable |= argument.nullable;
  }
  typed.result = types::array(types::structure(std::move(fields)), false);
  return typed;
}

SparkResult<void> sortable_elements(const FunctionRow& row, const CallSite& call) {
  const auto& type = call.arguments[0].type;
  if (is_orderable(type)) return {};
  const bool whole = row.name == "sort_array" || type.children.empty();
  return fail(not_orderable(call, row.name, whole ? type : type.element()));
}

DataType flattened(std::span<const Argument> arguments) {
  const auto& outer = arguments[0].type;
  if (outer.children.empty() || !outer.element().is(TypeKind::array)) return outer;
  return outer.element();
}

SparkResult<void> nested_array(const FunctionRow&, const CallSite& call) {
  const auto& type = call.arguments[0].type;
  if (type.is(TypeKind::array) && type.element().is(TypeKind::array)) return {};
  return fail(unexpected_type(call, 0, "\"ARRAY\" of \"ARRAY\"", type));
}

}  // namespace

Table collection_functions() {
  const auto grows = array_and_element(
      {.names_the_array = true, .compares = false, .result = gives_nullable_array, .nullable_by_element = false});
  return {
      scalar("array").takes({any()}).repeats(0).common().nulls(Nulls::never).gives([](std::span<const Argument> arguments) {
        bool nullable = false;
        for (const auto& argument : arguments) nullable |= argument.nullable;
        return arguments.empty() ? types::array(types::null(), false) : types::array(arguments[0].type, nullable);
      }),
      scalar("array_append").takes({array(), any()}).typed_by(grows),
      scalar("array_prepend").takes({array(), any()}).typed_by(grows),
      scalar("array_compact").takes({array()}).gives([](std::span<const Argument> arguments) {
        return types::array(arguments[0].type.element(), false);
      }),
      scalar("array_contains")
          .takes({array(), any()})
          .typed_by(array_and_element({.common = Common::without_strings,
                                       .refuses_null_types = true,
                                       .result = gives_boolean,
                                       .unknown_when_null_inside = true})),
      scalar("array_distinct").takes({array()}).gives(same_as(0)),
      scalar("array_except").takes({array(), array()}).typed_by(of_two_arrays([](const DataType& left, const DataType&) {
        return left;
      })),
      scalar("array_intersect")
          .takes({array(), array()})
          .typed_by(of_two_arrays([](const DataType& left, const DataType& right) {
            return types::array(left.element(), left.contains_null && right.contains_null);
          })),
      scalar("array_union").takes({array(), array()}).typed_by(of_two_arrays([](const DataType& left, const DataType& right) {
        return types::array(left.element(), left.contains_null || right.contains_null);
      })),
      scalar("arrays_overlap").takes({array(), array()}).typed_by(of_two_arrays([](const DataType&, const DataType&) {
        return types::boolean();
      })),
      scalar("array_insert")
          .takes({array(), integer(), any()})
          .typed_by([](const FunctionRow&, const CallSite& call) -> SparkResult<TypedCall> {
            const auto& type = call.arguments[0].type;
            const auto& position = call.arguments[1].type;
            const auto& element = call.arguments[2].type;
            if (!type.is(TypeKind::array)) return fail(different_element(call, type, position));
            if (position.is(TypeKind::long_) || (!position.is_integral() && !position.is(TypeKind::null_)))
              return fail(unexpected_type(call, 1, "\"INT\"", position));
            auto common = tightest_common_type(type.element(), element, false);
            if (!common) return fail(different_element(call, type, element));
            return TypedCall{{types::array(*common, type.contains_null), types::integer(), *common},
                             types::array(*common, true),
                             call.arguments[0].nullable || call.arguments[1].nullable};
          }),
      scalar("array_join").takes({exact(types::array(types::string())), string(), string()}).optional(1).gives(types::string()),
      scalar("array_max").takes({array()}).check(sortable_elements).gives(element_of(0)).nulls(Nulls::always),
      scalar("array_min").takes({array()}).check(sortable_elements).gives(element_of(0)).nulls(Nulls::always),
      scalar("array_position")
          .takes({array(), any()})
          .typed_by(array_and_element({.refuses_null_types = true, .result = gives_long})),
      scalar("array_remove").takes({array(), any()}).typed_by(array_and_element({.result = gives_array})),
      scalar("array_repeat")
          .takes({any(), integer()})
          .typed_by([](const FunctionRow&, const CallSite& call) -> SparkResult<TypedCall> {
            const auto& count = call.arguments[1].type;
            if (!count.is(TypeKind::null_) && (!count.is_integral() || count.is(TypeKind::long_)))
              return fail(unexpected_type(call, 1, "\"INT\"", count));
            const auto& value = call.arguments[0];
            return TypedCall{
                {value.type, types::integer()}, types::array(value.type, value.nullable), call.arguments[1].nullable};
          }),
      scalar("array_size").takes({array()}).gives(types::integer()),
      scalar("arrays_zip").takes({array()}).repeats(0).typed_by(arrays_zip),
      scalar("size", {"cardinality"})
          .takes({any()})
          .typed_by([](const FunctionRow&, const CallSite& call) -> SparkResult<TypedCall> {
            auto type = call.arguments[0].type;
            if (type.is(TypeKind::null_)) type = types::array(types::null(), false);
            if (!type.is(TypeKind::array) && !type.is(TypeKind::map))
              return fail(unexpected_type(call, 0, "(\"ARRAY\" or \"MAP\")", type));
            return TypedCall{{type}, types::integer(), call.ansi && call.arguments[0].nullable};
          })
          .shows_alias(),
      scalar("element_at").takes({any(), any()}).typed_by(element_at(false)),
      scalar("try_element_at").takes({any(), any()}).typed_by(element_at(true)),
      scalar("flatten").takes({array()}).check(nested_array).gives(flattened).nulls([](std::span<const Argument> arguments) {
        return arguments[0].nullable || arguments[0].type.contains_null;
      }),
      scalar("get")
          .takes({array(), integer()})
          .typed_by([](const FunctionRow&, const CallSite& call) -> SparkResult<TypedCall> {
            const auto& type = call.arguments[0].type;
            if (!type.is(TypeKind::array)) return fail(unexpected_type(call, 0, "\"ARRAY\"", type));
            auto index = implicit_cast(call.arguments[1].type, integer(), call.ansi);
            if (!index) return fail(unexpected_type(call, 1, "\"INT\"", call.arguments[1].type));
            return TypedCall{
                {type, *index}, type.element(), member_nullable(call.arguments[0], call.arguments[1], 0).value_or(true)};
          }),
      // a[i] of an array: position from 0.
      scalar("array_item")
          .takes({array(), any()})
          .typed_by([](const FunctionRow&, const CallSite& call) -> SparkResult<TypedCall> {
            const auto& type = call.arguments[0].type;
            const auto& index = call.arguments[1].type;
            if (!index.is_integral() && !index.is(TypeKind::null_))
              return fail(unexpected_type(call, 1, "\"INTEGRAL\"", index));
            return TypedCall{
                {type, index.is(TypeKind::long_) ? index : types::integer()}, type.element(), item_nullable(call, 0)};
          }),
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
      scalar("reverse").takes({one_of({array(), string(), binary()})}).gives(same_as(0)),
      scalar("sequence").takes({any(), any(), any()}).optional(1).typed_by(sequence),
      scalar("shuffle").takes({array(), long_type()}).optional(1).gives(same_as(0)).random(),
      scalar("slice").takes({array(), integer(), integer()}).gives(same_as(0)),
      scalar("sort_array")
          .takes({array(), boolean()})
          .optional(1)
          .defaults({constant(true)})
          .typed_by([](const FunctionRow& row, const CallSite& call) -> SparkResult<TypedCall> {
            auto type = call.arguments[0].type;
            if (type.is(TypeKind::null_)) type = types::array(types::null());
            if (!type.is(TypeKind::array)) return fail(unexpected_type(call, 0, "\"ARRAY\"", type));
            TRY_DO(sortable_elements(row, call));
            const auto& order = call.arguments[1].type;
            if (!order.is(TypeKind::boolean)) return fail(unexpected_type(call, 1, "\"BOOLEAN\"", order));
            return TypedCall{{type, order}, type, call.arguments[0].nullable};
          }),
      scalar("named_struct").takes({any()}).repeats(0).typed_by(named_struct),
  };
}

}  // namespace mastic::spark
