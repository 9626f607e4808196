// The server's clock in the hands of a test, which sees a month of schedules within seconds.
//
//   GET /_mastic/clock                  {"now": 1700000000.5}
//   GET /_mastic/clock/advance/3600     an hour is over
//
// Only with `--test-clock`. After a restart the clock is the machine's again.
#pragma once

#include <functional>

#include "aws/pages.h"
#include "base/shifted_clock.h"

namespace mastic::program {

/// `moved` is told when the clock was moved; it and the clock outlive the pages.
void add_test_clock_pages(aws::Pages& pages, ShiftedClock& clock, std::function<void()> moved);

}  // namespace mastic::program
