#include "kms/kms.h"

#include "kms/operations/operations.h"

namespace mastic::kms {

Kms::Kms(std::unique_ptr<Store> store, const Clock& clock) : store_(std::move(store)), clock_(clock) {}
Kms::~Kms() = default;

Result<std::unique_ptr<Kms>> Kms::open(const std::filesystem::path& folder, const Clock& clock) {
  TRY(store, Store::open(folder, clock));
  return std::unique_ptr<Kms>(new Kms(std::move(store), clock));
}

aws::Service Kms::make_service() {
  aws::Service service("kms");
  const Desk desk{*store_, clock_};
  add_key_operations(service, desk);
  add_state_operations(service, desk);
  add_alias_operations(service, desk);
  add_cryptography_operations(service, desk);
  add_data_key_operations(service, desk);
  add_policy_operations(service, desk);
  add_rotation_operations(service, desk);
  add_tag_operations(service, desk);
  return service;
}

std::optional<GuardedResource> Kms::find_resource(std::string_view id_or_alias) const {
  std::string id(id_or_alias);
  if (id.starts_with("alias/")) {
    const auto alias = store_->find_alias(id);
    if (!alias || !*alias) return std::nullopt;
    id = (*alias)->key_id;
  }
  const auto key = store_->find(id);
  if (!key || !*key) return std::nullopt;
  return GuardedResource{.arn = key_arn(aws::CallContext{}, id), .policy = (*key)->policy, .tags = (*key)->tags};
}

}  // namespace mastic::kms
