// CreateRegistry, GetRegistry, ListRegistries, UpdateRegistry, DeleteRegistry.
#include "glue/catalog/operations/answers.h"
#include "glue/operations.h"
#include "glue/registry/operations/registry_names.h"
#include "glue/tags.h"

namespace mastic::glue {
namespace {

namespace wire = aws::glue;
using namespace registry;
using Context = aws::CallContext;

Result<wire::CreateRegistryResponse> create(const wire::CreateRegistryInput& request, const Context& context,
                                            Registry& registry, Tags& tags) {
  TRY_DO(registry.create_registry(request.registry_name, request.description));
  if (request.tags) TRY_DO(tags.add("registry/" + request.registry_name, *request.tags));
  wire::CreateRegistryResponse response;
  response.registry_name = request.registry_name;
  response.registry_arn = registry_arn(request.registry_name, context);
  response.description = request.description;
  response.tags = request.tags;
  return response;
}

Result<wire::GetRegistryResponse> get(const wire::GetRegistryInput& request, const Context& context, Registry& registry) {
  TRY(name, registry_of(request.registry_id));
  TRY(item, registry.get_registry(name));
  wire::GetRegistryResponse response;
  response.registry_name = name;
  response.registry_arn = registry_arn(name, context);
  response.description = item.description;
  response.status = item.status;
  response.created_time = item.created_time;
  response.updated_time = item.updated_time;
  return response;
}

Result<wire::ListRegistriesResponse> list(const wire::ListRegistriesInput& request, const Context& context,
                                          Registry& registry) {
  TRY(page, catalog::page_request(request.next_token, request.max_results, 100));
  TRY(found, registry.list_registries(page));
  for (auto& item : found.entries) item.registry_arn = registry_arn(item.registry_name.value_or(""), context);
  wire::ListRegistriesResponse response;
  response.next_token = catalog::next_token(found);
  response.registries = std::move(found.entries);
  return response;
}

Result<wire::UpdateRegistryResponse> update(const wire::UpdateRegistryInput& request, const Context& context,
                                            Registry& registry) {
  TRY(name, registry_of(request.registry_id));
  TRY_DO(registry.update_registry(name, request.description));
  wire::UpdateRegistryResponse response;
  response.registry_name = name;
  response.registry_arn = registry_arn(name, context);
  return response;
}

Result<wire::DeleteRegistryResponse> remove(const wire::DeleteRegistryInput& request, const Context& context,
                                            Registry& registry) {
  TRY(name, registry_of(request.registry_id));
  TRY_DO(registry.remove_registry(name));
  wire::DeleteRegistryResponse response;
  response.registry_name = name;
  response.registry_arn = registry_arn(name, context);
  response.status = "DELETING";
  return response;
}

}  // namespace

void add_registry_operations(aws::Service& service, Registry& registry, Tags& tags) {
  service.on<wire::CreateRegistry>(
      [&](const auto& request, const Context& context) { return create(request, context, registry, tags); });
  service.on<wire::GetRegistry>([&](const auto& request, const Context& context) { return get(request, context, registry); });
  service.on<wire::ListRegistries>(
      [&](const auto& request, const Context& context) { return list(request, context, registry); });
  service.on<wire::UpdateRegistry>(
      [&](const auto& request, const Context& context) { return update(request, context, registry); });
  service.on<wire::DeleteRegistry>(
      [&](const auto& request, const Context& context) { return remove(request, context, registry); });
}

}  // namespace mastic::glue
