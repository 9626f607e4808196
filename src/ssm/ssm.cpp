#include "ssm/ssm.h"

#include "aws/service.h"
#include "ssm/operations/operations.h"
#include "ssm/store.h"

namespace mastic::ssm {

Ssm::Ssm(std::unique_ptr<Store> store, const Clock& clock) : store_(std::move(store)), clock_(clock) {}
Ssm::~Ssm() = default;

Result<std::unique_ptr<Ssm>> Ssm::open(const std::filesystem::path& folder, const Clock& clock) {
  TRY(store, Store::open(folder));
  return std::unique_ptr<Ssm>(new Ssm(std::move(store), clock));
}

aws::Service Ssm::make_service() {
  aws::Service service("ssm");
  add_reading_operations(service, *store_);
  add_writing_operations(service, *store_, clock_);
  add_history_operations(service, *store_);
  add_tag_operations(service, *store_);
  return service;
}

Result<std::vector<std::pair<std::string, std::map<std::string, std::string>>>> Ssm::tagged_resources() {
  TRY(names, store_->names("", SIZE_MAX >> 1U));
  std::vector<std::pair<std::string, std::map<std::string, std::string>>> resources;
  const aws::CallContext context;
  for (const auto& name : names) {
    TRY(tags, store_->tags(name));
    if (tags) resources.emplace_back(arn_of(name, context), std::move(*tags));
  }
  return resources;
}

}  // namespace mastic::ssm
