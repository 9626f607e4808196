// JSON, CSV, XML, variants. from_json and from_csv get their schema from analyze, which reads the schema's text.
#include <fmt/format.h>

#include "spark/functions/row.h"

namespace mastic::spark {
using namespace accepts;
using namespace rules;

namespace {

// One argument of exactly this type, or NULL.
TypingRule takes_only(DataType type, DataType result, bool nullable_result, bool never_null = false) {
  return [=](const FunctionRow&, const CallSite& call) -> SparkResult<TypedCall> {
    const auto& given = call.arguments[0].type;
    const bool fits = given.is(type.kind) || given.is(TypeKind::null_) || (type.is_textual() && given.is_textual());
    if (!fits) return fail(unexpected_type(call, 0, fmt::format("\"{}\"", sql_string(type)), given));
    return TypedCall{{type}, result, !never_null && (nullable_result || call.arguments[0].nullable)};
  };
}

// map('name', 'value', …) as options.
SparkResult<void> check_options(const CallSite& call, std::size_t index) {
  if (index >= call.arguments.size()) return {};
  const auto& type = call.arguments[index].type;
  if (!type.is(TypeKind::map)) return fail(analysis_error("INVALID_OPTIONS.NON_MAP_FUNCTION"));
  if (!type.key().is_textual() || !type.value().is_textual())
    return fail(analysis_error("INVALID_OPTIONS.NON_STRING_TYPE", {{"mapType", fmt::format("\"{}\"", sql_string(type))}}));
  return {};
}

TypedCall as_it_is(const CallSite& call, DataType result, bool nullable) {
  TypedCall typed{{}, std::move(result), nullable};
  for (const auto& argument : call.arguments) typed.arguments.push_back(argument.type);
  return typed;
}

SparkResult<TypedCall> to_json(const FunctionRow&, const CallSite& call) {
  TRY_DO(check_options(call, 1));
  const auto& type = call.arguments[0].type;
  const bool fits = type.is_nested() || type.is(TypeKind::variant) || type.is(TypeKind::null_);
  if (!fits)
    return fail(analysis_error("DATATYPE_MISMATCH.INVALID_JSON_SCHEMA", {{"sqlExpr", fmt::format("\"{}\"", call.text)},
                                                                         {"schema", fmt::format("\"{}\"", sql_string(type))}}));
  auto typed = as_it_is(call, types::string(), true);
  if (type.is(TypeKind::null_)) typed.arguments[0] = types::structure({{"_", types::boolean(), true, {}}});
  return typed;
}

SparkResult<TypedCall> schema_of_text(const FunctionRow& row, const CallSite& call) {
  TRY_DO(check_options(call, 1));
  const auto& text = call.arguments[0];
  const auto name = row.name == "schema_of_json" ? "json" : "csv";
  if (!text.type.is_textual() && !text.type.is(TypeKind::null_)) return fail(unexpected_type(call, 0, "\"STRING\"", text.type));
  if (!text.foldable) return fail(non_foldable(call, 0, name, types::string()));
  if (text.type.is(TypeKind::null_))
    return fail(analysis_error("DATATYPE_MISMATCH.UNEXPECTED_NULL",
                               {{"sqlExpr", fmt::format("\"{}\"", call.text)}, {"exprName", name}}));
  return as_it_is(call, types::string(), false);
}

SparkResult<TypedCall> to_variant_object(const FunctionRow&, const CallSite& call) {
  const auto& type = call.arguments[0].type;
  if (type.is_nested()) return as_it_is(call, types::of(TypeKind::variant), call.arguments[0].nullable);
  return fail(analysis_error("DATATYPE_MISMATCH.CAST_WITHOUT_SUGGESTION", {{"sqlExpr", fmt::format("\"{}\"", call.text)},
                                                                           {"srcType", fmt::format("\"{}\"", sql_string(type))},
                                                                           {"targetType", "\"VARIANT\""}}));
}

// The result's type is the third argument's, a constant text: analyze replaces it, and drops the argument.
SparkResult<TypedCall> variant_get(const FunctionRow&, const CallSite& call) {
  const auto variant = types::of(TypeKind::variant);
  const auto& type = call.arguments[0].type;
  if (!type.is(TypeKind::variant) && !type.is(TypeKind::null_)) return fail(unexpected_type(call, 0, "\"VARIANT\"", type));
  const auto& path = call.arguments[1].type;
  if (!path.is_textual() && !path.is(TypeKind::null_)) return fail(unexpected_type(call, 1, "\"STRING\"", path));
  return TypedCall{{variant, types::string()}, variant, true};
}

// The path is a constant.
Row xpath(std::string_view name, DataType result, std::initializer_list<std::string_view> aliases = {}) {
  return scalar(name, aliases)
      .takes({string(), string()})
      .gives(std::move(result))
      .nulls(Nulls::always)
      .shows_alias()
      .check([](const FunctionRow&, const CallSite& call) -> SparkResult<void> {
        if (call.arguments[1].foldable) return {};
        return fail(non_foldable(call, 1, "path", types::string()));
      });
}
}  // namespace

Table json_functions() {
  const auto text = types::string();
  const auto variant = types::of(TypeKind::variant);
  const auto options = exact(types::map(types::string(), types::string()));
  return {
      scalar("get_json_object").takes({string(), string()}).gives(text).nulls(Nulls::always),
      scalar("json_array_length").takes({string()}).gives(types::integer()).nulls(Nulls::always),
      scalar("json_object_keys").takes({string()}).gives(types::array(types::string())).nulls(Nulls::always),
      // The result's type is the schema's: analyze replaces it. Arguments: text, schema as JSON text, options.
      scalar("from_json").takes({string(), any(), options}).optional(1).gives(types::null()).nulls(Nulls::always),
      scalar("from_csv").takes({string(), any(), options}).optional(1).gives(types::null()).nulls(Nulls::always),
      scalar("to_json").takes({any(), any()}).optional(1).typed_by(to_json),
      scalar("to_csv").takes({structure(), options}).optional(1).gives(text).nulls(Nulls::always),
      scalar("schema_of_json").takes({any(), any()}).optional(1).typed_by(schema_of_text),
      scalar("schema_of_csv").takes({string(), options}).optional(1).gives(text).nulls(Nulls::never),
      scalar("from_xml").takes({string(), any(), options}).optional(1).gives(types::null()).nulls(Nulls::always),
      scalar("to_xml").takes({structure(), options}).optional(1).gives(text).nulls(Nulls::always),
      scalar("schema_of_xml").takes({string(), options}).optional(1).gives(text).nulls(Nulls::never),
      scalar("parse_json").takes({any()}).typed_by(takes_only(text, variant, false)),
      scalar("try_parse_json").takes({any()}).typed_by(takes_only(text, variant, true)),
      scalar("variant_get").takes({any(), any()}).typed_by(variant_get),
      scalar("try_variant_get").takes({any(), any()}).typed_by(variant_get),
      scalar("is_variant_null").takes({any()}).typed_by(takes_only(variant, types::boolean(), false, true)),
      scalar("is_valid_variant").takes({any()}).typed_by(takes_only(variant, types::boolean(), false, true)),
      scalar("schema_of_variant").takes({any()}).typed_by(takes_only(variant, text, false)),
      aggregate("schema_of_variant_agg").takes({any()}).typed_by(takes_only(variant, text, false, true)),
      scalar("to_variant_object").takes({any()}).typed_by(to_variant_object),
      xpath("xpath", types::array(types::string())),
      xpath("xpath_boolean", types::boolean()),
      xpath("xpath_double", types::double_type(), {"xpath_number"}),
      xpath("xpath_float", types::float_type()),
      xpath("xpath_int", types::integer()),
      xpath("xpath_long", types::long_type()),
      xpath("xpath_short", types::short_type()),
      xpath("xpath_string", types::string()),
      missing("from_avro"),
      missing("to_avro"),
      missing("from_protobuf"),
      missing("to_protobuf"),
  };
}

}  // namespace mastic::spark
