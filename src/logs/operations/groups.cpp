#include <algorithm>
#include <array>

#include "aws/models/logs.h"
#include "logs/errors.h"
#include "logs/operations/naming.h"
#include "logs/operations/operations.h"
#include "logs/store.h"

namespace mastic::logs {
namespace {

namespace wire = aws::logs;
using Context = aws::CallContext;

constexpr std::array<int32_t, 22> retention_days = {1,   3,   5,   7,   14,   30,   60,   90,   120,  150,  180,
                                                    365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653};

Result<wire::CreateLogGroupResponse> create_group(const wire::CreateLogGroupRequest& request, Store& store) {
  if (request.deletion_protection_enabled.value_or(false)) {
    return fail(error::invalid_parameter("deletionProtectionEnabled is not supported by this server"));
  }
  TRY_DO(store.create_group(request.log_group_name, request.log_group_class.value_or("STANDARD"),
                            request.tags.value_or(std::map<std::string, std::string>{}), request.kms_key_id));
  return wire::CreateLogGroupResponse{};
}

Result<wire::DescribeLogGroupsResponse> describe_groups(const wire::DescribeLogGroupsRequest& request, const Context& context,
                                                        Store& store) {
  if (request.log_group_name_prefix && request.log_group_name_pattern) {
    return fail(error::invalid_parameter("logGroupNamePrefix and logGroupNamePattern are mutually exclusive."));
  }
  if (request.log_group_identifiers)
    return fail(error::invalid_parameter("logGroupIdentifiers is not supported by this server"));
  const auto limit = static_cast<std::size_t>(request.limit.value_or(50));
  TRY(groups, store.list_groups(request.log_group_name_prefix.value_or(""), request.log_group_name_pattern.value_or(""),
                                request.next_token.value_or(""), limit + 1));
  wire::DescribeLogGroupsResponse response;
  response.log_groups.emplace();
  if (groups.size() > limit) {
    groups.pop_back();
    response.next_token = groups.back().name;
  }
  for (const auto& group : groups) {
    if (request.log_group_class && *request.log_group_class != group.group_class) continue;
    wire::LogGroup answer;
    answer.log_group_name = group.name;
    answer.creation_time = group.created_ms;
    if (group.retention_days) answer.retention_in_days = static_cast<int32_t>(*group.retention_days);
    answer.metric_filter_count = static_cast<int32_t>(store.metric_filters().count(group.name));
    answer.log_group_arn = group_arn(group.name, context);
    answer.arn = *answer.log_group_arn + ":*";
    answer.log_group_class = group.group_class;
    answer.kms_key_id = group.kms_key_id;
    TRY(stored_bytes, store.stored_bytes(group.name));
    answer.stored_bytes = stored_bytes;
    response.log_groups->push_back(std::move(answer));
  }
  return response;
}

Result<wire::DeleteLogGroupResponse> delete_group(const wire::DeleteLogGroupRequest& request, Store& store) {
  TRY_DO(store.delete_group(request.log_group_name));
  return wire::DeleteLogGroupResponse{};
}

Result<wire::PutRetentionPolicyResponse> put_retention(const wire::PutRetentionPolicyRequest& request, Store& store) {
  if (std::ranges::find(retention_days, request.retention_in_days) == retention_days.end()) {
    return fail(error::invalid_parameter(
        "retentionInDays must be one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, "
        "2922, 3288, 3653."));
  }
  TRY_DO(store.set_retention(request.log_group_name, request.retention_in_days));
  return wire::PutRetentionPolicyResponse{};
}

Result<wire::DeleteRetentionPolicyResponse> delete_retention(const wire::DeleteRetentionPolicyRequest& request, Store& store) {
  TRY_DO(store.set_retention(request.log_group_name, std::nullopt));
  return wire::DeleteRetentionPolicyResponse{};
}

}  // namespace

void add_group_operations(aws::Service& service, Store& store) {
  service.on<wire::CreateLogGroup>([&](const auto& request, const Context&) { return create_group(request, store); });
  service.on<wire::DescribeLogGroups>(
      [&](const auto& request, const Context& context) { return describe_groups(request, context, store); });
  service.on<wire::DeleteLogGroup>([&](const auto& request, const Context&) { return delete_group(request, store); });
  service.on<wire::PutRetentionPolicy>([&](const auto& request, const Context&) { return put_retention(request, store); });
  service.on<wire::DeleteRetentionPolicy>(
      [&](const auto& request, const Context&) { return delete_retention(request, store); });
}

}  // namespace mastic::logs
