#include "program/publishing.h"

#include "aws/json.h"
#include "base/log.h"

namespace mastic::program {

void publish(announce::Events& events, const cloudwatch::AlarmChange& change) {
  std::string detail;
  aws::JsonWriter writer(detail);
  const auto state = [&](std::string_view key, std::string_view value, std::string_view reason) {
    writer.key(key);
    writer.open_object();
    writer.key("value");
    writer.text(value);
    if (!reason.empty()) {
      writer.key("reason");
      writer.text(reason);
    }
    writer.close_object();
  };
  writer.open_object();
  writer.key("alarmName");
  writer.text(change.name);
  state("state", change.state, change.reason);
  state("previousState", change.state_before, {});
  writer.close_object();
  events.publish({.detail_type = "CloudWatch Alarm State Change",
                  .resources = {change.arn},
                  .detail = std::move(detail),
                  .source = "aws.cloudwatch"});
}

void publish(cloudwatch::CloudWatch& metrics, const std::vector<logs::Measurement>& found) {
  for (const auto& measurement : found) {
    cloudwatch::Sample sample{.name = measurement.name,
                              .dimensions = measurement.dimensions,
                              .time = measurement.time,
                              .values = {},
                              .unit = measurement.unit};
    for (const auto& [value, times] : measurement.values) sample.values.add(cloudwatch::Distribution::of(value, times));
    if (const auto kept = metrics.put(measurement.name_space, std::span(&sample, 1)); !kept) {
      log::warn("cloudwatch", "what a log filter measured could not be kept: {}", kept.error().message);
    }
  }
}

}  // namespace mastic::program
