// CreateChangeSet, DescribeChangeSet, ExecuteChangeSet, DeleteChangeSet, ListChangeSets.
#include <fmt/format.h>

#include "base/identifiers.h"
#include "cloudformation/errors.h"
#include "cloudformation/operations/operations.h"

namespace mastic::cloudformation {
namespace {

constexpr std::string_view no_changes =
    "The submitted information didn't contain changes. Submit different information to create a change set.";

/// A set by its ARN, or by name and stack.
Result<std::optional<ChangeSetRecord>> find_set(const House& house, const Context& context, const std::string& name,
                                                const std::optional<std::string>& stack_name) {
  if (name.starts_with("arn:")) return house.store.find_change_set(name);
  if (!stack_name) return fail(error::validation("StackName must be specified if ChangeSetName is not specified as an ARN."));
  TRY(stack, house.store.find_stack(context.region, *stack_name));
  if (!stack) return std::nullopt;
  return house.store.find_change_set(stack->id, name);
}

Result<StackRecord> stack_for_set(const House& house, const wire::CreateChangeSetRequest& request, const Context& context,
                                  std::string_view kind) {
  TRY(there, house.store.find_stack(context.region, request.stack_name));
  if (kind == "CREATE") {
    if (there && there->status != "REVIEW_IN_PROGRESS") {
      return fail(
          error::validation(fmt::format("Stack [{}] already exists and cannot be created again with the changeSet [{}].",
                                        there->name, request.change_set_name)));
    }
    if (there) return std::move(*there);
    auto stack = new_stack(house, request.stack_name, context.region, context.account_id);
    stack.status = "REVIEW_IN_PROGRESS";
    stack.reason = "User Initiated";
    stack.endpoint = context.endpoint;
    return stack;
  }
  if (!there || there->status == "DELETE_COMPLETE") return fail(error::no_stack_for_events(request.stack_name));
  if (!may_be_updated(there->status)) return fail(error::wrong_state(there->id, there->status, "updated"));
  return std::move(*there);
}

/// What the set would do, or why it fails.
Result<void> fill(const House& house, const StackRecord& stack, const Asked& asked, ChangeSetRecord& set) {
  const auto previous = set.kind == "CREATE" ? std::map<std::string, std::string>{} : stack.current.parameters;
  TRY(plan, make_plan(house, stack, set.wanted, asked.given, previous));
  TRY_DO(check_capabilities(plan->source, set.wanted.capabilities));
  take_parameters(*plan, set.wanted);
  TRY(present, house.store.resources(stack.id));
  TRY(changes, changes_of(house, stack, *plan, set.wanted, present));
  set.changes = std::move(changes);
  if (set.kind == "CREATE") return {};
  TRY(nothing, changes_nothing(house, stack, *plan, set.wanted, set.changes));
  if (nothing) return fail(error::validation(std::string(no_changes)));
  return {};
}

/// Whether the caller hears of it at once, instead of through the set's status.
bool refuses(const Error& error) {
  if (error.code != "ValidationError") return true;
  const std::string_view text = error.message;
  if (text.starts_with("Template format error: Unrecognized resource types")) return false;
  return text.starts_with("Template") || text.starts_with("Parameter");
}

Result<wire::CreateChangeSetResponse> create_set(const House& house, const wire::CreateChangeSetRequest& request,
                                                 const Context& context) {
  const auto kind = request.change_set_type.value_or("UPDATE");
  if (kind == "IMPORT") return fail(error::validation("Mastic imports no resources into stacks: ChangeSetType IMPORT."));
  TRY(stack, stack_for_set(house, request, context, kind));
  TRY(same, house.store.find_change_set(stack.id, request.change_set_name));
  if (same) {
    return fail(Error{"AlreadyExistsException", fmt::format("ChangeSet {} already exists", request.change_set_name)});
  }
  const bool keeps = request.use_previous_template.value_or(false) && kind != "CREATE";
  TRY(body,
      template_of(house, context, request.template_body, request.template_url, keeps ? &stack.current.template_body : nullptr));
  const auto asked = asked_of(request, std::move(body), kind == "CREATE" ? nullptr : &stack.current);
  ChangeSetRecord set;
  set.name = request.change_set_name;
  set.id =
      fmt::format("arn:aws:cloudformation:{}:{}:changeSet/{}/{}", context.region, context.account_id, set.name, random_uuid());
  set.stack_id = stack.id;
  set.stack_name = stack.name;
  set.region = stack.region;
  set.kind = kind;
  set.description = request.description.value_or("");
  set.on_failure = request.on_stack_failure.value_or("");
  set.created = house.now();
  set.include_nested = request.include_nested_stacks.value_or(false);
  set.import_existing = request.import_existing_resources.value_or(false);
  set.wanted = asked.wanted;
  set.status = "CREATE_COMPLETE";
  set.execution_status = "AVAILABLE";
  TRY(acting, house.acting_key(context, asked.wanted.role_arn));
  stack.access_key = acting;
  auto filled = fill(house, stack, asked, set);
  if (house.release) house.release(acting);
  if (!filled) {
    if (refuses(filled.error())) return fail(std::move(filled).error());
    set.status = "FAILED";
    set.execution_status = "UNAVAILABLE";
    set.reason = filled.error().message;
  }
  TRY(there, house.store.find_stack(context.region, stack.id));
  if (!there) TRY_DO(house.store.add_stack(stack, {event_of(house, stack, stack.status, stack.reason)}));
  TRY_DO(house.store.save(set));
  wire::CreateChangeSetResponse response;
  response.id = set.id;
  response.stack_id = stack.id;
  return response;
}

wire::Change change_of(const ResourceChangeRecord& record, bool with_values) {
  wire::ResourceChange change;
  change.action = record.action;
  change.logical_resource_id = record.logical_id;
  change.physical_resource_id = unless_empty(record.physical_id);
  change.resource_type = record.type;
  change.scope.emplace();
  change.details.emplace();
  if (record.action == "Modify") change.replacement = record.replacement;
  if (record.action == "Remove") change.policy_action = "Delete";
  if (record.action == "Modify" && record.replacement == "True") change.policy_action = "ReplaceAndDelete";
  if (with_values) {
    change.before_context = unless_empty(record.before);
    change.after_context = unless_empty(record.after);
  }
  for (const auto& detail : record.details) {
    if (std::ranges::find(*change.scope, detail.attribute) == change.scope->end()) change.scope->push_back(detail.attribute);
    wire::ResourceTargetDefinition target;
    target.attribute = detail.attribute;
    target.name = unless_empty(detail.name);
    target.requires_recreation = detail.recreation;
    if (with_values) {
      if (!detail.name.empty()) target.path = "/Properties/" + detail.name;
      target.before_value = unless_empty(detail.before);
      target.after_value = unless_empty(detail.after);
      target.attribute_change_type = detail.before.empty() ? "Add" : detail.after.empty() ? "Remove" : "Modify";
    }
    wire::ResourceChangeDetail wire_detail;
    wire_detail.target = std::move(target);
    wire_detail.evaluation = detail.recreation == "Conditionally" ? "Dynamic" : "Static";
    wire_detail.change_source = "DirectModification";
    change.details->push_back(std::move(wire_detail));
  }
  wire::Change answer;
  answer.type = "Resource";
  answer.resource_change = std::move(change);
  return answer;
}

Result<wire::DescribeChangeSetResponse> describe_set(const House& house, const wire::DescribeChangeSetRequest& request,
                                                     const Context& context) {
  TRY(set, find_set(house, context, request.change_set_name, request.stack_name));
  if (!set) return fail(error::no_change_set(request.change_set_name));
  wire::DescribeChangeSetResponse response;
  response.change_set_name = set->name;
  response.change_set_id = set->id;
  response.stack_id = set->stack_id;
  response.stack_name = set->stack_name;
  response.description = unless_empty(set->description);
  response.parameters = parameters_of(set->wanted);
  response.creation_time = from_microseconds(set->created);
  response.execution_status = set->execution_status;
  response.status = set->status;
  response.status_reason = unless_empty(set->reason);
  response.notification_ar_ns = set->wanted.notification_arns;
  response.rollback_configuration.emplace();
  response.capabilities = set->wanted.capabilities;
  response.tags = tags_of(set->wanted);
  response.include_nested_stacks = set->include_nested;
  response.import_existing_resources = set->import_existing;
  response.on_stack_failure = unless_empty(set->on_failure);
  std::vector<wire::Change> changes;
  for (const auto& change : set->changes) changes.push_back(change_of(change, request.include_property_values.value_or(false)));
  TRY(page, page_of(std::move(changes), request.next_token, 1000, response.next_token));
  response.changes = std::move(page);
  return response;
}

Result<wire::ExecuteChangeSetResponse> execute_set(const House& house, Executor& executor,
                                                   const wire::ExecuteChangeSetRequest& request, const Context& context) {
  TRY(set, find_set(house, context, request.change_set_name, request.stack_name));
  if (!set) return fail(error::no_change_set(request.change_set_name));
  if (set->execution_status != "AVAILABLE") return fail(error::invalid_change_set_status(set->id, set->status));
  TRY(acting, house.acting_key(context, set->wanted.role_arn));
  TRY(changed, house.store.change_stack(set->stack_id, [&](StackRecord& stack) -> Result<Store::Events> {
    if (set->kind == "CREATE") {
      if (stack.status != "REVIEW_IN_PROGRESS") return fail(error::invalid_change_set_status(set->id, "OBSOLETE"));
      stack.status = "CREATE_IN_PROGRESS";
      stack.on_failure = set->on_failure;
    } else {
      if (!may_be_updated(stack.status)) return fail(error::wrong_state(stack.id, stack.status, "updated"));
      if (stack.status != "UPDATE_FAILED") stack.previous = stack.current;
      stack.status = "UPDATE_IN_PROGRESS";
    }
    stack.updated = house.now();
    stack.reason = "User Initiated";
    stack.current = set->wanted;
    stack.change_set_id = set->id;
    stack.token = request.client_request_token.value_or("");
    stack.disable_rollback = request.disable_rollback.value_or(false);
    stack.retain_except_on_create = request.retain_except_on_create.value_or(false);
    stack.cancelled = false;
    stack.access_key = acting;
    stack.endpoint = context.endpoint;
    return Store::Events{event_of(house, stack, stack.status, stack.reason)};
  }));
  // The other sets looked at a stack that is no more.
  TRY_DO(house.store.erase_change_sets(set->stack_id));
  set->execution_status = "EXECUTE_COMPLETE";
  TRY_DO(house.store.save(*set));
  executor.start(changed);
  return wire::ExecuteChangeSetResponse{};
}

Result<wire::DeleteChangeSetResponse> delete_set(const House& house, const wire::DeleteChangeSetRequest& request,
                                                 const Context& context) {
  TRY(set, find_set(house, context, request.change_set_name, request.stack_name));
  if (set) TRY_DO(house.store.erase_change_set(set->id));
  return wire::DeleteChangeSetResponse{};
}

Result<wire::ListChangeSetsResponse> list_sets(const House& house, const wire::ListChangeSetsRequest& request,
                                               const Context& context) {
  TRY(stack, require_stack(house, context, request.stack_name));
  TRY(sets, house.store.change_sets(stack.id));
  std::vector<wire::ChangeSetSummary> summaries;
  for (const auto& set : sets) {
    wire::ChangeSetSummary summary;
    summary.stack_id = set.stack_id;
    summary.stack_name = set.stack_name;
    summary.change_set_id = set.id;
    summary.change_set_name = set.name;
    summary.execution_status = set.execution_status;
    summary.status = set.status;
    summary.status_reason = unless_empty(set.reason);
    summary.creation_time = from_microseconds(set.created);
    summary.description = unless_empty(set.description);
    summary.include_nested_stacks = set.include_nested;
    summary.import_existing_resources = set.import_existing;
    summaries.push_back(std::move(summary));
  }
  wire::ListChangeSetsResponse response;
  TRY(page, page_of(std::move(summaries), request.next_token, 100, response.next_token));
  response.summaries = std::move(page);
  return response;
}

}  // namespace

void add_change_set_operations(aws::Service& service, const House& house, Executor& executor) {
  service.on<wire::CreateChangeSet>(
      [&](const wire::CreateChangeSetRequest& request, const Context& context) { return create_set(house, request, context); });
  service.on<wire::DescribeChangeSet>([&](const wire::DescribeChangeSetRequest& request, const Context& context) {
    return describe_set(house, request, context);
  });
  service.on<wire::ExecuteChangeSet>([&](const wire::ExecuteChangeSetRequest& request, const Context& context) {
    return execute_set(house, executor, request, context);
  });
  service.on<wire::DeleteChangeSet>(
      [&](const wire::DeleteChangeSetRequest& request, const Context& context) { return delete_set(house, request, context); });
  service.on<wire::ListChangeSets>(
      [&](const wire::ListChangeSetsRequest& request, const Context& context) { return list_sets(house, request, context); });
}

}  // namespace mastic::cloudformation
