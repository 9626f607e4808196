#include "secretsmanager/secretsmanager.h"

#include "secretsmanager/operations/operations.h"

namespace mastic::secretsmanager {

SecretsManager::SecretsManager(std::unique_ptr<Store> store, const Clock& clock) : store_(std::move(store)), clock_(clock) {}
SecretsManager::~SecretsManager() = default;

Result<std::unique_ptr<SecretsManager>> SecretsManager::open(const std::filesystem::path& folder, const Clock& clock) {
  TRY(store, Store::open(folder, clock));
  return std::unique_ptr<SecretsManager>(new SecretsManager(std::move(store), clock));
}

aws::Service SecretsManager::make_service() {
  aws::Service service("secretsmanager");
  add_secret_operations(service, *store_, clock_);
  add_value_operations(service, *store_, clock_);
  add_listing_operations(service, *store_);
  add_deletion_operations(service, *store_, clock_);
  add_setting_operations(service, *store_);
  add_password_operations(service);
  return service;
}

std::optional<GuardedResource> SecretsManager::find_resource(std::string_view id) const {
  const auto found = store_->find(id);
  if (!found || !*found) return std::nullopt;
  return GuardedResource{.arn = (*found)->arn, .policy = (*found)->policy, .tags = (*found)->tags};
}

}  // namespace mastic::secretsmanager
