// A statistic by its name, and its value over a period's values.
//
//   SampleCount Average Sum Minimum Maximum IQM
//   p99.9                    percentile: the smallest value that so many percent do not exceed
//   tm90 tm(10%:90%) tm(80:500)     trimmed mean: the mean of what lies between two percentiles, or two values
//   wm tc ts                 winsorised mean, trimmed count, trimmed sum, of the same bounds
//   PR(100:2000) PR(:300)    percentile rank: how many percent of the values lie in between
#pragma once

#include <limits>
#include <optional>
#include <string_view>

#include "base/result.h"
#include "cloudwatch/distribution.h"

namespace mastic::cloudwatch {

class Statistic {
 public:
  /// Fails with InvalidParameterValue, naming the text.
  static Result<Statistic> parse(std::string_view text);
  /// Nothing when the distribution is empty, or its values were not kept and are needed.
  [[nodiscard]] std::optional<double> of(const Distribution& values) const;

 private:
  enum class Kind {
    count,
    average,
    sum,
    minimum,
    maximum,
    percentile,
    trimmed_mean,
    winsorised_mean,
    trimmed_count,
    trimmed_sum,
    rank
  };
  struct Bounds {
    double low = -std::numeric_limits<double>::infinity();  // exclusive, as AWS has it
    double high = std::numeric_limits<double>::infinity();
    bool in_percent = false;
  };
  [[nodiscard]] std::optional<double> trimmed(const Distribution& values) const;

  Kind kind_ = Kind::average;
  Bounds bounds_;  // of a percentile: `high`
};

}  // namespace mastic::cloudwatch
