#include <algorithm>

#include "glue/catalog/operations/answers.h"
#include "glue/names.h"
#include "glue/operations.h"
#include "glue/tags.h"

namespace mastic::glue {
namespace {

using namespace catalog;
using Context = aws::CallContext;

Result<wire::CreateDatabaseResponse> create_database(const wire::CreateDatabaseRequest& request, const Context& context,
                                                     Catalog& catalog, Tags& tags) {
  TRY_DO(check_catalog(request.catalog_id, context));
  TRY_DO(catalog.create_database(request.database_input));
  if (request.tags) TRY_DO(tags.add("database/" + lower_name(request.database_input.name), *request.tags));
  return wire::CreateDatabaseResponse{};
}

Result<wire::GetDatabaseResponse> get_database(const wire::GetDatabaseRequest& request, const Context& context,
                                               Catalog& catalog) {
  TRY_DO(check_catalog(request.catalog_id, context));
  TRY(database, catalog.find_database(request.name));
  if (!database) return fail(error::database_not_found(request.name));
  database->catalog_id = context.account_id;
  wire::GetDatabaseResponse response;
  response.database = std::move(database);
  return response;
}

Result<wire::GetDatabasesResponse> get_databases(const wire::GetDatabasesRequest& request, const Context& context,
                                                 Catalog& catalog) {
  TRY_DO(check_catalog(request.catalog_id, context));
  wire::GetDatabasesResponse response;
  if (request.resource_share_type == "FOREIGN") return response;  // nobody shares with the only account
  TRY(page, page_request(request.next_token, request.max_results, 100));
  TRY(databases, catalog.list_databases(page));
  const auto& attributes = request.attributes_to_get;
  const bool names_only =
      attributes && !attributes->empty() && std::ranges::find(*attributes, "TARGET_DATABASE") == attributes->end();
  for (auto& database : databases.entries) {
    if (names_only) {
      wire::Database name_only;
      name_only.name = database.name;
      database = std::move(name_only);
    }
    database.catalog_id = context.account_id;
  }
  response.next_token = next_token(databases);
  response.database_list = std::move(databases.entries);
  return response;
}

Result<wire::UpdateDatabaseResponse> update_database(const wire::UpdateDatabaseRequest& request, const Context& context,
                                                     Catalog& catalog) {
  TRY_DO(check_catalog(request.catalog_id, context));
  TRY_DO(catalog.update_database(request.name, request.database_input));
  return wire::UpdateDatabaseResponse{};
}

Result<wire::DeleteDatabaseResponse> delete_database(const wire::DeleteDatabaseRequest& request, const Context& context,
                                                     Catalog& catalog) {
  TRY_DO(check_catalog(request.catalog_id, context));
  TRY_DO(catalog.delete_database(request.name));
  return wire::DeleteDatabaseResponse{};
}

}  // namespace

void add_database_operations(aws::Service& service, Catalog& catalog, Tags& tags) {
  service.on<wire::CreateDatabase>(
      [&](const auto& request, const Context& context) { return create_database(request, context, catalog, tags); });
  service.on<wire::GetDatabase>(
      [&](const auto& request, const Context& context) { return get_database(request, context, catalog); });
  service.on<wire::GetDatabases>(
      [&](const auto& request, const Context& context) { return get_databases(request, context, catalog); });
  service.on<wire::UpdateDatabase>(
      [&](const auto& request, const Context& context) { return update_database(request, context, catalog); });
  service.on<wire::DeleteDatabase>(
      [&](const auto& request, const Context& context) { return delete_database(request, context, catalog); });
}

}  // namespace mastic::glue
