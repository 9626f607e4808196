#include <fmt/format.h>

#include <algorithm>

#include "iam/errors.h"
#include "iam/managed.h"
#include "iam/operations/operations.h"
#include "iam/policy/document.h"

namespace mastic::iam {
namespace {

using Kind = Store::Kind;

std::size_t uses(const Store& store, const std::string& arn, bool as_boundary) {
  std::size_t count = 0;
  for (const auto kind : {Kind::user, Kind::role, Kind::group}) count += entities_with(store, kind, arn, as_boundary).size();
  return count;
}

wire::Policy describe(const Store& store, const ManagedPolicy& policy) {
  wire::Policy described;
  described.policy_name = policy.name;
  described.policy_id = policy.id;
  described.arn = policy.arn;
  described.path = policy.path;
  described.default_version_id = fmt::format("v{}", policy.default_version);
  described.attachment_count = static_cast<int32_t>(uses(store, policy.arn, false));
  described.permissions_boundary_usage_count = static_cast<int32_t>(uses(store, policy.arn, true));
  described.is_attachable = true;
  described.description = policy.description;
  described.create_date = policy.created_at;
  described.update_date = policy.updated_at;
  if (!policy.tags.empty()) described.tags = describe_tags(policy.tags);
  return described;
}

Result<wire::CreatePolicyResponse> create_policy(const wire::CreatePolicyRequest& request, const Context& context,
                                                 House house) {
  TRY_DO(policy::parse_document(request.policy_document, policy::Kind::identity));
  ManagedPolicy policy{.name = request.policy_name,
                       .id = make_identifier("ANPA"),
                       .path = request.path.value_or("/"),
                       .description = request.description,
                       .created_at = house.clock.now(),
                       .updated_at = house.clock.now()};
  policy.arn = fmt::format("arn:aws:iam::{}:policy{}{}", context.account_id, policy.path, policy.name);
  policy.versions[1] = {request.policy_document, policy.created_at};
  if (request.tags) TRY_DO(add_tags(policy.tags, *request.tags));
  // Names are unique in the account, whatever their paths.
  for (const auto& other : house.store.list<ManagedPolicy>(Kind::policy)) {
    if (lower_case(other->name) == lower_case(policy.name)) return fail(error::policy_exists(policy.name));
  }
  TRY(created, house.store.create(Kind::policy, policy));
  if (!created) return fail(error::policy_exists(policy.name));
  wire::CreatePolicyResponse response;
  response.policy = describe(house.store, policy);
  response.policy->description.reset();  // AWS tells it in GetPolicy alone.
  return response;
}

Result<wire::GetPolicyResponse> get_policy(const wire::GetPolicyRequest& request, const Context&, House house) {
  auto policy = require_policy(house.store, request.policy_arn);
  if (!policy) {
    return fail(Error{"NoSuchEntity", fmt::format("Policy {} was not found.", request.policy_arn), 404});
  }
  wire::GetPolicyResponse response;
  response.policy = describe(house.store, **policy);
  return response;
}

Result<wire::DeletePolicyResponse> delete_policy(const wire::DeletePolicyRequest& request, const Context&, House house) {
  if (find_aws_managed_policy(request.policy_arn)) return fail(error::unmodifiable(request.policy_arn));
  TRY(policy, require_policy(house.store, request.policy_arn));
  if (uses(house.store, policy->arn, false) + uses(house.store, policy->arn, true) > 0) {
    return fail(error::delete_conflict("Cannot delete a policy attached to entities."));
  }
  if (policy->versions.size() > 1) {
    return fail(
        error::delete_conflict("This policy has more than one version. Before you delete a policy, you must delete the "
                               "policy's versions. The default version is deleted with the policy."));
  }
  TRY_DO(house.store.remove(Kind::policy, request.policy_arn));
  return wire::DeletePolicyResponse{};
}

Result<wire::ListPoliciesResponse> list_policies(const wire::ListPoliciesRequest& request, const Context&, House house) {
  const auto scope = request.scope.value_or("All");
  std::vector<PolicyPointer> all;
  if (scope != "AWS") all = house.store.list<ManagedPolicy>(Kind::policy);
  if (scope != "Local") all.insert(all.end(), aws_managed_policies().begin(), aws_managed_policies().end());
  const bool as_boundary = request.policy_usage_filter == "PermissionsBoundary";
  std::erase_if(all, [&](const auto& policy) {
    return !policy->path.starts_with(request.path_prefix.value_or("/")) ||
           (request.only_attached.value_or(false) && uses(house.store, policy->arn, as_boundary) == 0);
  });
  std::ranges::sort(all, {}, [](const auto& policy) -> const std::string& { return policy->arn; });
  wire::ListPoliciesResponse response;
  response.policies.emplace();
  for (const auto& policy :
       take_page(std::move(all), request.marker, request.max_items, response, [](const auto& one) { return one->arn; })) {
    auto& described = response.policies->emplace_back(describe(house.store, *policy));
    described.description.reset();
    described.tags.reset();
  }
  return response;
}

}  // namespace

void add_policy_operations(aws::Service& service, House house) {
  service.on<wire::CreatePolicy>([=](const auto& request, const Context& c) { return create_policy(request, c, house); });
  service.on<wire::GetPolicy>([=](const auto& request, const Context& c) { return get_policy(request, c, house); });
  service.on<wire::DeletePolicy>([=](const auto& request, const Context& c) { return delete_policy(request, c, house); });
  service.on<wire::ListPolicies>([=](const auto& request, const Context& c) { return list_policies(request, c, house); });
}

}  // namespace mastic::iam
