#include "aws/encoding.h"
#include "iam/errors.h"
#include "iam/operations/operations.h"
#include "iam/policy/document.h"

namespace mastic::iam {
namespace {

using Kind = Store::Kind;

Result<void> put(Kind kind, const std::string& owner, const std::string& name, const std::string& document, House house) {
  TRY_DO(require_principal(house.store, kind, owner));
  TRY_DO(policy::parse_document(document, policy::Kind::identity));
  // AWS limits the sum of all inline policies, without their white space.
  const std::size_t bytes_max = kind == Kind::user ? 2048 : kind == Kind::group ? 5120 : 10240;
  TRY_DO(change_principal(house.store, kind, owner, [&](Principal& one) -> Result<void> {
    one.inline_policies[name] = document;
    std::size_t bytes = 0;
    for (const auto& [other, text] : one.inline_policies) {
      for (const char c : text) bytes += c == ' ' || c == '\n' || c == '\t' || c == '\r' ? 0 : 1;
    }
    if (bytes > bytes_max) {
      return fail(error::limit_exceeded("Maximum policy size of " + std::to_string(bytes_max) + " bytes exceeded for " +
                                        std::string(kind_name(kind)) + " " + one.name));
    }
    return {};
  }));
  return {};
}

Result<std::string> get(Kind kind, const std::string& owner, const std::string& name, House house) {
  TRY(one, require_principal(house.store, kind, owner));
  const auto found = one->inline_policies.find(name);
  if (found == one->inline_policies.end()) {
    return fail(error::no_such_inline_policy(kind_name(kind), name));
  }
  return aws::percent_encode(found->second, false);
}

Result<void> remove(Kind kind, const std::string& owner, const std::string& name, House house) {
  TRY_DO(change_principal(house.store, kind, owner, [&](Principal& one) -> Result<void> {
    if (one.inline_policies.erase(name) == 0) {
      return fail(error::no_such_inline_policy(kind_name(kind), name));
    }
    return {};
  }));
  return {};
}

template <typename Response>
Result<Response> list(Kind kind, const std::string& owner, const auto& request, House house) {
  TRY(one, require_principal(house.store, kind, owner));
  std::vector<std::string> names;
  for (const auto& [name, document] : one->inline_policies) names.push_back(name);
  Response response;
  response.policy_names =
      take_page(std::move(names), request.marker, request.max_items, response, [](const auto& name) { return name; });
  return response;
}

}  // namespace

void add_inline_policy_operations(aws::Service& service, House house) {
  service.on<wire::PutRolePolicy>(
      [=](const wire::PutRolePolicyRequest& r, const Context&) -> Result<wire::PutRolePolicyResponse> {
        TRY_DO(put(Kind::role, r.role_name, r.policy_name, r.policy_document, house));
        return wire::PutRolePolicyResponse{};
      });
  service.on<wire::GetRolePolicy>(
      [=](const wire::GetRolePolicyRequest& r, const Context&) -> Result<wire::GetRolePolicyResponse> {
        TRY(document, get(Kind::role, r.role_name, r.policy_name, house));
        wire::GetRolePolicyResponse response;
        response.role_name = r.role_name;
        response.policy_name = r.policy_name;
        response.policy_document = document;
        return response;
      });
  service.on<wire::DeleteRolePolicy>(
      [=](const wire::DeleteRolePolicyRequest& r, const Context&) -> Result<wire::DeleteRolePolicyResponse> {
        TRY_DO(remove(Kind::role, r.role_name, r.policy_name, house));
        return wire::DeleteRolePolicyResponse{};
      });
  service.on<wire::ListRolePolicies>([=](const wire::ListRolePoliciesRequest& r, const Context&) {
    return list<wire::ListRolePoliciesResponse>(Kind::role, r.role_name, r, house);
  });
  service.on<wire::PutUserPolicy>(
      [=](const wire::PutUserPolicyRequest& r, const Context&) -> Result<wire::PutUserPolicyResponse> {
        TRY_DO(put(Kind::user, r.user_name, r.policy_name, r.policy_document, house));
        return wire::PutUserPolicyResponse{};
      });
  service.on<wire::GetUserPolicy>(
      [=](const wire::GetUserPolicyRequest& r, const Context&) -> Result<wire::GetUserPolicyResponse> {
        TRY(document, get(Kind::user, r.user_name, r.policy_name, house));
        wire::GetUserPolicyResponse response;
        response.user_name = r.user_name;
        response.policy_name = r.policy_name;
        response.policy_document = document;
        return response;
      });
  service.on<wire::DeleteUserPolicy>(
      [=](const wire::DeleteUserPolicyRequest& r, const Context&) -> Result<wire::DeleteUserPolicyResponse> {
        TRY_DO(remove(Kind::user, r.user_name, r.policy_name, house));
        return wire::DeleteUserPolicyResponse{};
      });
  service.on<wire::ListUserPolicies>([=](const wire::ListUserPoliciesRequest& r, const Context&) {
    return list<wire::ListUserPoliciesResponse>(Kind::user, r.user_name, r, house);
  });
  service.on<wire::PutGroupPolicy>(
      [=](const wire::PutGroupPolicyRequest& r, const Context&) -> Result<wire::PutGroupPolicyResponse> {
        TRY_DO(put(Kind::group, r.group_name, r.policy_name, r.policy_document, house));
        return wire::PutGroupPolicyResponse{};
      });
  service.on<wire::GetGroupPolicy>(
      [=](const wire::GetGroupPolicyRequest& r, const Context&) -> Result<wire::GetGroupPolicyResponse> {
        TRY(document, get(Kind::group, r.group_name, r.policy_name, house));
        wire::GetGroupPolicyResponse response;
        response.group_name = r.group_name;
        response.policy_name = r.policy_name;
        response.policy_document = document;
        return response;
      });
  service.on<wire::DeleteGroupPolicy>(
      [=](const wire::DeleteGroupPolicyRequest& r, const Context&) -> Result<wire::DeleteGroupPolicyResponse> {
        TRY_DO(remove(Kind::group, r.group_name, r.policy_name, house));
        return wire::DeleteGroupPolicyResponse{};
      });
  service.on<wire::ListGroupPolicies>([=](const wire::ListGroupPoliciesRequest& r, const Context&) {
    return list<wire::ListGroupPoliciesResponse>(Kind::group, r.group_name, r, house);
  });
}

}  // namespace mastic::iam
