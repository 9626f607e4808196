#include "cloudwatch/distribution.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace mastic::cloudwatch {
namespace {

constexpr std::size_t exact_values_max = 1000;
constexpr double bucket_ratio = 1.01;

/// The middle of the bucket that a value falls into.
double bucket(double value) {
  if (value == 0) return 0;
  const auto step = std::log(bucket_ratio);
  return std::copysign(std::exp(std::round(std::log(std::abs(value)) / step) * step), value);
}

void merge_equal(std::vector<std::pair<double, double>>& values) {
  std::size_t kept = 0;
  for (std::size_t at = 1; at < values.size(); ++at) {
    if (values[at].first == values[kept].first) {
      values[kept].second += values[at].second;
    } else {
      values[++kept] = values[at];
    }
  }
  if (!values.empty()) values.resize(kept + 1);
}

}  // namespace

Distribution Distribution::of(double value, double times) {
  return {
      .count = times, .sum = value * times, .minimum = value, .maximum = value, .has_values = true, .values = {{value, times}}};
}

Distribution Distribution::summary(double count, double sum, double minimum, double maximum) {
  if (minimum == maximum && (count == 1 || sum == minimum * count)) return of(minimum, count);
  return {.count = count, .sum = sum, .minimum = minimum, .maximum = maximum, .has_values = false, .values = {}};
}

void Distribution::add(const Distribution& other) {
  if (other.count == 0) return;
  if (count == 0) {
    *this = other;
    return;
  }
  count += other.count;
  sum += other.sum;
  minimum = std::min(minimum, other.minimum);
  maximum = std::max(maximum, other.maximum);
  has_values = has_values && other.has_values;
  if (!has_values) {
    values.clear();
    return;
  }
  const auto middle = values.size();
  values.insert(values.end(), other.values.begin(), other.values.end());
  std::ranges::inplace_merge(values, values.begin() + static_cast<std::ptrdiff_t>(middle), {},
                             &std::pair<double, double>::first);
  merge_equal(values);
  if (values.size() <= exact_values_max) return;
  for (auto& [value, times] : values) value = std::clamp(bucket(value), minimum, maximum);
  merge_equal(values);
}

std::string Distribution::packed_values() const {
  if (!has_values || values.empty()) return {};
  std::string packed(values.size() * 2 * sizeof(double), '\0');
  auto* at = packed.data();
  for (const auto& [value, times] : values) {
    std::memcpy(at, &value, sizeof(double));
    std::memcpy(at + sizeof(double), &times, sizeof(double));
    at += 2 * sizeof(double);
  }
  return packed;
}

void Distribution::unpack_values(std::string_view packed) {
  has_values = !packed.empty();
  values.clear();
  for (std::size_t at = 0; at + 2 * sizeof(double) <= packed.size(); at += 2 * sizeof(double)) {
    auto& [value, times] = values.emplace_back();
    std::memcpy(&value, packed.data() + at, sizeof(double));
    std::memcpy(&times, packed.data() + at + sizeof(double), sizeof(double));
  }
}

}  // namespace mastic::cloudwatch
