// What the rooms know of resources, for IAM's decisions: policies attached to buckets, the catalog, secrets and keys; tags.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "iam/iam.h"
#include "resourcegroupstaggingapi/tag_source.h"

namespace mastic::glue {
class Glue;
}
namespace mastic::kms {
class Kms;
}
namespace mastic::s3 {
class ObjectStore;
}
namespace mastic::secretsmanager {
class SecretsManager;
}

namespace mastic::program {

struct RoomsWithPolicies {
  s3::ObjectStore& objects;
  glue::Glue& glue;
  secretsmanager::SecretsManager& secrets;
  kms::Kms& keys;
  /// Asked in order for the tags of what has no policy of its own.
  std::vector<std::shared_ptr<resourcegroupstaggingapi::TagSource>> tags;
};

/// Thread-safe. All rooms outlive this object.
class ResourceFacts final : public iam::Resources {
 public:
  explicit ResourceFacts(RoomsWithPolicies rooms) : rooms_(std::move(rooms)) {}

  [[nodiscard]] iam::AttachedPolicy policy_of(std::string_view action, std::string_view resource) const override;
  [[nodiscard]] std::map<std::string, std::string> tags_of(std::string_view resource) const override;
  void complete(std::string& resource) const override;

 private:
  const RoomsWithPolicies rooms_;
};

}  // namespace mastic::program
