#include "glue/catalog/operations/answers.h"
#include "glue/operations.h"

namespace mastic::glue {
namespace {

using namespace catalog;
using Context = aws::CallContext;

Result<wire::CreateUserDefinedFunctionResponse> create_function(const wire::CreateUserDefinedFunctionRequest& request,
                                                                const Context& context, Catalog& catalog) {
  TRY_DO(check_catalog(request.catalog_id, context));
  TRY_DO(catalog.create_function(request.database_name, request.function_input));
  return wire::CreateUserDefinedFunctionResponse{};
}

Result<wire::GetUserDefinedFunctionResponse> get_function(const wire::GetUserDefinedFunctionRequest& request,
                                                          const Context& context, Catalog& catalog) {
  TRY_DO(check_catalog(request.catalog_id, context));
  TRY(function, catalog.find_function(request.database_name, request.function_name));
  if (!function) return fail(error::function_not_found(request.function_name));
  function->catalog_id = context.account_id;
  wire::GetUserDefinedFunctionResponse response;
  response.user_defined_function = std::move(function);
  return response;
}

Result<wire::GetUserDefinedFunctionsResponse> get_functions(const wire::GetUserDefinedFunctionsRequest& request,
                                                            const Context& context, Catalog& catalog) {
  TRY_DO(check_catalog(request.catalog_id, context));
  TRY(page, page_request(request.next_token, request.max_results, 100));
  TRY(functions, catalog.list_functions(request.database_name.value_or(""), request.pattern, page));
  wire::GetUserDefinedFunctionsResponse response;
  response.next_token = next_token(functions);
  response.user_defined_functions.emplace();
  for (auto& function : functions.entries) {
    if (request.function_type && function.function_type != request.function_type) continue;
    function.catalog_id = context.account_id;
    response.user_defined_functions->push_back(std::move(function));
  }
  return response;
}

Result<wire::UpdateUserDefinedFunctionResponse> update_function(const wire::UpdateUserDefinedFunctionRequest& request,
                                                                const Context& context, Catalog& catalog) {
  TRY_DO(check_catalog(request.catalog_id, context));
  TRY_DO(catalog.update_function(request.database_name, request.function_name, request.function_input));
  return wire::UpdateUserDefinedFunctionResponse{};
}

Result<wire::DeleteUserDefinedFunctionResponse> delete_function(const wire::DeleteUserDefinedFunctionRequest& request,
                                                                const Context& context, Catalog& catalog) {
  TRY_DO(check_catalog(request.catalog_id, context));
  TRY_DO(catalog.delete_function(request.database_name, request.function_name));
  return wire::DeleteUserDefinedFunctionResponse{};
}

}  // namespace

void add_function_operations(aws::Service& service, Catalog& catalog) {
  service.on<wire::CreateUserDefinedFunction>(
      [&](const auto& request, const Context& context) { return create_function(request, context, catalog); });
  service.on<wire::GetUserDefinedFunction>(
      [&](const auto& request, const Context& context) { return get_function(request, context, catalog); });
  service.on<wire::GetUserDefinedFunctions>(
      [&](const auto& request, const Context& context) { return get_functions(request, context, catalog); });
  service.on<wire::UpdateUserDefinedFunction>(
      [&](const auto& request, const Context& context) { return update_function(request, context, catalog); });
  service.on<wire::DeleteUserDefinedFunction>(
      [&](const auto& request, const Context& context) { return delete_function(request, context, catalog); });
}

}  // namespace mastic::glue
