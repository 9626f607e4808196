#include "cloudwatch/statistic.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "cloudwatch/errors.h"

namespace mastic::cloudwatch {
namespace {

std::optional<double> number_of(std::string_view text) {
  double number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem != std::errc{} || end != text.data() + text.size()) return {};
  return number;
}

bool is_percent(double number) { return number >= 0 && number <= 100; }

}  // namespace

Result<Statistic> Statistic::parse(std::string_view text) {
  struct Row {
    std::string_view name;
    Kind kind;
  };
  constexpr auto plain = std::to_array<Row>({{"SampleCount", Kind::count},
                                             {"Average", Kind::average},
                                             {"Sum", Kind::sum},
                                             {"Minimum", Kind::minimum},
                                             {"Maximum", Kind::maximum}});
  constexpr auto bounded = std::to_array<Row>({{"tm", Kind::trimmed_mean},
                                               {"TM", Kind::trimmed_mean},
                                               {"wm", Kind::winsorised_mean},
                                               {"WM", Kind::winsorised_mean},
                                               {"tc", Kind::trimmed_count},
                                               {"TC", Kind::trimmed_count},
                                               {"ts", Kind::trimmed_sum},
                                               {"TS", Kind::trimmed_sum},
                                               {"pr", Kind::rank},
                                               {"PR", Kind::rank}});
  const auto refused = [&] {
    return fail(error::invalid_value(fmt::format("The value {} for parameter Stat is not supported.", text)));
  };
  Statistic statistic;
  for (const auto& row : plain) {
    if (row.name != text) continue;
    statistic.kind_ = row.kind;
    return statistic;
  }
  if (text == "IQM") {
    statistic.kind_ = Kind::trimmed_mean;
    statistic.bounds_ = {25, 75, true};
    return statistic;
  }
  for (const auto& row : bounded) {
    if (!text.starts_with(row.name)) continue;
    statistic.kind_ = row.kind;
    auto rest = text.substr(row.name.size());
    if (!rest.starts_with('(')) {
      const auto percent = number_of(rest);
      if (!percent || !is_percent(*percent) || row.kind == Kind::rank) return refused();
      statistic.bounds_ = {0, *percent, true};
      return statistic;
    }
    const auto colon = rest.find(':');
    if (!rest.ends_with(')') || colon == std::string_view::npos) return refused();
    auto low = rest.substr(1, colon - 1);
    auto high = rest.substr(colon + 1, rest.size() - colon - 2);
    if (low.empty() && high.empty()) return refused();
    statistic.bounds_.in_percent = low.ends_with('%') || high.ends_with('%');
    for (auto [side, bound] : {std::pair{&low, &statistic.bounds_.low}, std::pair{&high, &statistic.bounds_.high}}) {
      if (side->empty()) continue;
      if (side->ends_with('%') != statistic.bounds_.in_percent) return refused();
      if (statistic.bounds_.in_percent) side->remove_suffix(1);
      const auto number = number_of(*side);
      if (!number || (statistic.bounds_.in_percent && !is_percent(*number))) return refused();
      *bound = *number;
    }
    if (statistic.bounds_.low > statistic.bounds_.high || (row.kind == Kind::rank && statistic.bounds_.in_percent))
      return refused();
    return statistic;
  }
  if (text.starts_with('p')) {
    const auto percent = number_of(text.substr(1));
    if (!percent || !is_percent(*percent)) return refused();
    statistic.kind_ = Kind::percentile;
    statistic.bounds_.high = *percent;
    return statistic;
  }
  return refused();
}

std::optional<double> Statistic::of(const Distribution& values) const {
  if (values.count <= 0) return {};
  switch (kind_) {
    case Kind::count: return values.count;
    case Kind::average: return values.average();
    case Kind::sum: return values.sum;
    case Kind::minimum: return values.minimum;
    case Kind::maximum: return values.maximum;
    case Kind::percentile: {
      if (!values.has_values) return {};
      const auto wanted = bounds_.high / 100 * values.count;
      double seen = 0;
      for (const auto& [value, times] : values.values) {
        seen += times;
        if (seen >= wanted) return value;
      }
      return values.maximum;
    }
    default: return values.has_values ? trimmed(values) : std::nullopt;
  }
}

std::optional<double> Statistic::trimmed(const Distribution& values) const {
  double count = 0;  // of what lies within the bounds
  double sum = 0;
  double below = 0;
  double above = 0;
  double lowest = values.maximum;
  double highest = values.minimum;
  double seen = 0;
  for (const auto& [value, times] : values.values) {
    double taken = times;
    if (bounds_.in_percent) {
      // A value that stands across a bound counts with the part that lies within.
      const auto low = std::max(bounds_.low, 0.0) / 100 * values.count;
      const auto high = std::min(bounds_.high, 100.0) / 100 * values.count;
      taken = std::max(0.0, std::min(seen + times, high) - std::max(seen, low));
      below += std::clamp(low - seen, 0.0, times);
      above += std::clamp(seen + times - high, 0.0, times);
      seen += times;
    } else if (value <= bounds_.low) {
      taken = 0;
      below += times;
    } else if (value > bounds_.high) {
      taken = 0;
      above += times;
    }
    if (taken <= 0) continue;
    count += taken;
    sum += value * taken;
    lowest = std::min(lowest, value);
    highest = std::max(highest, value);
  }
  switch (kind_) {
    case Kind::trimmed_count: return count;
    case Kind::trimmed_sum: return sum;
    case Kind::rank: return count / values.count * 100;
    case Kind::winsorised_mean:
      if (count <= 0) return {};
      return (sum + below * lowest + above * highest) / (count + below + above);
    default: return count > 0 ? std::optional(sum / count) : std::nullopt;
  }
}

}  // namespace mastic::cloudwatch
