#include "iam/operations/operations.h"

namespace mastic::iam {
namespace {

using Kind = Store::Kind;

Result<wire::GetAccountSummaryResponse> summary(House house) {
  wire::GetAccountSummaryResponse response;
  response.summary_map = {
      {"Users", static_cast<int32_t>(house.store.list<Principal>(Kind::user).size())},
      {"UsersQuota", 5000},
      {"Roles", static_cast<int32_t>(house.store.list<Principal>(Kind::role).size())},
      {"RolesQuota", 1000},
      {"Policies", static_cast<int32_t>(house.store.list<ManagedPolicy>(Kind::policy).size())},
      {"PoliciesQuota", 1500},
      {"Groups", static_cast<int32_t>(house.store.list<Principal>(Kind::group).size())},
      {"GroupsQuota", 300},
      {"InstanceProfiles", static_cast<int32_t>(house.store.list<Principal>(Kind::instance_profile).size())},
      {"AccessKeysPerUserQuota", 2},
      {"AttachedPoliciesPerRoleQuota", 10},
      {"AttachedPoliciesPerUserQuota", 10},
      {"VersionsPerPolicyQuota", 5},
      {"PolicySizeQuota", 6144},
      {"UserPolicySizeQuota", 2048},
      {"AssumeRolePolicySizeQuota", 2048},
      {"AccountAccessKeysPresent", 0},
      {"AccountMFAEnabled", 0},
  };
  return response;
}

}  // namespace

void add_account_operations(aws::Service& service, House house) {
  service.on<wire::GetAccountSummary>([=](const auto&, const Context&) { return summary(house); });
  service.on<wire::ListAccountAliases>([](const auto&, const Context&) -> Result<wire::ListAccountAliasesResponse> {
    wire::ListAccountAliasesResponse response;
    response.is_truncated = false;
    return response;
  });
}

}  // namespace mastic::iam
