#include "cloudwatch/cloudwatch.h"

#include <algorithm>
#include <vector>

#include "aws/service.h"
#include "cloudwatch/operations/operations.h"
#include "cloudwatch/store.h"

namespace mastic::cloudwatch {

CloudWatch::CloudWatch(std::unique_ptr<Store> store, const Clock& clock) : store_(std::move(store)), clock_(clock) {}
CloudWatch::~CloudWatch() = default;

Result<std::unique_ptr<CloudWatch>> CloudWatch::open(const std::filesystem::path& folder, const Clock& clock) {
  TRY(store, Store::open(folder, clock));
  return std::unique_ptr<CloudWatch>(new CloudWatch(std::move(store), clock));
}

Result<void> CloudWatch::put(std::string_view name_space, std::span<const Sample> samples) {
  std::vector<Sample> ordered(samples.begin(), samples.end());
  for (auto& sample : ordered) std::ranges::sort(sample.dimensions);
  return store_->put(name_space, ordered);
}

aws::Service CloudWatch::make_service() {
  aws::Service service("cloudwatch");
  add_put_operation(service, *store_, clock_);
  add_list_operation(service, *store_, clock_);
  add_statistics_operation(service, *store_, clock_);
  add_data_operation(service, *store_, clock_);
  return service;
}

}  // namespace mastic::cloudwatch
