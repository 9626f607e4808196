// Whether a principal may do something: its policies, read once and kept until IAM changes. Thread-safe. Owner: Iam.
//
// AWS's order: an explicit deny anywhere refuses; then each of identity policies, permissions boundary and session policy
// that there is must allow. The account itself may do everything. A decision costs a few microseconds.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

#include "iam/entities.h"
#include "iam/policy/document.h"
#include "iam/policy/evaluate.h"
#include "iam/store.h"

namespace mastic::iam {

struct Caller;

class Decider {
 public:
  explicit Decider(const Store& store) : store_(store) {}

  /// Why not, in the words that follow AWS's "is not authorized to perform: A on resource: R"; nothing when it may.
  [[nodiscard]] std::optional<std::string> refusal(const Caller& caller, std::string_view access_key, std::string_view action,
                                                   std::string_view resource, policy::Keys keys) const;

  /// What a principal's documents are, as simulations want them too.
  struct Policies {
    uint64_t generation = 0;
    std::vector<policy::Document> identity;
    std::vector<std::string> sources;  // of `identity`, one each
    std::optional<policy::Document> boundary;
    Tags tags;
    std::string id;
  };
  [[nodiscard]] std::shared_ptr<const Policies> policies_of(Store::Kind kind, std::string_view name) const;

 private:
  const Store& store_;
  mutable std::shared_mutex mutex_;
  mutable std::map<std::pair<Store::Kind, std::string>, std::shared_ptr<const Policies>> known_;
};

}  // namespace mastic::iam
