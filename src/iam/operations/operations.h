// All operations of the service, one function a family. `iam.cpp` calls them; each lists its operations by name.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aws/models/iam.h"
#include "aws/service.h"
#include "base/clock.h"
#include "base/result.h"
#include "iam/store.h"

namespace mastic::iam {

class Decider;

namespace wire = aws::iam;
using Context = aws::CallContext;

/// What every operation works on.
struct House {
  Store& store;
  const Clock& clock;
  const Decider& decider;
};

void add_user_operations(aws::Service& service, House house);
void add_access_key_operations(aws::Service& service, House house);
void add_group_operations(aws::Service& service, House house);
void add_role_operations(aws::Service& service, House house);
void add_instance_profile_operations(aws::Service& service, House house);
void add_simulation_operations(aws::Service& service, House house);
void add_tag_operations(aws::Service& service, House house);
void add_inline_policy_operations(aws::Service& service, House house);
void add_attachment_operations(aws::Service& service, House house);
void add_policy_operations(aws::Service& service, House house);
void add_policy_version_operations(aws::Service& service, House house);
void add_account_operations(aws::Service& service, House house);

using PrincipalPointer = std::shared_ptr<const Principal>;
using PolicyPointer = std::shared_ptr<const ManagedPolicy>;

/// "user", "role", "group".
std::string_view kind_name(Store::Kind kind);

/// The user, role or group, or NoSuchEntity.
Result<PrincipalPointer> require_principal(const Store& store, Store::Kind kind, std::string_view name);
/// Store::change, with the same failure.
Result<PrincipalPointer> change_principal(Store& store, Store::Kind kind, std::string_view name,
                                          const std::function<Result<void>(Principal&)>& change);
/// A policy of AWS or of the account, or NoSuchEntity.
Result<PolicyPointer> require_policy(const Store& store, std::string_view arn);
/// Those that a policy hangs on; `as_boundary` too.
std::vector<PrincipalPointer> entities_with(const Store& store, Store::Kind kind, std::string_view arn, bool as_boundary);
/// The caller's user when the request was signed with a user's key; empty for the account itself.
std::string calling_user(const Store& store, const Context& context);

wire::User describe_user(const Principal& user);
wire::Role describe_role(const Principal& role);
std::vector<wire::Tag> describe_tags(const Tags& tags);
/// Adds tags or gives them other values: at most 50, none of `aws:`.
Result<void> add_tags(Tags& tags, const std::vector<wire::Tag>& added);
std::optional<wire::AttachedPermissionsBoundary> describe_boundary(const Principal& principal);

/// A page of a sorted list: `Marker` is the key of the last item before it.
template <typename Item, typename Response, typename KeyOf>
std::vector<Item> take_page(std::vector<Item> items, const std::optional<std::string>& marker,
                            const std::optional<int32_t>& maximum, Response& response, const KeyOf& key_of) {
  std::vector<Item> page;
  const auto limit = static_cast<std::size_t>(maximum.value_or(100));
  response.is_truncated = false;
  for (auto& item : items) {
    if (marker && key_of(item) <= *marker) continue;
    if (page.size() == limit) {
      response.is_truncated = true;
      response.marker = key_of(page.back());
      break;
    }
    page.push_back(std::move(item));
  }
  return page;
}

}  // namespace mastic::iam
