// String, regular expression and URL functions.
#include "spark/functions/row.h"

namespace mastic::spark {
using namespace accepts;
using namespace rules;

namespace {

Row text_to(std::string_view name, DataType result, std::initializer_list<std::string_view> aliases = {}) {
  return scalar(name, aliases).takes({string()}).gives(std::move(result));
}
Row text_to_text(std::string_view name, std::initializer_list<std::string_view> aliases = {}) {
  return text_to(name, types::string(), aliases);
}
Accepts text_or_bytes() { return one_of({string(), binary()}); }

DataType text_or_binary(std::span<const Argument> arguments) {
  return arguments[0].type.is(TypeKind::binary) ? types::binary() : types::string();
}

// concat joins strings, or binaries when all are, or arrays when all are.
SparkResult<TypedCall> concat(const FunctionRow&, const CallSite& call) {
  bool arrays = !call.arguments.empty();
  bool binaries = !call.arguments.empty();
  bool nullable = false;
  std::vector<DataType> types;
  for (const auto& argument : call.arguments) {
    arrays &= argument.type.is(TypeKind::array);
    binaries &= argument.type.is(TypeKind::binary);
    nullable |= argument.nullable;
    types.push_back(argument.type);
  }
  if (arrays) {
    auto common = wider_type_of(types, call.ansi);
    if (!common) return fail(different_types(call));
    return TypedCall{std::vector<DataType>(types.size(), *common), *common, nullable};
  }
  const auto result = binaries ? types::binary() : types::string();
  for (std::size_t i = 0; i < types.size(); ++i) {
    if (types[i].is_nested() || types[i].is(TypeKind::variant))
      return fail(unexpected_type(call, i, "(\"STRING\" or \"BINARY\" or \"ARRAY\")", types[i]));
    types[i] = result;
  }
  return TypedCall{std::move(types), result, nullable};
}

// concat_ws(separator, …): strings and arrays of strings.
SparkResult<TypedCall> concat_ws(const FunctionRow&, const CallSite& call) {
  TypedCall typed{{}, types::string(), call.arguments[0].nullable};
  for (std::size_t i = 0; i < call.arguments.size(); ++i) {
    const auto& type = call.arguments[i].type;
    if (type.is(TypeKind::array) && i > 0) {
      typed.arguments.push_back(types::array(types::string(), type.contains_null));
    } else if (type.is_nested()) {
      return fail(unexpected_type(call, i, i == 0 ? "\"STRING\"" : "(\"STRING\" or \"ARRAY<STRING>\")", type));
    } else {
      typed.arguments.push_back(types::string());
    }
  }
  return typed;
}

SparkResult<TypedCall> elt(const FunctionRow&, const CallSite& call) {
  TypedCall typed{{types::integer()}, types::string(), true};
  bool binaries = true;
  for (std::size_t i = 1; i < call.arguments.size(); ++i) binaries &= call.arguments[i].type.is(TypeKind::binary);
  if (binaries) typed.result = types::binary();
  typed.arguments.resize(call.arguments.size(), typed.result);
  return typed;
}

SparkResult<TypedCall> any_arguments_to_text(const FunctionRow&, const CallSite& call) {
  TypedCall typed{{types::string()}, types::string(), call.arguments[0].nullable};
  for (std::size_t i = 1; i < call.arguments.size(); ++i) typed.arguments.push_back(call.arguments[i].type);
  return typed;
}

}  // namespace

Table text_functions() {
  const auto text = types::string();
  return {
      text_to("ascii", types::integer()),
      scalar("base64").takes({binary()}).gives(text),
      scalar("bit_length").takes({text_or_bytes()}).gives(types::integer()),
      scalar("btrim").takes({string(), string()}).optional(1).gives(text),
      scalar("char", {"chr"}).takes({long_type()}).gives(text).shows_alias(),
      scalar("length", {"char_length", "character_length", "len"})
          .takes({text_or_bytes()})
          .gives(types::integer())
          .shows_alias(),
      scalar("collate").takes({string(), string()}).gives(text).not_yet(),
      scalar("collation").takes({string()}).gives(text).not_yet(),
      scalar("concat", {"||"}).takes({any()}).repeats(0).typed_by(concat),
      scalar("concat_ws").takes({string(), any()}).repeats(1).typed_by(concat_ws),
      scalar("contains").takes({text_or_bytes(), text_or_bytes()}).common().gives(types::boolean()),
      scalar("decode")
          .takes({any()})
          .repeats(2)
          .typed_by([](const FunctionRow&, const CallSite& call) -> SparkResult<TypedCall> {
            return TypedCall{
                {types::binary(), types::string()}, types::string(), call.arguments[0].nullable || call.arguments[1].nullable};
          })
          .at_most(2),
      scalar("elt").takes({integer(), any()}).repeats(2).typed_by(elt),
      scalar("encode").takes({string(), string()}).gives(types::binary()),
      scalar("endswith").takes({text_or_bytes(), text_or_bytes()}).common().gives(types::boolean()),
      scalar("startswith").takes({text_or_bytes(), text_or_bytes()}).common().gives(types::boolean()),
      scalar("find_in_set").takes({string(), string()}).gives(types::integer()),
      scalar("format_number").takes({numeric(), one_of({integer(), string()})}).gives(text).nulls(Nulls::always),
      scalar("format_string", {"printf"}).takes({string(), any()}).repeats(1).typed_by(any_arguments_to_text).shows_alias(),
      text_to_text("initcap"),
      scalar("instr").takes({string(), string()}).gives(types::integer()),
      text_to_text("lower", {"lcase"}).shows_alias(),
      text_to_text("upper", {"ucase"}).shows_alias(),
      scalar("left").takes({text_or_bytes(), integer()}).gives(text_or_binary),
      scalar("right").takes({text_or_bytes(), integer()}).gives(text_or_binary),
      scalar("levenshtein").takes({string(), string(), integer()}).optional(1).gives(types::integer()),
      scalar("locate", {"position"})
          .takes({string(), string(), integer()})
          .optional(1)
          .defaults({constant(1)})
          .gives(types::integer())
          .shows_alias(),
      scalar("lpad")
          .takes({text_or_bytes(), integer(), text_or_bytes()})
          .optional(1)
          .defaults({constant(" ")})
          .gives(text_or_binary),
      scalar("rpad")
          .takes({text_or_bytes(), integer(), text_or_bytes()})
          .optional(1)
          .defaults({constant(" ")})
          .gives(text_or_binary),
      scalar("ltrim").takes({string(), string()}).optional(1).gives(text),
      scalar("rtrim").takes({string(), string()}).optional(1).gives(text),
      scalar("trim").takes({string(), string()}).optional(1).gives(text),
      scalar("luhn_check").takes({string()}).gives(types::boolean()),
      scalar("mask")
          .takes({string(), string(), string(), string(), string()})
          .optional(4)
          .defaults({constant("X"), constant("x"), constant("n"), constant_null()})
          .gives(text)
          .nulls(Nulls::always)
          .named({"str", "upperChar", "lowerChar", "digitChar", "otherChar"}),
      scalar("octet_length").takes({text_or_bytes()}).gives(types::integer()),
      scalar("overlay")
          .takes({text_or_bytes(), text_or_bytes(), integer(), integer()})
          .optional(1)
          .defaults({constant(-1)})
          .gives(text_or_binary),
      text_to_text("quote"),
      scalar("regexp_count").takes({string(), string()}).gives(types::integer()),
      scalar("regexp_extract").takes({string(), string(), integer()}).optional(1).defaults({constant(1)}).gives(text),
      scalar("regexp_extract_all")
          .takes({string(), string(), integer()})
          .optional(1)
          .defaults({constant(1)})
          .gives(types::array(types::string())),
      scalar("regexp_instr").takes({string(), string(), integer()}).optional(1).defaults({constant(0)}).gives(types::integer()),
      scalar("regexp_replace").takes({string(), string(), string(), integer()}).optional(1).defaults({constant(1)}).gives(text),
      scalar("regexp_substr").takes({string(), string()}).gives(text).nulls(Nulls::always),
      scalar("repeat").takes({string(), integer()}).gives(text),
      scalar("replace").takes({string(), string(), string()}).optional(1).defaults({constant("")}).gives(text),
      scalar("sentences")
          .takes({string(), string(), string()})
          .optional(2)
          .gives(types::array(types::array(types::string(), false), false))
          .not_yet(),
      text_to_text("soundex"),
      scalar("space").takes({integer()}).gives(text),
      scalar("split")
          .takes({string(), string(), integer()})
          .optional(1)
          .defaults({constant(-1)})
          .gives(types::array(types::string(), false)),
      scalar("split_part").takes({string(), string(), integer()}).gives(text),
      scalar("substring", {"substr"})
          .takes({text_or_bytes(), integer(), integer()})
          .optional(1)
          .defaults({constant(2147483647)})
          .gives(text_or_binary)
          .shows_alias(),
      scalar("substring_index").takes({string(), string(), integer()}).gives(text),
      scalar("to_binary")
          .takes({string(), string()})
          .optional(1)
          .defaults({constant("hex")})
          .gives(types::binary())
          .nulls(Nulls::always),
      scalar("try_to_binary")
          .takes({string(), string()})
          .optional(1)
          .defaults({constant("hex")})
          .gives(types::binary())
          .nulls(Nulls::always),
      scalar("to_char", {"to_varchar"}).takes({any(), string()}).gives(text).nulls(Nulls::always).shows_alias(),
      scalar("to_number").takes({string(), string()}).gives(types::decimal(38, 18)).not_yet(),
      scalar("try_to_number").takes({string(), string()}).gives(types::decimal(38, 18)).not_yet(),
      scalar("translate").takes({string(), string(), string()}).gives(text),
      scalar("unbase64").takes({string()}).gives(types::binary()),
      scalar("is_valid_utf8").takes({string()}).gives(types::boolean()),
      text_to_text("make_valid_utf8"),
      text_to_text("validate_utf8"),
      text_to_text("try_validate_utf8").nulls(Nulls::always),
      text_to_text("url_encode"),
      text_to_text("url_decode"),
      text_to_text("try_url_decode").nulls(Nulls::always),
      scalar("parse_url").takes({string(), string(), string()}).optional(1).gives(text).nulls(Nulls::always),
      scalar("try_parse_url").takes({string(), string(), string()}).optional(1).gives(text).nulls(Nulls::always),
      scalar("str_to_map")
          .takes({string(), string(), string()})
          .optional(2)
          .defaults({constant(","), constant(":")})
          .gives(types::map(types::string(), types::string())),
  };
}

}  // namespace mastic::spark
