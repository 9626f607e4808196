// The server's clock in the hands of a test, which sees a month of schedules within seconds.
//
//   GET /_mastic/clock                  {"now": 1700000000.5}
//   GET /_mastic/clock/advance/3600     an hour is over
//
// Only with `--test-clock`. After a restart the clock is the machine's again.
#pragma once

#include <functional>
#include <optional>
#include <string_view>

#include "aws/server.h"
#include "base/shifted_clock.h"

namespace mastic::program {

/// Nothing for paths that are not the clock's. `moved` is told when it was moved.
std::optional<aws::Page> test_clock_page(std::string_view path, ShiftedClock& clock, const std::function<void()>& moved);

}  // namespace mastic::program
