// CreatePartitionIndex, GetPartitionIndexes, DeletePartitionIndex.
#include "glue/catalog/operations/answers.h"
#include "glue/operations.h"

namespace mastic::glue {
namespace {

using namespace catalog;
using Context = aws::CallContext;

Result<wire::CreatePartitionIndexResponse> create_index(const wire::CreatePartitionIndexRequest& request,
                                                        const Context& context, Catalog& catalog) {
  TRY_DO(check_catalog(request.catalog_id, context));
  TRY_DO(catalog.create_partition_index(request.database_name, request.table_name, request.partition_index));
  return wire::CreatePartitionIndexResponse{};
}

Result<wire::GetPartitionIndexesResponse> get_indexes(const wire::GetPartitionIndexesRequest& request, const Context& context,
                                                      Catalog& catalog) {
  TRY_DO(check_catalog(request.catalog_id, context));
  TRY_DO(page_key(request.next_token));
  TRY(indexes, catalog.list_partition_indexes(request.database_name, request.table_name));
  wire::GetPartitionIndexesResponse response;
  response.partition_index_descriptor_list = std::move(indexes);  // three at most: one page
  return response;
}

Result<wire::DeletePartitionIndexResponse> delete_index(const wire::DeletePartitionIndexRequest& request,
                                                        const Context& context, Catalog& catalog) {
  TRY_DO(check_catalog(request.catalog_id, context));
  TRY_DO(catalog.delete_partition_index(request.database_name, request.table_name, request.index_name));
  return wire::DeletePartitionIndexResponse{};
}

}  // namespace

void add_partition_index_operations(aws::Service& service, Catalog& catalog) {
  service.on<wire::CreatePartitionIndex>(
      [&](const auto& request, const Context& context) { return create_index(request, context, catalog); });
  service.on<wire::GetPartitionIndexes>(
      [&](const auto& request, const Context& context) { return get_indexes(request, context, catalog); });
  service.on<wire::DeletePartitionIndex>(
      [&](const auto& request, const Context& context) { return delete_index(request, context, catalog); });
}

}  // namespace mastic::glue
