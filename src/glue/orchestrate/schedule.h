// AWS schedule expressions: cron(minutes hours day-of-month month day-of-week year) with L, W and #, and rate(n unit).
//
// Source of the rules: AWS Glue's guide, "Time-based schedules for jobs and crawlers". All times are UTC, as Glue's are, so
// changes of daylight-saving time move nothing.
#pragma once

#include <bitset>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace mastic::glue::orchestrate {

/// One way in which a day of a month can be meant.
struct DayRule {
  enum class Kind : uint8_t {
    day,           // the number'th of the month
    weekday,       // the number'th day of the week, 1 = Sunday
    nth_weekday,   // number#nth
    last_day,      // L
    last_weekday,  // numberL: the last such day of the week
    nearest_work,  // numberW: the Monday … Friday nearest to the number'th, within the month
    last_work,     // LW
  };
  Kind kind = Kind::day;
  int number = 0;
  int nth = 0;
};

struct Cron {
  static constexpr int first_year = 1970;
  static constexpr int last_year = 2199;
  std::bitset<60> minutes;
  std::bitset<24> hours;
  std::bitset<13> months;  // 1 … 12
  std::bitset<last_year - first_year + 1> years;
  std::vector<DayRule> days;  // any of them; empty: every day
};

struct Rate {
  std::chrono::minutes period;
};

class Schedule {
 public:
  /// Fails with InvalidInputException for what is no AWS schedule expression; the text says which field and why.
  static Result<Schedule> parse(std::string_view text);

  /// The first time after `after`; nullopt when there is none any more. A rate counts from `anchor`.
  [[nodiscard]] std::optional<Instant> next_after(Instant after, Instant anchor) const;

 private:
  explicit Schedule(std::variant<Cron, Rate> rule) : rule_(std::move(rule)) {}
  std::variant<Cron, Rate> rule_;
};

}  // namespace mastic::glue::orchestrate
