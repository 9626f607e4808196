// Maps.
#include <fmt/format.h>

#include "spark/functions/row.h"

namespace mastic::spark {
using namespace accepts;
using namespace rules;

namespace {

// map(k, v, k, v, …): keys of one type, values of one type.
SparkResult<TypedCall> create_map(const FunctionRow&, const CallSite& call) {
  if (call.arguments.size() % 2 != 0)
    return fail(analysis_error("WRONG_NUM_ARGS.WITHOUT_SUGGESTION", {{"functionName", "`map`"},
                                                                     {"expectedNum", "2n (n > 0)"},
                                                                     {"actualNum", std::to_string(call.arguments.size())},
                                                                     {"docroot", "https://spark.apache.org/docs/latest"}}));
  std::vector<DataType> keys;
  std::vector<DataType> values;
  bool value_nullable = false;
  for (std::size_t i = 0; i < call.arguments.size(); i += 2) {
    keys.push_back(call.arguments[i].type);
    values.push_back(call.arguments[i + 1].type);
    value_nullable |= call.arguments[i + 1].nullable;
  }
  const auto different = [&](std::string_view which, const std::vector<DataType>& list) {
    std::string text;
    for (const auto& type : list) text += fmt::format("{}\"{}\"", text.empty() ? "" : ", ", sql_string(type));
    return analysis_error(
        fmt::format("DATATYPE_MISMATCH.CREATE_MAP_{}_DIFF_TYPES", which),
        {{"sqlExpr", fmt::format("\"{}\"", call.text)}, {"functionName", "`map`"}, {"dataType", "[" + text + "]"}});
  };
  auto key = wider_type_of(keys, call.ansi);
  if (!key) return fail(different("KEY", keys));
  auto value = wider_type_of(values, call.ansi);
  if (!value) return fail(different("VALUE", values));
  if (key->is(TypeKind::map))
    return fail(
        analysis_error("DATATYPE_MISMATCH.INVALID_MAP_KEY_TYPE",
                       {{"sqlExpr", fmt::format("\"{}\"", call.text)}, {"keyType", fmt::format("\"{}\"", sql_string(*key))}}));
  TypedCall typed{{}, types::map(*key, *value, value_nullable), false};
  for (std::size_t i = 0; i < call.arguments.size(); ++i) typed.arguments.push_back(i % 2 == 0 ? *key : *value);
  return typed;
}

// map[key]: the key takes the map's key type.
TypingRule with_key(bool contains) {
  return [contains](const FunctionRow&, const CallSite& call) -> SparkResult<TypedCall> {
    const auto& type = call.arguments[0].type;
    if (!type.is(TypeKind::map)) return fail(unexpected_type(call, 0, "\"MAP\"", type));
    auto key = implicit_cast(call.arguments[1].type, accepts::exact(type.key()), call.ansi);
    if (!key) return fail(unexpected_type(call, 1, fmt::format("\"{}\"", sql_string(type.key())), call.arguments[1].type));
    if (contains) return TypedCall{{type, *key}, types::boolean(), call.arguments[0].nullable || call.arguments[1].nullable};
    return TypedCall{{type, *key}, type.value(), true};
  };
}

DataType entries(std::span<const Argument> arguments) {
  const auto& type = arguments[0].type;
  return types::array(types::structure({{"key", type.key(), false, {}}, {"value", type.value(), type.contains_null, {}}}),
                      false);
}

DataType from_entries(std::span<const Argument> arguments) {
  const auto& entry = arguments[0].type.element();
  if (entry.fields.size() != 2) return types::map(types::null(), types::null());
  return types::map(entry.fields[0].type, entry.fields[1].type, entry.fields[1].nullable);
}

SparkResult<void> pairs(const FunctionRow&, const CallSite& call) {
  const auto& type = call.arguments[0].type;
  if (type.is(TypeKind::array) && type.element().fields.size() == 2) return {};
  return fail(unexpected_type(call, 0, "\"ARRAY\" of pair \"STRUCT\"", type));
}

}  // namespace

Table map_functions() {
  return {
      scalar("map").takes({any(), any()}).repeats(0).typed_by(create_map),
      scalar("map_concat").takes({map()}).repeats(0).common().gives([](std::span<const Argument> arguments) {
        return arguments.empty() ? types::map(types::string(), types::string()) : arguments[0].type;
      }),
      scalar("map_contains_key").takes({map(), any()}).typed_by(with_key(true)),
      scalar("map_item").takes({map(), any()}).typed_by(with_key(false)),
      scalar("map_entries").takes({map()}).gives(entries),
      scalar("map_from_arrays").takes({array(), array()}).gives([](std::span<const Argument> arguments) {
        return types::map(arguments[0].type.element(), arguments[1].type.element(), arguments[1].type.contains_null);
      }),
      scalar("map_from_entries")
          .takes({array()})
          .check(pairs)
          .gives(from_entries)
          .nulls([](std::span<const Argument> arguments) { return arguments[0].nullable || arguments[0].type.contains_null; }),
      scalar("map_keys").takes({map()}).gives([](std::span<const Argument> arguments) {
        return types::array(arguments[0].type.key(), false);
      }),
      scalar("map_values").takes({map()}).gives([](std::span<const Argument> arguments) {
        return types::array(arguments[0].type.value(), arguments[0].type.contains_null);
      }),
  };
}

}  // namespace mastic::spark
