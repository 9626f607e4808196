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

// Backups have an error of their own for a table that is not there.
Result<wire::ContinuousBackupsDescription> backups_of(const Environment& environment, const std::string& name_or_arn) {
  TRY(name, table_name_of(name_or_arn));
  if (!environment.store.find_table(name)) return fail(Error{"TableNotFoundException", "Table not found: " + name});
  wire::ContinuousBackupsDescription backups;
  backups.continuous_backups_status = "DISABLED";
  backups.point_in_time_recovery_description.emplace().point_in_time_recovery_status = "DISABLED";
  return backups;
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

// There are no backups: each table says that they are off, and turning them on is refused by name.
Result<wire::DescribeContinuousBackupsResponse> describe_continuous_backups(
    const wire::DescribeContinuousBackupsRequest& request, Environment& environment, const aws::CallContext&) {
  TRY(backups, backups_of(environment, request.table_name));
  return wire::DescribeContinuousBackupsResponse{.continuous_backups_description = std::move(backups)};
}

Result<wire::UpdateContinuousBackupsResponse> update_continuous_backups(const wire::UpdateContinuousBackupsRequest& request,
                                                                        Environment& environment, const aws::CallContext&) {
  TRY(backups, backups_of(environment, request.table_name));
  if (request.point_in_time_recovery_specification.point_in_time_recovery_enabled)
    return fail(errors::not_supported("PointInTimeRecoveryEnabled"));
  return wire::UpdateContinuousBackupsResponse{.continuous_backups_description = std::move(backups)};
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
