// CloudWatch metrics for the rest of the house.
//
//   TRY(metrics, cloudwatch::CloudWatch::open(data / "cloudwatch", clock));
//   TRY_DO(metrics->put("Glue", samples));                  // durable when it returns
//   services.push_back(metrics->make_service());
//
// Owner: main; it outlives the services made from it. Thread-safe.
#pragma once

#include <filesystem>
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

class Store;

class CloudWatch {
 public:
  static Result<std::unique_ptr<CloudWatch>> open(const std::filesystem::path& folder, const Clock& clock);
  ~CloudWatch();
  CloudWatch(const CloudWatch&) = delete;
  CloudWatch& operator=(const CloudWatch&) = delete;

  /// Adds to what was measured. Dimensions need not be in order; names and values are taken as they are.
  Result<void> put(std::string_view name_space, std::span<const Sample> samples);

  aws::Service make_service();

 private:
  CloudWatch(std::unique_ptr<Store> store, const Clock& clock);
  std::unique_ptr<Store> store_;
  const Clock& clock_;
};

}  // namespace mastic::cloudwatch
