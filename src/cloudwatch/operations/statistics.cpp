// GetMetricStatistics
#include <fmt/format.h>

#include "aws/models/cloudwatch.h"
#include "aws/service.h"
#include "cloudwatch/operations/keys.h"
#include "cloudwatch/operations/operations.h"
#include "cloudwatch/operations/window.h"
#include "cloudwatch/statistic.h"

namespace mastic::cloudwatch {
namespace {

namespace wire = aws::cloudwatch;

constexpr int64_t datapoints_max = 1440;

void set_plain(wire::Datapoint& point, std::string_view statistic, double value) {
  if (statistic == "SampleCount") point.sample_count = value;
  if (statistic == "Average") point.average = value;
  if (statistic == "Sum") point.sum = value;
  if (statistic == "Minimum") point.minimum = value;
  if (statistic == "Maximum") point.maximum = value;
}

struct Wanted {
  std::string name;
  Statistic statistic;
  bool extended = false;
};

Result<std::vector<Wanted>> read_statistics(const wire::GetMetricStatisticsRequest& request) {
  std::vector<Wanted> wanted;
  for (const auto& [names, extended] : {std::pair{&request.statistics, false}, std::pair{&request.extended_statistics, true}}) {
    if (!*names) continue;
    for (const auto& name : **names) {
      TRY(statistic, Statistic::parse(name));
      wanted.push_back({name, statistic, extended});
    }
  }
  if (wanted.empty()) {
    return fail(error::missing("At least one of the parameters Statistics and ExtendedStatistics must be specified."));
  }
  return wanted;
}

wire::Datapoint make_point(int64_t time, const std::string& unit, const Distribution& values,
                           const std::vector<Wanted>& wanted) {
  wire::Datapoint point{.timestamp = Instant{std::chrono::seconds{time}}, .unit = unit};
  for (const auto& [name, statistic, extended] : wanted) {
    const auto value = statistic.of(values);
    if (!value) continue;
    if (extended) {
      if (!point.extended_statistics) point.extended_statistics.emplace();
      point.extended_statistics->emplace(name, *value);
    } else {
      set_plain(point, name, *value);
    }
  }
  return point;
}

bool says_something(const wire::Datapoint& point) {
  return point.sample_count || point.average || point.sum || point.minimum || point.maximum || point.extended_statistics;
}

}  // namespace

void add_statistics_operation(aws::Service& service, Store& store, const Clock& clock) {
  service.on<wire::GetMetricStatistics>([&store, &clock](const wire::GetMetricStatisticsRequest& request,
                                                         const aws::CallContext&) -> Result<wire::GetMetricStatisticsResponse> {
    TRY(wanted, read_statistics(request));
    TRY(window, make_window(request.start_time, request.end_time, request.period, clock.now()));
    if (window.count() > datapoints_max) {
      return fail(error::invalid_combination(
          fmt::format("You have requested up to {} datapoints, which exceeds the limit of {}. You may reduce the datapoints "
                      "requested by increasing Period, or decreasing the time range.",
                      window.count(), datapoints_max)));
    }
    TRY(dimensions, read_dimensions(request.dimensions));
    TRY(data, store.read({request.namespace_, request.metric_name, std::move(dimensions)}, window.start, window.end));
    wire::GetMetricStatisticsResponse response{.label = request.metric_name, .datapoints = {{}}};
    for (const auto& [unit, periods] : by_period(data, window, request.unit)) {
      for (const auto& [time, values] : periods) {
        auto point = make_point(time, unit, values, wanted);
        if (says_something(point)) response.datapoints->push_back(std::move(point));
      }
    }
    return response;
  });
}

}  // namespace mastic::cloudwatch
