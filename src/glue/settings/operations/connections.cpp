// Connections are records: they are declared, read back and changed. Nothing here connects through one.
#include <algorithm>

#include "glue/catalog/operations/answers.h"
#include "glue/operations.h"
#include "glue/settings/records.h"
#include "glue/tags.h"

namespace mastic::glue {
namespace {

using namespace catalog;
using Context = aws::CallContext;
using Connections = Records<wire::Connection>;

/// What AWS would put into a secret or try out: this server does neither.
Result<void> check_supported(const wire::ConnectionInput& input) {
  if (input.validate_credentials.value_or(false)) return fail(error::unsupported("ConnectionInput.ValidateCredentials"));
  if (!input.authentication_configuration) return {};
  const auto& authentication = *input.authentication_configuration;
  if (authentication.basic_authentication_credentials || authentication.custom_authentication_credentials ||
      (authentication.oauth2_properties && (authentication.oauth2_properties->authorization_code_properties ||
                                            authentication.oauth2_properties->oauth2_credentials))) {
    return fail(error::unsupported("credentials in AuthenticationConfiguration; give SecretArn"));
  }
  return {};
}

wire::AuthenticationConfiguration shown(const wire::AuthenticationConfigurationInput& input) {
  wire::AuthenticationConfiguration authentication;
  authentication.authentication_type = input.authentication_type;
  authentication.secret_arn = input.secret_arn;
  authentication.kms_key_arn = input.kms_key_arn;
  if (input.oauth2_properties) {
    const auto& given = *input.oauth2_properties;
    auto& properties = authentication.oauth2_properties.emplace();
    properties.oauth2_grant_type = given.oauth2_grant_type;
    properties.oauth2_client_application = given.oauth2_client_application;
    properties.token_url = given.token_url;
    properties.token_url_parameters_map = given.token_url_parameters_map;
  }
  return authentication;
}

wire::Connection connection_from(const wire::ConnectionInput& input, Instant created, Instant updated) {
  wire::Connection connection;
  connection.name = input.name;
  connection.description = input.description;
  connection.connection_type = input.connection_type;
  connection.match_criteria = input.match_criteria;
  connection.connection_properties = input.connection_properties;
  connection.spark_properties = input.spark_properties;
  connection.athena_properties = input.athena_properties;
  connection.python_properties = input.python_properties;
  connection.physical_connection_requirements = input.physical_connection_requirements;
  if (input.authentication_configuration) connection.authentication_configuration = shown(*input.authentication_configuration);
  connection.connection_schema_version = input.authentication_configuration ? 2 : 1;
  connection.creation_time = created;
  connection.last_updated_time = updated;
  connection.status = "READY";
  return connection;
}

void hide_password(wire::Connection& connection) {
  if (!connection.connection_properties) return;
  connection.connection_properties->erase("PASSWORD");
  connection.connection_properties->erase("ENCRYPTED_PASSWORD");
}

Error connection_not_found(std::string_view name) {
  return {"EntityNotFoundException", "Connection " + std::string(name) + " not found."};
}

Result<wire::CreateConnectionResponse> create_connection(const wire::CreateConnectionRequest& request, const Context& context,
                                                         Connections& connections, Tags& tags, const Clock& clock) {
  TRY_DO(check_catalog(request.catalog_id, context));
  TRY_DO(check_supported(request.connection_input));
  const auto& name = request.connection_input.name;
  TRY(added, connections.add(name, connection_from(request.connection_input, clock.now(), clock.now())));
  if (!added) return fail(Error{"AlreadyExistsException", "Connection already exists."});
  if (request.tags) TRY_DO(tags.add("connection/" + name, *request.tags));
  wire::CreateConnectionResponse response;
  response.create_connection_status = "READY";
  return response;
}

Result<wire::GetConnectionResponse> get_connection(const wire::GetConnectionRequest& request, const Context& context,
                                                   Connections& connections) {
  TRY_DO(check_catalog(request.catalog_id, context));
  TRY(connection, connections.find(request.name));
  if (!connection) return fail(connection_not_found(request.name));
  if (request.hide_password.value_or(false)) hide_password(*connection);
  wire::GetConnectionResponse response;
  response.connection = std::move(connection);
  return response;
}

bool matches(const wire::Connection& connection, const wire::GetConnectionsFilter& filter) {
  if (filter.connection_type && connection.connection_type != filter.connection_type) return false;
  if (filter.connection_schema_version && connection.connection_schema_version != filter.connection_schema_version)
    return false;
  if (!filter.match_criteria) return true;
  const auto has = connection.match_criteria.value_or(std::vector<std::string>{});
  return std::ranges::all_of(*filter.match_criteria, [&](const auto& wanted) { return std::ranges::count(has, wanted) > 0; });
}

Result<wire::GetConnectionsResponse> get_connections(const wire::GetConnectionsRequest& request, const Context& context,
                                                     Connections& connections) {
  TRY_DO(check_catalog(request.catalog_id, context));
  TRY(page, page_request(request.next_token, request.max_results, 100));
  TRY(found, connections.list(page, [&](const wire::Connection& connection) {
    return !request.filter || matches(connection, *request.filter);
  }));
  wire::GetConnectionsResponse response;
  response.next_token = next_token(found);
  for (auto& connection : found.entries) {
    if (request.hide_password.value_or(false)) hide_password(connection);
  }
  response.connection_list = std::move(found.entries);
  return response;
}

Result<wire::UpdateConnectionResponse> update_connection(const wire::UpdateConnectionRequest& request, const Context& context,
                                                         Connections& connections, const Clock& clock) {
  TRY_DO(check_catalog(request.catalog_id, context));
  TRY_DO(check_supported(request.connection_input));
  if (request.connection_input.name != request.name) return fail(error::invalid_input("A connection cannot be renamed."));
  TRY_DO(connections.change(request.name, [&](const std::optional<wire::Connection>& before) -> Result<wire::Connection> {
    if (!before) return fail(connection_not_found(request.name));
    return connection_from(request.connection_input, before->creation_time.value_or(clock.now()), clock.now());
  }));
  return wire::UpdateConnectionResponse{};
}

Result<void> remove_connection(const std::string& name, Connections& connections, Tags& tags) {
  TRY(removed, connections.remove(name));
  if (!removed) return fail(connection_not_found(name));
  return tags.remove_all("connection/" + name);
}

Result<wire::DeleteConnectionResponse> delete_connection(const wire::DeleteConnectionRequest& request, const Context& context,
                                                         Connections& connections, Tags& tags) {
  TRY_DO(check_catalog(request.catalog_id, context));
  TRY_DO(remove_connection(request.connection_name, connections, tags));
  return wire::DeleteConnectionResponse{};
}

Result<wire::BatchDeleteConnectionResponse> batch_delete(const wire::BatchDeleteConnectionRequest& request,
                                                         const Context& context, Connections& connections, Tags& tags) {
  TRY_DO(check_catalog(request.catalog_id, context));
  wire::BatchDeleteConnectionResponse response;
  response.succeeded.emplace();
  response.errors.emplace();
  for (const auto& name : request.connection_name_list) {
    const auto removed = remove_connection(name, connections, tags);
    if (removed)
      response.succeeded->push_back(name);
    else
      response.errors->emplace(name, error_detail(removed.error()));
  }
  return response;
}

}  // namespace

void add_connection_operations(aws::Service& service, Connections& connections, Tags& tags, const Clock& clock) {
  service.on<wire::CreateConnection>([&](const auto& request, const Context& context) {
    return create_connection(request, context, connections, tags, clock);
  });
  service.on<wire::GetConnection>(
      [&](const auto& request, const Context& context) { return get_connection(request, context, connections); });
  service.on<wire::GetConnections>(
      [&](const auto& request, const Context& context) { return get_connections(request, context, connections); });
  service.on<wire::UpdateConnection>(
      [&](const auto& request, const Context& context) { return update_connection(request, context, connections, clock); });
  service.on<wire::DeleteConnection>(
      [&](const auto& request, const Context& context) { return delete_connection(request, context, connections, tags); });
  service.on<wire::BatchDeleteConnection>(
      [&](const auto& request, const Context& context) { return batch_delete(request, context, connections, tags); });
}

}  // namespace mastic::glue
