// DescribeStacks, ListStacks, DescribeStackEvents, DescribeEvents.
#include <algorithm>

#include "cloudformation/errors.h"
#include "cloudformation/operations/operations.h"

namespace mastic::cloudformation {
namespace {

wire::Stack stack_of(const StackRecord& record) {
  wire::Stack stack;
  stack.stack_id = record.id;
  stack.stack_name = record.name;
  stack.change_set_id = unless_empty(record.change_set_id);
  stack.description = unless_empty(record.current.description);
  stack.parameters = parameters_of(record.current);
  stack.creation_time = from_microseconds(record.created);
  stack.last_updated_time = unless_zero(record.updated);
  stack.deletion_time = unless_zero(record.deleted);
  stack.rollback_configuration.emplace();
  stack.stack_status = record.status;
  stack.stack_status_reason = unless_empty(record.reason);
  stack.disable_rollback = record.disable_rollback;
  stack.notification_ar_ns = record.current.notification_arns;
  if (record.timeout_minutes > 0) stack.timeout_in_minutes = static_cast<int32_t>(record.timeout_minutes);
  stack.capabilities = record.current.capabilities;
  stack.outputs.emplace();
  for (const auto& output : record.outputs) {
    stack.outputs->push_back({output.key, output.value, unless_empty(output.description), unless_empty(output.export_name)});
  }
  stack.role_arn = unless_empty(record.current.role_arn);
  stack.tags = tags_of(record.current);
  stack.enable_termination_protection = record.termination_protection;
  stack.parent_id = unless_empty(record.parent_id);
  stack.root_id = unless_empty(record.root_id);
  wire::StackDriftInformation drift;
  drift.stack_drift_status = record.drift_status.empty() ? "NOT_CHECKED" : record.drift_status;
  drift.last_check_timestamp = unless_zero(record.drift_time);
  stack.drift_information = drift;
  return stack;
}

Result<wire::DescribeStacksResponse> describe_stacks(const House& house, const wire::DescribeStacksRequest& request,
                                                     const Context& context) {
  wire::DescribeStacksResponse response;
  response.stacks.emplace();
  if (request.stack_name && !request.stack_name->empty()) {
    TRY(record, require_stack(house, context, *request.stack_name));
    response.stacks->push_back(stack_of(record));
    return response;
  }
  TRY(records, house.store.stacks(context.region));
  std::erase_if(records, [](const auto& record) { return record.status == "DELETE_COMPLETE"; });
  TRY(page, page_of(std::move(records), request.next_token, 100, response.next_token));
  for (const auto& record : page) response.stacks->push_back(stack_of(record));
  return response;
}

Result<wire::ListStacksResponse> list_stacks(const House& house, const wire::ListStacksRequest& request,
                                             const Context& context) {
  TRY(records, house.store.stacks(context.region));
  if (request.stack_status_filter && !request.stack_status_filter->empty()) {
    std::erase_if(records, [&](const auto& record) {
      return std::ranges::find(*request.stack_status_filter, record.status) == request.stack_status_filter->end();
    });
  }
  wire::ListStacksResponse response;
  TRY(page, page_of(std::move(records), request.next_token, 100, response.next_token));
  response.stack_summaries.emplace();
  for (const auto& record : page) {
    wire::StackSummary summary;
    summary.stack_id = record.id;
    summary.stack_name = record.name;
    summary.template_description = unless_empty(record.current.description);
    summary.creation_time = from_microseconds(record.created);
    summary.last_updated_time = unless_zero(record.updated);
    summary.deletion_time = unless_zero(record.deleted);
    summary.stack_status = record.status;
    summary.stack_status_reason = unless_empty(record.reason);
    summary.parent_id = unless_empty(record.parent_id);
    summary.root_id = unless_empty(record.root_id);
    wire::StackDriftInformationSummary drift;
    drift.stack_drift_status = record.drift_status.empty() ? "NOT_CHECKED" : record.drift_status;
    drift.last_check_timestamp = unless_zero(record.drift_time);
    summary.drift_information = drift;
    response.stack_summaries->push_back(std::move(summary));
  }
  return response;
}

Result<int64_t> event_number(const std::optional<std::string>& token) {
  int64_t number = 0;
  if (!token || token->empty()) return number;
  const auto [end, failure] = std::from_chars(token->data(), token->data() + token->size(), number);
  if (failure != std::errc() || end != token->data() + token->size() || number <= 0) {
    return fail(error::validation("NextToken is invalid: " + *token));
  }
  return number;
}

constexpr std::size_t events_page = 100;

Result<wire::DescribeStackEventsResponse> describe_stack_events(const House& house,
                                                                const wire::DescribeStackEventsRequest& request,
                                                                const Context& context) {
  TRY(stack, house.store.find_stack(context.region, request.stack_name));
  if (!stack) return fail(error::no_stack_for_events(request.stack_name));
  TRY(before, event_number(request.next_token));
  TRY(records, house.store.events(stack->id, before, events_page));
  wire::DescribeStackEventsResponse response;
  response.stack_events.emplace();
  for (const auto& [number, record] : records) {
    wire::StackEvent event;
    event.stack_id = record.stack_id;
    event.event_id = record.id;
    event.stack_name = record.stack_name;
    event.logical_resource_id = record.logical_id;
    event.physical_resource_id = record.physical_id;
    event.resource_type = record.type;
    event.timestamp = from_microseconds(record.time);
    event.resource_status = record.status;
    event.resource_status_reason = unless_empty(record.reason);
    event.resource_properties = unless_empty(record.properties);
    event.client_request_token = unless_empty(record.token);
    response.stack_events->push_back(std::move(event));
  }
  if (records.size() == events_page) response.next_token = std::to_string(records.back().first);
  return response;
}

Result<wire::DescribeEventsResponse> describe_events(const House& house, const wire::DescribeEventsRequest& request,
                                                     const Context& context) {
  wire::DescribeEventsResponse response;
  response.operation_events.emplace();
  std::optional<StackRecord> stack;
  if (request.change_set_name) {
    Result<std::optional<ChangeSetRecord>> set = std::nullopt;
    if (request.change_set_name->starts_with("arn:")) {
      set = house.store.find_change_set(*request.change_set_name);
    } else if (request.stack_name) {
      TRY(named, require_stack(house, context, *request.stack_name));
      set = house.store.find_change_set(named.id, *request.change_set_name);
    }
    TRY(found, set);
    if (!found) return fail(error::no_change_set(*request.change_set_name));
    if (found->status == "FAILED") {
      wire::OperationEvent event;
      event.event_id = found->id;
      event.stack_id = found->stack_id;
      event.event_type = "VALIDATION_ERROR";
      event.timestamp = from_microseconds(found->created);
      // What the CDK shows of a change set that could not be made.
      event.validation_status = "FAILED";
      event.validation_status_reason = found->reason;
      event.validation_path = "/Resources";
      event.resource_status = "FAILED";
      event.resource_status_reason = found->reason;
      response.operation_events->push_back(std::move(event));
    }
    return response;
  }
  if (!request.stack_name) return fail(error::validation("StackName or ChangeSetName must be specified."));
  TRY(named, require_stack(house, context, *request.stack_name));
  TRY(before, event_number(request.next_token));
  TRY(records, house.store.events(named.id, before, events_page));
  const bool failed_only = request.filters && request.filters->failed_events.value_or(false);
  for (const auto& [number, record] : records) {
    if (failed_only && !record.status.ends_with("_FAILED")) continue;
    wire::OperationEvent event;
    event.event_id = record.id;
    event.stack_id = record.stack_id;
    event.event_type = "STACK_EVENT";
    event.logical_resource_id = record.logical_id;
    event.physical_resource_id = record.physical_id;
    event.resource_type = record.type;
    event.timestamp = from_microseconds(record.time);
    event.resource_status = record.status;
    event.resource_status_reason = unless_empty(record.reason);
    event.client_request_token = unless_empty(record.token);
    response.operation_events->push_back(std::move(event));
  }
  if (records.size() == events_page) response.next_token = std::to_string(records.back().first);
  return response;
}

}  // namespace

void add_describe_operations(aws::Service& service, const House& house) {
  service.on<wire::DescribeStacks>([&](const wire::DescribeStacksRequest& request, const Context& context) {
    return describe_stacks(house, request, context);
  });
  service.on<wire::ListStacks>(
      [&](const wire::ListStacksRequest& request, const Context& context) { return list_stacks(house, request, context); });
  service.on<wire::DescribeStackEvents>([&](const wire::DescribeStackEventsRequest& request, const Context& context) {
    return describe_stack_events(house, request, context);
  });
  service.on<wire::DescribeEvents>([&](const wire::DescribeEventsRequest& request, const Context& context) {
    return describe_events(house, request, context);
  });
}

}  // namespace mastic::cloudformation
