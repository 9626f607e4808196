// Whether a principal may do something: its policies, read once and kept until IAM changes. Thread-safe. Owner: Iam.
//
// AWS's order: an explicit deny anywhere refuses; then either the resource's own policy allows the caller by name, or each
// of identity policies, permissions boundary and session policy that there is allows. What a resource's policy allows to a
// role is still bounded by the boundary and the session's policy; what it allows to a user or a session is not. A key's
// policy (KMS) is the root of all rights to it: identity policies count only where it hands the decision to the account.
// The account itself may do everything that a resource's policy does not deny. A decision costs a few microseconds.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

#include "iam/entities.h"
#include "iam/iam.h"
#include "iam/policy/document.h"
#include "iam/policy/evaluate.h"
#include "iam/store.h"

namespace mastic::iam {

class Decider {
 public:
  explicit Decider(const Store& store) : store_(store) {}

  void consult(const Resources& resources) { resources_ = &resources; }
  [[nodiscard]] const Resources* resources() const { return resources_; }

  /// Why not, in the words that follow AWS's "is not authorized to perform: A on resource: R"; nothing when it may.
  [[nodiscard]] std::optional<std::string> refusal(const Caller& caller, std::string_view action, std::string_view resource,
                                                   policy::Keys keys) const;

  /// What a principal's documents are, as simulations want them too.
  struct Policies {
    uint64_t generation = 0;
    std::vector<policy::Document> identity;
    std::vector<std::string> sources;  // of `identity`, one each
    std::optional<policy::Document> boundary;
    Tags tags;
    std::string id;
    bool wants_resource_tags = false;
  };
  [[nodiscard]] std::shared_ptr<const Policies> policies_of(Store::Kind kind, std::string_view name) const;

  /// A document as it was read the last time; null when it cannot be read.
  [[nodiscard]] std::shared_ptr<const policy::Document> parsed(const std::string& text, policy::Kind kind) const;

 private:
  const Store& store_;
  const Resources* resources_ = nullptr;
  mutable std::shared_mutex mutex_;
  mutable std::map<std::pair<Store::Kind, std::string>, std::shared_ptr<const Policies>> known_;
  mutable std::map<std::string, std::shared_ptr<const policy::Document>> documents_;  // of resources and sessions, by text
};

}  // namespace mastic::iam
