// Dates, timestamps, intervals.
#include "spark/functions/row.h"

namespace mastic::spark {
using namespace accepts;
using namespace rules;

namespace {

Accepts any_timestamp() { return of(Accepts::Kind::any_timestamp); }

Row part_of_date(std::string_view name, std::initializer_list<std::string_view> aliases = {}) {
  return scalar(name, aliases).takes({date()}).gives(types::integer());
}
// hour, minute and second read TIME too; of a time Spark calls them nullable.
Row part_of_time(std::string_view name) {
  return scalar(name)
      .takes({one_of({any_timestamp(), of(Accepts::Kind::time)})})
      .gives(types::integer())
      .nulls([](std::span<const Argument> arguments) { return arguments[0].nullable || arguments[0].type.is(TypeKind::time); });
}
DataType time_of_microseconds(std::span<const Argument>) { return DataType{.kind = TypeKind::time, .precision = 6}; }
Row to_time_of(std::string_view name, Accepts input) {
  return scalar(name).takes({std::move(input)}).gives(time_of_microseconds).nulls(Nulls::always);
}
Row from_time(std::string_view name, DataType result) {
  return scalar(name).takes({of(Accepts::Kind::time)}).gives(std::move(result)).nulls(Nulls::always);
}

// make_timestamp and its kin: seven numbers, or a date and a time, each with a time zone at the end or none.
Row make_of(std::string_view name, DataType type, bool tries = false) {
  const bool zoned = type.is(TypeKind::timestamp);
  const bool dates_alone = name == "make_timestamp" || name == "try_make_timestamp";
  return scalar(name)
      .takes({any()})
      .repeats(1)
      .at_most(zoned ? 7 : 6)
      .typed_by([type = std::move(type), zoned, tries, dates_alone](const FunctionRow& row,
                                                                    const CallSite& call) -> SparkResult<TypedCall> {
        const auto count = call.arguments.size();
        TypedCall typed{{}, type, tries || !call.ansi};
        std::vector<Accepts> positions;
        if (count >= 6) {
          positions = {integer(), integer(), integer(), integer(), integer(), exact(types::decimal(16, 6)), string()};
        } else if (count <= (zoned ? 3U : 2U) && (count >= 2 || dates_alone)) {
          positions = {date(), of(Accepts::Kind::time), string()};
          typed.nullable = !zoned;  // Spark's invocations are nullable, its timestamps from parts of days are not
        } else {
          return fail(
              analysis_error("WRONG_NUM_ARGS.WITHOUT_SUGGESTION", {{"functionName", "`" + std::string(row.name) + "`"},
                                                                   {"expectedNum", zoned ? "[2, 3, 6, 7]" : "[2, 6]"},
                                                                   {"actualNum", std::to_string(count)},
                                                                   {"docroot", "https://spark.apache.org/docs/latest"}}));
        }
        for (std::size_t i = 0; i < count; ++i) {
          const auto& argument = call.arguments[i];
          auto cast = implicit_cast(argument.type, positions[i], call.ansi);
          if (!cast) return fail(unexpected_type(call, i, required_type_text(positions[i]), argument.type));
          typed.nullable |= argument.nullable || cast_may_null(argument.type, *cast, call.ansi);
          typed.arguments.push_back(*cast);
        }
        return typed;
      });
}

// to_time(text[, format]) and try_to_time.
Row parse_time(std::string_view name) {
  return scalar(name).takes({string(), string()}).optional(1).gives(time_of_microseconds).nulls(Nulls::always);
}

// current_time([precision]).
SparkResult<TypedCall> current_time(const FunctionRow&, const CallSite& call) {
  TypedCall typed{{}, DataType{.kind = TypeKind::time, .precision = 6}, false};
  if (call.arguments.empty()) return typed;
  const auto* precision =
      call.arguments[0].literal != nullptr ? std::get_if<int64_t>(&call.arguments[0].literal->value) : nullptr;
  if (precision == nullptr) return fail(non_foldable(call, 0, "precision", types::integer()));
  typed.arguments.push_back(types::integer());
  typed.result.precision = static_cast<int>(*precision);
  return typed;
}

// timestampadd(unit, n, ts): a date counts as a timestamp, a timestamp without zone stays one.
SparkResult<TypedCall> shift_by_unit(const FunctionRow&, const CallSite& call) {
  auto type = call.arguments[2].type;
  if (!type.is(TypeKind::timestamp_ntz)) {
    auto cast = implicit_cast(type, timestamp(), call.ansi);
    if (!cast) return fail(unexpected_type(call, 2, "(\"TIMESTAMP\" or \"TIMESTAMP WITHOUT TIME ZONE\")", type));
    type = *cast;
  }
  auto amount = implicit_cast(call.arguments[1].type, long_type(), call.ansi);
  if (!amount) return fail(unexpected_type(call, 1, "\"BIGINT\"", call.arguments[1].type));
  bool nullable = cast_may_null(call.arguments[2].type, type, call.ansi);
  for (const auto& argument : call.arguments) nullable |= argument.nullable;
  return TypedCall{{types::string(), *amount, type}, type, nullable};
}

// time_bucket(width, ts[, origin]).
SparkResult<TypedCall> time_bucket(const FunctionRow&, const CallSite& call) {
  const auto& width = call.arguments[0].type;
  if (!width.is(TypeKind::day_time_interval) && !width.is(TypeKind::year_month_interval))
    return fail(unexpected_type(call, 0, "(\"INTERVAL DAY TO SECOND\" or \"INTERVAL YEAR TO MONTH\")", width));
  auto type = call.arguments[1].type;
  if (!type.is(TypeKind::timestamp_ntz)) {
    auto cast = implicit_cast(type, timestamp(), call.ansi);
    if (!cast) return fail(unexpected_type(call, 1, "(\"TIMESTAMP\" or \"TIMESTAMP WITHOUT TIME ZONE\")", type));
    type = *cast;
  }
  TypedCall typed{{width, type}, type, cast_may_null(call.arguments[1].type, type, call.ansi)};
  if (call.arguments.size() > 2) typed.arguments.push_back(type);
  for (const auto& argument : call.arguments) typed.nullable |= argument.nullable;
  return typed;
}

SparkResult<TypedCall> tumbling_window(const FunctionRow&, const CallSite& call) {
  auto type = call.arguments[0].type;
  if (!type.is(TypeKind::timestamp_ntz)) {
    auto cast = implicit_cast(type, timestamp(), call.ansi);
    if (!cast) return fail(unexpected_type(call, 0, "(\"TIMESTAMP\" or \"TIMESTAMP WITHOUT TIME ZONE\")", type));
    type = *cast;
  }
  auto result = types::structure({{"start", type, true, {}}, {"end", type, true, {}}});
  return TypedCall{{type, types::long_type(), types::long_type(), types::long_type()}, std::move(result), false};
}

// session_window(ts, gap): what rows that follow each other within a gap are grouped by.
SparkResult<TypedCall> session_of(const FunctionRow&, const CallSite& call) {
  auto type = call.arguments[0].type;
  if (!type.is(TypeKind::timestamp_ntz)) {
    auto cast = implicit_cast(type, timestamp(), call.ansi);
    if (!cast) return fail(unexpected_type(call, 0, "(\"TIMESTAMP\" or \"TIMESTAMP WITHOUT TIME ZONE\")", type));
    type = *cast;
  }
  auto result = types::structure({{"start", type, true, {}}, {"end", type, true, {}}});
  return TypedCall{{type, types::day_time_interval()}, std::move(result), false};
}

// window_time(window): the last instant of a window.
SparkResult<TypedCall> window_time(const FunctionRow&, const CallSite& call) {
  const auto& type = call.arguments[0].type;
  if (!type.is(TypeKind::struct_) || type.fields.size() != 2 || !type.fields[1].type.is_datetime())
    return fail(unexpected_type(call, 0, "\"STRUCT<start: TIMESTAMP, end: TIMESTAMP>\"", type));
  return TypedCall{{type}, type.fields[1].type, call.arguments[0].nullable || type.fields[1].nullable};
}

// time_diff(unit, from, to) and time_trunc(unit, time).
DataType second_type(std::span<const Argument> arguments) { return arguments[1].type; }
Row now(std::string_view name, DataType type, std::initializer_list<std::string_view> aliases = {}) {
  return scalar(name, aliases).takes({}).gives(std::move(type)).nulls(Nulls::never);
}

// date_add(d, n): an int; a string or a wider number is refused as Spark does (bigint too).
Row days_shift(std::string_view name, std::initializer_list<std::string_view> aliases = {}) {
  const auto days = one_of({integer(), exact(types::short_type()), exact(types::byte())});
  return scalar(name, aliases).takes({date(), days}).gives(types::date());
}

// to_timestamp and its kin: NULL on bad text when ANSI is off.
Row parse_of(std::string_view name, DataType type, bool tries = false) {
  return scalar(name)
      .takes({any(), string()})
      .optional(1)
      .typed_by([type = std::move(type), tries](const FunctionRow&, const CallSite& call) -> SparkResult<TypedCall> {
        const auto& input = call.arguments[0];
        const bool readable = input.type.is_textual() || input.type.is_datetime() || input.type.is(TypeKind::null_) ||
                              (input.type.is_numeric() && type.is(TypeKind::timestamp));
        if (!readable)
          return fail(unexpected_type(call, 0, "(\"STRING\" or \"DATE\" or \"TIMESTAMP\" or \"TIMESTAMP_NTZ\")", input.type));
        bool nullable = tries || !call.ansi;
        TypedCall typed{{input.type.is(TypeKind::null_) ? types::string() : input.type}, type, true};
        for (const auto& argument : call.arguments) nullable |= argument.nullable;
        if (call.arguments.size() > 1)
          typed.arguments.push_back(types::string());
        else
          nullable |= cast_may_null(input.type, type, call.ansi);
        typed.nullable = nullable;
        return typed;
      });
}

// The fields that EXTRACT knows, by source; several words mean one field.
struct ExtractField {
  std::string_view words;  // " YEAR Y … ", each between blanks
  char sources;            // 'd': dates and timestamps, 'm': year-month intervals, 't': day-time intervals, 'c': TIME
  TypeKind result;
};
constexpr ExtractField extract_fields[] = {
    {" YEAR Y YEARS YR YRS YEAROFWEEK QUARTER QTR MONTH MON MONS MONTHS WEEK W WEEKS DAY D DAYS DAYOFWEEK DOW DAYOFWEEK_ISO "
     "DOW_ISO DOY HOUR H HOURS HR HRS MINUTE M MIN MINS MINUTES ",
     'd', TypeKind::integer},
    {" SECOND S SEC SECONDS SECS ", 'd', TypeKind::decimal},
    {" YEAR Y YEARS YR YRS ", 'm', TypeKind::integer},
    {" MONTH MON MONS MONTHS ", 'm', TypeKind::byte_},
    {" DAY D DAYS ", 't', TypeKind::integer},
    {" HOUR H HOURS HR HRS MINUTE M MIN MINS MINUTES ", 't', TypeKind::byte_},
    {" SECOND S SEC SECONDS SECS ", 't', TypeKind::decimal},
    {" HOUR H HOURS HR HRS MINUTE M MIN MINS MINUTES ", 'c', TypeKind::integer},
    {" SECOND S SEC SECONDS SECS ", 'c', TypeKind::decimal},
};

// date_part('FIELD', x): int, or decimal(8,6) for seconds. Intervals and times have parts too.
SparkResult<TypedCall> date_part(const FunctionRow&, const CallSite& call) {
  const auto* field = call.arguments[0].literal;
  const auto* text = field != nullptr ? std::get_if<std::string>(&field->value) : nullptr;
  if (text == nullptr) return fail(non_foldable(call, 0, "field", types::string()));
  std::string name = " ";
  for (const auto letter : *text) name += static_cast<char>(std::toupper(static_cast<unsigned char>(letter)));
  name += ' ';
  const auto& input = call.arguments[1];
  auto type = input.type;
  if (type.is_textual() || type.is(TypeKind::null_)) type = types::timestamp();
  const char source = type.is_datetime()                       ? 'd'
                      : type.is(TypeKind::year_month_interval) ? 'm'
                      : type.is(TypeKind::day_time_interval)   ? 't'
                      : type.is(TypeKind::time)                ? 'c'
                                                               : ' ';
  const bool nullable = input.nullable || source == 'c' || !same_type(type, input.type);
  for (const auto& known : extract_fields) {
    if (known.sources != source || known.words.find(name) == std::string_view::npos) continue;
    return TypedCall{
        {types::string(), type}, known.result == TypeKind::decimal ? types::decimal(8, 6) : types::of(known.result), nullable};
  }
  return fail(analysis_error("INVALID_EXTRACT_FIELD", {{"field", "`" + *text + "`"}, {"expr", "\"" + input.text + "\""}}));
}

SparkResult<TypedCall> unix_time(const FunctionRow&, const CallSite& call) {
  TypedCall typed{{}, types::long_type(), !call.ansi};
  for (const auto& argument : call.arguments) typed.nullable |= argument.nullable;
  for (std::size_t i = 0; i < call.arguments.size(); ++i) {
    const auto& type = call.arguments[i].type;
    if (i == 0 && (type.is_datetime() || type.is_textual())) {
      typed.arguments.push_back(type);
    } else if (auto cast = implicit_cast(type, accepts::string(), call.ansi)) {
      typed.arguments.push_back(*cast);
    } else {
      return fail(unexpected_type(call, i, "(\"STRING\" or \"DATE\" or \"TIMESTAMP\" or \"TIMESTAMP_NTZ\")", type));
    }
  }
  return typed;
}

}  // namespace

namespace {
ExpressionPtr zero_seconds(int precision) {
  return make_expression(types::decimal(precision, 6), false, Literal{std::string("0.000000")});
}
}  // namespace

Table datetime_functions() {
  const auto text = types::string();
  const auto seconds = exact(types::decimal(16, 6));
  return {
      scalar("add_months").takes({date(), integer()}).gives(types::date()),
      scalar("convert_timezone")
          .takes({string(), string(), exact(types::timestamp_ntz())})
          .optional(1)
          .gives(types::timestamp_ntz()),
      now("current_date", types::date(), {"curdate"}),
      now("current_timestamp", types::timestamp(), {"now"}).shows_alias(),
      now("localtimestamp", types::timestamp_ntz()),
      now("current_timezone", types::string()),
      days_shift("date_add", {"dateadd"}),
      days_shift("date_sub"),
      scalar("datediff", {"date_diff"}).takes({date(), date()}).gives(types::integer()).shows_alias(),
      scalar("date_format").takes({timestamp(), string()}).gives(text),
      scalar("date_from_unix_date").takes({integer()}).gives(types::date()),
      scalar("date_part", {"datepart", "extract"}).takes({string(), any()}).typed_by(date_part).shows_alias(),
      scalar("date_trunc").takes({string(), timestamp()}).gives(types::timestamp()).nulls(Nulls::always),
      scalar("trunc").takes({date(), string()}).gives(types::date()).nulls(Nulls::always),
      part_of_date("day", {"dayofmonth"}).shows_alias(),
      part_of_date("dayofweek"),
      part_of_date("dayofyear"),
      part_of_date("month"),
      part_of_date("quarter"),
      part_of_date("weekday"),
      part_of_date("weekofyear"),
      part_of_date("year"),
      scalar("dayname").takes({date()}).gives(text),
      scalar("monthname").takes({date()}).gives(text),
      part_of_time("hour"),
      part_of_time("minute"),
      part_of_time("second"),
      scalar("from_unixtime")
          .takes({long_type(), string()})
          .optional(1)
          .defaults({constant("yyyy-MM-dd HH:mm:ss")})
          .gives(text)
          .nulls(Nulls::always),
      scalar("from_utc_timestamp").takes({timestamp(), string()}).gives(types::timestamp()),
      scalar("to_utc_timestamp").takes({timestamp(), string()}).gives(types::timestamp()),
      scalar("last_day").takes({date()}).gives(types::date()),
      scalar("next_day").takes({date(), string()}).gives(types::date()).nulls(Nulls::always),
      scalar("make_date").takes({integer(), integer(), integer()}).gives(types::date()).nulls(Nulls::unless_ansi),
      make_of("make_timestamp", types::timestamp()),
      make_of("make_timestamp_ltz", types::timestamp()),
      make_of("make_timestamp_ntz", types::timestamp_ntz()),
      make_of("try_make_timestamp", types::timestamp(), true),
      make_of("try_make_timestamp_ltz", types::timestamp(), true),
      make_of("try_make_timestamp_ntz", types::timestamp_ntz(), true),
      scalar("make_interval")
          .takes({integer(), integer(), integer(), integer(), integer(), integer(), exact(types::decimal(18, 6))})
          .optional(7)
          .defaults({constant(0), constant(0), constant(0), constant(0), constant(0), constant(0), zero_seconds(18)})
          .gives(types::of(TypeKind::calendar_interval))
          .nulls(Nulls::unless_ansi),
      scalar("try_make_interval")
          .takes({integer(), integer(), integer(), integer(), integer(), integer(), exact(types::decimal(18, 6))})
          .optional(7)
          .defaults({constant(0), constant(0), constant(0), constant(0), constant(0), constant(0), zero_seconds(18)})
          .gives(types::of(TypeKind::calendar_interval))
          .nulls(Nulls::always),
      scalar("make_dt_interval")
          .takes({integer(), integer(), integer(), exact(types::decimal(18, 6))})
          .optional(4)
          .defaults({constant(0), constant(0), constant(0), zero_seconds(18)})
          .gives(types::day_time_interval()),
      scalar("make_ym_interval")
          .takes({integer(), integer()})
          .optional(2)
          .defaults({constant(0), constant(0)})
          .gives(types::year_month_interval()),
      scalar("months_between")
          .takes({timestamp(), timestamp(), boolean()})
          .optional(1)
          .defaults({constant(true)})
          .gives(types::double_type()),
      scalar("timestamp_micros").takes({long_type()}).gives(types::timestamp()),
      scalar("timestamp_millis").takes({long_type()}).gives(types::timestamp()),
      scalar("timestamp_seconds").takes({numeric()}).gives(types::timestamp()).nulls([](std::span<const Argument> arguments) {
        return arguments[0].nullable || arguments[0].type.is_fractional();
      }),
      scalar("unix_date").takes({date()}).gives(types::integer()),
      scalar("unix_micros").takes({timestamp()}).gives(types::long_type()),
      scalar("unix_millis").takes({timestamp()}).gives(types::long_type()),
      scalar("unix_seconds").takes({timestamp()}).gives(types::long_type()),
      scalar("unix_timestamp").takes({any(), string()}).optional(2).typed_by(unix_time),
      scalar("to_unix_timestamp").takes({any(), string()}).optional(1).typed_by(unix_time),
      parse_of("to_date", types::date()),
      parse_of("try_to_date", types::date(), true),
      parse_of("to_timestamp", types::timestamp()),
      parse_of("try_to_timestamp", types::timestamp(), true),
      parse_of("to_timestamp_ltz", types::timestamp()),
      parse_of("to_timestamp_ntz", types::timestamp_ntz()),
      scalar("timestampadd", {"timestamp_add"}).takes({string(), long_type(), any()}).typed_by(shift_by_unit),
      scalar("timestampdiff", {"timestamp_diff"}).takes({string(), timestamp(), timestamp()}).gives(types::long_type()),
      // The analyzer turns the durations into microseconds: window(ts, width, slide, start).
      scalar("window").takes({any(), any(), any(), any()}).typed_by(tumbling_window),
      scalar("session_window").takes({any(), any()}).typed_by(session_of),
      scalar("window_time").takes({structure()}).typed_by(window_time),
      scalar("time_bucket").takes({any(), any(), any()}).optional(1).typed_by(time_bucket),
      scalar("current_time").takes({integer()}).optional(1).defaults({constant(6)}).typed_by(current_time),
      scalar("make_time").takes({integer(), integer(), seconds}).gives(time_of_microseconds).nulls(Nulls::always),
      parse_time("to_time"),
      parse_time("try_to_time"),
      scalar("time_diff")
          .takes({string(), of(Accepts::Kind::time), of(Accepts::Kind::time)})
          .gives(types::long_type())
          .nulls(Nulls::always),
      scalar("time_trunc").takes({string(), of(Accepts::Kind::time)}).gives(second_type).nulls(Nulls::always),
      to_time_of("time_from_micros", one_of({long_type()})),
      to_time_of("time_from_millis", one_of({long_type()})),
      to_time_of("time_from_seconds", numeric()),
      from_time("time_to_micros", types::long_type()),
      from_time("time_to_millis", types::long_type()),
      from_time("time_to_seconds", types::decimal(14, 6)),
  };
}

}  // namespace mastic::spark
