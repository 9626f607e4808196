// What is measured, as plain values.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "cloudwatch/distribution.h"

namespace mastic::cloudwatch {

/// Name and value, in the order of names.
using Dimensions = std::vector<std::pair<std::string, std::string>>;

struct MetricKey {
  std::string name_space;
  std::string name;
  Dimensions dimensions;
};

/// Values of one metric that were measured at one time.
struct Sample {
  std::string name;
  Dimensions dimensions;
  Instant time;
  Distribution values;
  std::string unit = "None";
  bool high_resolution = false;
};

}  // namespace mastic::cloudwatch
