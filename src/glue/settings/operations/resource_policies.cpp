// Resource policies; the catalog's own is consulted when the server runs with keys, those on single resources are kept and
// given back. Beside them, what tools ask of the catalog's encryption: none.
#include <simdjson.h>

#include "aws/digest.h"
#include "aws/encoding.h"
#include "glue/catalog/operations/answers.h"
#include "glue/operations.h"
#include "glue/settings/records.h"

namespace mastic::glue {
namespace {

using namespace catalog;
using Context = aws::CallContext;
using Policies = Records<wire::GetResourcePolicyResponse>;
using Policy = wire::GetResourcePolicyResponse;

/// The account's own policy has no ARN in requests, or the catalog's.
std::string policy_name(const std::optional<std::string>& arn) { return !arn || arn->ends_with(":catalog") ? "catalog" : *arn; }

Error policy_not_found() { return {"EntityNotFoundException", "Policy not found"}; }
Error condition_failed(std::string_view why) { return {"ConditionCheckFailureException", std::string(why)}; }

Result<void> check_policy(std::string_view text) {
  simdjson::dom::parser parser;
  simdjson::dom::object policy;
  if (parser.parse(text.data(), text.size()).get(policy) != simdjson::SUCCESS ||
      policy.at_key("Statement").error() != simdjson::SUCCESS) {
    return fail(error::invalid_input("PolicyInJson is no policy document"));
  }
  return {};
}

Result<void> check_hash(const std::optional<std::string>& wanted, const std::optional<Policy>& before) {
  if (wanted && (!before || before->policy_hash != wanted)) return fail(condition_failed("Policy hash condition not met"));
  return {};
}

Result<wire::PutResourcePolicyResponse> put_policy(const wire::PutResourcePolicyRequest& request, Policies& policies,
                                                   const Clock& clock) {
  TRY_DO(check_policy(request.policy_in_json));
  const auto condition = request.policy_exists_condition.value_or("NONE");
  Policy policy;
  policy.policy_in_json = request.policy_in_json;
  policy.policy_hash = aws::to_base64(aws::Digest::of(aws::DigestKind::md5, request.policy_in_json));
  policy.update_time = clock.now();
  TRY_DO(policies.change(policy_name(request.resource_arn), [&](const std::optional<Policy>& before) -> Result<Policy> {
    if (condition == "MUST_EXIST" && !before) return fail(condition_failed("Policy does not exist"));
    if (condition == "NOT_EXIST" && before) return fail(condition_failed("Policy already exists"));
    TRY_DO(check_hash(request.policy_hash_condition, before));
    policy.create_time = before ? before->create_time : policy.update_time;
    return policy;
  }));
  wire::PutResourcePolicyResponse response;
  response.policy_hash = policy.policy_hash;
  return response;
}

Result<Policy> get_policy(const wire::GetResourcePolicyRequest& request, Policies& policies) {
  TRY(policy, policies.find(policy_name(request.resource_arn)));
  if (!policy) return fail(policy_not_found());
  return std::move(*policy);
}

Result<wire::DeleteResourcePolicyResponse> delete_policy(const wire::DeleteResourcePolicyRequest& request, Policies& policies) {
  const auto name = policy_name(request.resource_arn);
  TRY(before, policies.find(name));
  if (!before) return fail(policy_not_found());
  TRY_DO(check_hash(request.policy_hash_condition, before));
  TRY_DO(policies.remove(name));
  return wire::DeleteResourcePolicyResponse{};
}

Result<wire::GetResourcePoliciesResponse> get_policies(const wire::GetResourcePoliciesRequest& request, Policies& policies) {
  TRY(page, page_request(request.next_token, request.max_results, 100));
  TRY(found, policies.list(page));
  wire::GetResourcePoliciesResponse response;
  response.next_token = next_token(found);
  response.get_resource_policies_response_list.emplace();
  for (auto& policy : found.entries) {
    wire::GluePolicy one;
    one.policy_in_json = std::move(policy.policy_in_json);
    one.policy_hash = std::move(policy.policy_hash);
    one.create_time = policy.create_time;
    one.update_time = policy.update_time;
    response.get_resource_policies_response_list->push_back(std::move(one));
  }
  return response;
}

/// What is so already may be said again; encryption is refused by name.
Result<wire::PutDataCatalogEncryptionSettingsResponse> put_encryption(
    const wire::PutDataCatalogEncryptionSettingsRequest& request, const Context& context) {
  TRY_DO(check_catalog(request.catalog_id, context));
  const auto& asked = request.data_catalog_encryption_settings;
  if (asked.encryption_at_rest && asked.encryption_at_rest->catalog_encryption_mode != "DISABLED")
    return fail(error::unsupported("EncryptionAtRest"));
  if (asked.connection_password_encryption && asked.connection_password_encryption->return_connection_password_encrypted)
    return fail(error::unsupported("ConnectionPasswordEncryption"));
  return wire::PutDataCatalogEncryptionSettingsResponse{};
}

Result<wire::GetDataCatalogEncryptionSettingsResponse> get_encryption(
    const wire::GetDataCatalogEncryptionSettingsRequest& request, const Context& context) {
  TRY_DO(check_catalog(request.catalog_id, context));
  wire::EncryptionAtRest at_rest;
  at_rest.catalog_encryption_mode = "DISABLED";
  wire::ConnectionPasswordEncryption passwords;
  passwords.return_connection_password_encrypted = false;
  wire::GetDataCatalogEncryptionSettingsResponse response;
  auto& settings = response.data_catalog_encryption_settings.emplace();
  settings.encryption_at_rest = std::move(at_rest);
  settings.connection_password_encryption = std::move(passwords);
  return response;
}

}  // namespace

void add_resource_policy_operations(aws::Service& service, Policies& policies, const Clock& clock) {
  service.on<wire::PutResourcePolicy>(
      [&](const auto& request, const Context&) { return put_policy(request, policies, clock); });
  service.on<wire::GetResourcePolicy>([&](const auto& request, const Context&) { return get_policy(request, policies); });
  service.on<wire::GetResourcePolicies>([&](const auto& request, const Context&) { return get_policies(request, policies); });
  service.on<wire::PutDataCatalogEncryptionSettings>([](const wire::PutDataCatalogEncryptionSettingsRequest& request,
                                                        const Context& context) { return put_encryption(request, context); });
  service.on<wire::DeleteResourcePolicy>([&](const auto& request, const Context&) { return delete_policy(request, policies); });
  service.on<wire::GetDataCatalogEncryptionSettings>([](const wire::GetDataCatalogEncryptionSettingsRequest& request,
                                                        const Context& context) { return get_encryption(request, context); });
}

}  // namespace mastic::glue
