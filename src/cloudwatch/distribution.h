// What is kept of the values of one metric in one period.
//
// Count, sum and extremes are exact. The values themselves are kept for percentiles: exactly up to 1,000 different ones,
// then in buckets whose bounds lie 1 % apart. A statistic set says nothing of its values, unless they are all the same.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mastic::cloudwatch {

struct Distribution {
  double count = 0;
  double sum = 0;
  double minimum = 0;
  double maximum = 0;
  bool has_values = true;                         // false: some came without
  std::vector<std::pair<double, double>> values;  // value and how often, ascending

  static Distribution of(double value, double times = 1);
  /// Of a statistic set.
  static Distribution summary(double count, double sum, double minimum, double maximum);

  void add(const Distribution& other);
  [[nodiscard]] double average() const { return count > 0 ? sum / count : 0; }

  /// The values as bytes, and back; empty when there are none.
  [[nodiscard]] std::string packed_values() const;
  void unpack_values(std::string_view packed);
};

}  // namespace mastic::cloudwatch
