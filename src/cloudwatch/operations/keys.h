// The wire's names of metrics, turned into the room's and back.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "aws/models/cloudwatch.h"
#include "base/result.h"
#include "cloudwatch/errors.h"
#include "cloudwatch/metric.h"

namespace mastic::cloudwatch {

/// In the order of names. Fails when a name is there twice.
inline Result<Dimensions> read_dimensions(const std::optional<std::vector<aws::cloudwatch::Dimension>>& given) {
  Dimensions dimensions;
  for (const auto& dimension : given.value_or(std::vector<aws::cloudwatch::Dimension>{})) {
    dimensions.emplace_back(dimension.name, dimension.value);
  }
  std::ranges::sort(dimensions);
  const auto same_name = [](const auto& a, const auto& b) { return a.first == b.first; };
  if (std::ranges::adjacent_find(dimensions, same_name) != dimensions.end()) {
    return fail(error::invalid_value("No Metric may specify the same dimension name twice."));
  }
  return dimensions;
}

inline std::vector<aws::cloudwatch::Dimension> write_dimensions(const Dimensions& dimensions) {
  std::vector<aws::cloudwatch::Dimension> written;
  for (const auto& [name, value] : dimensions) written.push_back({name, value});
  return written;
}

}  // namespace mastic::cloudwatch
