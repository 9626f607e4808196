// CloudWatch metrics for the rest of the house.
//
//   TRY(metrics, cloudwatch::CloudWatch::open(data / "cloudwatch", clock));
//   TRY_DO(metrics->put("Glue", samples));                  // durable when it returns
//   services.push_back(metrics->make_service());
//
// Owner: main; it outlives the services made from it. Thread-safe.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "cloudwatch/metric.h"

namespace mastic::aws {
class Service;
}

namespace mastic::cloudwatch {

class Alarms;
class Store;

/// An alarm came into another state.
struct AlarmChange {
  std::string name, arn, state, reason, state_before;
};

class CloudWatch {
 public:
  static Result<std::unique_ptr<CloudWatch>> open(const std::filesystem::path& folder, const Clock& clock);
  ~CloudWatch();
  CloudWatch(const CloudWatch&) = delete;
  CloudWatch& operator=(const CloudWatch&) = delete;

  /// Adds to what was measured. Dimensions need not be in order; names and values are taken as they are.
  Result<void> put(std::string_view name_space, std::span<const Sample> samples);

  /// Called after an alarm has changed its state. Before `begin`.
  void on_alarm(std::function<void(const AlarmChange&)> changed);
  /// Evaluates alarms from now on.
  void begin();

  aws::Service make_service();

 private:
  CloudWatch(std::unique_ptr<Store> store, std::unique_ptr<Alarms> alarms, const Clock& clock);
  std::unique_ptr<Store> store_;
  std::unique_ptr<Alarms> alarms_;
  const Clock& clock_;
};

}  // namespace mastic::cloudwatch
