// DescribeStackResource, DescribeStackResources, ListStackResources.
#include <algorithm>

#include "cloudformation/errors.h"
#include "cloudformation/operations/operations.h"

namespace mastic::cloudformation {
namespace {

std::string drift_of(const ResourceRecord& record) { return record.drift_status.empty() ? "NOT_CHECKED" : record.drift_status; }

wire::StackResource resource_of(const StackRecord& stack, const ResourceRecord& record) {
  wire::StackResource resource;
  resource.stack_name = stack.name;
  resource.stack_id = stack.id;
  resource.logical_resource_id = record.logical_id;
  resource.physical_resource_id = unless_empty(record.now.physical_id);
  resource.resource_type = record.now.type;
  resource.timestamp = from_microseconds(record.time);
  resource.resource_status = record.status;
  resource.resource_status_reason = unless_empty(record.reason);
  wire::StackResourceDriftInformation drift;
  drift.stack_resource_drift_status = drift_of(record);
  drift.last_check_timestamp = unless_zero(record.drift_time);
  resource.drift_information = drift;
  return resource;
}

Result<wire::DescribeStackResourceResponse> describe_resource(const House& house,
                                                              const wire::DescribeStackResourceRequest& request,
                                                              const Context& context) {
  TRY(stack, house.store.find_stack(context.region, request.stack_name));
  if (!stack) return fail(error::validation("Stack '" + request.stack_name + "' does not exist"));
  TRY(records, house.store.resources(stack->id));
  const auto at = std::ranges::find(records, request.logical_resource_id, &ResourceRecord::logical_id);
  if (at == records.end()) return fail(error::no_resource(request.logical_resource_id, stack->name));
  wire::StackResourceDetail detail;
  detail.stack_name = stack->name;
  detail.stack_id = stack->id;
  detail.logical_resource_id = at->logical_id;
  detail.physical_resource_id = unless_empty(at->now.physical_id);
  detail.resource_type = at->now.type;
  detail.last_updated_timestamp = from_microseconds(at->time);
  detail.resource_status = at->status;
  detail.resource_status_reason = unless_empty(at->reason);
  detail.metadata = at->now.metadata.dump(-1, ' ', false, Json::error_handler_t::replace);
  wire::StackResourceDriftInformation drift;
  drift.stack_resource_drift_status = drift_of(*at);
  drift.last_check_timestamp = unless_zero(at->drift_time);
  detail.drift_information = drift;
  wire::DescribeStackResourceResponse response;
  response.stack_resource_detail = std::move(detail);
  return response;
}

/// The stack that a physical id belongs to.
Result<std::optional<StackRecord>> owner_of(const House& house, const Context& context, const std::string& physical_id) {
  TRY(stacks, house.store.stacks(context.region));
  for (const auto& stack : stacks) {
    TRY(records, house.store.resources(stack.id));
    const bool owns = std::ranges::any_of(
        records, [&](const auto& record) { return !record.gone() && record.now.physical_id == physical_id; });
    if (owns) return stack;
  }
  return std::nullopt;
}

Result<wire::DescribeStackResourcesResponse> describe_resources(const House& house,
                                                                const wire::DescribeStackResourcesRequest& request,
                                                                const Context& context) {
  if (request.stack_name && request.physical_resource_id) {
    return fail(error::validation("Either StackName or PhysicalResourceId can be specified, not both."));
  }
  std::optional<StackRecord> stack;
  if (request.stack_name) {
    TRY(named, require_stack(house, context, *request.stack_name));
    stack = named;
  } else if (request.physical_resource_id) {
    TRY(owner, owner_of(house, context, *request.physical_resource_id));
    if (!owner) return fail(error::validation("Stack for " + *request.physical_resource_id + " does not exist"));
    stack = owner;
  } else {
    return fail(error::validation("Either StackName or PhysicalResourceId must be specified."));
  }
  TRY(records, house.store.resources(stack->id));
  wire::DescribeStackResourcesResponse response;
  response.stack_resources.emplace();
  for (const auto& record : records) {
    if (request.logical_resource_id && *request.logical_resource_id != record.logical_id) continue;
    response.stack_resources->push_back(resource_of(*stack, record));
  }
  return response;
}

Result<wire::ListStackResourcesResponse> list_resources(const House& house, const wire::ListStackResourcesRequest& request,
                                                        const Context& context) {
  TRY(stack, require_stack(house, context, request.stack_name));
  TRY(records, house.store.resources(stack.id));
  wire::ListStackResourcesResponse response;
  TRY(page, page_of(std::move(records), request.next_token, 100, response.next_token));
  response.stack_resource_summaries.emplace();
  for (const auto& record : page) {
    wire::StackResourceSummary summary;
    summary.logical_resource_id = record.logical_id;
    summary.physical_resource_id = unless_empty(record.now.physical_id);
    summary.resource_type = record.now.type;
    summary.last_updated_timestamp = from_microseconds(record.time);
    summary.resource_status = record.status;
    summary.resource_status_reason = unless_empty(record.reason);
    wire::StackResourceDriftInformationSummary drift;
    drift.stack_resource_drift_status = drift_of(record);
    drift.last_check_timestamp = unless_zero(record.drift_time);
    summary.drift_information = drift;
    response.stack_resource_summaries->push_back(std::move(summary));
  }
  return response;
}

}  // namespace

void add_resource_operations(aws::Service& service, const House& house) {
  service.on<wire::DescribeStackResource>([&](const wire::DescribeStackResourceRequest& request, const Context& context) {
    return describe_resource(house, request, context);
  });
  service.on<wire::DescribeStackResources>([&](const wire::DescribeStackResourcesRequest& request, const Context& context) {
    return describe_resources(house, request, context);
  });
  service.on<wire::ListStackResources>([&](const wire::ListStackResourcesRequest& request, const Context& context) {
    return list_resources(house, request, context);
  });
}

}  // namespace mastic::cloudformation
