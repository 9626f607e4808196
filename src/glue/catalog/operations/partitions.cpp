#include <array>

#include "glue/catalog/operations/answers.h"
#include "glue/operations.h"

namespace mastic::glue {
namespace {

using namespace catalog;
using Context = aws::CallContext;

/// A batch of one fails as a whole.
Result<void> only(Result<std::vector<PartitionFailure>> failures) {
  if (!failures) return fail(std::move(failures).error());
  if (!failures->empty()) return fail(std::move(failures->front().error));
  return {};
}

Result<wire::CreatePartitionResponse> create_partition(const wire::CreatePartitionRequest& request, const Context& context,
                                                       Catalog& catalog) {
  TRY_DO(check_catalog(request.catalog_id, context));
  TRY_DO(only(catalog.create_partitions(request.database_name, request.table_name, std::array{request.partition_input})));
  return wire::CreatePartitionResponse{};
}

Result<wire::GetPartitionResponse> get_partition(const wire::GetPartitionRequest& request, const Context& context,
                                                 Catalog& catalog) {
  TRY_DO(check_catalog(request.catalog_id, context));
  TRY(found, catalog.find_partitions(request.database_name, request.table_name, std::array{request.partition_values}));
  if (found.empty()) return fail(error::partition_not_found());
  found[0].catalog_id = context.account_id;
  wire::GetPartitionResponse response;
  response.partition = std::move(found[0]);
  return response;
}

Result<wire::GetPartitionsResponse> get_partitions(const wire::GetPartitionsRequest& request, const Context& context,
                                                   Catalog& catalog) {
  TRY_DO(check_catalog(request.catalog_id, context));
  if (request.transaction_id) return fail(error::unsupported("TransactionId"));
  if (request.query_as_of_time) return fail(error::unsupported("QueryAsOfTime"));
  TRY(query, partition_query(request));
  TRY(partitions, catalog.list_partitions(request.database_name, request.table_name, query));
  for (auto& partition : partitions.entries) {
    partition.catalog_id = context.account_id;
    if (request.exclude_column_schema.value_or(false) && partition.storage_descriptor)
      partition.storage_descriptor->columns.reset();
  }
  wire::GetPartitionsResponse response;
  response.next_token = next_token(partitions);
  response.partitions = std::move(partitions.entries);
  return response;
}

Result<wire::UpdatePartitionResponse> update_partition(const wire::UpdatePartitionRequest& request, const Context& context,
                                                       Catalog& catalog) {
  TRY_DO(check_catalog(request.catalog_id, context));
  const std::array changes{PartitionChange{request.partition_value_list, request.partition_input}};
  TRY_DO(only(catalog.update_partitions(request.database_name, request.table_name, changes)));
  return wire::UpdatePartitionResponse{};
}

Result<wire::DeletePartitionResponse> delete_partition(const wire::DeletePartitionRequest& request, const Context& context,
                                                       Catalog& catalog) {
  TRY_DO(check_catalog(request.catalog_id, context));
  TRY_DO(only(catalog.delete_partitions(request.database_name, request.table_name, std::array{request.partition_values})));
  return wire::DeletePartitionResponse{};
}

}  // namespace

void add_partition_operations(aws::Service& service, Catalog& catalog) {
  service.on<wire::CreatePartition>(
      [&](const auto& request, const Context& context) { return create_partition(request, context, catalog); });
  service.on<wire::GetPartition>(
      [&](const auto& request, const Context& context) { return get_partition(request, context, catalog); });
  service.on<wire::GetPartitions>(
      [&](const auto& request, const Context& context) { return get_partitions(request, context, catalog); });
  service.on<wire::UpdatePartition>(
      [&](const auto& request, const Context& context) { return update_partition(request, context, catalog); });
  service.on<wire::DeletePartition>(
      [&](const auto& request, const Context& context) { return delete_partition(request, context, catalog); });
}

}  // namespace mastic::glue
