// String, regular expression and URL functions.
#include <algorithm>

#include "spark/functions/row.h"
#include "spark/plan/collations.h"

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

// A predicate on bytes runs as an invocation, which Spark calls nullable.
bool bytes_or_any(std::span<const Argument> arguments) {
  bool nullable = arguments[0].type.is(TypeKind::binary);
  for (const auto& argument : arguments) nullable |= argument.nullable;
  return nullable;
}

// The four UTF-8 functions read bytes as they are: DuckDB's text is always valid.
Row utf8(std::string_view name) { return scalar(name).takes({text_or_bytes()}).gives(types::string()).nulls(Nulls::always); }

// decode(bytes, charset), or decode(value, search, result, … [, default]): Oracle's CASE.
SparkResult<TypedCall> decode(const FunctionRow&, const CallSite& call) {
  const auto& arguments = call.arguments;
  if (arguments.size() == 2) return TypedCall{{types::binary(), types::string()}, types::string(), true};
  std::vector<DataType> keys{arguments[0].type};
  std::vector<DataType> values;
  bool nullable = arguments.size() % 2 == 1;  // no default
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    const bool is_value = i % 2 == 0 || i + 1 == arguments.size();
    (is_value ? values : keys).push_back(arguments[i].type);
    nullable |= is_value && arguments[i].nullable;
  }
  const auto key = wider_type_of(keys, call.ansi);
  const auto value = wider_type_of(values, call.ansi);
  if (!key || !value) return fail(different_types(call));
  TypedCall typed{{*key}, *value, nullable};
  for (std::size_t i = 1; i < arguments.size(); ++i)
    typed.arguments.push_back(i % 2 == 0 || i + 1 == arguments.size() ? *value : *key);
  return typed;
}

// lpad and rpad: text with text, bytes with bytes. Without a pad the analyzer fills in a blank or a zero byte.
SparkResult<TypedCall> padded(const FunctionRow&, const CallSite& call) {
  const auto& type = call.arguments[0].type;
  const bool both_binary =
      type.is(TypeKind::binary) && call.arguments.size() > 2 && call.arguments[2].type.is(TypeKind::binary);
  if (type.is_nested()) return fail(unexpected_type(call, 0, "\"STRING\"", type));
  const auto result = both_binary ? types::binary() : types::string();
  const bool nullable = both_binary || call.arguments[0].nullable || call.arguments[1].nullable || call.arguments[2].nullable;
  return TypedCall{{result, types::integer(), result}, result, nullable};
}

// to_number, try_to_number and to_char of a number: the constant format says precision and scale.
SparkResult<TypedCall> number_format(const FunctionRow& row, const CallSite& call) {
  const auto& format = call.arguments[1];
  const auto* text = format.literal != nullptr ? std::get_if<std::string>(&format.literal->value) : nullptr;
  if (text == nullptr && !format.type.is(TypeKind::null_)) return fail(non_foldable(call, 1, "format", types::string()));
  int whole = 0;
  int fraction = 0;
  bool after_point = false;
  for (const char letter : text == nullptr ? std::string() : *text) {
    if (letter == '.' || letter == 'D' || letter == 'd') after_point = true;
    if (letter == '0' || letter == '9') ++(after_point ? fraction : whole);
  }
  const auto decimal = types::decimal(std::clamp(whole + fraction, 1, 38), std::min(fraction, 38));
  const bool nullable = call.arguments[0].nullable || format.nullable || row.name == "try_to_number";
  if (row.name != "to_char") return TypedCall{{types::string(), types::string()}, decimal, nullable};
  auto number = implicit_cast(call.arguments[0].type, of(Accepts::Kind::decimal), call.ansi);
  if (!number) return fail(unexpected_type(call, 0, "\"NUMERIC\"", call.arguments[0].type));
  return TypedCall{{*number, types::string()}, types::string(), nullable};
}

SparkResult<TypedCall> any_arguments_to_text(const FunctionRow&, const CallSite& call) {
  TypedCall typed{{types::string()}, types::string(), call.arguments[0].nullable};
  for (std::size_t i = 1; i < call.arguments.size(); ++i) typed.arguments.push_back(call.arguments[i].type);
  return typed;
}

}  // namespace

namespace {

// collate(text, 'NAME'): the text, compared by other rules from here on.
SparkResult<TypedCall> collated(const FunctionRow&, const CallSite& call) {
  const auto* literal = call.arguments[1].literal;
  const auto* name = literal != nullptr ? std::get_if<std::string>(&literal->value) : nullptr;
  if (name == nullptr) return fail(unexpected_type(call, 1, "\"STRING\"", call.arguments[1].type));
  const auto collation = parse_collation(*name);
  if (!collation)
    return fail(runtime_error("COLLATION_INVALID_NAME",
                              {{"collationName", *name}, {"proposals", "UNICODE, UTF8_BINARY, UTF8_LCASE"}},
                              "org.apache.spark.SparkException"));
  auto type = types::string();
  if (const auto canonical = collation->name(); canonical != "UTF8_BINARY") type.collation = canonical;
  const auto& input = call.arguments[0];
  if (!input.type.is_textual() && !input.type.is(TypeKind::null_))
    return fail(unexpected_type(call, 0, "\"STRING\"", input.type));
  return TypedCall{{input.type.is_textual() ? input.type : types::string(), types::string()}, type, input.nullable};
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
      scalar("collate").takes({string(), string()}).typed_by(collated),
      scalar("collation").takes({string()}).gives(text).nulls(Nulls::never),
      scalar("concat", {"||"}).takes({any()}).repeats(0).typed_by(concat),
      scalar("concat_ws").takes({string(), any()}).repeats(1).typed_by(concat_ws),
      scalar("contains").takes({text_or_bytes(), text_or_bytes()}).common().gives(types::boolean()).nulls(bytes_or_any),
      scalar("decode").takes({any()}).repeats(2).typed_by(decode),
      scalar("elt").takes({integer(), any()}).repeats(2).typed_by(elt),
      scalar("encode").takes({string(), string()}).gives(types::binary()).nulls(Nulls::always),
      scalar("endswith").takes({text_or_bytes(), text_or_bytes()}).common().gives(types::boolean()).nulls(bytes_or_any),
      scalar("startswith").takes({text_or_bytes(), text_or_bytes()}).common().gives(types::boolean()).nulls(bytes_or_any),
      scalar("find_in_set").takes({string(), string()}).gives(types::integer()),
      scalar("format_number").takes({numeric(), one_of({integer(), string()})}).gives(text).nulls(Nulls::always),
      scalar("format_string", {"printf"}).takes({string(), any()}).repeats(1).typed_by(any_arguments_to_text).shows_alias(),
      text_to_text("initcap"),
      scalar("instr").takes({string(), string()}).gives(types::integer()),
      text_to_text("lower", {"lcase"}).shows_alias(),
      text_to_text("upper", {"ucase"}).shows_alias(),
      scalar("left").takes({text_or_bytes(), integer()}).gives(text_or_binary),
      scalar("right").takes({string(), integer()}).gives(text).nulls(Nulls::always),
      scalar("levenshtein").takes({string(), string(), integer()}).optional(1).gives(types::integer()),
      scalar("locate", {"position"})
          .takes({string(), string(), integer()})
          .optional(1)
          .defaults({constant(1)})
          .gives(types::integer())
          .shows_alias(),
      scalar("lpad").takes({text_or_bytes(), integer(), text_or_bytes()}).optional(1).typed_by(padded),
      scalar("rpad").takes({text_or_bytes(), integer(), text_or_bytes()}).optional(1).typed_by(padded),
      scalar("ltrim").takes({string(), string()}).optional(1).gives(text),
      scalar("rtrim").takes({string(), string()}).optional(1).gives(text),
      scalar("trim").takes({string(), string()}).optional(1).gives(text),
      scalar("luhn_check").takes({string()}).gives(types::boolean()).nulls(Nulls::always),
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
      text_to_text("quote").nulls(Nulls::always),
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
          .defaults({constant(""), constant("")})
          .gives(types::array(types::array(types::string(), false), false))
          .nulls(Nulls::always),
      text_to_text("soundex"),
      scalar("space").takes({integer()}).gives(text),
      scalar("split")
          .takes({string(), string(), integer()})
          .optional(1)
          .defaults({constant(-1)})
          .gives(types::array(types::string(), false)),
      scalar("split_part").takes({string(), string(), integer()}).gives(text).nulls(Nulls::always),
      scalar("substring", {"substr"})
          .takes({text_or_bytes(), integer(), integer()})
          .optional(1)
          .defaults({constant(2147483647)})
          .gives(text_or_binary)
          .shows_alias(),
      scalar("substring_index").takes({string(), string(), integer()}).gives(text),
      scalar("to_binary").takes({string(), string()}).optional(1).gives(types::binary()).nulls(Nulls::always),
      scalar("try_to_binary").takes({string(), string()}).optional(1).gives(types::binary()).nulls(Nulls::always),
      scalar("to_char").takes({numeric(), string()}).typed_by(number_format),
      scalar("to_number").takes({string(), string()}).typed_by(number_format),
      scalar("try_to_number").takes({string(), string()}).typed_by(number_format),
      scalar("translate").takes({string(), string(), string()}).gives(text),
      scalar("unbase64").takes({string()}).gives(types::binary()),
      scalar("is_valid_utf8").takes({text_or_bytes()}).gives(types::boolean()).nulls(Nulls::always),
      utf8("make_valid_utf8"),
      utf8("validate_utf8"),
      utf8("try_validate_utf8"),
      text_to_text("url_encode").nulls(Nulls::always),
      text_to_text("url_decode").nulls(Nulls::always),
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
