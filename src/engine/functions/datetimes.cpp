// Dates and instants.
//   spark_local(instant, zone) → wall-clock TIMESTAMP; spark_instant(TIMESTAMP, zone) → TIMESTAMPTZ
//   spark_as_instant(TIMESTAMP | TIMESTAMPTZ): the same microseconds as an instant (Parquet files differ in the flag)
//   spark_add_months(date, n), spark_months_between(local, local, round), spark_next_day(date, name) (NULL: no such day)
//   spark_truncate(local, unit): date_trunc and trunc; NULL for an unknown unit
//   spark_to_utc(instant, zone, forward): from_utc_timestamp and to_utc_timestamp with a zone per row
#include <cmath>

#include "engine/functions/datetime_text.h"
#include "engine/functions/kernel.h"
#include "engine/functions/number_text.h"
#include "engine/functions/register.h"

namespace mastic::engine {
namespace {

using duckdb::date_t;
using duckdb::timestamp_t;

const TimeZone* zone_of(const std::string& name) {
  const auto* zone = TimeZone::find(name);
  if (zone == nullptr) throw_spark_error("INVALID_TIMEZONE", {{"timeZone", name}});
  return zone;
}

template <bool to_local>
BindResult bind_shift(duckdb::ClientContext& context, ScalarFunction& function, BoundArguments& arguments) {
  const auto* zone = zone_of(take_constant(context, function, arguments, 1).ToString());
  function.function = [zone](DataChunk& input, ExpressionState&, Vector& result) {
    duckdb::UnaryExecutor::Execute<timestamp_t, timestamp_t>(input.data[0], result, input.size(), [zone](timestamp_t at) {
      return timestamp_t(to_local ? zone->to_local(at.value) : zone->to_utc(at.value));
    });
  };
  return nullptr;
}

void as_instant(DataChunk& input, ExpressionState&, Vector& result) {
  duckdb::UnaryExecutor::Execute<timestamp_t, timestamp_t>(input.data[0], result, input.size(),
                                                           [](timestamp_t at) { return at; });
}

int64_t shift_months(int64_t days, int64_t months) {
  const auto date = civil_from_days(days);
  const int64_t month_index = date.year * 12 + date.month - 1 + months;
  const int64_t year = floor_divide(month_index, 12);
  const int month = static_cast<int>(floor_modulo(month_index, 12)) + 1;
  int day = date.day;
  while (!is_valid_date(year, month, day)) --day;
  return days_from_civil(year, month, day);
}

void add_months(DataChunk& input, ExpressionState&, Vector& result) {
  duckdb::BinaryExecutor::Execute<date_t, int32_t, date_t>(
      input.data[0], input.data[1], result, input.size(),
      [](date_t date, int32_t months) { return date_t(static_cast<int32_t>(shift_months(date.days, months))); });
}

void add_months_to_timestamp(DataChunk& input, ExpressionState&, Vector& result) {
  duckdb::BinaryExecutor::Execute<timestamp_t, int32_t, timestamp_t>(
      input.data[0], input.data[1], result, input.size(), [](timestamp_t at, int32_t months) {
        const int64_t days = floor_divide(at.value, microseconds_per_day);
        return timestamp_t(shift_months(days, months) * microseconds_per_day + at.value - days * microseconds_per_day);
      });
}

double months_between(int64_t first, int64_t second, bool rounded) {
  const int64_t first_days = floor_divide(first, microseconds_per_day);
  const int64_t second_days = floor_divide(second, microseconds_per_day);
  const auto a = civil_from_days(first_days);
  const auto b = civil_from_days(second_days);
  const double months = static_cast<double>((a.year - b.year) * 12 + a.month - b.month);
  const bool both_last = !is_valid_date(a.year, a.month, a.day + 1) && !is_valid_date(b.year, b.month, b.day + 1);
  if (a.day == b.day || both_last) return months;
  const int64_t first_seconds = (first - first_days * microseconds_per_day) / microseconds_per_second;
  const int64_t second_seconds = (second - second_days * microseconds_per_day) / microseconds_per_second;
  const double seconds = static_cast<double>((a.day - b.day) * int64_t{86'400} + first_seconds - second_seconds);
  const double difference = months + seconds / (31.0 * 86'400.0);
  return rounded ? std::round(difference * 1e8) / 1e8 : difference;
}

void months_between_kernel(DataChunk& input, ExpressionState&, Vector& result) {
  duckdb::TernaryExecutor::Execute<timestamp_t, timestamp_t, bool, double>(
      input.data[0], input.data[1], input.data[2], result, input.size(),
      [](timestamp_t a, timestamp_t b, bool rounded) { return months_between(a.value, b.value, rounded); });
}

/// Monday 0 … Sunday 6; -1: not a day.
int weekday_index(std::string_view name) {
  constexpr std::string_view names[] = {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};
  const auto trimmed = duckdb::StringUtil::Lower(std::string(trim_all(name)));
  for (int i = 0; i < 7; ++i) {
    if (trimmed == names[i] || trimmed == names[i].substr(0, 3) || trimmed == names[i].substr(0, 2)) return i;
  }
  return -1;
}

template <OnFailure on_failure>
void next_day(DataChunk& input, ExpressionState&, Vector& result) {
  duckdb::BinaryExecutor::ExecuteWithNulls<date_t, string_t, date_t>(
      input.data[0], input.data[1], result, input.size(), [](date_t date, string_t name, ValidityMask& mask, idx_t row) {
        const int wanted = weekday_index(view(name));
        if (wanted < 0) {
          if (on_failure == OnFailure::error) throw_spark_error("ILLEGAL_DAY_OF_WEEK", {{"string", std::string(view(name))}});
          mask.SetInvalid(row);
          return date_t(0);
        }
        const auto today = static_cast<int>(floor_modulo(int64_t{date.days} + 3, 7));
        const int ahead = (wanted - today + 7) % 7;
        return date_t(date.days + (ahead == 0 ? 7 : ahead));
      });
}

std::optional<int64_t> truncate(int64_t local, std::string unit) {
  unit = duckdb::StringUtil::Upper(unit);
  const int64_t days = floor_divide(local, microseconds_per_day);
  const auto date = civil_from_days(days);
  const auto start = [](int64_t year, int month) { return days_from_civil(year, month, 1) * microseconds_per_day; };
  const auto floor_to = [local](int64_t size) { return floor_divide(local, size) * size; };
  if (unit == "YEAR" || unit == "YYYY" || unit == "YY") return start(date.year, 1);
  if (unit == "QUARTER") return start(date.year, (date.month - 1) / 3 * 3 + 1);
  if (unit == "MONTH" || unit == "MM" || unit == "MON") return start(date.year, date.month);
  if (unit == "WEEK") return (days - floor_modulo(days + 3, 7)) * microseconds_per_day;
  if (unit == "DAY" || unit == "DD") return days * microseconds_per_day;
  if (unit == "HOUR") return floor_to(3600 * microseconds_per_second);
  if (unit == "MINUTE") return floor_to(60 * microseconds_per_second);
  if (unit == "SECOND") return floor_to(microseconds_per_second);
  if (unit == "MILLISECOND") return floor_to(1000);
  if (unit == "MICROSECOND") return local;
  return std::nullopt;
}

void truncate_kernel(DataChunk& input, ExpressionState&, Vector& result) {
  duckdb::BinaryExecutor::ExecuteWithNulls<timestamp_t, string_t, timestamp_t>(
      input.data[0], input.data[1], result, input.size(), [](timestamp_t at, string_t unit, ValidityMask& mask, idx_t row) {
        const auto truncated = truncate(at.value, unit.GetString());
        if (!truncated) mask.SetInvalid(row);
        return timestamp_t(truncated.value_or(0));
      });
}

/// from_utc_timestamp reads the instant's UTC clock as UTC and shows the zone's clock in its place; to_utc the reverse.
template <bool from_utc>
void shift_zone(DataChunk& input, ExpressionState&, Vector& result) {
  duckdb::BinaryExecutor::Execute<timestamp_t, string_t, timestamp_t>(
      input.data[0], input.data[1], result, input.size(), [](timestamp_t at, string_t name) {
        const auto* zone = zone_of(name.GetString());
        return timestamp_t(from_utc ? zone->to_local(at.value) : zone->to_utc(at.value));
      });
}

template <OnFailure on_failure>
void make_date(DataChunk& input, ExpressionState&, Vector& result) {
  duckdb::TernaryExecutor::ExecuteWithNulls<int32_t, int32_t, int32_t, date_t>(
      input.data[0], input.data[1], input.data[2], result, input.size(),
      [](int32_t year, int32_t month, int32_t day, ValidityMask& mask, idx_t row) {
        if (is_valid_date(year, month, day)) return date_t(static_cast<int32_t>(days_from_civil(year, month, day)));
        if (on_failure == OnFailure::error) {
          throw_spark_error(
              "DATETIME_FIELD_OUT_OF_BOUNDS.WITH_SUGGESTION",
              {{"rangeMessage", month < 1 || month > 12
                                    ? "Invalid value for MonthOfYear (valid values 1 - 12): " + std::to_string(month)
                                    : "Invalid date"},
               {"ansiConfig", "\"spark.sql.ansi.enabled\""}});
        }
        mask.SetInvalid(row);
        return date_t(0);
      });
}

}  // namespace

void register_datetime_functions(duckdb::ExtensionLoader& loader) {
  const auto local = LogicalType::TIMESTAMP;
  const auto instant = LogicalType::TIMESTAMP_TZ;
  const auto date = LogicalType::DATE;
  const auto text = LogicalType::VARCHAR;
  const auto integer = LogicalType::INTEGER;
  loader.RegisterFunction(kernel("spark_local", {instant, text}, local, nullptr, bind_shift<true>));
  loader.RegisterFunction(kernel("spark_instant", {local, text}, instant, nullptr, bind_shift<false>));
  loader.RegisterFunction(kernel("spark_as_instant", {local}, instant, as_instant));
  loader.RegisterFunction(kernel("spark_as_instant", {instant}, instant, as_instant));
  loader.RegisterFunction(kernel("spark_add_months", {date, integer}, date, add_months));
  loader.RegisterFunction(kernel("spark_add_months", {local, integer}, local, add_months_to_timestamp));
  loader.RegisterFunction(
      kernel("spark_months_between", {local, local, LogicalType::BOOLEAN}, LogicalType::DOUBLE, months_between_kernel));
  loader.RegisterFunction(kernel("spark_next_day", {date, text}, date, next_day<OnFailure::null>));
  loader.RegisterFunction(kernel("spark_next_day_exact", {date, text}, date, next_day<OnFailure::error>));
  loader.RegisterFunction(kernel("spark_truncate", {local, text}, local, truncate_kernel));
  loader.RegisterFunction(kernel("spark_from_utc", {instant, text}, instant, shift_zone<true>));
  loader.RegisterFunction(kernel("spark_to_utc", {instant, text}, instant, shift_zone<false>));
  loader.RegisterFunction(kernel("spark_make_date", {integer, integer, integer}, date, make_date<OnFailure::null>));
  loader.RegisterFunction(kernel("spark_make_date_exact", {integer, integer, integer}, date, make_date<OnFailure::error>));
}

}  // namespace mastic::engine
