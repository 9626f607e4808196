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
Row part_of_time(std::string_view name) { return scalar(name).takes({any_timestamp()}).gives(types::integer()); }
Row now(std::string_view name, DataType type, std::initializer_list<std::string_view> aliases = {}) {
  return scalar(name, aliases).takes({}).gives(std::move(type)).nulls(Nulls::never);
}

// date_add(d, n): an int; a string or a wider number is refused as Spark does (bigint too).
Row days_shift(std::string_view name, std::initializer_list<std::string_view> aliases = {}) {
  const auto days = one_of({integer(), exact(types::short_type()), exact(types::byte())});
  return scalar(name, aliases).takes({date(), days}).gives(types::date()).shows_alias();
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
        if (call.arguments.size() > 1) typed.arguments.push_back(types::string());
        typed.nullable = nullable;
        return typed;
      });
}

// date_part('FIELD', x): int, or decimal(8,6) for seconds. Intervals have parts too.
SparkResult<TypedCall> date_part(const FunctionRow&, const CallSite& call) {
  const auto* field = call.arguments[0].literal;
  const auto* text = field != nullptr ? std::get_if<std::string>(&field->value) : nullptr;
  if (text == nullptr) return fail(non_foldable(call, 0, "field", types::string()));
  std::string name = *text;
  for (auto& letter : name) letter = static_cast<char>(std::toupper(static_cast<unsigned char>(letter)));
  const auto& input = call.arguments[1];
  const bool seconds = name == "SECOND" || name == "S" || name == "SEC" || name == "SECONDS" || name == "SECS";
  auto type = input.type;
  if (type.is_textual() || type.is(TypeKind::null_)) type = types::timestamp();
  if (!type.is_datetime() && !type.is_interval())
    return fail(unexpected_type(call, 1, "(\"DATE\" or \"TIMESTAMP\" or \"INTERVAL\")", input.type));
  return TypedCall{{types::string(), type}, seconds ? types::decimal(8, 6) : types::integer(), true};
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

Table datetime_functions() {
  const auto text = types::string();
  const auto parts = [](int count, Accepts last) {
    std::vector<Accepts> positions(count - 1, integer());
    positions.push_back(std::move(last));
    return positions;
  };
  const auto seconds = exact(types::decimal(16, 6));
  return {
      scalar("add_months").takes({date(), integer()}).gives(types::date()),
      scalar("convert_timezone")
          .takes({string(), string(), exact(types::timestamp_ntz())})
          .optional(1)
          .gives(types::timestamp_ntz()),
      now("current_date", types::date(), {"curdate"}),
      now("current_timestamp", types::timestamp(), {"now"}),
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
          .gives(text),
      scalar("from_utc_timestamp").takes({timestamp(), string()}).gives(types::timestamp()),
      scalar("to_utc_timestamp").takes({timestamp(), string()}).gives(types::timestamp()),
      scalar("last_day").takes({date()}).gives(types::date()),
      scalar("next_day").takes({date(), string()}).gives(types::date()).nulls(Nulls::always),
      scalar("make_date").takes({integer(), integer(), integer()}).gives(types::date()).nulls(Nulls::always),
      scalar("make_timestamp")
          .takes({integer(), integer(), integer(), integer(), integer(), seconds, string()})
          .optional(1)
          .gives(types::timestamp())
          .nulls(Nulls::always),
      scalar("make_timestamp_ltz")
          .takes({integer(), integer(), integer(), integer(), integer(), seconds, string()})
          .optional(1)
          .gives(types::timestamp())
          .nulls(Nulls::always),
      scalar("make_timestamp_ntz").takes(parts(6, seconds)).gives(types::timestamp_ntz()).nulls(Nulls::always),
      scalar("try_make_timestamp")
          .takes({integer(), integer(), integer(), integer(), integer(), seconds, string()})
          .optional(1)
          .gives(types::timestamp())
          .nulls(Nulls::always),
      scalar("try_make_timestamp_ltz")
          .takes({integer(), integer(), integer(), integer(), integer(), seconds, string()})
          .optional(1)
          .gives(types::timestamp())
          .nulls(Nulls::always),
      scalar("try_make_timestamp_ntz").takes(parts(6, seconds)).gives(types::timestamp_ntz()).nulls(Nulls::always),
      scalar("make_interval")
          .takes({integer(), integer(), integer(), integer(), integer(), integer(), exact(types::decimal(18, 6))})
          .optional(7)
          .defaults({constant(0), constant(0), constant(0), constant(0), constant(0), constant(0), constant(0)})
          .gives(types::of(TypeKind::calendar_interval))
          .nulls(Nulls::any),
      scalar("make_dt_interval")
          .takes({integer(), integer(), integer(), exact(types::decimal(18, 6))})
          .optional(4)
          .defaults({constant(0), constant(0), constant(0), constant(0)})
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
      scalar("timestamp_seconds").takes({numeric()}).gives(types::timestamp()).nulls(Nulls::always),
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
      scalar("timestampadd").takes({string(), long_type(), timestamp()}).gives(types::timestamp()),
      scalar("timestampdiff").takes({string(), timestamp(), timestamp()}).gives(types::long_type()),
      missing("try_make_interval"),
      missing("window"),
      missing("session_window"),
      missing("window_time"),
      missing("time_bucket"),
      missing("current_time"),
      missing("make_time"),
      missing("to_time"),
      missing("try_to_time"),
      missing("time_diff"),
      missing("time_trunc"),
      missing("time_from_micros"),
      missing("time_from_millis"),
      missing("time_from_seconds"),
      missing("time_to_micros"),
      missing("time_to_millis"),
      missing("time_to_seconds"),
  };
}

}  // namespace mastic::spark
