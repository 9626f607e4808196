#include <algorithm>

#include "iam/errors.h"
#include "iam/operations/operations.h"

namespace mastic::iam {
namespace {

using Kind = Store::Kind;
constexpr std::size_t attached_max = 10;

Result<void> attach(Kind kind, const std::string& owner, const std::string& arn, House house) {
  TRY_DO(require_principal(house.store, kind, owner));
  TRY_DO(require_policy(house.store, arn));
  TRY_DO(change_principal(house.store, kind, owner, [&](Principal& one) -> Result<void> {
    if (std::ranges::find(one.attached, arn) != one.attached.end()) return {};
    if (one.attached.size() >= attached_max) {
      return fail(error::limit_exceeded(kind == Kind::user    ? "Cannot exceed quota for PoliciesPerUser: 10"
                                        : kind == Kind::group ? "Cannot exceed quota for PoliciesPerGroup: 10"
                                                              : "Cannot exceed quota for PoliciesPerRole: 10"));
    }
    one.attached.push_back(arn);
    return {};
  }));
  return {};
}

Result<void> detach(Kind kind, const std::string& owner, const std::string& arn, House house) {
  TRY_DO(change_principal(house.store, kind, owner, [&](Principal& one) -> Result<void> {
    if (std::erase(one.attached, arn) == 0) return fail(error::not_attached(arn));
    return {};
  }));
  return {};
}

template <typename Response>
Result<Response> list(Kind kind, const std::string& owner, const auto& request, House house) {
  TRY(one, require_principal(house.store, kind, owner));
  auto arns = one->attached;
  std::ranges::sort(arns);
  Response response;
  response.attached_policies.emplace();
  for (const auto& arn :
       take_page(std::move(arns), request.marker, request.max_items, response, [](const auto& a) { return a; })) {
    const auto policy = require_policy(house.store, arn);
    if (!policy || !(*policy)->path.starts_with(request.path_prefix.value_or("/"))) continue;
    auto& described = response.attached_policies->emplace_back();
    described.policy_name = (*policy)->name;
    described.policy_arn = arn;
  }
  return response;
}

Result<wire::ListEntitiesForPolicyResponse> list_entities(const wire::ListEntitiesForPolicyRequest& request, const Context&,
                                                          House house) {
  TRY_DO(require_policy(house.store, request.policy_arn));
  const auto filter = request.entity_filter.value_or("");
  const bool as_boundary = request.policy_usage_filter == "PermissionsBoundary";
  const auto prefix = request.path_prefix.value_or("/");
  wire::ListEntitiesForPolicyResponse response;
  response.is_truncated = false;
  response.policy_groups.emplace();
  response.policy_users.emplace();
  response.policy_roles.emplace();
  if (filter.empty() || filter == "User") {
    for (const auto& user : entities_with(house.store, Kind::user, request.policy_arn, as_boundary)) {
      if (!user->path.starts_with(prefix)) continue;
      auto& described = response.policy_users->emplace_back();
      described.user_name = user->name;
      described.user_id = user->id;
    }
  }
  if (filter.empty() || filter == "Group") {
    for (const auto& group : entities_with(house.store, Kind::group, request.policy_arn, as_boundary)) {
      if (!group->path.starts_with(prefix)) continue;
      auto& described = response.policy_groups->emplace_back();
      described.group_name = group->name;
      described.group_id = group->id;
    }
  }
  if (filter.empty() || filter == "Role") {
    for (const auto& role : entities_with(house.store, Kind::role, request.policy_arn, as_boundary)) {
      if (!role->path.starts_with(prefix)) continue;
      auto& described = response.policy_roles->emplace_back();
      described.role_name = role->name;
      described.role_id = role->id;
    }
  }
  return response;
}

}  // namespace

void add_attachment_operations(aws::Service& service, House house) {
  service.on<wire::AttachRolePolicy>(
      [=](const wire::AttachRolePolicyRequest& r, const Context&) -> Result<wire::AttachRolePolicyResponse> {
        TRY_DO(attach(Kind::role, r.role_name, r.policy_arn, house));
        return wire::AttachRolePolicyResponse{};
      });
  service.on<wire::DetachRolePolicy>(
      [=](const wire::DetachRolePolicyRequest& r, const Context&) -> Result<wire::DetachRolePolicyResponse> {
        TRY_DO(detach(Kind::role, r.role_name, r.policy_arn, house));
        return wire::DetachRolePolicyResponse{};
      });
  service.on<wire::ListAttachedRolePolicies>([=](const wire::ListAttachedRolePoliciesRequest& r, const Context&) {
    return list<wire::ListAttachedRolePoliciesResponse>(Kind::role, r.role_name, r, house);
  });
  service.on<wire::AttachUserPolicy>(
      [=](const wire::AttachUserPolicyRequest& r, const Context&) -> Result<wire::AttachUserPolicyResponse> {
        TRY_DO(attach(Kind::user, r.user_name, r.policy_arn, house));
        return wire::AttachUserPolicyResponse{};
      });
  service.on<wire::DetachUserPolicy>(
      [=](const wire::DetachUserPolicyRequest& r, const Context&) -> Result<wire::DetachUserPolicyResponse> {
        TRY_DO(detach(Kind::user, r.user_name, r.policy_arn, house));
        return wire::DetachUserPolicyResponse{};
      });
  service.on<wire::ListAttachedUserPolicies>([=](const wire::ListAttachedUserPoliciesRequest& r, const Context&) {
    return list<wire::ListAttachedUserPoliciesResponse>(Kind::user, r.user_name, r, house);
  });
  service.on<wire::AttachGroupPolicy>(
      [=](const wire::AttachGroupPolicyRequest& r, const Context&) -> Result<wire::AttachGroupPolicyResponse> {
        TRY_DO(attach(Kind::group, r.group_name, r.policy_arn, house));
        return wire::AttachGroupPolicyResponse{};
      });
  service.on<wire::DetachGroupPolicy>(
      [=](const wire::DetachGroupPolicyRequest& r, const Context&) -> Result<wire::DetachGroupPolicyResponse> {
        TRY_DO(detach(Kind::group, r.group_name, r.policy_arn, house));
        return wire::DetachGroupPolicyResponse{};
      });
  service.on<wire::ListAttachedGroupPolicies>([=](const wire::ListAttachedGroupPoliciesRequest& r, const Context&) {
    return list<wire::ListAttachedGroupPoliciesResponse>(Kind::group, r.group_name, r, house);
  });
  service.on<wire::ListEntitiesForPolicy>([=](const auto& r, const Context& c) { return list_entities(r, c, house); });
}

}  // namespace mastic::iam
