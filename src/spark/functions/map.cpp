// Maps.
#include <fmt/format.h>

#include <array>

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
SparkResult<TypedCall> with_key(const FunctionRow&, const CallSite& call) {
  const auto& type = call.arguments[0].type;
  if (!type.is(TypeKind::map)) return fail(unexpected_type(call, 0, "\"MAP\"", type));
  auto key = implicit_cast(call.arguments[1].type, accepts::exact(type.key()), call.ansi);
  if (!key) return fail(unexpected_type(call, 1, fmt::format("\"{}\"", sql_string(type.key())), call.arguments[1].type));
  return TypedCall{{type, *key}, type.value(), true};
}

SparkError map_types(const CallSite& call, std::string_view condition, const DataType& left, const DataType& right) {
  return analysis_error(condition, {{"sqlExpr", fmt::format("\"{}\"", call.text)},
                                    {"functionName", fmt::format("`{}`", call.function)},
                                    {"dataType", "\"MAP\""},
                                    {"leftType", fmt::format("\"{}\"", sql_string(left))},
                                    {"rightType", fmt::format("\"{}\"", sql_string(right))}});
}

// map_contains_key looks in the keys as array_contains does: keys and key take one type.
SparkResult<TypedCall> contains_key(const FunctionRow&, const CallSite& call) {
  const auto& type = call.arguments[0].type;
  const auto& key = call.arguments[1].type;
  if (type.is(TypeKind::null_) || key.is(TypeKind::null_))
    return fail(analysis_error("DATATYPE_MISMATCH.NULL_TYPE",
                               {{"sqlExpr", fmt::format("\"{}\"", call.text)}, {"functionName", "`map_contains_key`"}}));
  if (!type.is(TypeKind::map)) return fail(map_types(call, "DATATYPE_MISMATCH.MAP_FUNCTION_DIFF_TYPES", type, key));
  const std::array both{type.key(), key};
  auto common = wider_type_without_strings(both, false);
  if (!common) return fail(map_types(call, "DATATYPE_MISMATCH.MAP_FUNCTION_DIFF_TYPES", type, key));
  return TypedCall{{types::map(*common, type.value(), type.contains_null), *common}, types::boolean(), true};
}

SparkResult<TypedCall> concatenated(const FunctionRow&, const CallSite& call) {
  if (call.arguments.empty()) return TypedCall{{}, types::map(types::string(), types::string(), true), false};
  std::string list;
  bool maps = true;
  std::vector<DataType> all;
  TypedCall typed{{}, {}, false};
  bool value_nullable = false;
  for (const auto& argument : call.arguments) {
    list += fmt::format("{}\"{}\"", list.empty() ? "" : ", ", sql_string(argument.type));
    maps &= argument.type.is(TypeKind::map);
    all.push_back(argument.type);
    typed.nullable |= argument.nullable;
    value_nullable |= argument.type.is(TypeKind::map) && argument.type.contains_null;
  }
  if (!maps)
    return fail(analysis_error(
        "DATATYPE_MISMATCH.MAP_CONCAT_DIFF_TYPES",
        {{"sqlExpr", fmt::format("\"{}\"", call.text)}, {"functionName", "`map_concat`"}, {"dataType", "[" + list + "]"}}));
  auto common = wider_type_without_strings(all, false);
  if (!common) return fail(different_types(call));
  common->contains_null = value_nullable;
  typed.arguments.assign(all.size(), *common);
  typed.result = *common;
  return typed;
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
      scalar("map_concat").takes({any()}).repeats(0).typed_by(concatenated),
      scalar("map_contains_key").takes({map(), any()}).typed_by(contains_key),
      scalar("map_item").takes({map(), any()}).typed_by(with_key),
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
        return types::array(arguments[0].type.children.empty() ? types::null() : arguments[0].type.key(), true);
      }),
      scalar("map_values").takes({map()}).gives([](std::span<const Argument> arguments) {
        return types::array(arguments[0].type.value(), arguments[0].type.contains_null);
      }),
  };
}

}  // namespace mastic::spark
