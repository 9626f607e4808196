// CreateStack, UpdateStack, DeleteStack, UpdateTerminationProtection, SetStackPolicy, GetStackPolicy.
#include "cloudformation/errors.h"
#include "cloudformation/operations/operations.h"

namespace mastic::cloudformation {
namespace {

template <typename Request>
std::optional<bool> disable_rollback_of(const Request& request) {
  if (request.disable_rollback) return request.disable_rollback;
  if (request.deployment_config) return request.deployment_config->disable_rollback;
  return std::nullopt;
}

Result<wire::CreateStackResponse> create_stack(const House& house, Executor& executor, const wire::CreateStackRequest& request,
                                               const Context& context) {
  if (request.on_failure && request.disable_rollback) {
    return fail(error::validation("Either DisableRollback or OnFailure can be specified, not both."));
  }
  TRY(body, template_of(house, context, request.template_body, request.template_url, nullptr));
  auto draft = new_stack(house, request.stack_name, context.region, context.account_id);
  draft.disable_rollback = disable_rollback_of(request).value_or(false);
  draft.on_failure = request.on_failure.value_or("");
  if (draft.on_failure == "DO_NOTHING") draft.disable_rollback = true;
  draft.retain_except_on_create = request.retain_except_on_create.value_or(false);
  draft.timeout_minutes = request.timeout_in_minutes.value_or(0);
  draft.policy = request.stack_policy_body.value_or("");
  draft.termination_protection = request.enable_termination_protection.value_or(false);
  draft.token = request.client_request_token.value_or("");
  draft.endpoint = context.endpoint;
  TRY(there, house.store.find_stack(context.region, request.stack_name));
  if (there) return fail(error::stack_exists(request.stack_name));
  TRY(acting, house.acting_key(context, request.role_arn.value_or("")));
  draft.access_key = acting;
  TRY(stack, begin_creation(house, std::move(draft), asked_of(request, std::move(body), nullptr)));
  executor.start(stack);
  wire::CreateStackResponse response;
  response.stack_id = stack.id;
  return response;
}

Result<void> retain_except_on_create(const House& house, const std::string& id) {
  TRY_DO(house.store.change_stack(id, [](StackRecord& record) -> Result<Store::Events> {
    record.retain_except_on_create = true;
    return Store::Events{};
  }));
  return {};
}

Result<wire::UpdateStackResponse> update_stack(const House& house, Executor& executor, const wire::UpdateStackRequest& request,
                                               const Context& context) {
  TRY(stack, house.store.find_stack(context.region, request.stack_name));
  if (!stack || stack->status == "DELETE_COMPLETE") return fail(error::no_stack_for_events(request.stack_name));
  const auto* const previous = request.use_previous_template.value_or(false) ? &stack->current.template_body : nullptr;
  TRY(body, template_of(house, context, request.template_body, request.template_url, previous));
  const auto asked = asked_of(request, std::move(body), &stack->current);
  TRY(acting, house.acting_key(context, asked.wanted.role_arn));
  stack->access_key = acting;
  TRY(changed, begin_update(house, *stack, asked, request.client_request_token.value_or(""), disable_rollback_of(request)));
  if (!changed) return fail(error::validation("No updates are to be performed."));
  if (request.retain_except_on_create.value_or(false)) {
    TRY_DO(retain_except_on_create(house, changed->id));
    changed->retain_except_on_create = true;
  }
  executor.start(*changed);
  wire::UpdateStackResponse response;
  response.stack_id = stack->id;
  return response;
}

Result<wire::DeleteStackResponse> delete_stack(const House& house, Executor& executor, const wire::DeleteStackRequest& request,
                                               const Context& context) {
  TRY(stack, house.store.find_stack(context.region, request.stack_name));
  if (!stack || stack->status == "DELETE_COMPLETE") return wire::DeleteStackResponse{};
  if (stack->status.ends_with("_IN_PROGRESS") && stack->status != "REVIEW_IN_PROGRESS") {
    if (stack->status == "DELETE_IN_PROGRESS") return wire::DeleteStackResponse{};
    return fail(error::wrong_state(stack->id, stack->status, "deleted"));
  }
  const auto retained = request.retain_resources.value_or(std::vector<std::string>{});
  if (!retained.empty() && stack->status != "DELETE_FAILED") {
    return fail(error::validation(
        "Invalid operation on stack [" + stack->id +
        "]. The operation can only be performed on a stack in DELETE_FAILED state: RetainResources was given."));
  }
  TRY(acting, house.acting_key(context, request.role_arn.value_or(stack->current.role_arn)));
  stack->access_key = acting;
  TRY(going, begin_deletion(house, *stack, request.client_request_token.value_or(""), retained));
  executor.start(going);
  return wire::DeleteStackResponse{};
}

}  // namespace

void add_stack_operations(aws::Service& service, const House& house, Executor& executor) {
  service.on<wire::CreateStack>([&](const wire::CreateStackRequest& request, const Context& context) {
    return create_stack(house, executor, request, context);
  });
  service.on<wire::UpdateStack>([&](const wire::UpdateStackRequest& request, const Context& context) {
    return update_stack(house, executor, request, context);
  });
  service.on<wire::DeleteStack>([&](const wire::DeleteStackRequest& request, const Context& context) {
    return delete_stack(house, executor, request, context);
  });
  service.on<wire::UpdateTerminationProtection>(
      [&](const wire::UpdateTerminationProtectionRequest& request,
          const Context& context) -> Result<wire::UpdateTerminationProtectionResponse> {
        TRY(stack, require_stack(house, context, request.stack_name));
        if (!stack.parent_id.empty()) {
          return fail(error::validation("Termination protection cannot be changed on a nested stack; it is its root's."));
        }
        TRY(changed, house.store.change_stack(stack.id, [&](StackRecord& record) -> Result<Store::Events> {
          record.termination_protection = request.enable_termination_protection;
          return Store::Events{};
        }));
        wire::UpdateTerminationProtectionResponse response;
        response.stack_id = changed.id;
        return response;
      });
  service.on<wire::SetStackPolicy>(
      [&](const wire::SetStackPolicyRequest& request, const Context& context) -> Result<wire::SetStackPolicyResponse> {
        TRY(stack, require_stack(house, context, request.stack_name));
        TRY(body, template_of(house, context, request.stack_policy_body, request.stack_policy_url, nullptr));
        if (!Json::accept(body)) return fail(error::validation("Error validating stack policy: Invalid stack policy"));
        TRY_DO(house.store.change_stack(stack.id, [&](StackRecord& record) -> Result<Store::Events> {
          record.policy = body;
          return Store::Events{};
        }));
        return wire::SetStackPolicyResponse{};
      });
  service.on<wire::GetStackPolicy>(
      [&](const wire::GetStackPolicyRequest& request, const Context& context) -> Result<wire::GetStackPolicyResponse> {
        TRY(stack, require_stack(house, context, request.stack_name));
        wire::GetStackPolicyResponse response;
        response.stack_policy_body = unless_empty(stack.policy);
        return response;
      });
}

}  // namespace mastic::cloudformation
