// Secrets Manager for the rest of the house.
//
//   TRY(secrets, secretsmanager::SecretsManager::open(data / "secretsmanager", clock));
//   services.push_back(secrets->make_service());
//
// Owner: main; it outlives the service made from it. Thread-safe.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string_view>

#include "base/clock.h"
#include "base/guarded_resource.h"
#include "base/result.h"

namespace mastic::aws {
class Service;
}

namespace mastic::secretsmanager {

class Store;

class SecretsManager {
 public:
  static Result<std::unique_ptr<SecretsManager>> open(const std::filesystem::path& folder, const Clock& clock);
  ~SecretsManager();
  SecretsManager(const SecretsManager&) = delete;
  SecretsManager& operator=(const SecretsManager&) = delete;

  /// Its ListSecrets shows ARNs with their tags: so the Tagging API asks it.
  aws::Service make_service();

  /// By name, ARN, or ARN without its six random characters; one that waits for its deletion is there.
  [[nodiscard]] std::optional<GuardedResource> find_resource(std::string_view id) const;

 private:
  SecretsManager(std::unique_ptr<Store> store, const Clock& clock);
  std::unique_ptr<Store> store_;
  const Clock& clock_;
};

}  // namespace mastic::secretsmanager
