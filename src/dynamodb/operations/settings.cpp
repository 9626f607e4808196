// What tools ask before or after they create a table; short answers that are true of this server.
#include "dynamodb/errors.h"
#include "dynamodb/operations/operations.h"
#include "dynamodb/operations/table_lookup.h"

namespace mastic::dynamodb {
namespace {

constexpr int64_t table_units_max = 40'000;
constexpr int64_t account_units_max = 80'000;

Result<TablePtr> find(const Environment& environment, const std::string& name_or_arn) {
  TRY(name, table_name_of(name_or_arn));
  auto table = environment.store.find_table(name);
  if (!table) return fail(errors::table_not_found(name));
  return table;
}

}  // namespace

Result<wire::DescribeLimitsResponse> describe_limits(const wire::DescribeLimitsRequest&, Environment&,
                                                     const aws::CallContext&) {
  return wire::DescribeLimitsResponse{.account_max_read_capacity_units = account_units_max,
                                      .account_max_write_capacity_units = account_units_max,
                                      .table_max_read_capacity_units = table_units_max,
                                      .table_max_write_capacity_units = table_units_max};
}

Result<wire::DescribeEndpointsResponse> describe_endpoints(const wire::DescribeEndpointsRequest&, Environment&,
                                                           const aws::CallContext& context) {
  std::string address = context.endpoint;
  if (const auto at = address.find("://"); at != std::string::npos) address.erase(0, at + 3);
  return wire::DescribeEndpointsResponse{.endpoints = {{.address = address, .cache_period_in_minutes = 1440}}};
}

// Items never expire here: UpdateTimeToLive answers that it is not implemented.
Result<wire::DescribeTimeToLiveResponse> describe_time_to_live(const wire::DescribeTimeToLiveRequest& request,
                                                               Environment& environment, const aws::CallContext&) {
  TRY_DO(find(environment, request.table_name));
  return wire::DescribeTimeToLiveResponse{.time_to_live_description =
                                              wire::TimeToLiveDescription{.time_to_live_status = "DISABLED"}};
}

Result<wire::DescribeContinuousBackupsResponse> describe_continuous_backups(
    const wire::DescribeContinuousBackupsRequest& request, Environment& environment, const aws::CallContext&) {
  TRY_DO(find(environment, request.table_name));
  return wire::DescribeContinuousBackupsResponse{.continuous_backups_description = wire::ContinuousBackupsDescription{
                                                     .continuous_backups_status = "DISABLED",
                                                     .point_in_time_recovery_description = wire::PointInTimeRecoveryDescription{
                                                         .point_in_time_recovery_status = "DISABLED"}}};
}

Result<wire::TagResourceResponse> tag_resource(const wire::TagResourceRequest& request, Environment& environment,
                                               const aws::CallContext&) {
  TRY(table, find(environment, request.resource_arn));
  TRY_DO(environment.store.change_table(table, [&](TableDefinition& definition) -> Result<void> {
    for (const auto& [key, value] : request.tags) definition.tags[key] = value;
    return {};
  }));
  return wire::TagResourceResponse{};
}

Result<wire::UntagResourceResponse> untag_resource(const wire::UntagResourceRequest& request, Environment& environment,
                                                   const aws::CallContext&) {
  TRY(table, find(environment, request.resource_arn));
  TRY_DO(environment.store.change_table(table, [&](TableDefinition& definition) -> Result<void> {
    for (const auto& key : request.tag_keys) definition.tags.erase(key);
    return {};
  }));
  return wire::UntagResourceResponse{};
}

Result<wire::ListTagsOfResourceResponse> list_tags_of_resource(const wire::ListTagsOfResourceRequest& request,
                                                               Environment& environment, const aws::CallContext&) {
  TRY(table, find(environment, request.resource_arn));
  wire::ListTagsOfResourceResponse response;
  response.tags.emplace();
  for (const auto& [key, value] : table->definition()->tags) response.tags->push_back({.key = key, .value = value});
  return response;
}

}  // namespace mastic::dynamodb
