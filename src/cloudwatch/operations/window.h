// The periods of a request, and what was measured in each.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "cloudwatch/store.h"

namespace mastic::cloudwatch {

/// From `start` on, one period after the other, until before `end`. In seconds.
struct Window {
  int64_t start = 0;
  int64_t end = 0;
  int64_t period = 60;

  [[nodiscard]] int64_t count() const { return end > start ? (end - start + period - 1) / period : 0; }
  [[nodiscard]] int64_t begin_of(int64_t time) const { return start + (time - start) / period * period; }
};

/// Rounds the start as AWS does: to minutes, to five minutes beyond 15 days ago, to hours beyond 63 days ago; to the period
/// when that is shorter than a minute. Fails when the period is none of 1, 5, 10, 20, 30 and the multiples of 60, or when
/// the start is not before the end.
Result<Window> make_window(Instant start, Instant end, int64_t period, Instant now);

/// By unit, then by the period's begin. Data kept coarser than the period is left out, as AWS does.
std::map<std::string, std::map<int64_t, Distribution>> by_period(const std::vector<Datum>& data, const Window& window,
                                                                 const std::optional<std::string>& unit);

}  // namespace mastic::cloudwatch
