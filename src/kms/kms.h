// Key Management Service for the rest of the house.
//
//   TRY(keys, kms::Kms::open(data / "kms", clock));
//   services.push_back(keys->make_service());
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

namespace mastic::kms {

class Store;

class Kms {
 public:
  static Result<std::unique_ptr<Kms>> open(const std::filesystem::path& folder, const Clock& clock);
  ~Kms();
  Kms(const Kms&) = delete;
  Kms& operator=(const Kms&) = delete;

  /// Its ListKeys and ListResourceTags show ARNs with their tags: so the Tagging API asks them.
  aws::Service make_service();

  /// By id, or by alias ("alias/…"); its ARN is the default region's.
  [[nodiscard]] std::optional<GuardedResource> find_resource(std::string_view id_or_alias) const;

 private:
  Kms(std::unique_ptr<Store> store, const Clock& clock);
  std::unique_ptr<Store> store_;
  const Clock& clock_;
};

}  // namespace mastic::kms
