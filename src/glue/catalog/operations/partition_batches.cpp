#include "glue/catalog/operations/answers.h"
#include "glue/operations.h"

namespace mastic::glue {
namespace {

using namespace catalog;
using Context = aws::CallContext;

/// Entries that failed stand in the answer; a batch without failures has no list of them.
std::optional<std::vector<wire::PartitionError>> errors_of(const std::vector<PartitionFailure>& failures) {
  if (failures.empty()) return std::nullopt;
  std::vector<wire::PartitionError> errors;
  for (const auto& failure : failures) {
    wire::PartitionError error;
    error.partition_values = failure.values;
    error.error_detail = error_detail(failure.error);
    errors.push_back(std::move(error));
  }
  return errors;
}

std::vector<Values> values_of(const std::vector<wire::PartitionValueList>& lists) {
  std::vector<Values> values;
  for (const auto& list : lists) values.push_back(list.values);
  return values;
}

Result<wire::BatchCreatePartitionResponse> batch_create_partition(const wire::BatchCreatePartitionRequest& request,
                                                                  const Context& context, Catalog& catalog) {
  TRY_DO(check_catalog(request.catalog_id, context));
  TRY(failures, catalog.create_partitions(request.database_name, request.table_name, request.partition_input_list));
  wire::BatchCreatePartitionResponse response;
  response.errors = errors_of(failures);
  return response;
}

Result<wire::BatchGetPartitionResponse> batch_get_partition(const wire::BatchGetPartitionRequest& request,
                                                            const Context& context, Catalog& catalog) {
  TRY_DO(check_catalog(request.catalog_id, context));
  TRY(partitions, catalog.find_partitions(request.database_name, request.table_name, values_of(request.partitions_to_get)));
  for (auto& partition : partitions) partition.catalog_id = context.account_id;
  wire::BatchGetPartitionResponse response;
  response.partitions = std::move(partitions);
  response.unprocessed_keys.emplace();  // those that are not there are left out of both lists, as in Glue
  return response;
}

Result<wire::BatchUpdatePartitionResponse> batch_update_partition(const wire::BatchUpdatePartitionRequest& request,
                                                                  const Context& context, Catalog& catalog) {
  TRY_DO(check_catalog(request.catalog_id, context));
  std::vector<PartitionChange> changes;
  for (const auto& entry : request.entries) changes.push_back({entry.partition_value_list, entry.partition_input});
  TRY(failures, catalog.update_partitions(request.database_name, request.table_name, changes));
  wire::BatchUpdatePartitionResponse response;
  for (const auto& failure : failures) {
    wire::BatchUpdatePartitionFailureEntry entry;
    entry.partition_value_list = failure.values;
    entry.error_detail = error_detail(failure.error);
    if (!response.errors) response.errors.emplace();
    response.errors->push_back(std::move(entry));
  }
  return response;
}

Result<wire::BatchDeletePartitionResponse> batch_delete_partition(const wire::BatchDeletePartitionRequest& request,
                                                                  const Context& context, Catalog& catalog) {
  TRY_DO(check_catalog(request.catalog_id, context));
  TRY(failures, catalog.delete_partitions(request.database_name, request.table_name, values_of(request.partitions_to_delete)));
  wire::BatchDeletePartitionResponse response;
  response.errors = errors_of(failures);
  return response;
}

}  // namespace

void add_partition_batch_operations(aws::Service& service, Catalog& catalog) {
  service.on<wire::BatchCreatePartition>(
      [&](const auto& request, const Context& context) { return batch_create_partition(request, context, catalog); });
  service.on<wire::BatchGetPartition>(
      [&](const auto& request, const Context& context) { return batch_get_partition(request, context, catalog); });
  service.on<wire::BatchUpdatePartition>(
      [&](const auto& request, const Context& context) { return batch_update_partition(request, context, catalog); });
  service.on<wire::BatchDeletePartition>(
      [&](const auto& request, const Context& context) { return batch_delete_partition(request, context, catalog); });
}

}  // namespace mastic::glue
