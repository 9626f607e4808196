// There are no partition indexes here: CreateTable refuses them by name, so a table has none.
#include "glue/catalog/operations/answers.h"
#include "glue/operations.h"

namespace mastic::glue {
namespace {

using namespace catalog;
using Context = aws::CallContext;

Result<wire::GetPartitionIndexesResponse> get_indexes(const wire::GetPartitionIndexesRequest& request, const Context& context,
                                                      Catalog& catalog) {
  TRY_DO(check_catalog(request.catalog_id, context));
  TRY(table, catalog.find_table(request.database_name, request.table_name));
  if (!table) return fail(error::table_not_found(request.table_name));
  wire::GetPartitionIndexesResponse response;
  response.partition_index_descriptor_list.emplace();
  return response;
}

}  // namespace

void add_partition_index_operations(aws::Service& service, Catalog& catalog) {
  service.on<wire::GetPartitionIndexes>(
      [&](const auto& request, const Context& context) { return get_indexes(request, context, catalog); });
}

}  // namespace mastic::glue
