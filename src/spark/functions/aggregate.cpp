// Aggregate functions. All but those named in window.cpp may stand before OVER.
#include <fmt/format.h>

#include <cstdlib>
#include <optional>

#include "spark/functions/row.h"

namespace mastic::spark {
using namespace accepts;
using namespace rules;

namespace {

DataType sum_type(const DataType& type) {
  if (type.is_integral()) return types::long_type();
  if (type.is(TypeKind::decimal)) return bounded_decimal(type.precision + 10, type.scale);
  if (type.is(TypeKind::day_time_interval) || type.is(TypeKind::year_month_interval)) return type;
  return types::double_type();
}
DataType average_type(const DataType& type) {
  if (type.is(TypeKind::decimal)) return bounded_decimal(type.precision + 4, type.scale + 4);
  if (type.is(TypeKind::day_time_interval)) return types::day_time_interval();
  if (type.is(TypeKind::year_month_interval)) return types::year_month_interval();
  return types::double_type();
}
// sum, avg: numbers and intervals; texts are read as numbers.
TypingRule summed(DataType (*rule)(const DataType&)) {
  return [rule](const FunctionRow&, const CallSite& call) -> SparkResult<TypedCall> {
    auto type = call.arguments[0].type;
    if (type.is_textual() || type.is(TypeKind::null_)) type = types::double_type();
    if (!type.is_numeric() && !type.is(TypeKind::day_time_interval) && !type.is(TypeKind::year_month_interval))
      return fail(unexpected_type(call, 0, "\"NUMERIC\" or \"ANSI INTERVAL\"", type));
    return TypedCall{{type}, rule(type), true};
  };
}

Accepts summable() { return one_of({numeric(), of(Accepts::Kind::ansi_interval)}); }

Row of_doubles(std::string_view name, int count, std::initializer_list<std::string_view> aliases = {}) {
  return aggregate(name, aliases)
      .takes(std::vector<Accepts>(count, double_type()))
      .gives(types::double_type())
      .nulls(Nulls::always);
}
Row of_boolean(std::string_view name, std::initializer_list<std::string_view> aliases = {}) {
  return aggregate(name, aliases).takes({boolean()}).gives(types::boolean()).nulls(Nulls::always).shows_alias();
}
// A value of the input: first, last, min, max, …
Row one_of_input(std::string_view name, std::initializer_list<std::string_view> aliases = {}) {
  return aggregate(name, aliases).takes({any()}).gives(same_as(0)).nulls(Nulls::always);
}

SparkResult<void> sortable(const FunctionRow& row, const CallSite& call) {
  const auto& type = call.arguments.back().type;
  if (is_orderable(type)) return {};
  return fail(
      analysis_error("DATATYPE_MISMATCH.INVALID_ORDERING_TYPE", {{"sqlExpr", fmt::format("\"{}\"", call.text)},
                                                                 {"functionName", fmt::format("`{}`", row.name)},
                                                                 {"dataType", fmt::format("\"{}\"", sql_string(type))}}));
}

// max_by(x, y): an x. max_by(x, y, n): n of them.
SparkResult<TypedCall> extreme_by(const FunctionRow& row, const CallSite& call) {
  const auto& order = call.arguments[1].type;
  if (!is_orderable(order))
    return fail(
        analysis_error("DATATYPE_MISMATCH.INVALID_ORDERING_TYPE", {{"sqlExpr", fmt::format("\"{}\"", call.text)},
                                                                   {"functionName", fmt::format("`{}`", row.name)},
                                                                   {"dataType", fmt::format("\"{}\"", sql_string(order))}}));
  const auto& value = call.arguments[0].type;
  if (call.arguments.size() < 3) return TypedCall{{value, order}, value, true};
  if (!call.arguments[2].foldable) return fail(non_foldable(call, 2, "k", types::integer()));
  return TypedCall{{value, order, types::integer()}, types::array(value, true), true};
}

SparkResult<void> no_maps(const FunctionRow& row, const CallSite& call) {
  if (!call.arguments[0].type.is(TypeKind::map)) return {};
  return fail(analysis_error("DATATYPE_MISMATCH.UNSUPPORTED_INPUT_TYPE", {{"sqlExpr", fmt::format("\"{}\"", call.text)},
                                                                          {"functionName", fmt::format("`{}`", row.name)},
                                                                          {"dataType", "\"MAP\" or \"COLLATED STRING\""}}));
}

DataType list_of_first(std::span<const Argument> arguments) { return types::array(arguments[0].type, false); }

std::optional<double> constant_number(const Argument& argument) {
  if (argument.literal == nullptr) return std::nullopt;
  if (const auto* whole = std::get_if<int64_t>(&argument.literal->value)) return static_cast<double>(*whole);
  if (const auto* real = std::get_if<double>(&argument.literal->value)) return *real;
  if (const auto* text = std::get_if<std::string>(&argument.literal->value)) return std::strtod(text->c_str(), nullptr);
  return std::nullopt;
}

// percentile(x, p): a double, or an array of them when p is an array. approx: of the input's type.
TypingRule percentile(bool approximate) {
  return [approximate](const FunctionRow&, const CallSite& call) -> SparkResult<TypedCall> {
    auto input = call.arguments[0].type;
    const auto& wanted = call.arguments[1].type;
    if (input.is_textual() || input.is(TypeKind::null_)) input = types::double_type();
    if (!input.is_numeric() && !input.is_datetime() && !input.is_interval())
      return fail(unexpected_type(call, 0, "(\"NUMERIC\" or \"ANSI INTERVAL\")", input));
    const bool many = wanted.is(TypeKind::array);
    DataType value = approximate ? input : types::double_type();
    if (!approximate && input.is_interval()) value = input;
    const auto out_of_range = [&](std::string_view name, std::string_view range, const std::string& value) {
      return analysis_error("DATATYPE_MISMATCH.VALUE_OUT_OF_RANGE", {{"sqlExpr", fmt::format("\"{}\"", call.text)},
                                                                     {"exprName", std::string(name)},
                                                                     {"valueRange", std::string(range)},
                                                                     {"currentValue", value}});
    };
    if (!call.arguments[1].foldable) return fail(non_foldable(call, 1, "percentage", types::double_type()));
    if (const auto share = constant_number(call.arguments[1]); share && (*share < 0 || *share > 1))
      return fail(out_of_range("percentage", "[0.0, 1.0]", call.arguments[1].text + "D"));
    if (approximate && call.arguments.size() > 2)
      if (const auto accuracy = constant_number(call.arguments[2]); accuracy && *accuracy <= 0)
        return fail(out_of_range("accuracy", "(0, 2147483647]", call.arguments[2].text + "L"));
    TypedCall typed{{input, many ? types::array(types::double_type(), wanted.contains_null) : types::double_type()},
                    many ? types::array(value, false) : value,
                    true};
    for (std::size_t i = 2; i < call.arguments.size(); ++i)
      typed.arguments.push_back(approximate ? types::integer() : types::long_type());
    return typed;
  };
}

}  // namespace

Table aggregate_functions() {
  return {
      one_of_input("any_value").takes({any(), boolean()}).optional(1).gives(same_as(0)),
      aggregate("approx_count_distinct")
          .takes({any(), double_type()})
          .optional(1)
          .gives(types::long_type())
          .nulls(Nulls::never),
      aggregate("avg", {"mean"}).takes({any()}).typed_by(summed(average_type)).shows_alias(),
      aggregate("bit_and").takes({integral()}).gives(same_as(0)).nulls(Nulls::always),
      aggregate("bit_or").takes({integral()}).gives(same_as(0)).nulls(Nulls::always),
      aggregate("bit_xor").takes({integral()}).gives(same_as(0)).nulls(Nulls::always),
      of_boolean("bool_and", {"every"}),
      of_boolean("bool_or", {"some", "any"}),
      aggregate("collect_list", {"array_agg"}).takes({any()}).gives(list_of_first).nulls(Nulls::never),
      aggregate("collect_set").takes({any()}).check(no_maps).gives(list_of_first).nulls(Nulls::never),
      of_doubles("corr", 2),
      of_doubles("covar_pop", 2),
      of_doubles("covar_samp", 2),
      aggregate("count").takes({any()}).repeats(1).gives(types::long_type()).nulls(Nulls::never),
      aggregate("count_if").takes({boolean()}).gives(types::long_type()).nulls(Nulls::never),
      aggregate("first", {"first_value"})
          .takes({any(), boolean()})
          .optional(1)
          .gives(same_as(0))
          .nulls(Nulls::always)
          .shows_alias(),
      aggregate("last", {"last_value"})
          .takes({any(), boolean()})
          .optional(1)
          .gives(same_as(0))
          .nulls(Nulls::always)
          .shows_alias(),
      aggregate("grouping").takes({any()}).gives(types::byte()).nulls(Nulls::never),
      aggregate("grouping_id").takes({any()}).repeats(0).gives(types::long_type()).nulls(Nulls::never),
      of_doubles("kurtosis", 1),
      of_doubles("skewness", 1),
      aggregate("listagg", {"string_agg"})
          .takes({any(), any()})
          .optional(1)
          .defaults({constant_null()})
          .typed_by([](const FunctionRow&, const CallSite& call) -> SparkResult<TypedCall> {
            const auto& given = call.arguments[0].type;
            auto type = given.is(TypeKind::binary) ? given : types::string();
            if (!implicit_cast(given, exact(type), call.ansi))
              return fail(unexpected_type(call, 0, "(\"STRING\" or \"BINARY\")", given));
            const auto& separator = call.arguments[1].type;
            if (!separator.is(TypeKind::null_) && !implicit_cast(separator, exact(type), call.ansi))
              return fail(unexpected_type(call, 1, fmt::format("\"{}\"", sql_string(type)), separator));
            return TypedCall{{type, separator.is(TypeKind::null_) ? separator : type}, type, true};
          })
          .shows_alias(),
      one_of_input("max").check(sortable),
      one_of_input("min").check(sortable),
      aggregate("max_by").takes({any(), any(), integer()}).optional(1).typed_by(extreme_by),
      aggregate("min_by").takes({any(), any(), integer()}).optional(1).typed_by(extreme_by),
      aggregate("median").takes({summable()}).nulls(Nulls::always).gives([](std::span<const Argument> arguments) {
        return arguments[0].type.is_interval() ? arguments[0].type : types::double_type();
      }),
      aggregate("mode").takes({any(), boolean()}).optional(1).gives(same_as(0)).nulls(Nulls::always),
      aggregate("percentile")
          .takes({any(), any(), long_type()})
          .optional(1)
          .defaults({constant(1)})
          .typed_by(percentile(false)),
      aggregate("percentile_approx", {"approx_percentile"})
          .takes({any(), any(), any()})
          .optional(1)
          .defaults({constant(10000)})
          .typed_by(percentile(true))
          .shows_alias(),
      aggregate("percentile_cont").takes({double_type()}).gives(types::double_type()).nulls(Nulls::always),
      aggregate("percentile_disc").takes({double_type()}).gives(types::double_type()).nulls(Nulls::always),
      aggregate("product").takes({double_type()}).gives(types::double_type()).nulls(Nulls::always),
      of_doubles("regr_avgx", 2),
      of_doubles("regr_avgy", 2),
      of_doubles("regr_intercept", 2),
      of_doubles("regr_r2", 2),
      of_doubles("regr_slope", 2),
      of_doubles("regr_sxx", 2),
      of_doubles("regr_sxy", 2),
      of_doubles("regr_syy", 2),
      aggregate("regr_count").takes({double_type(), double_type()}).gives(types::long_type()).nulls(Nulls::never),
      of_doubles("stddev_samp", 1, {"stddev", "std"}).shows_alias(),
      of_doubles("stddev_pop", 1),
      of_doubles("var_samp", 1, {"variance"}).shows_alias(),
      of_doubles("var_pop", 1),
      aggregate("sum").takes({any()}).typed_by(summed(sum_type)),
      aggregate("try_sum").takes({any()}).typed_by(summed(sum_type)),
      aggregate("histogram_numeric")
          .takes({one_of({numeric(), of(Accepts::Kind::ansi_interval), accepts::date(), accepts::timestamp()}), integer()})
          .nulls(Nulls::always)
          .gives([](std::span<const Argument> arguments) {
            return types::array(types::structure({{"x", arguments[0].type, true, {}}, {"y", types::double_type(), true, {}}}));
          }),
      aggregate("bitmap_construct_agg").takes({long_type()}).gives(types::binary()).nulls(Nulls::never),
      aggregate("bitmap_or_agg").takes({binary()}).gives(types::binary()).nulls(Nulls::never),
      aggregate("bitmap_and_agg").takes({binary()}).gives(types::binary()).nulls(Nulls::never),
      aggregate("try_avg").takes({any()}).typed_by(summed(average_type)),
  };
}

}  // namespace mastic::spark
