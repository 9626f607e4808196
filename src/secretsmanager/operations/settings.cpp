#include "secretsmanager/errors.h"
#include "secretsmanager/operations/operations.h"

namespace mastic::secretsmanager {
namespace {

constexpr size_t tag_limit = 50;

Result<wire::TagResourceResponse> tag(const wire::TagResourceRequest& request, Store& store) {
  TRY_DO(change_secret(store, request.secret_id, [&](Entry& entry) -> Result<void> {
    for (const auto& [key, value] : tags_of(request.tags)) entry.secret.tags[key] = value;
    if (entry.secret.tags.size() > tag_limit) return fail(error::invalid_parameter("A secret has at most 50 tags."));
    return {};
  }));
  return wire::TagResourceResponse{};
}

Result<wire::UntagResourceResponse> untag(const wire::UntagResourceRequest& request, Store& store) {
  TRY_DO(change_secret(store, request.secret_id, [&](Entry& entry) -> Result<void> {
    for (const auto& key : request.tag_keys) entry.secret.tags.erase(key);
    return {};
  }));
  return wire::UntagResourceResponse{};
}

Result<Secret> set_policy(Store& store, const std::string& id, const std::string& policy) {
  TRY(entry, change_secret(store, id, [&](Entry& changed) -> Result<void> {
        changed.secret.policy = policy;
        return {};
      }));
  return std::move(entry.secret);
}

}  // namespace

void add_setting_operations(aws::Service& service, Store& store) {
  service.on<wire::TagResource>([&store](const auto& request, const auto&) { return tag(request, store); });
  service.on<wire::UntagResource>([&store](const auto& request, const auto&) { return untag(request, store); });
  service.on<wire::PutResourcePolicy>([&store](const auto& request, const auto&) -> Result<wire::PutResourcePolicyResponse> {
    TRY(secret, set_policy(store, request.secret_id, request.resource_policy));
    return wire::PutResourcePolicyResponse{.arn = secret.arn, .name = secret.name};
  });
  service.on<wire::DeleteResourcePolicy>(
      [&store](const auto& request, const auto&) -> Result<wire::DeleteResourcePolicyResponse> {
        TRY(secret, set_policy(store, request.secret_id, ""));
        return wire::DeleteResourcePolicyResponse{.arn = secret.arn, .name = secret.name};
      });
  service.on<wire::GetResourcePolicy>([&store](const auto& request, const auto&) -> Result<wire::GetResourcePolicyResponse> {
    TRY(secret, find_secret(store, request.secret_id));
    wire::GetResourcePolicyResponse answer{.arn = secret.arn, .name = secret.name};
    if (!secret.policy.empty()) answer.resource_policy = secret.policy;
    return answer;
  });
}

}  // namespace mastic::secretsmanager
