// Security configurations are records: jobs and crawlers that name one are still refused, as nothing is encrypted here.
#include "glue/catalog/operations/answers.h"
#include "glue/operations.h"
#include "glue/settings/records.h"

namespace mastic::glue {
namespace {

using namespace catalog;
using Context = aws::CallContext;
using Configurations = Records<wire::SecurityConfiguration>;

Error configuration_not_found(std::string_view name) {
  return {"EntityNotFoundException", "SecurityConfiguration " + std::string(name) + " not found."};
}

Result<wire::CreateSecurityConfigurationResponse> create_configuration(const wire::CreateSecurityConfigurationRequest& request,
                                                                       Configurations& configurations, const Clock& clock) {
  wire::SecurityConfiguration configuration;
  configuration.name = request.name;
  configuration.created_time_stamp = clock.now();
  configuration.encryption_configuration = request.encryption_configuration;
  TRY(added, configurations.add(request.name, configuration));
  if (!added) return fail(Error{"AlreadyExistsException", "SecurityConfiguration already exists."});
  wire::CreateSecurityConfigurationResponse response;
  response.name = request.name;
  response.created_timestamp = configuration.created_time_stamp;
  return response;
}

Result<wire::GetSecurityConfigurationResponse> get_configuration(const wire::GetSecurityConfigurationRequest& request,
                                                                 Configurations& configurations) {
  TRY(configuration, configurations.find(request.name));
  if (!configuration) return fail(configuration_not_found(request.name));
  wire::GetSecurityConfigurationResponse response;
  response.security_configuration = std::move(configuration);
  return response;
}

Result<wire::GetSecurityConfigurationsResponse> get_configurations(const wire::GetSecurityConfigurationsRequest& request,
                                                                   Configurations& configurations) {
  TRY(page, page_request(request.next_token, request.max_results, 100));
  TRY(found, configurations.list(page));
  wire::GetSecurityConfigurationsResponse response;
  response.next_token = next_token(found);
  response.security_configurations = std::move(found.entries);
  return response;
}

Result<wire::DeleteSecurityConfigurationResponse> delete_configuration(const wire::DeleteSecurityConfigurationRequest& request,
                                                                       Configurations& configurations) {
  TRY(removed, configurations.remove(request.name));
  if (!removed) return fail(configuration_not_found(request.name));
  return wire::DeleteSecurityConfigurationResponse{};
}

}  // namespace

void add_security_configuration_operations(aws::Service& service, Configurations& configurations, const Clock& clock) {
  service.on<wire::CreateSecurityConfiguration>(
      [&](const auto& request, const Context&) { return create_configuration(request, configurations, clock); });
  service.on<wire::GetSecurityConfiguration>(
      [&](const auto& request, const Context&) { return get_configuration(request, configurations); });
  service.on<wire::GetSecurityConfigurations>(
      [&](const auto& request, const Context&) { return get_configurations(request, configurations); });
  service.on<wire::DeleteSecurityConfiguration>(
      [&](const auto& request, const Context&) { return delete_configuration(request, configurations); });
}

}  // namespace mastic::glue
