#include "ecr/errors.h"
#include "ecr/operations/operations.h"
#include "ecr/policy_text.h"

namespace mastic::ecr {
namespace {

/// The answers of one policy's three operations have the same members.
template <typename Response>
Response repository_policy(const std::string& name, std::string text, const Context& context) {
  Response response;
  response.registry_id = context.account_id;
  response.repository_name = name;
  response.policy_text = std::move(text);
  return response;
}

template <typename Response>
Response lifecycle_policy(const std::string& name, std::string text, const Context& context) {
  Response response;
  response.registry_id = context.account_id;
  response.repository_name = name;
  response.lifecycle_policy_text = std::move(text);
  return response;
}

Result<wire::SetRepositoryPolicyResponse> set_policy(const wire::SetRepositoryPolicyRequest& request, const Context& context,
                                                     Store& store) {
  TRY_DO(check_repository_policy(request.policy_text));
  TRY_DO(change_repository(store, request.repository_name, request.registry_id, context, [&](Record& record) -> Result<void> {
    record.policy = request.policy_text;
    return {};
  }));
  return repository_policy<wire::SetRepositoryPolicyResponse>(request.repository_name, request.policy_text, context);
}

Result<wire::GetRepositoryPolicyResponse> get_policy(const wire::GetRepositoryPolicyRequest& request, const Context& context,
                                                     Store& store) {
  TRY(record, require_repository(store, request.repository_name, request.registry_id, context));
  if (!record.policy) return fail(error::repository_policy_not_found(request.repository_name, context.account_id));
  return repository_policy<wire::GetRepositoryPolicyResponse>(request.repository_name, *record.policy, context);
}

Result<wire::DeleteRepositoryPolicyResponse> delete_policy(const wire::DeleteRepositoryPolicyRequest& request,
                                                           const Context& context, Store& store) {
  std::string removed;
  TRY_DO(change_repository(store, request.repository_name, request.registry_id, context, [&](Record& record) -> Result<void> {
    if (!record.policy) return fail(error::repository_policy_not_found(request.repository_name, context.account_id));
    removed = *std::exchange(record.policy, std::nullopt);
    return {};
  }));
  return repository_policy<wire::DeleteRepositoryPolicyResponse>(request.repository_name, std::move(removed), context);
}

Result<wire::PutLifecyclePolicyResponse> put_lifecycle(const wire::PutLifecyclePolicyRequest& request, const Context& context,
                                                       Store& store) {
  TRY_DO(check_lifecycle_policy(request.lifecycle_policy_text));
  TRY_DO(change_repository(store, request.repository_name, request.registry_id, context, [&](Record& record) -> Result<void> {
    record.lifecycle_policy = request.lifecycle_policy_text;
    return {};
  }));
  return lifecycle_policy<wire::PutLifecyclePolicyResponse>(request.repository_name, request.lifecycle_policy_text, context);
}

Result<wire::GetLifecyclePolicyResponse> get_lifecycle(const wire::GetLifecyclePolicyRequest& request, const Context& context,
                                                       Store& store) {
  TRY(record, require_repository(store, request.repository_name, request.registry_id, context));
  if (!record.lifecycle_policy) return fail(error::lifecycle_policy_not_found(request.repository_name, context.account_id));
  return lifecycle_policy<wire::GetLifecyclePolicyResponse>(request.repository_name, *record.lifecycle_policy, context);
}

Result<wire::DeleteLifecyclePolicyResponse> delete_lifecycle(const wire::DeleteLifecyclePolicyRequest& request,
                                                             const Context& context, Store& store) {
  std::string removed;
  TRY_DO(change_repository(store, request.repository_name, request.registry_id, context, [&](Record& record) -> Result<void> {
    if (!record.lifecycle_policy) return fail(error::lifecycle_policy_not_found(request.repository_name, context.account_id));
    removed = *std::exchange(record.lifecycle_policy, std::nullopt);
    return {};
  }));
  return lifecycle_policy<wire::DeleteLifecyclePolicyResponse>(request.repository_name, std::move(removed), context);
}

}  // namespace

void add_policy_operations(aws::Service& service, Store& store) {
  service.on<wire::SetRepositoryPolicy>(
      [&](const auto& request, const Context& context) { return set_policy(request, context, store); });
  service.on<wire::GetRepositoryPolicy>(
      [&](const auto& request, const Context& context) { return get_policy(request, context, store); });
  service.on<wire::DeleteRepositoryPolicy>(
      [&](const auto& request, const Context& context) { return delete_policy(request, context, store); });
  service.on<wire::PutLifecyclePolicy>(
      [&](const auto& request, const Context& context) { return put_lifecycle(request, context, store); });
  service.on<wire::GetLifecyclePolicy>(
      [&](const auto& request, const Context& context) { return get_lifecycle(request, context, store); });
  service.on<wire::DeleteLifecyclePolicy>(
      [&](const auto& request, const Context& context) { return delete_lifecycle(request, context, store); });
}

}  // namespace mastic::ecr
