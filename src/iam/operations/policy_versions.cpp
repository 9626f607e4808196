#include <fmt/format.h>

#include "aws/encoding.h"
#include "iam/errors.h"
#include "iam/managed.h"
#include "iam/operations/operations.h"
#include "iam/policy/document.h"

namespace mastic::iam {
namespace {

constexpr std::size_t versions_max = 5;

int32_t number_of(std::string_view version) {
  return version.starts_with("v") ? std::atoi(std::string(version.substr(1)).c_str()) : 0;
}

wire::PolicyVersion describe(const ManagedPolicy& policy, int32_t number, bool with_document) {
  const auto& version = policy.versions.at(number);
  wire::PolicyVersion described;
  described.version_id = fmt::format("v{}", number);
  described.is_default_version = number == policy.default_version;
  described.create_date = version.created_at;
  if (with_document) described.document = aws::percent_encode(version.document, false);
  return described;
}

Result<PolicyPointer> change_policy(const std::string& arn, House house,
                                    const std::function<Result<void>(ManagedPolicy&)>& change) {
  if (find_aws_managed_policy(arn)) return fail(error::unmodifiable(arn));
  TRY(changed, house.store.change<ManagedPolicy>(Store::Kind::policy, arn, change));
  if (!changed) return fail(error::no_such_policy(arn));
  return changed;
}

Result<wire::CreatePolicyVersionResponse> create_version(const wire::CreatePolicyVersionRequest& request, const Context&,
                                                         House house) {
  TRY_DO(policy::parse_document(request.policy_document, policy::Kind::identity));
  const auto now = house.clock.now();
  TRY(policy, change_policy(request.policy_arn, house, [&](ManagedPolicy& one) -> Result<void> {
        if (one.versions.size() >= versions_max) {
          return fail(
              error::limit_exceeded("A managed policy can have up to 5 versions. Before you create a new version, "
                                    "you must delete an existing version."));
        }
        one.versions[++one.newest_version] = {request.policy_document, now};
        one.updated_at = now;
        if (request.set_as_default.value_or(false)) one.default_version = one.newest_version;
        return {};
      }));
  wire::CreatePolicyVersionResponse response;
  response.policy_version = describe(*policy, policy->newest_version, false);
  return response;
}

Result<wire::GetPolicyVersionResponse> get_version(const wire::GetPolicyVersionRequest& request, const Context&, House house) {
  TRY(policy, require_policy(house.store, request.policy_arn));
  const auto number = number_of(request.version_id);
  if (!policy->versions.contains(number)) return fail(error::no_such_version(request.policy_arn, request.version_id));
  wire::GetPolicyVersionResponse response;
  response.policy_version = describe(*policy, number, true);
  return response;
}

Result<wire::ListPolicyVersionsResponse> list_versions(const wire::ListPolicyVersionsRequest& request, const Context&,
                                                       House house) {
  TRY(policy, require_policy(house.store, request.policy_arn));
  wire::ListPolicyVersionsResponse response;
  response.is_truncated = false;  // There are five at most.
  response.versions.emplace();
  for (auto version = policy->versions.rbegin(); version != policy->versions.rend(); ++version) {
    response.versions->push_back(describe(*policy, version->first, false));
  }
  return response;
}

Result<wire::SetDefaultPolicyVersionResponse> set_default(const wire::SetDefaultPolicyVersionRequest& request, const Context&,
                                                          House house) {
  TRY_DO(change_policy(request.policy_arn, house, [&](ManagedPolicy& one) -> Result<void> {
    const auto number = number_of(request.version_id);
    if (!one.versions.contains(number)) return fail(error::no_such_version(request.policy_arn, request.version_id));
    one.default_version = number;
    one.updated_at = house.clock.now();
    return {};
  }));
  return wire::SetDefaultPolicyVersionResponse{};
}

Result<wire::DeletePolicyVersionResponse> delete_version(const wire::DeletePolicyVersionRequest& request, const Context&,
                                                         House house) {
  TRY_DO(change_policy(request.policy_arn, house, [&](ManagedPolicy& one) -> Result<void> {
    const auto number = number_of(request.version_id);
    if (!one.versions.contains(number)) return fail(error::no_such_version(request.policy_arn, request.version_id));
    if (number == one.default_version) {
      return fail(error::delete_conflict("Cannot delete the default version of a policy."));
    }
    one.versions.erase(number);
    return {};
  }));
  return wire::DeletePolicyVersionResponse{};
}

}  // namespace

void add_policy_version_operations(aws::Service& service, House house) {
  service.on<wire::CreatePolicyVersion>([=](const auto& r, const Context& c) { return create_version(r, c, house); });
  service.on<wire::GetPolicyVersion>([=](const auto& r, const Context& c) { return get_version(r, c, house); });
  service.on<wire::ListPolicyVersions>([=](const auto& r, const Context& c) { return list_versions(r, c, house); });
  service.on<wire::SetDefaultPolicyVersion>([=](const auto& r, const Context& c) { return set_default(r, c, house); });
  service.on<wire::DeletePolicyVersion>([=](const auto& r, const Context& c) { return delete_version(r, c, house); });
}

}  // namespace mastic::iam
