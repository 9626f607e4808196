// Dates, timestamps, intervals. Fields of a timestamp are those of the session's wall clock.
#include <duckdb.hpp>

#include "spark/lower/functions/table.h"
#include "spark/lower/types.h"

namespace mastic::spark {
namespace {

ast::Expr on_local(CallInProgress& call, const std::string& pattern, std::size_t argument = 0) {
  call.arguments[argument] = call.lowering.local_time(call.take(argument), call.type(argument));
  return ast::fill(pattern, call.arguments);
}
ast::Expr zone(const CallInProgress& call) { return ast::text(call.lowering.options().session_time_zone); }
bool exact(const CallInProgress& call) { return call.exact() && !call.call.function.starts_with("try_"); }

template <const char* const& pattern>
ast::Expr field(CallInProgress& call) {
  return on_local(call, pattern);
}

constexpr const char* year_pattern = "year($1)";
constexpr const char* quarter_pattern = "quarter($1)";
constexpr const char* month_pattern = "month($1)";
constexpr const char* day_pattern = "day($1)";
constexpr const char* hour_pattern = "hour($1)";
constexpr const char* minute_pattern = "minute($1)";
constexpr const char* second_pattern = "second($1)";
constexpr const char* week_pattern = "week($1)";
constexpr const char* day_of_year_pattern = "dayofyear($1)";
constexpr const char* day_of_week_pattern = "dayofweek($1) + 1";
constexpr const char* weekday_pattern = "isodow($1) - 1";
constexpr const char* month_name_pattern = "left(monthname($1), 3)";
constexpr const char* day_name_pattern = "left(dayname($1), 3)";
constexpr const char* last_day_pattern = "last_day($1)";

ast::Expr now(CallInProgress& call) {
  return ast::constant(duckdb::Value::TIMESTAMPTZ(duckdb::timestamp_tz_t(call.lowering.now_microseconds())));
}
ast::Expr today(CallInProgress& call) {
  return ast::cast(call.lowering.local_time(now(call), types::timestamp()), duckdb::LogicalType::DATE);
}
ast::Expr zone_of_session(CallInProgress& call) { return zone(call); }
ast::Expr local_now(CallInProgress& call) { return call.lowering.local_time(now(call), types::timestamp()); }

/// Text by a pattern as the result's type.
ast::Expr parse(CallInProgress& call, const DataType& type) {
  auto text = call.take(0);
  auto pattern = call.take(1);
  if (type.is(TypeKind::timestamp)) {
    return ast::call("spark_parse_instant", std::move(text), std::move(pattern), zone(call), ast::boolean(exact(call)));
  }
  auto local = ast::call("spark_parse_local", std::move(text), std::move(pattern), ast::boolean(exact(call)));
  return type.is(TypeKind::date) ? ast::cast(std::move(local), duckdb::LogicalType::DATE) : std::move(local);
}

/// to_date, to_timestamp…: with a pattern when the input is text and one is given, else a cast.
ast::Expr to_time(CallInProgress& call) {
  if (call.count() > 1 && call.type(0).is_textual()) return parse(call, call.result);
  return call.lowering.cast(call.take(0), call.type(0), call.result, exact(call) ? EvalMode::ansi : EvalMode::legacy);
}

ast::Expr date_format(CallInProgress& call) {
  auto local = call.lowering.local_time(call.take(0), call.type(0));
  return ast::call("spark_format_datetime", std::move(local), call.take(1), zone(call));
}

ast::Expr epoch_seconds(ast::Expr instant) {
  ast::Exprs arguments;
  arguments.push_back(std::move(instant));
  return ast::fill("CAST(floor(epoch_us($1) / 1000000) AS BIGINT)", arguments);
}

ast::Expr unix_timestamp(CallInProgress& call) {
  if (call.count() == 0) return epoch_seconds(now(call));
  if (!call.type(0).is_textual()) {
    return epoch_seconds(call.lowering.cast(call.take(0), call.type(0), types::timestamp(), EvalMode::legacy));
  }
  if (call.count() == 1) call.arguments.push_back(ast::text("yyyy-MM-dd HH:mm:ss"));
  return epoch_seconds(parse(call, types::timestamp()));
}

ast::Expr from_unixtime(CallInProgress& call) {
  if (call.count() == 1) call.arguments.push_back(ast::text("yyyy-MM-dd HH:mm:ss"));
  auto instant = call.lowering.cast(call.take(0), types::long_type(), types::timestamp(), EvalMode::legacy);
  auto local = call.lowering.local_time(std::move(instant), types::timestamp());
  return ast::call("spark_format_datetime", std::move(local), call.take(1), zone(call));
}

/// date_trunc(unit, timestamp), trunc(date, unit).
ast::Expr date_trunc(CallInProgress& call) {
  auto local = call.lowering.local_time(call.take(1), call.type(1));
  auto cut = ast::call("spark_truncate", std::move(local), call.take(0));
  return call.result.is(TypeKind::timestamp) ? call.lowering.instant(std::move(cut)) : std::move(cut);
}
ast::Expr trunc(CallInProgress& call) {
  const auto unit = call.literal_text(1).value_or("");
  auto local = call.lowering.local_time(call.take(0), call.type(0));
  // trunc knows no unit below a week.
  for (const char* small : {"day", "dd", "hour", "minute", "second", "millisecond", "microsecond"}) {
    if (duckdb::StringUtil::CIEquals(unit, small)) return ast::null_of(duckdb::LogicalType::DATE);
  }
  return ast::cast(ast::call("spark_truncate", std::move(local), call.take(1)), duckdb::LogicalType::DATE);
}

ast::Expr months_between(CallInProgress& call) {
  if (call.count() == 2) call.arguments.push_back(ast::boolean(true));
  for (std::size_t i = 0; i < 2; ++i) call.arguments[i] = call.lowering.local_time(call.take(i), call.type(i));
  return ast::call("spark_months_between", std::move(call.arguments));
}

ast::Expr make_date(CallInProgress& call) {
  return ast::call(exact(call) ? "spark_make_date_exact" : "spark_make_date", std::move(call.arguments));
}
ast::Expr next_day(CallInProgress& call) {
  return ast::call(exact(call) ? "spark_next_day_exact" : "spark_next_day", std::move(call.arguments));
}

/// The type of a shifted timestamp is the argument's own.
ast::Expr shift_zone(CallInProgress& call, const char* kernel) { return ast::call(kernel, call.take(0), call.take(1)); }
ast::Expr from_utc(CallInProgress& call) { return shift_zone(call, "spark_from_utc"); }
ast::Expr to_utc(CallInProgress& call) { return shift_zone(call, "spark_to_utc"); }

ast::Expr make_timestamp(CallInProgress& call) {
  const bool zoned = call.count() == 7;
  ast::Exprs parts;
  for (std::size_t i = 0; i < 6; ++i) parts.push_back(call.take(i));
  auto local = ast::fill(
      exact(call) ? "make_timestamp($1, $2, $3, $4, $5, $6::DOUBLE)" : "TRY(make_timestamp($1, $2, $3, $4, $5, $6::DOUBLE))",
      parts);
  if (call.result.is(TypeKind::timestamp_ntz)) return local;
  if (zoned) return ast::call("spark_to_utc", ast::cast(std::move(local), duckdb::LogicalType::TIMESTAMP_TZ), call.take(6));
  return call.lowering.instant(std::move(local));
}

/// extract(field FROM source), date_part(field, source).
ast::Expr date_part(CallInProgress& call) {
  auto name = duckdb::StringUtil::Lower(call.literal_text(0).value_or(""));
  if (name.ends_with("s") && name.size() > 3) name.pop_back();
  static const std::unordered_map<std::string, std::string> patterns = {
      {"year", "year($1)"},
      {"y", "year($1)"},
      {"yr", "year($1)"},
      {"yearofweek", "isoyear($1)"},
      {"quarter", "quarter($1)"},
      {"qtr", "quarter($1)"},
      {"month", "month($1)"},
      {"mon", "month($1)"},
      {"week", "week($1)"},
      {"w", "week($1)"},
      {"day", "day($1)"},
      {"d", "day($1)"},
      {"dayofweek", "dayofweek($1) + 1"},
      {"dow", "dayofweek($1) + 1"},
      {"dayofweek_iso", "isodow($1)"},
      {"dow_iso", "isodow($1)"},
      {"doy", "dayofyear($1)"},
      {"hour", "hour($1)"},
      {"h", "hour($1)"},
      {"hr", "hour($1)"},
      {"minute", "minute($1)"},
      {"min", "minute($1)"},
      {"m", "minute($1)"},
      {"second", "microsecond($1) / 1000000"},
      {"sec", "microsecond($1) / 1000000"},
  };
  const auto found = patterns.find(name);
  if (found == patterns.end()) not_lowered("date_part of " + name);
  ast::Exprs source;
  source.push_back(call.lowering.local_time(call.take(1), call.type(1)));
  return ast::fill(found->second, source);
}

ast::Expr interval_day_time(CallInProgress& call) {
  constexpr const char* defaults[] = {"0", "0", "0", "0"};
  while (call.arguments.size() < 4) call.arguments.push_back(ast::integer(std::stoll(defaults[call.arguments.size()])));
  return ast::fill("($1::BIGINT * 86400 + $2 * 3600 + $3 * 60) * 1000000 + CAST($4 * 1000000 AS BIGINT)", call.arguments);
}

constexpr FunctionLowering rows[] = {
    {"add_months", 2, "spark_add_months"},
    {"convert_timezone", 3, "spark_local(spark_instant($3, $1), $2)"},
    {"current_date", -1, "", today},
    {"curdate", -1, "", today},
    {"current_timestamp", -1, "", now},
    {"current_timezone", 0, "", zone_of_session},
    {"date_add", 2, "$1 + $2::INTEGER"},
    {"dateadd", 2, "$1 + $2::INTEGER"},
    {"date_diff", 2, "$1 - $2"},
    {"datediff", 2, "$1 - $2"},
    {"date_format", 2, "", date_format},
    {"date_from_unix_date", 1, "DATE '1970-01-01' + $1::INTEGER"},
    {"date_part", 2, "", date_part},
    {"datepart", 2, "", date_part},
    {"date_sub", 2, "$1 - $2::INTEGER"},
    {"date_trunc", 2, "", date_trunc},
    {"day", 1, "", field<day_pattern>},
    {"dayname", 1, "", field<day_name_pattern>},
    {"dayofmonth", 1, "", field<day_pattern>},
    {"dayofweek", 1, "", field<day_of_week_pattern>},
    {"dayofyear", 1, "", field<day_of_year_pattern>},
    {"extract", 2, "", date_part},
    {"from_unixtime", -1, "", from_unixtime},
    {"from_utc_timestamp", 2, "", from_utc},
    {"hour", 1, "", field<hour_pattern>},
    {"last_day", 1, "", field<last_day_pattern>},
    {"localtimestamp", 0, "", local_now},
    {"make_date", 3, "", make_date},
    {"make_dt_interval", -1, "", interval_day_time},
    {"make_timestamp", -1, "", make_timestamp},
    {"make_timestamp_ltz", -1, "", make_timestamp},
    {"make_timestamp_ntz", -1, "", make_timestamp},
    {"try_make_timestamp", -1, "", make_timestamp},
    {"make_ym_interval", 0, "0"},
    {"make_ym_interval", 1, "$1 * 12"},
    {"make_ym_interval", 2, "$1 * 12 + $2"},
    {"minute", 1, "", field<minute_pattern>},
    {"month", 1, "", field<month_pattern>},
    {"monthname", 1, "", field<month_name_pattern>},
    {"months_between", -1, "", months_between},
    {"next_day", 2, "", next_day},
    {"now", -1, "", now},
    {"quarter", 1, "", field<quarter_pattern>},
    {"second", 1, "", field<second_pattern>},
    {"timestamp_micros", 1, "make_timestamp($1::BIGINT)::TIMESTAMPTZ"},
    {"timestamp_millis", 1, "make_timestamp($1::BIGINT * 1000)::TIMESTAMPTZ"},
    {"timestamp_seconds", 1, "make_timestamp(CAST($1 * 1000000 AS BIGINT))::TIMESTAMPTZ"},
    {"to_date", -1, "", to_time},
    {"try_to_date", -1, "", to_time},
    {"to_timestamp", -1, "", to_time},
    {"to_timestamp_ltz", -1, "", to_time},
    {"to_timestamp_ntz", -1, "", to_time},
    {"try_to_timestamp", -1, "", to_time},
    {"to_unix_timestamp", -1, "", unix_timestamp},
    {"to_utc_timestamp", 2, "", to_utc},
    {"trunc", 2, "", trunc},
    {"unix_date", 1, "$1 - DATE '1970-01-01'"},
    {"unix_micros", 1, "epoch_us($1)"},
    {"unix_millis", 1, "CAST(floor(epoch_us($1) / 1000) AS BIGINT)"},
    {"unix_seconds", 1, "CAST(floor(epoch_us($1) / 1000000) AS BIGINT)"},
    {"unix_timestamp", -1, "", unix_timestamp},
    {"weekday", 1, "", field<weekday_pattern>},
    {"weekofyear", 1, "", field<week_pattern>},
    {"year", 1, "", field<year_pattern>},
};

}  // namespace

std::span<const FunctionLowering> datetime_lowerings() { return rows; }

}  // namespace mastic::spark
