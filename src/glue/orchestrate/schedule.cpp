#include "glue/orchestrate/schedule.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <span>
#include <string>

#include "glue/errors.h"

namespace mastic::glue::orchestrate {
namespace {

using std::chrono::days;
using std::chrono::sys_days;
using std::chrono::weekday;
using std::chrono::year;
using std::chrono::year_month_day;
using std::chrono::year_month_day_last;

constexpr std::array<std::string_view, 12> month_names{"JAN", "FEB", "MAR", "APR", "MAY", "JUN",
                                                       "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"};
constexpr std::array<std::string_view, 7> weekday_names{"SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"};

struct Field {
  std::string_view name;
  int first = 0;
  int last = 0;
  std::span<const std::string_view> words = {};  // the first word means `first`
};

constexpr Field minutes_field{"minutes", 0, 59};
constexpr Field hours_field{"hours", 0, 23};
constexpr Field day_of_month_field{"day-of-month", 1, 31};
constexpr Field month_field{"month", 1, 12, month_names};
constexpr Field day_of_week_field{"day-of-week", 1, 7, weekday_names};
constexpr Field year_field{"year", Cron::first_year, Cron::last_year};

Error wrong(std::string_view field, std::string_view text, std::string_view why) {
  return error::invalid_input(fmt::format("Invalid schedule expression: the {} field '{}' {}.", field, text, why));
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const auto end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::optional<int> number_in(std::string_view text) {
  int value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc{} || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return value;
}

Result<int> value_of(const Field& field, std::string_view text) {
  for (std::size_t i = 0; i < field.words.size(); ++i) {
    const bool same =
        std::ranges::equal(text, field.words[i], [](unsigned char a, unsigned char b) { return std::toupper(a) == b; });
    if (same) return field.first + static_cast<int>(i);
  }
  const auto number = number_in(text);
  if (!number) return fail(wrong(field.name, text, "is neither a number nor a known word"));
  if (*number < field.first || *number > field.last)
    return fail(wrong(field.name, text, fmt::format("is not between {} and {}", field.first, field.last)));
  return *number;
}

/// `*`, `a`, `a-b`, each with `/step`: calls `take` with every value.
template <typename Take>
Result<void> each_value(const Field& field, std::string_view text, const Take& take) {
  const auto halves = split(text, '/');
  if (halves.size() > 2) return fail(wrong(field.name, text, "has more than one step"));
  int step = 1;
  if (halves.size() == 2) {
    const auto given = number_in(halves[1]);
    if (!given || *given < 1) return fail(wrong(field.name, text, "has a step that is no positive number"));
    step = *given;
  }
  int first = field.first;
  int last = field.last;
  if (halves[0] != "*") {
    const auto ends = split(halves[0], '-');
    if (ends.size() > 2) return fail(wrong(field.name, text, "is no range"));
    TRY(from, value_of(field, ends[0]));
    first = from;
    last = halves.size() == 2 ? field.last : from;
    if (ends.size() == 2) {
      TRY(to, value_of(field, ends[1]));
      last = to;
    }
    if (last < first) return fail(wrong(field.name, text, "ends before it begins"));
  }
  for (int value = first; value <= last; value += step) take(value);
  return {};
}

template <std::size_t size>
Result<void> read_set(const Field& field, std::string_view text, std::bitset<size>& set, int offset = 0) {
  for (const auto part : split(text, ','))
    TRY_DO(each_value(field, part, [&](int value) { set.set(static_cast<std::size_t>(value - offset)); }));
  return {};
}

/// A part of the day-of-month field that no other field has: L, LW, 15W.
Result<std::optional<DayRule>> special_day(std::string_view part) {
  if (part == "L" || part == "l") return DayRule{DayRule::Kind::last_day, 0, 0};
  if (part == "LW" || part == "WL" || part == "lw") return DayRule{DayRule::Kind::last_work, 0, 0};
  if (part.ends_with('W') || part.ends_with('w')) {
    TRY(day, value_of(day_of_month_field, part.substr(0, part.size() - 1)));
    return DayRule{DayRule::Kind::nearest_work, day, 0};
  }
  return std::optional<DayRule>{};
}

/// A part of the day-of-week field that no other field has: L, 6L, FRI#2.
Result<std::optional<DayRule>> special_weekday(std::string_view part) {
  if (part == "L" || part == "l") return DayRule{DayRule::Kind::weekday, 7, 0};  // the week's last day
  if (const auto hash = part.find('#'); hash != std::string_view::npos) {
    TRY(day, value_of(day_of_week_field, part.substr(0, hash)));
    const auto nth = number_in(part.substr(hash + 1));
    if (!nth || *nth < 1 || *nth > 5) return fail(wrong(day_of_week_field.name, part, "counts weeks from 1 to 5 after the #"));
    return DayRule{DayRule::Kind::nth_weekday, day, *nth};
  }
  if (part.size() > 1 && (part.ends_with('L') || part.ends_with('l'))) {
    TRY(day, value_of(day_of_week_field, part.substr(0, part.size() - 1)));
    return DayRule{DayRule::Kind::last_weekday, day, 0};
  }
  return std::optional<DayRule>{};
}

Result<void> read_days(std::string_view of_month, std::string_view of_week, std::vector<DayRule>& rules) {
  if ((of_month == "?") == (of_week == "?"))
    return fail(error::invalid_input("Invalid schedule expression: exactly one of day-of-month and day-of-week must be '?'."));
  const bool weekly = of_month == "?";
  const auto text = weekly ? of_week : of_month;
  if (text == "*") return {};
  for (const auto part : split(text, ',')) {
    auto special = weekly ? special_weekday(part) : special_day(part);
    if (!special) return fail(std::move(special).error());
    if (*special) {
      rules.push_back(**special);
      continue;
    }
    const auto kind = weekly ? DayRule::Kind::weekday : DayRule::Kind::day;
    TRY_DO(each_value(weekly ? day_of_week_field : day_of_month_field, part,
                      [&](int value) { rules.push_back({kind, value, 0}); }));
  }
  return {};
}

Result<Cron> parse_cron(std::string_view text) {
  std::vector<std::string_view> fields;
  for (const auto part : split(text, ' '))
    if (!part.empty()) fields.push_back(part);
  if (fields.size() != 6)
    return fail(error::invalid_input(fmt::format(
        "Invalid schedule expression: cron() takes six fields (minutes hours day-of-month month day-of-week year), not {}.",
        fields.size())));
  Cron cron;
  TRY_DO(read_set(minutes_field, fields[0], cron.minutes));
  TRY_DO(read_set(hours_field, fields[1], cron.hours));
  TRY_DO(read_set(month_field, fields[3], cron.months));
  TRY_DO(read_set(year_field, fields[5], cron.years, Cron::first_year));
  TRY_DO(read_days(fields[2], fields[4], cron.days));
  return cron;
}

Result<Rate> parse_rate(std::string_view text) {
  const auto blank = text.find(' ');
  const auto number = number_in(text.substr(0, blank));
  const auto unit = blank == std::string_view::npos ? std::string_view{} : text.substr(blank + 1);
  if (!number || *number < 1)
    return fail(
        error::invalid_input("Invalid schedule expression: rate() begins with a positive number, as in rate(5 minutes)."));
  struct Unit {
    std::string_view one;
    std::string_view many;
    int64_t minutes;
  };
  static constexpr std::array<Unit, 3> units{{{"minute", "minutes", 1}, {"hour", "hours", 60}, {"day", "days", 1440}}};
  for (const auto& [one, many, minutes] : units)
    if (unit == (*number == 1 ? one : many)) return Rate{std::chrono::minutes{minutes * *number}};
  return fail(error::invalid_input(
      "Invalid schedule expression: rate() counts minutes, hours or days; the unit is singular after 1 and plural otherwise."));
}

int last_of_month(year_month_day date) {
  return static_cast<int>(static_cast<unsigned>((date.year() / date.month() / std::chrono::last).day()));
}

/// The working day nearest to a day, within its month.
int nearest_work_day(year_month_day date, int day) {
  const int last = last_of_month(date);
  day = std::min(day, last);
  const weekday on{sys_days{date.year() / date.month() / std::chrono::day{static_cast<unsigned>(day)}}};
  if (on == std::chrono::Saturday) return day == 1 ? 3 : day - 1;
  if (on == std::chrono::Sunday) return day == last ? day - 2 : day + 1;
  return day;
}

bool means(const DayRule& rule, year_month_day date) {
  const int day = static_cast<int>(static_cast<unsigned>(date.day()));
  const int of_week = static_cast<int>(weekday{sys_days{date}}.c_encoding()) + 1;  // Sunday is 1
  const int last = last_of_month(date);
  switch (rule.kind) {
    case DayRule::Kind::day: return day == rule.number;
    case DayRule::Kind::weekday: return of_week == rule.number;
    case DayRule::Kind::nth_weekday: return of_week == rule.number && (day - 1) / 7 + 1 == rule.nth;
    case DayRule::Kind::last_day: return day == last;
    case DayRule::Kind::last_weekday: return of_week == rule.number && day + 7 > last;
    case DayRule::Kind::nearest_work: return rule.number <= last && day == nearest_work_day(date, rule.number);
    case DayRule::Kind::last_work: return day == nearest_work_day(date, last);
  }
  return false;
}

bool fires_on(const Cron& cron, year_month_day date) {
  return cron.days.empty() || std::ranges::any_of(cron.days, [&](const DayRule& rule) { return means(rule, date); });
}

/// The first minute of the day at or after `from` (minutes since midnight).
std::optional<int> minute_of_day(const Cron& cron, int from) {
  for (int hour = from / 60; hour < 24; ++hour) {
    if (!cron.hours.test(static_cast<std::size_t>(hour))) continue;
    for (int minute = hour == from / 60 ? from % 60 : 0; minute < 60; ++minute)
      if (cron.minutes.test(static_cast<std::size_t>(minute))) return hour * 60 + minute;
  }
  return std::nullopt;
}

std::optional<Instant> next_of(const Cron& cron, Instant after) {
  // The next whole minute; schedules have no seconds.
  const auto minute = std::chrono::floor<std::chrono::minutes>(after) + std::chrono::minutes{1};
  auto day = std::chrono::floor<days>(minute);
  int from = static_cast<int>((minute - day).count());
  while (true) {
    const year_month_day date{day};
    const int the_year = static_cast<int>(date.year());
    if (the_year > Cron::last_year) return std::nullopt;
    if (the_year < Cron::first_year || !cron.years.test(static_cast<std::size_t>(the_year - Cron::first_year))) {
      day = sys_days{(date.year() + std::chrono::years{1}) / 1 / 1};
    } else if (!cron.months.test(static_cast<unsigned>(date.month()))) {
      day = sys_days{date.year() / date.month() / std::chrono::last} + days{1};
    } else {
      const auto found = fires_on(cron, date) ? minute_of_day(cron, from) : std::nullopt;
      if (found) return Instant{day} + std::chrono::minutes{*found};
      day += days{1};
    }
    from = 0;
  }
}

}  // namespace

Result<Schedule> Schedule::parse(std::string_view text) {
  const auto inside = [&](std::string_view word) -> std::optional<std::string_view> {
    if (!text.starts_with(word) || !text.ends_with(')')) return std::nullopt;
    return text.substr(word.size(), text.size() - word.size() - 1);
  };
  if (const auto fields = inside("cron(")) {
    TRY(cron, parse_cron(*fields));
    return Schedule(std::move(cron));
  }
  if (const auto period = inside("rate(")) {
    TRY(rate, parse_rate(*period));
    return Schedule(rate);
  }
  return fail(
      error::invalid_input("Invalid schedule expression: write cron(minutes hours day-of-month month day-of-week year) "
                           "or rate(number unit)."));
}

std::optional<Instant> Schedule::next_after(Instant after, Instant anchor) const {
  if (const auto* cron = std::get_if<Cron>(&rule_)) return next_of(*cron, after);
  const std::chrono::microseconds period = std::get<Rate>(rule_).period;
  if (after < anchor) return anchor + period;
  return anchor + period * ((after - anchor) / period + 1);
}

}  // namespace mastic::glue::orchestrate
