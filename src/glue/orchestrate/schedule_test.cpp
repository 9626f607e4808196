#include "glue/orchestrate/schedule.h"

#include <doctest/doctest.h>
#include <fmt/chrono.h>
#include <fmt/format.h>

#include <string>
#include <vector>

namespace mastic::glue::orchestrate {
namespace {

Instant at(int year, unsigned month, unsigned day, int hour = 0, int minute = 0, int second = 0) {
  return Instant{std::chrono::sys_days{std::chrono::year{year} / month / day}} + std::chrono::hours{hour} +
         std::chrono::minutes{minute} + std::chrono::seconds{second};
}

std::string text_of(std::optional<Instant> instant) {
  if (!instant) return "never";
  return fmt::format("{:%a %Y-%m-%d %H:%M}", std::chrono::time_point_cast<std::chrono::seconds>(*instant));
}

/// The next times, joined.
std::string next_times(std::string_view expression, Instant from, int count = 3) {
  const auto schedule = Schedule::parse(expression);
  if (!schedule) return schedule.error().message;
  std::string times;
  auto after = from;
  for (int i = 0; i < count; ++i) {
    const auto next = schedule->next_after(after, from);
    times += (i == 0 ? "" : ", ") + text_of(next);
    if (!next) break;
    after = *next;
  }
  return times;
}

}  // namespace

TEST_CASE("cron: fields, ranges, steps and names") {
  const auto monday = at(2026, 11, 23, 9, 58, 30);
  CHECK(next_times("cron(15 12 * * ? *)", monday) == "Mon 2026-11-23 12:15, Tue 2026-11-24 12:15, Wed 2026-11-25 12:15");
  CHECK(next_times("cron(0/20 * * * ? *)", monday) == "Mon 2026-11-23 10:00, Mon 2026-11-23 10:20, Mon 2026-11-23 10:40");
  CHECK(next_times("cron(0 8-10,18 ? * MON-FRI *)", monday) ==
        "Mon 2026-11-23 10:00, Mon 2026-11-23 18:00, Tue 2026-11-24 08:00");
  CHECK(next_times("cron(0 0 1 jan,JUL ? *)", monday) == "Fri 2027-01-01 00:00, Thu 2027-07-01 00:00, Sat 2028-01-01 00:00");
  CHECK(next_times("cron(30 6 29 2 ? *)", monday) == "Tue 2028-02-29 06:30, Sun 2032-02-29 06:30, Fri 2036-02-29 06:30");
  CHECK(next_times("cron(0 0 1 1 ? 2027-2028)", monday) == "Fri 2027-01-01 00:00, Sat 2028-01-01 00:00, never");
}

TEST_CASE("cron: a time that is now is not next") {
  CHECK(next_times("cron(0 10 * * ? *)", at(2026, 11, 23, 10), 1) == "Tue 2026-11-24 10:00");
  CHECK(next_times("cron(0 10 * * ? *)", at(2026, 11, 23, 9, 59, 59), 1) == "Mon 2026-11-23 10:00");
}

TEST_CASE("cron: L, W and #") {
  const auto from = at(2026, 1, 1);
  CHECK(next_times("cron(0 0 L * ? *)", from) == "Sat 2026-01-31 00:00, Sat 2026-02-28 00:00, Tue 2026-03-31 00:00");
  // 1 August 2026 is a Saturday: the nearest working day of that month is Monday the 3rd.
  CHECK(next_times("cron(0 0 1W 8 ? *)", from, 1) == "Mon 2026-08-03 00:00");
  CHECK(next_times("cron(0 0 15W 2,3 ? *)", from, 2) == "Mon 2026-02-16 00:00, Mon 2026-03-16 00:00");
  CHECK(next_times("cron(0 0 LW 2,5 ? *)", from, 2) == "Fri 2026-02-27 00:00, Fri 2026-05-29 00:00");
  CHECK(next_times("cron(0 0 ? * 6L *)", from, 2) == "Fri 2026-01-30 00:00, Fri 2026-02-27 00:00");
  CHECK(next_times("cron(0 0 ? * TUE#2 *)", from, 2) == "Tue 2026-01-13 00:00, Tue 2026-02-10 00:00");
  CHECK(next_times("cron(0 0 ? * 2#5 *)", from, 2) == "Mon 2026-03-30 00:00, Mon 2026-06-29 00:00");
  CHECK(next_times("cron(0 0 ? * L *)", from, 1) == "Sat 2026-01-03 00:00");
}

TEST_CASE("rate counts from its anchor") {
  CHECK(next_times("rate(90 minutes)", at(2026, 1, 1, 0, 5)) ==
        "Thu 2026-01-01 01:35, Thu 2026-01-01 03:05, Thu 2026-01-01 04:35");
  CHECK(next_times("rate(1 day)", at(2026, 1, 1), 1) == "Fri 2026-01-02 00:00");
}

TEST_CASE("what is no schedule says why") {
  for (const auto* text : {"",
                           "cron()",
                           "cron(0 12 * * *)",
                           "cron(0 12 * * * *)",
                           "cron(0 12 ? * ? *)",
                           "cron(60 12 * * ? *)",
                           "cron(0 24 * * ? *)",
                           "cron(0 12 32 * ? *)",
                           "cron(0 12 * 13 ? *)",
                           "cron(0 12 ? * 8 *)",
                           "cron(0 12 ? * MON#6 *)",
                           "cron(0 12 ? * FOO *)",
                           "cron(5-1 12 * * ? *)",
                           "cron(0/0 12 * * ? *)",
                           "cron(0 12 * * ? 1969)",
                           "rate(0 minutes)",
                           "rate(1 minutes)",
                           "rate(5 minute)",
                           "rate(5 weeks)",
                           "rate(minutes)",
                           "every day",
                           "cron(0 99999999999999 * * ? *)"}) {
    CAPTURE(text);
    const auto schedule = Schedule::parse(text);
    REQUIRE_FALSE(schedule);
    CHECK(schedule.error().code == "InvalidInputException");
    CHECK(schedule.error().message.starts_with("Invalid schedule expression"));
  }
}

TEST_CASE("a day that no month has is never due") { CHECK(next_times("cron(0 0 31 2 ? *)", at(2026, 1, 1)) == "never"); }

}  // namespace mastic::glue::orchestrate
