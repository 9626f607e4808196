#include "engine/functions/datetime_text.h"

#include <cstdio>

#include "engine/functions/number_text.h"

namespace mastic::engine {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Up to `digits_max` digits off the front; nullopt when there are fewer than `digits_min`, or one more follows.
std::optional<int64_t> take_number(std::string_view& text, std::size_t digits_min, std::size_t digits_max) {
  std::size_t count = 0;
  int64_t value = 0;
  while (count < text.size() && is_digit(text[count])) {
    if (count == digits_max) return std::nullopt;
    value = value * 10 + (text[count++] - '0');
  }
  if (count < digits_min) return std::nullopt;
  text.remove_prefix(count);
  return value;
}

bool take(std::string_view& text, char c) {
  if (text.empty() || text[0] != c) return false;
  text.remove_prefix(1);
  return true;
}

struct DatePart {
  int64_t days = 0;
  bool whole = false;  // year, month and day were all there
};

std::optional<DatePart> take_date(std::string_view& text) {
  const bool negative = !text.empty() && text[0] == '-';
  if (negative || (!text.empty() && text[0] == '+')) text.remove_prefix(1);
  const auto year = take_number(text, 4, 7);
  if (!year) return std::nullopt;
  int64_t month = 1;
  int64_t day = 1;
  bool whole = false;
  if (take(text, '-')) {
    const auto found = take_number(text, 1, 2);
    if (!found) return std::nullopt;
    month = *found;
    if (take(text, '-')) {
      const auto found_day = take_number(text, 1, 2);
      if (!found_day) return std::nullopt;
      day = *found_day;
      whole = true;
    }
  }
  const int64_t signed_year = negative ? -*year : *year;
  if (!is_valid_date(signed_year, static_cast<int>(month), static_cast<int>(day))) return std::nullopt;
  return DatePart{days_from_civil(signed_year, static_cast<int>(month), static_cast<int>(day)), whole};
}

/// `hh:mm[:ss[.f…]]` in microseconds.
std::optional<int64_t> take_time(std::string_view& text) {
  const auto hour = take_number(text, 1, 2);
  if (!hour || *hour > 23 || !take(text, ':')) return std::nullopt;
  const auto minute = take_number(text, 1, 2);
  if (!minute || *minute > 59) return std::nullopt;
  int64_t second = 0;
  int64_t micros = 0;
  if (take(text, ':')) {
    const auto found = take_number(text, 1, 2);
    if (!found || *found > 59) return std::nullopt;
    second = *found;
    if (take(text, '.')) {
      int digits = 0;
      for (; !text.empty() && is_digit(text[0]); text.remove_prefix(1), ++digits) {
        if (digits < 6) micros = micros * 10 + (text[0] - '0');
      }
      for (int i = digits; i < 6; ++i) micros *= 10;
    }
  }
  return ((*hour * 60 + *minute) * 60 + second) * microseconds_per_second + micros;
}

}  // namespace

// The civil calendar in 400-year eras, years beginning in March (Howard Hinnant's chrono-compatible date algorithms).
int64_t days_from_civil(int64_t year, int month, int day) {
  year -= month <= 2;
  const int64_t era = floor_divide(year, 400);
  const int64_t year_of_era = year - era * 400;
  const int64_t day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  return era * 146'097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719'468;
}

CivilDate civil_from_days(int64_t days) {
  days += 719'468;
  const int64_t era = floor_divide(days, 146'097);
  const int64_t day_of_era = days - era * 146'097;
  const int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const int64_t shifted_month = (5 * day_of_year + 2) / 153;
  const int day = static_cast<int>(day_of_year - (153 * shifted_month + 2) / 5 + 1);
  const int month = static_cast<int>(shifted_month < 10 ? shifted_month + 3 : shifted_month - 9);
  return {year_of_era + era * 400 + (month <= 2), month, day};
}

bool is_valid_date(int64_t year, int month, int day) {
  constexpr int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (month < 1 || month > 12 || day < 1) return false;
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return day <= lengths[month - 1] + (month == 2 && leap ? 1 : 0);
}

std::optional<int32_t> parse_date(std::string_view text) {
  text = trim_all(text);
  const auto date = take_date(text);
  if (!date) return std::nullopt;
  if (!text.empty() && !(date->whole && (text[0] == ' ' || text[0] == 'T'))) return std::nullopt;
  if (date->days > INT32_MAX || date->days < INT32_MIN) return std::nullopt;
  return static_cast<int32_t>(date->days);
}

std::optional<ParsedTimestamp> parse_timestamp(std::string_view text) {
  text = trim_all(text);
  if (text.empty()) return std::nullopt;
  ParsedTimestamp parsed;
  const bool time_only = text[0] == 'T' || (text.size() > 2 && (text[1] == ':' || text[2] == ':'));
  if (time_only) {
    parsed.has_date = false;
    take(text, 'T');
  } else {
    const auto date = take_date(text);
    if (!date) return std::nullopt;
    parsed.local_microseconds = date->days * microseconds_per_day;
    if (text.empty()) return parsed;
    if (!date->whole || (!take(text, ' ') && !take(text, 'T'))) return std::nullopt;
  }
  const auto time = take_time(text);
  if (!time) return std::nullopt;
  parsed.local_microseconds += *time;
  text = trim_all(text);
  if (text.empty()) return parsed;
  parsed.zone = TimeZone::find(text);
  if (parsed.zone == nullptr) return std::nullopt;
  return parsed;
}

std::string date_text(int64_t days) {
  const auto date = civil_from_days(days);
  char text[40];
  const char* const format = date.year > 9999 ? "+%lld-%02d-%02d" : date.year < 0 ? "-%04lld-%02d-%02d" : "%04lld-%02d-%02d";
  std::snprintf(text, sizeof text, format, static_cast<long long>(date.year < 0 ? -date.year : date.year), date.month,
                date.day);
  return text;
}

std::string timestamp_text(int64_t local_microseconds) {
  const int64_t days = floor_divide(local_microseconds, microseconds_per_day);
  const int64_t in_day = local_microseconds - days * microseconds_per_day;
  const int64_t seconds = in_day / microseconds_per_second;
  const int64_t fraction = in_day % microseconds_per_second;
  char text[40];
  std::snprintf(text, sizeof text, " %02d:%02d:%02d", static_cast<int>(seconds / 3600), static_cast<int>(seconds / 60 % 60),
                static_cast<int>(seconds % 60));
  std::string result = date_text(days) + text;
  if (fraction > 0) {
    std::snprintf(text, sizeof text, ".%06d", static_cast<int>(fraction));
    result += text;
    result.erase(result.find_last_not_of('0') + 1);
  }
  return result;
}

}  // namespace mastic::engine
