#include "ecr/ecr.h"

#include "aws/service.h"
#include "ecr/operations/operations.h"
#include "ecr/store.h"

namespace mastic::ecr {

Ecr::Ecr(std::unique_ptr<Store> store, const Clock& clock) : store_(std::move(store)), clock_(clock) {}
Ecr::~Ecr() = default;

Result<std::unique_ptr<Ecr>> Ecr::open(const std::filesystem::path& folder, const Clock& clock) {
  TRY(store, Store::open(folder));
  return std::unique_ptr<Ecr>(new Ecr(std::move(store), clock));
}

aws::Service Ecr::make_service() {
  aws::Service service("ecr");
  add_repository_operations(service, *store_, clock_);
  add_policy_operations(service, *store_);
  add_setting_operations(service, *store_);
  add_tag_operations(service, *store_);
  return service;
}

Result<std::vector<TaggedResource>> Ecr::tagged_resources() {
  TRY(repositories, store_->list("", SIZE_MAX >> 1U));
  std::vector<TaggedResource> resources;
  for (auto& repository : repositories) {
    resources.push_back({repository.described.repository_arn.value_or(""), std::move(repository.tags)});
  }
  return resources;
}

}  // namespace mastic::ecr
