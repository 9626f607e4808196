// Dates and timestamps as text, by Spark's CAST rules. Nothing here knows DuckDB.
//
// Days and microseconds count from 1970-01-01; a "local" count is one of wall-clock time, an instant is one of UTC.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/time_zone.h"

namespace mastic::engine {

constexpr int64_t microseconds_per_second = 1'000'000;
constexpr int64_t microseconds_per_day = 86'400 * microseconds_per_second;

struct CivilDate {
  int64_t year = 1970;
  int month = 1;
  int day = 1;
};
int64_t days_from_civil(int64_t year, int month, int day);
CivilDate civil_from_days(int64_t days);
bool is_valid_date(int64_t year, int month, int day);

constexpr int64_t floor_divide(int64_t value, int64_t by) { return value / by - (value % by < 0 ? 1 : 0); }
constexpr int64_t floor_modulo(int64_t value, int64_t by) { return value - floor_divide(value, by) * by; }

/// `yyyy`, `yyyy-[m]m`, `yyyy-[m]m-[d]d`, the last also before a blank or `T` and anything.
std::optional<int32_t> parse_date(std::string_view text);

/// Spark's stringToTimestamp: a date, then `[T ][h]h:[m]m[:[s]s[.f…]][zone]`; what is missing is zero.
struct ParsedTimestamp {
  int64_t local_microseconds = 0;
  const TimeZone* zone = nullptr;  // null: the text names none
  bool has_date = true;            // false: a time alone
};
std::optional<ParsedTimestamp> parse_timestamp(std::string_view text);

std::string date_text(int64_t days);
/// `2024-01-31 12:00:00.5`: without zeros at the end of the fraction.
std::string timestamp_text(int64_t local_microseconds);

}  // namespace mastic::engine
