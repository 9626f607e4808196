#include "cloudwatch/operations/window.h"

#include <fmt/format.h>

#include "cloudwatch/errors.h"

namespace mastic::cloudwatch {
namespace {

constexpr int64_t million = 1'000'000;
constexpr int64_t day_seconds = 86'400;

bool is_period(int64_t period) {
  return period == 1 || period == 5 || period == 10 || period == 20 || period == 30 || (period > 0 && period % 60 == 0);
}

}  // namespace

Result<Window> make_window(Instant start, Instant end, int64_t period, Instant now) {
  if (!is_period(period)) {
    return fail(error::invalid_value(
        fmt::format("The parameter Period must be 1, 5, 10, 20, 30 or a multiple of 60; it is {}.", period)));
  }
  if (start >= end) return fail(error::invalid_combination("The parameter StartTime must be less than the parameter EndTime."));
  const auto age = (to_microseconds(now) - to_microseconds(start)) / million;
  const int64_t unit = age > 63 * day_seconds ? 3600 : age > 15 * day_seconds ? 300 : period < 60 ? period : 60;
  Window window{
      .start = to_microseconds(start) / million, .end = (to_microseconds(end) + million - 1) / million, .period = period};
  window.start -= window.start % unit;
  return window;
}

std::map<std::string, std::map<int64_t, Distribution>> by_period(const std::vector<Datum>& data, const Window& window,
                                                                 const std::optional<std::string>& unit) {
  std::map<std::string, std::map<int64_t, Distribution>> found;
  for (const auto& datum : data) {
    if (datum.resolution_seconds > window.period || (unit && datum.unit != *unit)) continue;
    found[datum.unit][window.begin_of(datum.time_seconds)].add(datum.values);
  }
  return found;
}

}  // namespace mastic::cloudwatch
