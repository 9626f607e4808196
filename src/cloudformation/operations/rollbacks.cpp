// RollbackStack, ContinueUpdateRollback, CancelUpdateStack.
#include "cloudformation/errors.h"
#include "cloudformation/operations/operations.h"

namespace mastic::cloudformation {
namespace {

Result<wire::RollbackStackResponse> roll_back(const House& house, Executor& executor, const wire::RollbackStackRequest& request,
                                              const Context& context) {
  TRY(stack, require_stack(house, context, request.stack_name));
  TRY(acting, house.acting_key(context, request.role_arn.value_or(stack.current.role_arn)));
  TRY(changed, house.store.change_stack(stack.id, [&](StackRecord& record) -> Result<Store::Events> {
    if (record.status == "CREATE_FAILED") {
      record.status = "ROLLBACK_IN_PROGRESS";
    } else if (record.status == "UPDATE_FAILED") {
      record.status = "UPDATE_ROLLBACK_IN_PROGRESS";
      record.current = record.previous;
      if (record.outputs_new) std::swap(record.outputs, record.previous_outputs);
      record.outputs_new = false;
    } else {
      return fail(error::wrong_state(record.id, record.status, "rolled back"));
    }
    record.reason = "User Initiated";
    record.access_key = acting;
    record.retain_except_on_create = request.retain_except_on_create.value_or(false);
    record.token = request.client_request_token.value_or("");
    return Store::Events{event_of(house, record, record.status, record.reason)};
  }));
  executor.start(changed);
  wire::RollbackStackResponse response;
  response.stack_id = changed.id;
  return response;
}

Result<wire::ContinueUpdateRollbackResponse> continue_rollback(const House& house, Executor& executor,
                                                               const wire::ContinueUpdateRollbackRequest& request,
                                                               const Context& context) {
  TRY(stack, require_stack(house, context, request.stack_name));
  TRY(acting, house.acting_key(context, request.role_arn.value_or(stack.current.role_arn)));
  TRY(changed, house.store.change_stack(stack.id, [&](StackRecord& record) -> Result<Store::Events> {
    if (record.status != "UPDATE_ROLLBACK_FAILED") return fail(error::wrong_state(record.id, record.status, "rolled back"));
    record.status = "UPDATE_ROLLBACK_IN_PROGRESS";
    record.reason = "User Initiated";
    record.retained = request.resources_to_skip.value_or(std::vector<std::string>{});
    record.access_key = acting;
    record.token = request.client_request_token.value_or("");
    return Store::Events{event_of(house, record, record.status, record.reason)};
  }));
  executor.start(changed);
  return wire::ContinueUpdateRollbackResponse{};
}

/// The steps that run end; what they did goes back. Nothing is left to do when the update has ended meanwhile.
Result<wire::CancelUpdateStack::Response> cancel(const House& house, Executor& executor,
                                                 const wire::CancelUpdateStackRequest& request, const Context& context) {
  TRY(stack, require_stack(house, context, request.stack_name));
  TRY_DO(house.store.change_stack(stack.id, [&](StackRecord& record) -> Result<Store::Events> {
    if (record.status != "UPDATE_IN_PROGRESS") {
      return fail(error::validation("CancelUpdateStack cannot be called from current stack status"));
    }
    record.cancelled = true;
    // Under the store's lock: an update that ends sees either the mark or that nothing is cancelled.
    executor.cancel(record.id);
    return Store::Events{};
  }));
  return wire::CancelUpdateStack::Response{};
}

}  // namespace

void add_rollback_operations(aws::Service& service, const House& house, Executor& executor) {
  service.on<wire::RollbackStack>([&](const wire::RollbackStackRequest& request, const Context& context) {
    return roll_back(house, executor, request, context);
  });
  service.on<wire::CancelUpdateStack>([&](const wire::CancelUpdateStackRequest& request, const Context& context) {
    return cancel(house, executor, request, context);
  });
  service.on<wire::ContinueUpdateRollback>([&](const wire::ContinueUpdateRollbackRequest& request, const Context& context) {
    return continue_rollback(house, executor, request, context);
  });
}

}  // namespace mastic::cloudformation
