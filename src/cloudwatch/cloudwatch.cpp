#include "cloudwatch/cloudwatch.h"

#include <algorithm>
#include <vector>

#include "aws/service.h"
#include "cloudwatch/alarms.h"
#include "cloudwatch/operations/operations.h"
#include "cloudwatch/store.h"

namespace mastic::cloudwatch {

CloudWatch::CloudWatch(std::unique_ptr<Store> store, std::unique_ptr<Alarms> alarms, const Clock& clock)
    : store_(std::move(store)), alarms_(std::move(alarms)), clock_(clock) {}
CloudWatch::~CloudWatch() = default;

Result<std::unique_ptr<CloudWatch>> CloudWatch::open(const std::filesystem::path& folder, const Clock& clock) {
  TRY(store, Store::open(folder, clock));
  TRY(alarms, Alarms::open(folder, *store, clock));
  return std::unique_ptr<CloudWatch>(new CloudWatch(std::move(store), std::move(alarms), clock));
}

Result<void> CloudWatch::put(std::string_view name_space, std::span<const Sample> samples) {
  std::vector<Sample> ordered(samples.begin(), samples.end());
  for (auto& sample : ordered) std::ranges::sort(sample.dimensions);
  return store_->put(name_space, ordered);
}

void CloudWatch::on_alarm(std::function<void(const AlarmChange&)> changed) {
  alarms_->on_change([changed = std::move(changed)](const Alarm& alarm, const std::string& before) {
    changed({.name = alarm.alarm_name.value_or(""),
             .arn = alarm.alarm_arn.value_or(""),
             .state = alarm.state_value.value_or(""),
             .reason = alarm.state_reason.value_or(""),
             .state_before = before});
  });
}

void CloudWatch::begin() { alarms_->begin(); }

aws::Service CloudWatch::make_service() {
  aws::Service service("cloudwatch");
  add_put_operation(service, *store_, clock_);
  add_list_operation(service, *store_, clock_);
  add_statistics_operation(service, *store_, clock_);
  add_data_operation(service, *store_, clock_);
  add_alarm_operations(service, *alarms_);
  return service;
}

}  // namespace mastic::cloudwatch
