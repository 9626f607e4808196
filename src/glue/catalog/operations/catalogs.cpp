// GetCatalog, GetCatalogs, GetCatalogImportStatus, ImportCatalogToGlue, GetUnfilteredTableMetadata,
// GetUnfilteredPartitionMetadata, GetUnfilteredPartitionsMetadata.
//
// There is one catalog, the account's own; others can neither be made nor federated. Nothing is registered with Lake
// Formation, so what engines ask for through the unfiltered operations is everything: all columns, no row filter.
#include <fmt/format.h>

#include "glue/catalog/operations/answers.h"
#include "glue/operations.h"

namespace mastic::glue {
namespace {

using namespace catalog;
using Context = aws::CallContext;

wire::Catalog own_catalog(const Context& context) {
  wire::Catalog own;
  own.catalog_id = context.account_id;
  own.name = context.account_id;
  own.resource_arn = fmt::format("arn:aws:glue:{}:{}:catalog", context.region, context.account_id);
  return own;
}

Result<wire::GetCatalogResponse> get_catalog(const wire::GetCatalogRequest& request, const Context& context) {
  const auto own = own_catalog(context);
  if (request.catalog_id != own.catalog_id && request.catalog_id != own.resource_arn)
    return fail(error::catalog_not_found(request.catalog_id));
  wire::GetCatalogResponse response;
  response.catalog = own;
  return response;
}

/// There is no older catalog (Athena's own) whose tables could be taken over: as in an account that has none left.
Result<wire::GetCatalogImportStatusResponse> import_status(const wire::GetCatalogImportStatusRequest& request,
                                                           const Context& context) {
  TRY_DO(check_catalog(request.catalog_id, context));
  wire::GetCatalogImportStatusResponse response;
  response.import_status.emplace().import_completed = true;
  return response;
}

Result<wire::GetCatalogsResponse> get_catalogs(const wire::GetCatalogsRequest& request, const Context& context) {
  TRY_DO(page_key(request.next_token));
  TRY_DO(check_catalog(request.parent_catalog_id, context));
  wire::GetCatalogsResponse response;
  if (request.include_root.value_or(false)) response.catalog_list.push_back(own_catalog(context));
  return response;
}

std::vector<std::string> columns_of(const wire::Table& table) {
  std::vector<std::string> names;
  if (table.storage_descriptor && table.storage_descriptor->columns)
    for (const auto& column : *table.storage_descriptor->columns) names.push_back(column.name);
  if (table.partition_keys)
    for (const auto& key : *table.partition_keys) names.push_back(key.name);
  return names;
}

Result<wire::GetUnfilteredTableMetadataResponse> unfiltered_table(const wire::GetUnfilteredTableMetadataRequest& request,
                                                                  const Context& context, Catalog& catalog) {
  TRY_DO(check_catalog(request.catalog_id, context));
  TRY(table, catalog.find_table(request.database_name, request.name));
  if (!table) return fail(error::table_not_found(request.name));
  table->catalog_id = context.account_id;
  wire::GetUnfilteredTableMetadataResponse response;
  response.authorized_columns = columns_of(*table);
  response.is_registered_with_lake_formation = false;
  response.is_protected = false;
  response.is_multi_dialect_view = false;
  response.resource_arn = fmt::format("arn:aws:glue:{}:{}:table/{}/{}", context.region, context.account_id,
                                      table->database_name.value_or(""), table->name);
  response.table = std::move(table);
  return response;
}

Result<wire::Table> owner_of(const std::string& database, const std::string& name, Catalog& catalog) {
  TRY(table, catalog.find_table(database, name));
  if (!table) return fail(error::table_not_found(name));
  return std::move(*table);
}

Result<wire::GetUnfilteredPartitionMetadataResponse> unfiltered_partition(
    const wire::GetUnfilteredPartitionMetadataRequest& request, const Context& context, Catalog& catalog) {
  TRY_DO(check_catalog(request.catalog_id, context));
  TRY(table, owner_of(request.database_name, request.table_name, catalog));
  TRY(found, catalog.find_partitions(request.database_name, request.table_name, std::array{request.partition_values}));
  if (found.empty()) return fail(error::partition_not_found());
  found[0].catalog_id = context.account_id;
  wire::GetUnfilteredPartitionMetadataResponse response;
  response.partition = std::move(found[0]);
  response.authorized_columns = columns_of(table);
  response.is_registered_with_lake_formation = false;
  return response;
}

Result<wire::GetUnfilteredPartitionsMetadataResponse> unfiltered_partitions(
    const wire::GetUnfilteredPartitionsMetadataRequest& request, const Context& context, Catalog& catalog) {
  TRY_DO(check_catalog(request.catalog_id, context));
  TRY(table, owner_of(request.database_name, request.table_name, catalog));
  TRY(query, partition_query(request));
  TRY(partitions, catalog.list_partitions(request.database_name, request.table_name, query));
  wire::GetUnfilteredPartitionsMetadataResponse response;
  response.next_token = next_token(partitions);
  response.unfiltered_partitions.emplace();
  for (auto& partition : partitions.entries) {
    partition.catalog_id = context.account_id;
    wire::UnfilteredPartition whole;
    whole.partition = std::move(partition);
    whole.authorized_columns = columns_of(table);
    whole.is_registered_with_lake_formation = false;
    response.unfiltered_partitions->push_back(std::move(whole));
  }
  return response;
}

}  // namespace

void add_catalog_operations(aws::Service& service, Catalog& catalog) {
  service.on<wire::GetCatalog>([](const auto& request, const Context& context) { return get_catalog(request, context); });
  service.on<wire::GetCatalogImportStatus>([](const wire::GetCatalogImportStatusRequest& request, const Context& context) {
    return import_status(request, context);
  });
  service.on<wire::ImportCatalogToGlue>(
      [](const wire::ImportCatalogToGlueRequest& request, const Context& context) -> Result<wire::ImportCatalogToGlueResponse> {
        TRY_DO(check_catalog(request.catalog_id, context));
        return wire::ImportCatalogToGlueResponse{};
      });
  service.on<wire::GetCatalogs>([](const auto& request, const Context& context) { return get_catalogs(request, context); });
  service.on<wire::GetUnfilteredTableMetadata>(
      [&](const auto& request, const Context& context) { return unfiltered_table(request, context, catalog); });
  service.on<wire::GetUnfilteredPartitionMetadata>(
      [&](const auto& request, const Context& context) { return unfiltered_partition(request, context, catalog); });
  service.on<wire::GetUnfilteredPartitionsMetadata>(
      [&](const auto& request, const Context& context) { return unfiltered_partitions(request, context, catalog); });
}

}  // namespace mastic::glue
