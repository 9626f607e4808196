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
  if (call.type(0).is(TypeKind::time)) return ast::fill(pattern, call.arguments);
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

/// Seven numbers, or a date and a time; with a zone at the end or none.
ast::Expr make_timestamp(CallInProgress& call) {
  const bool by_parts = call.count() >= 6;
  const std::size_t local_arguments = by_parts ? 6 : std::min<std::size_t>(call.count(), 2);
  ast::Exprs parts;
  for (std::size_t i = 0; i < local_arguments; ++i) parts.push_back(call.take(i));
  ast::Expr local = by_parts ? ast::call(exact(call) ? "spark_make_local_exact" : "spark_make_local", std::move(parts))
                             : ast::fill(local_arguments == 2 ? "($1 + $2)::TIMESTAMP" : "$1::TIMESTAMP", parts);
  if (call.result.is(TypeKind::timestamp_ntz)) return local;
  if (call.count() > local_arguments)
    return ast::call("spark_to_utc", ast::cast(std::move(local), duckdb::LogicalType::TIMESTAMP_TZ),
                     call.take(local_arguments));
  return call.lowering.instant(std::move(local));
}

struct PartPattern {
  std::string_view words;  // each between blanks
  const char* of_timestamp;
  const char* of_day_time;    // $1: microseconds
  const char* of_year_month;  // $1: months
};
constexpr PartPattern part_patterns[] = {
    {" year y years yr yrs ", "year($1)", nullptr, "trunc($1 / 12)::INTEGER"},
    {" yearofweek ", "isoyear($1)", nullptr, nullptr},
    {" quarter qtr ", "quarter($1)", nullptr, nullptr},
    {" month mon mons months ", "month($1)", nullptr, "($1 % 12)::TINYINT"},
    {" week w weeks ", "week($1)", nullptr, nullptr},
    {" day d days ", "day($1)", "trunc($1 / 86400000000)::INTEGER", nullptr},
    {" dayofweek dow ", "dayofweek($1) + 1", nullptr, nullptr},
    {" dayofweek_iso dow_iso ", "isodow($1)", nullptr, nullptr},
    {" doy ", "dayofyear($1)", nullptr, nullptr},
    {" hour h hours hr hrs ", "hour($1)", "trunc(($1 % 86400000000) / 3600000000)::TINYINT", nullptr},
    {" minute m min mins minutes ", "minute($1)", "trunc(($1 % 3600000000) / 60000000)::TINYINT", nullptr},
    {" second s sec seconds secs ", "(microsecond($1)::DECIMAL(14,6) / 1000000)::DECIMAL(8,6)",
     "(($1 % 60000000)::DECIMAL(14,6) / 1000000)::DECIMAL(8,6)", nullptr},
};

/// extract(field FROM source), date_part(field, source).
ast::Expr date_part(CallInProgress& call) {
  const auto name = " " + duckdb::StringUtil::Lower(call.literal_text(0).value_or("")) + " ";
  const auto& type = call.type(1);
  for (const auto& part : part_patterns) {
    if (part.words.find(name) == std::string_view::npos) continue;
    const char* pattern = type.is(TypeKind::day_time_interval)     ? part.of_day_time
                          : type.is(TypeKind::year_month_interval) ? part.of_year_month
                                                                   : part.of_timestamp;
    if (pattern == nullptr) break;
    ast::Exprs source;
    source.push_back(type.is_datetime() ? call.lowering.local_time(call.take(1), type) : call.take(1));
    return ast::fill(pattern, source);
  }
  not_lowered("date_part of" + name);
}

/// timestampadd(unit, n, ts): days and more by the wall clock, less by the instant.
ast::Expr add_unit(CallInProgress& call) {
  const auto unit = duckdb::StringUtil::Upper(call.literal_text(0).value_or("DAY"));
  const bool below_days =
      unit == "HOUR" || unit == "MINUTE" || unit == "SECOND" || unit == "MILLISECOND" || unit == "MICROSECOND";
  const bool instant = call.type(2).is(TypeKind::timestamp);
  auto at = instant && !below_days ? call.lowering.local_time(call.take(2), call.type(2)) : call.take(2);
  auto moved =
      ast::call("spark_add_unit", ast::cast(std::move(at), duckdb::LogicalType::TIMESTAMP), call.take(1), call.take(0));
  if (!instant) return moved;
  return below_days ? ast::cast(std::move(moved), duckdb::LogicalType::TIMESTAMP_TZ) : call.lowering.instant(std::move(moved));
}
ast::Expr unit_between(CallInProgress& call) {
  auto from = call.lowering.local_time(call.take(1), call.type(1));
  auto to = call.lowering.local_time(call.take(2), call.type(2));
  return ast::call("spark_unit_between", std::move(from), std::move(to), call.take(0));
}

/// time_bucket(width, at, origin): microseconds by the instant, months by the wall clock.
ast::Expr time_bucket(CallInProgress& call) {
  ast::Exprs parts;
  if (call.type(0).is(TypeKind::year_month_interval)) {
    for (std::size_t i = 1; i < 3; ++i) parts.push_back(call.lowering.local_time(call.take(i), call.type(i)));
    parts.push_back(call.take(0));
    auto start = ast::call("spark_bucket_months", std::move(parts));
    return call.result.is(TypeKind::timestamp) ? call.lowering.instant(std::move(start)) : std::move(start);
  }
  for (std::size_t i = 1; i < 3; ++i) parts.push_back(call.take(i));
  parts.push_back(call.take(0));
  auto start = ast::fill("make_timestamp(spark_bucket(epoch_us($1), epoch_us($2), $3))", parts);
  return ast::cast(std::move(start), to_duckdb_type(call.result));
}

ast::Expr parse_time(CallInProgress& call) {
  if (call.count() == 1) call.arguments.push_back(ast::text(""));
  return ast::call(call.call.function == "try_to_time" ? "spark_try_parse_time" : "spark_parse_time",
                   std::move(call.arguments));
}
ast::Expr time_trunc(CallInProgress& call) {
  ast::Exprs parts;
  parts.push_back(call.take(0));
  parts.push_back(call.take(1));
  return ast::fill("spark_truncate((DATE '1970-01-01' + $2)::TIMESTAMP, $1)::TIME", parts);
}
ast::Expr time_diff(CallInProgress& call) {
  return ast::fill("spark_unit_between((DATE '1970-01-01' + $2)::TIMESTAMP, (DATE '1970-01-01' + $3)::TIMESTAMP, $1)",
                   call.arguments);
}
ast::Expr time_from_seconds(CallInProgress& call) {
  if (call.type(0).is_fractional()) return ast::fill("spark_time_from(trunc($1::DOUBLE * 1000000)::BIGINT)", call.arguments);
  return ast::fill("spark_time_from(trunc($1::DECIMAL(32,6) * 1000000)::BIGINT)", call.arguments);
}
ast::Expr current_time(CallInProgress& call) {
  const auto now = call.lowering.now_microseconds();
  auto time = ast::cast(
      call.lowering.local_time(ast::constant(duckdb::Value::TIMESTAMPTZ(duckdb::timestamp_tz_t(now))), types::timestamp()),
      duckdb::LogicalType::TIME);
  if (call.result.precision >= 6) return time;
  ast::Exprs parts;
  parts.push_back(std::move(time));
  int64_t unit = 1;
  for (int i = call.result.precision; i < 6; ++i) unit *= 10;
  parts.push_back(ast::integer(unit));
  return ast::fill("spark_time_from(epoch_us($1) // $2 * $2)", parts);
}

/// Windows of one width side by side: window(ts, width, slide = width, start).
ast::Expr window(CallInProgress& call) {
  const auto type = to_duckdb_type(call.type(0));
  ast::Exprs parts;
  parts.push_back(call.take(0));
  parts.push_back(call.take(3));
  parts.push_back(call.take(2));  // windows begin a slide apart
  auto start = ast::fill("spark_bucket(epoch_us($1), $2, $3)", parts);
  ast::Exprs ends;
  ends.push_back(start->Copy());
  ends.push_back(call.take(1));
  auto end = ast::cast(ast::fill("make_timestamp($1 + $2)", ends), type);
  ends.clear();
  ends.push_back(std::move(start));
  ast::Exprs members;
  members.push_back(ast::cast(ast::fill("make_timestamp($1)", ends), type));
  members.push_back(std::move(end));
  members[0]->SetAlias("start");
  members[1]->SetAlias("end");
  return ast::call("struct_pack", std::move(members));
}
ast::Expr session_outside_groups(CallInProgress&) { not_lowered("session_window() outside GROUP BY"); }
ast::Expr window_time(CallInProgress& call) {
  ast::Exprs parts;
  parts.push_back(ast::field(call.take(0), 1));
  return ast::fill("$1 - to_microseconds(1)", parts);
}

ast::Expr make_interval(CallInProgress& call) {
  const bool exactly = exact(call);
  return ast::call(exactly ? "spark_make_interval_exact" : "spark_make_interval", std::move(call.arguments));
}

ast::Expr timestamp_seconds(CallInProgress& call) {
  if (call.type(0).is_fractional()) {
    return ast::fill("CASE WHEN isfinite($1) THEN make_timestamp(trunc($1::DOUBLE * 1000000)::BIGINT)::TIMESTAMPTZ END",
                     call.arguments);
  }
  return ast::fill("make_timestamp(($1::DECIMAL(32,6) * 1000000)::BIGINT)::TIMESTAMPTZ", call.arguments);
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
    {"make_interval", -1, "", make_interval},
    {"try_make_interval", -1, "", make_interval},
    {"make_timestamp", -1, "", make_timestamp},
    {"make_timestamp_ltz", -1, "", make_timestamp},
    {"make_timestamp_ntz", -1, "", make_timestamp},
    {"try_make_timestamp", -1, "", make_timestamp},
    {"try_make_timestamp_ltz", -1, "", make_timestamp},
    {"try_make_timestamp_ntz", -1, "", make_timestamp},
    {"make_ym_interval", 0, "(0)"},
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
    {"timestamp_seconds", 1, "", timestamp_seconds},
    {"timestampadd", 3, "", add_unit},
    {"timestampdiff", 3, "", unit_between},
    {"time_bucket", 3, "", time_bucket},
    {"current_time", -1, "", current_time},
    {"make_time", 3, "spark_make_time"},
    {"to_time", -1, "", parse_time},
    {"try_to_time", -1, "", parse_time},
    {"time_diff", 3, "", time_diff},
    {"time_trunc", 2, "", time_trunc},
    {"time_from_micros", 1, "spark_time_from($1::BIGINT)"},
    {"time_from_millis", 1, "spark_time_from($1::BIGINT * 1000)"},
    {"time_from_seconds", 1, "", time_from_seconds},
    {"time_to_micros", 1, "epoch_us($1)"},
    {"time_to_millis", 1, "epoch_us($1) // 1000"},
    {"time_to_seconds", 1, "(epoch_us($1)::DECIMAL(20,6) / 1000000)::DECIMAL(14,6)"},
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
    {"window", 4, "", window},
    {"session_window", 2, "", session_outside_groups},
    {"window_time", 1, "", window_time},
    {"weekofyear", 1, "", field<week_pattern>},
    {"year", 1, "", field<year_pattern>},
};

}  // namespace

std::span<const FunctionLowering> datetime_lowerings() { return rows; }

}  // namespace mastic::spark
