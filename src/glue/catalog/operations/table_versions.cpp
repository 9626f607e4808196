#include "glue/catalog/operations/answers.h"
#include "glue/operations.h"

namespace mastic::glue {
namespace {

using namespace catalog;
using Context = aws::CallContext;

wire::TableVersion version_from(wire::Table table, const Context& context) {
  wire::TableVersion version;
  version.version_id = table.version_id;
  table.catalog_id = context.account_id;
  version.table = std::move(table);
  return version;
}

Result<wire::GetTableVersionResponse> get_table_version(const wire::GetTableVersionRequest& request, const Context& context,
                                                        Catalog& catalog) {
  TRY_DO(check_catalog(request.catalog_id, context));
  wire::GetTableVersionResponse response;
  if (!request.version_id) {  // without a version: the newest
    TRY(table, catalog.find_table(request.database_name, request.table_name));
    if (!table) return fail(error::table_not_found(request.table_name));
    response.table_version = version_from(std::move(*table), context);
    return response;
  }
  TRY(table, catalog.get_table_version(request.database_name, request.table_name, *request.version_id));
  response.table_version = version_from(std::move(table), context);
  return response;
}

Result<wire::GetTableVersionsResponse> get_table_versions(const wire::GetTableVersionsRequest& request, const Context& context,
                                                          Catalog& catalog) {
  TRY_DO(check_catalog(request.catalog_id, context));
  TRY(page, page_request(request.next_token, request.max_results, 100));
  TRY(tables, catalog.list_table_versions(request.database_name, request.table_name, page));
  wire::GetTableVersionsResponse response;
  response.next_token = next_token(tables);
  response.table_versions.emplace();
  for (auto& table : tables.entries) response.table_versions->push_back(version_from(std::move(table), context));
  return response;
}

Result<wire::DeleteTableVersionResponse> delete_table_version(const wire::DeleteTableVersionRequest& request,
                                                              const Context& context, Catalog& catalog) {
  TRY_DO(check_catalog(request.catalog_id, context));
  TRY_DO(catalog.delete_table_version(request.database_name, request.table_name, request.version_id));
  return wire::DeleteTableVersionResponse{};
}

Result<wire::BatchDeleteTableVersionResponse> batch_delete_table_version(const wire::BatchDeleteTableVersionRequest& request,
                                                                         const Context& context, Catalog& catalog) {
  TRY_DO(check_catalog(request.catalog_id, context));
  TRY(table, catalog.find_table(request.database_name, request.table_name));
  if (!table) return fail(error::table_not_found(request.table_name));
  std::vector<wire::TableVersionError> errors;
  for (const auto& version : request.version_ids) {
    const auto deleted = catalog.delete_table_version(request.database_name, request.table_name, version);
    if (deleted) continue;
    if (deleted.error().http_status >= 500) return fail(deleted.error());
    wire::TableVersionError error;
    error.table_name = request.table_name;
    error.version_id = version;
    error.error_detail = error_detail(deleted.error());
    errors.push_back(std::move(error));
  }
  wire::BatchDeleteTableVersionResponse response;
  if (!errors.empty()) response.errors = std::move(errors);
  return response;
}

}  // namespace

void add_table_version_operations(aws::Service& service, Catalog& catalog) {
  service.on<wire::GetTableVersion>(
      [&](const auto& request, const Context& context) { return get_table_version(request, context, catalog); });
  service.on<wire::GetTableVersions>(
      [&](const auto& request, const Context& context) { return get_table_versions(request, context, catalog); });
  service.on<wire::DeleteTableVersion>(
      [&](const auto& request, const Context& context) { return delete_table_version(request, context, catalog); });
  service.on<wire::BatchDeleteTableVersion>(
      [&](const auto& request, const Context& context) { return batch_delete_table_version(request, context, catalog); });
}

}  // namespace mastic::glue
