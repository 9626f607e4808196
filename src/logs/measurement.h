// What metric filters find in log events, for whoever keeps metrics.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"

namespace mastic::logs {

/// Values of one metric within one minute.
struct Measurement {
  std::string name_space, name, unit;
  std::vector<std::pair<std::string, std::string>> dimensions;
  Instant time;
  std::map<double, double> values;  // value and how often
};

/// Called with what one batch of events gave, on the thread that added them, without locks held.
using Measured = std::function<void(const std::vector<Measurement>&)>;

}  // namespace mastic::logs
