#include "cloudformation/cloudformation.h"

#include "aws/service.h"
#include "cloudformation/executor/nested_stack.h"
#include "cloudformation/operations/operations.h"

namespace mastic::cloudformation {

/// In the order in which they need one another.
struct CloudFormation::Parts {
  Parts(std::unique_ptr<Store> opened, Dependencies dependencies)
      : store(std::move(opened)),
        house{*store,
              dependencies.clock,
              dependencies.calls,
              std::move(dependencies.read_template_url),
              nullptr,
              std::move(dependencies.act_as),
              std::move(dependencies.release)},
        executor(house),
        nested(house, executor) {
    house.nested_stack = &nested;
  }
  std::unique_ptr<Store> store;
  House house;
  Executor executor;
  NestedStackType nested;
};

CloudFormation::CloudFormation(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
CloudFormation::~CloudFormation() { end(); }

Result<std::unique_ptr<CloudFormation>> CloudFormation::open(Dependencies dependencies) {
  TRY(store, Store::open(dependencies.folder));
  return std::unique_ptr<CloudFormation>(
      new CloudFormation(std::make_unique<Parts>(std::move(store), std::move(dependencies))));
}

aws::Service CloudFormation::make_service() {
  aws::Service service("cloudformation");
  const auto& house = parts_->house;
  add_stack_operations(service, house, parts_->executor);
  add_rollback_operations(service, house, parts_->executor);
  add_change_set_operations(service, house, parts_->executor);
  add_describe_operations(service, house);
  add_resource_operations(service, house);
  add_template_operations(service, house);
  add_export_operations(service, house);
  add_drift_operations(service, house);
  return service;
}

Result<void> CloudFormation::begin() { return parts_->executor.resume(); }

void CloudFormation::end() { parts_->executor.stop(); }

}  // namespace mastic::cloudformation
