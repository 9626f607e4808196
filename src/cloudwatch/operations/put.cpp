// PutMetricData
#include <fmt/format.h>

#include <cmath>

#include "aws/models/cloudwatch.h"
#include "aws/service.h"
#include "cloudwatch/operations/keys.h"
#include "cloudwatch/operations/operations.h"
#include "cloudwatch/store.h"

namespace mastic::cloudwatch {
namespace {

namespace wire = aws::cloudwatch;

constexpr std::size_t metrics_max = 1000;
constexpr std::size_t values_max = 150;
constexpr auto oldest = std::chrono::days{14};
constexpr auto newest = std::chrono::hours{2};

/// Where a value stands, as AWS's messages have it.
std::string place(std::size_t index, std::string_view member) {
  return fmt::format("MetricData.member.{}.{}", index + 1, member);
}

Result<void> check_number(double value, const std::string& where) {
  const double limit = std::ldexp(1.0, 360);
  if (std::isfinite(value) && std::abs(value) <= limit) return {};
  return fail(error::invalid_value(fmt::format("The value {} for parameter {} is invalid.", value, where)));
}

bool has_control_characters(std::string_view text) {
  return std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

Result<Distribution> read_values(const wire::MetricDatum& datum, std::size_t index) {
  const int given = static_cast<int>(datum.value.has_value()) + static_cast<int>(datum.statistic_values.has_value()) +
                    static_cast<int>(datum.values.has_value());
  if (given > 1) {
    return fail(error::invalid_combination(
        fmt::format("The parameters {}, {} and {} are mutually exclusive and you have specified more than one.",
                    place(index, "Value"), place(index, "StatisticValues"), place(index, "Values"))));
  }
  if (datum.value) {
    TRY_DO(check_number(*datum.value, place(index, "Value")));
    return Distribution::of(*datum.value);
  }
  if (datum.statistic_values) {
    const auto& set = *datum.statistic_values;
    for (const double value : {set.sample_count, set.sum, set.minimum, set.maximum}) {
      TRY_DO(check_number(value, place(index, "StatisticValues")));
    }
    if (set.minimum > set.maximum || set.sample_count < 0) {
      return fail(
          error::invalid_value(fmt::format("The values of {} contradict each other.", place(index, "StatisticValues"))));
    }
    return Distribution::summary(set.sample_count, set.sum, set.minimum, set.maximum);
  }
  if (!datum.values || datum.values->empty()) {
    return fail(error::missing(fmt::format("At least one of the parameters {}, {} and {} must be specified.",
                                           place(index, "Value"), place(index, "StatisticValues"), place(index, "Values"))));
  }
  if (datum.values->size() > values_max) {
    return fail(error::invalid_value(
        fmt::format("The collection {} must not have a size greater than {}.", place(index, "Values"), values_max)));
  }
  if (datum.counts && datum.counts->size() != datum.values->size()) {
    return fail(error::invalid_value(
        fmt::format("The collections {} and {} must have the same size.", place(index, "Values"), place(index, "Counts"))));
  }
  Distribution all;
  for (std::size_t at = 0; at < datum.values->size(); ++at) {
    const auto times = datum.counts ? (*datum.counts)[at] : 1.0;
    TRY_DO(check_number((*datum.values)[at], place(index, "Values")));
    TRY_DO(check_number(times, place(index, "Counts")));
    if (times <= 0)
      return fail(error::invalid_value(fmt::format("The values of {} must be greater than 0.", place(index, "Counts"))));
    all.add(Distribution::of((*datum.values)[at], times));
  }
  return all;
}

Result<Sample> read_sample(const wire::MetricDatum& datum, std::size_t index, Instant now) {
  TRY(dimensions, read_dimensions(datum.dimensions));
  for (const auto& [name, value] : dimensions) {
    if (has_control_characters(name) || has_control_characters(value) || name.starts_with(':')) {
      return fail(error::invalid_value(fmt::format("The parameter {} is invalid.", place(index, "Dimensions"))));
    }
  }
  if (has_control_characters(datum.metric_name)) {
    return fail(error::invalid_value(fmt::format("The parameter {} is invalid.", place(index, "MetricName"))));
  }
  const auto time = datum.timestamp.value_or(now);
  if (time < now - oldest || time > now + newest) {
    return fail(error::invalid_value(fmt::format(
        "The parameter {} must specify a time no more than two weeks in the past and no more than two hours in the future.",
        place(index, "Timestamp"))));
  }
  const auto resolution = datum.storage_resolution.value_or(60);
  if (resolution != 1 && resolution != 60) {
    return fail(error::invalid_value(fmt::format("The parameter {} must be 1 or 60.", place(index, "StorageResolution"))));
  }
  TRY(values, read_values(datum, index));
  return Sample{.name = datum.metric_name,
                .dimensions = std::move(dimensions),
                .time = time,
                .values = std::move(values),
                .unit = datum.unit.value_or("None"),
                .high_resolution = resolution == 1};
}

}  // namespace

void add_put_operation(aws::Service& service, Store& store, const Clock& clock) {
  service.on<wire::PutMetricData>([&store, &clock](const wire::PutMetricDataRequest& request,
                                                   const aws::CallContext&) -> Result<wire::PutMetricDataResponse> {
    if (has_control_characters(request.namespace_)) return fail(error::invalid_value("The parameter Namespace is invalid."));
    std::vector<const wire::MetricDatum*> data;
    if (request.metric_data) {
      for (const auto& datum : *request.metric_data) data.push_back(&datum);
    }
    // Entities only relate metrics to what they measure: their data is data like any other.
    if (request.entity_metric_data) {
      for (const auto& entity : *request.entity_metric_data) {
        if (!entity.metric_data) continue;
        for (const auto& datum : *entity.metric_data) data.push_back(&datum);
      }
    }
    if (data.empty()) return fail(error::missing("The parameter MetricData is required."));
    if (data.size() > metrics_max) {
      return fail(
          error::invalid_value(fmt::format("The collection MetricData must not have a size greater than {}.", metrics_max)));
    }
    std::vector<Sample> samples;
    const auto now = clock.now();
    for (std::size_t index = 0; index < data.size(); ++index) {
      TRY(sample, read_sample(*data[index], index, now));
      samples.push_back(std::move(sample));
    }
    TRY_DO(store.put(request.namespace_, samples));
    return wire::PutMetricDataResponse{};
  });
}

}  // namespace mastic::cloudwatch
