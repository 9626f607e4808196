#include "kms/errors.h"
#include "kms/operations/operations.h"
#include "kms/policy_text.h"

namespace mastic::kms {
namespace {

constexpr std::string_view only_policy = "default";

Result<void> check_policy_name(const std::optional<std::string>& name) {
  if (name && *name != only_policy) return fail(error::no_policy(*name));
  return {};
}

Result<wire::GetKeyPolicyResponse> get(const wire::GetKeyPolicyRequest& request, const aws::CallContext& context,
                                       const Desk& desk) {
  TRY_DO(check_policy_name(request.policy_name));
  TRY(key, find_key(desk, context, request.key_id, /*aliases=*/false));
  return wire::GetKeyPolicyResponse{.policy = key.policy, .policy_name = std::string(only_policy)};
}

Result<wire::PutKeyPolicy::Response> put(const wire::PutKeyPolicyRequest& request, const aws::CallContext& context,
                                         const Desk& desk) {
  TRY_DO(check_policy_name(request.policy_name));
  TRY_DO(check_key_policy(request.policy));
  TRY_DO(change_key(desk, context, request.key_id, [&](Key& key) -> Result<void> {
    key.policy = request.policy;
    return {};
  }));
  return wire::PutKeyPolicy::Response{};
}

Result<wire::ListKeyPoliciesResponse> list(const wire::ListKeyPoliciesRequest& request, const aws::CallContext& context,
                                           const Desk& desk) {
  TRY_DO(find_key(desk, context, request.key_id, /*aliases=*/false));
  return wire::ListKeyPoliciesResponse{.policy_names = std::vector<std::string>{std::string(only_policy)}, .truncated = false};
}

}  // namespace

void add_policy_operations(aws::Service& service, const Desk& desk) {
  service.on<wire::GetKeyPolicy>([desk](const auto& request, const auto& context) { return get(request, context, desk); });
  service.on<wire::PutKeyPolicy>([desk](const auto& request, const auto& context) { return put(request, context, desk); });
  service.on<wire::ListKeyPolicies>([desk](const auto& request, const auto& context) { return list(request, context, desk); });
}

}  // namespace mastic::kms
