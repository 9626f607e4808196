// Mathematical functions.
#include <algorithm>

#include "spark/functions/row.h"

namespace mastic::spark {
using namespace accepts;
using namespace rules;

namespace {

Row of_double(std::string_view name, std::initializer_list<std::string_view> aliases = {}) {
  return scalar(name, aliases).takes({double_type()}).gives(types::double_type()).nulls(Nulls::always);
}
Accepts double_or_decimal() { return one_of({double_type(), of(Accepts::Kind::decimal), long_type()}); }

// ceil and floor without scale: bigint, or a decimal with no digits after the point.
DataType whole(std::span<const Argument> arguments) {
  const auto& type = arguments[0].type;
  if (arguments.size() > 1) {
    if (!type.is(TypeKind::decimal)) return type;
    const auto* scale = arguments[1].literal != nullptr ? std::get_if<int64_t>(&arguments[1].literal->value) : nullptr;
    const int wanted = scale != nullptr ? static_cast<int>(*scale) : type.scale;
    const int digits = type.precision - type.scale + 1;
    const int kept = std::clamp(wanted, 0, type.scale);
    return bounded_decimal(std::max(digits + kept, wanted < 0 ? -wanted + 1 : 0), kept);
  }
  if (!type.is(TypeKind::decimal)) return types::long_type();
  return type.scale == 0 ? type : bounded_decimal(type.precision - type.scale + 1, 0);
}

SparkResult<TypedCall> rounding(const FunctionRow&, const CallSite& call) {
  std::vector<Argument> arguments(call.arguments.begin(), call.arguments.end());
  Accepts expected = double_or_decimal();
  if (arguments.size() > 1) {
    // With a scale, Spark rounds decimals; other numbers become decimals first.
    auto type = implicit_cast(arguments[0].type, of(Accepts::Kind::decimal), call.ansi);
    if (!type) return fail(unexpected_type(call, 0, "\"DECIMAL\"", arguments[0].type));
    arguments[0].type = *type;
    arguments[1].type = types::integer();
    return TypedCall{{*type, types::integer()}, whole(arguments), true};
  }
  auto type = implicit_cast(arguments[0].type, expected, call.ansi);
  if (!type) return fail(unexpected_type(call, 0, required_type_text(expected), arguments[0].type));
  arguments[0].type = *type;
  return TypedCall{{*type}, whole(arguments), true};
}

// round and bround: a decimal keeps its whole digits, plus one for the carry.
DataType rounded(std::span<const Argument> arguments) {
  const auto& type = arguments[0].type;
  if (!type.is(TypeKind::decimal)) return type;
  int wanted = 0;
  if (arguments.size() > 1 && arguments[1].literal != nullptr) {
    if (const auto* scale = std::get_if<int64_t>(&arguments[1].literal->value)) wanted = static_cast<int>(*scale);
  }
  const int digits = type.precision - type.scale + 1;
  if (wanted < 0) return bounded_decimal(std::max(digits, -wanted + 1), 0);
  const int scale = std::min(type.scale, wanted);
  return bounded_decimal(digits + scale, scale);
}

// uniform(low, high[, seed]): constants; both integers give the wider of them, else float, double or decimal.
SparkResult<TypedCall> uniform(const FunctionRow&, const CallSite& call) {
  for (std::size_t i = 0; i < call.arguments.size(); ++i) {
    const auto& argument = call.arguments[i];
    const bool accepted = i < 2 ? argument.type.is_numeric() : argument.type.is_integral();
    if (!accepted && !argument.type.is(TypeKind::null_))
      return fail(unexpected_type(call, i, i < 2 ? "integer or floating-point" : "integer", argument.type));
    if (!argument.foldable) return fail(non_foldable(call, i, i == 0 ? "min" : i == 1 ? "max" : "seed", argument.type));
  }
  const auto& low = call.arguments[0].type;
  const auto& high = call.arguments[1].type;
  DataType result = low;
  if (low.is(TypeKind::null_) || high.is(TypeKind::null_)) {
    result = low.is(TypeKind::null_) ? (high.is(TypeKind::null_) ? types::integer() : high) : low;
  } else if (low.is_integral() && high.is_integral()) {
    result = *tightest_common_type(low, high, false);
  } else if (low.is(TypeKind::double_) || high.is(TypeKind::double_)) {
    result = types::double_type();
  } else if (low.is(TypeKind::float_) || high.is(TypeKind::float_)) {
    result = types::float_type();
  } else {
    result = low.is(TypeKind::decimal) ? low : high;
    if (low.is(TypeKind::decimal) && high.is(TypeKind::decimal) && high.precision - high.scale > low.precision - low.scale)
      result = high;
  }
  TypedCall typed{{result, result}, result, false};
  for (std::size_t i = 0; i < call.arguments.size(); ++i) typed.nullable |= i < 2 && call.arguments[i].nullable;
  if (call.arguments.size() > 2) typed.arguments.push_back(types::long_type());
  return typed;
}

// randstr(length[, seed]): constants.
SparkResult<TypedCall> random_text(const FunctionRow&, const CallSite& call) {
  for (std::size_t i = 0; i < call.arguments.size(); ++i) {
    const auto& argument = call.arguments[i];
    const bool fits = argument.type.is(TypeKind::integer) || argument.type.is(TypeKind::short_) ||
                      argument.type.is(TypeKind::byte_) || (i == 1 && argument.type.is(TypeKind::long_));
    if (!fits) return fail(unexpected_type(call, i, i == 0 ? "INT or SMALLINT" : "INT or BIGINT", argument.type));
    if (!argument.foldable) return fail(non_foldable(call, i, i == 0 ? "length" : "seed", argument.type));
  }
  TypedCall typed{{types::integer()}, types::string(), false};
  if (call.arguments.size() > 1) typed.arguments.push_back(types::long_type());
  return typed;
}

Accepts shiftable() { return one_of({integer(), long_type()}); }

// width_bucket reads numbers and intervals.
Accepts bucketed() { return one_of({double_type(), of(Accepts::Kind::ansi_interval)}); }

// hex and friends read several kinds of argument.
Accepts hexable() { return one_of({long_type(), binary(), string()}); }

}  // namespace

Table math_functions() {
  return {
      scalar("abs").takes({one_of({numeric(), of(Accepts::Kind::ansi_interval)})}).gives(same_as(0)),
      of_double("acos"),
      of_double("acosh"),
      of_double("asin"),
      of_double("asinh"),
      of_double("atan"),
      of_double("atanh"),
      scalar("atan2").takes({double_type(), double_type()}).gives(types::double_type()),
      scalar("bin").takes({long_type()}).gives(types::string()),
      scalar("bround").takes({numeric(), integer()}).optional(1).defaults({constant(0)}).gives(rounded).nulls(Nulls::always),
      of_double("cbrt"),
      scalar("ceil", {"ceiling"}).takes({any(), integer()}).optional(1).typed_by(rounding).shows_alias(),
      scalar("conv").takes({string(), integer(), integer()}).gives(types::string()).nulls(Nulls::always),
      of_double("cos"),
      of_double("cosh"),
      of_double("cot"),
      of_double("csc"),
      of_double("degrees"),
      scalar("e").takes({}).gives(types::double_type()),
      of_double("exp"),
      of_double("expm1"),
      scalar("factorial").takes({integer()}).gives(types::long_type()).nulls(Nulls::always),
      scalar("floor").takes({any(), integer()}).optional(1).typed_by(rounding),
      scalar("greatest")
          .takes({of(Accepts::Kind::ordered)})
          .repeats(2)
          .common_without_strings()
          .gives(same_as(0))
          .nulls(Nulls::all),
      scalar("least")
          .takes({of(Accepts::Kind::ordered)})
          .repeats(2)
          .common_without_strings()
          .gives(same_as(0))
          .nulls(Nulls::all),
      scalar("hex").takes({hexable()}).gives(types::string()),
      scalar("hypot").takes({double_type(), double_type()}).gives(types::double_type()),
      of_double("ln"),
      scalar("log").takes({double_type(), double_type()}).optional(1).gives(types::double_type()).nulls(Nulls::always),
      of_double("log10"),
      of_double("log1p"),
      of_double("log2"),
      scalar("nanvl")
          .takes({one_of({double_type(), exact(types::float_type())}), one_of({double_type(), exact(types::float_type())})})
          .common()
          .gives(same_as(0)),
      scalar("pi").takes({}).gives(types::double_type()),
      scalar("power", {"pow"}).takes({double_type(), double_type()}).gives(types::double_type()).shows_alias(),
      of_double("radians"),
      scalar("rand", {"random"}).takes({long_type()}).optional(1).gives(types::double_type()).nulls(Nulls::never).random(),
      scalar("randn").takes({long_type()}).optional(1).gives(types::double_type()).nulls(Nulls::never).random(),
      scalar("uniform").takes({numeric(), numeric(), integral()}).optional(1).typed_by(uniform).random(),
      scalar("randstr").takes({integral(), integral()}).optional(1).typed_by(random_text).random(),
      of_double("rint"),
      scalar("round").takes({numeric(), integer()}).optional(1).defaults({constant(0)}).gives(rounded).nulls(Nulls::always),
      of_double("sec"),
      scalar("shiftleft", {"<<"}).takes({shiftable(), integer()}).gives(same_as(0)).shows_alias(),
      scalar("shiftright", {">>"}).takes({shiftable(), integer()}).gives(same_as(0)).shows_alias(),
      scalar("shiftrightunsigned", {">>>"}).takes({shiftable(), integer()}).gives(same_as(0)).shows_alias(),
      scalar("sign", {"signum"})
          .takes({one_of({double_type(), of(Accepts::Kind::ansi_interval)})})
          .gives(types::double_type())
          .nulls(Nulls::always)
          .shows_alias(),
      of_double("sin"),
      of_double("sinh"),
      of_double("sqrt"),
      of_double("tan"),
      of_double("tanh"),
      scalar("unhex").takes({string()}).gives(types::binary()).nulls(Nulls::always),
      scalar("width_bucket")
          .takes({bucketed(), bucketed(), bucketed(), long_type()})
          .gives(types::long_type())
          .nulls(Nulls::always),
      scalar("bit_count").takes({one_of({of(Accepts::Kind::integral), boolean()})}).gives(types::integer()),
      scalar("bit_get", {"getbit"}).takes({integral(), integer()}).gives(types::byte()).shows_alias(),
      scalar("bitmap_bit_position").takes({long_type()}).gives(types::long_type()),
      scalar("bitmap_bucket_number").takes({long_type()}).gives(types::long_type()),
      scalar("bitmap_count").takes({binary()}).gives(types::long_type()),
  };
}

}  // namespace mastic::spark
