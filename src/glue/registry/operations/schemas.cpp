// CreateSchema, GetSchema, ListSchemas, UpdateSchema, DeleteSchema.
#include "glue/catalog/operations/answers.h"
#include "glue/operations.h"
#include "glue/registry/operations/registry_names.h"
#include "glue/tags.h"

namespace mastic::glue {
namespace {

namespace wire = aws::glue;
using namespace registry;
using Context = aws::CallContext;

Result<wire::CreateSchemaResponse> create(const wire::CreateSchemaInput& request, const Context& context, Registry& registry,
                                          Tags& tags) {
  TRY(in, registry_of(request.registry_id));
  const SchemaName name{in, request.schema_name};
  wire::GetSchemaResponse schema;
  schema.data_format = request.data_format;
  schema.compatibility = request.compatibility.value_or("BACKWARD");
  schema.description = request.description;
  TRY(first, registry.create_schema(name, schema, request.schema_definition));
  if (request.tags) TRY_DO(tags.add(fmt::format("schema/{}/{}", name.registry, name.schema), *request.tags));
  TRY(made, registry.get_schema(name));
  wire::CreateSchemaResponse response;
  response.registry_name = name.registry;
  response.registry_arn = registry_arn(name.registry, context);
  response.schema_name = name.schema;
  response.schema_arn = schema_arn(name, context);
  response.description = made.description;
  response.data_format = made.data_format;
  response.compatibility = made.compatibility;
  response.schema_checkpoint = made.schema_checkpoint;
  response.latest_schema_version = made.latest_schema_version;
  response.next_schema_version = made.next_schema_version;
  response.schema_status = made.schema_status;
  response.tags = request.tags;
  if (first) {
    response.schema_version_id = first->version.schema_version_id;
    response.schema_version_status = first->version.status;
  }
  return response;
}

Result<wire::GetSchemaResponse> get(const wire::GetSchemaInput& request, const Context& context, Registry& registry) {
  TRY(name, schema_of(request.schema_id));
  TRY(schema, registry.get_schema(name));
  schema.registry_arn = registry_arn(name.registry, context);
  schema.schema_arn = schema_arn(name, context);
  return schema;
}

Result<wire::ListSchemasResponse> list(const wire::ListSchemasInput& request, const Context& context, Registry& registry) {
  std::string in;
  if (request.registry_id) {
    TRY(named, registry_of(request.registry_id));
    in = named;
  }
  TRY(page, catalog::page_request(request.next_token, request.max_results, 100));
  TRY(found, registry.list_schemas(in, page));
  wire::ListSchemasResponse response;
  response.next_token = catalog::next_token(found);
  response.schemas.emplace();
  for (const auto& schema : found.entries) {
    wire::SchemaListItem item;
    item.registry_name = schema.registry_name;
    item.schema_name = schema.schema_name;
    item.schema_arn = schema_arn({schema.registry_name.value_or(""), schema.schema_name.value_or("")}, context);
    item.description = schema.description;
    item.schema_status = schema.schema_status;
    item.created_time = schema.created_time;
    item.updated_time = schema.updated_time;
    response.schemas->push_back(std::move(item));
  }
  return response;
}

Result<wire::UpdateSchemaResponse> update(const wire::UpdateSchemaInput& request, const Context& context, Registry& registry) {
  TRY(name, schema_of(request.schema_id));
  if (!request.schema_version_number && !request.compatibility)
    return fail(error::invalid_input("One of VersionNumber or Compatibility has to be provided."));
  std::optional<VersionChoice> checkpoint;
  if (request.schema_version_number) {
    TRY(choice, choice_of(*request.schema_version_number));
    checkpoint = choice;
  }
  TRY_DO(registry.update_schema(name, request.compatibility, request.description, checkpoint));
  wire::UpdateSchemaResponse response;
  response.registry_name = name.registry;
  response.schema_name = name.schema;
  response.schema_arn = schema_arn(name, context);
  return response;
}

Result<wire::DeleteSchemaResponse> remove(const wire::DeleteSchemaInput& request, const Context& context, Registry& registry) {
  TRY(name, schema_of(request.schema_id));
  TRY_DO(registry.remove_schema(name));
  wire::DeleteSchemaResponse response;
  response.schema_name = name.schema;
  response.schema_arn = schema_arn(name, context);
  response.status = "DELETING";
  return response;
}

}  // namespace

void add_schema_operations(aws::Service& service, Registry& registry, Tags& tags) {
  service.on<wire::CreateSchema>(
      [&](const auto& request, const Context& context) { return create(request, context, registry, tags); });
  service.on<wire::GetSchema>([&](const auto& request, const Context& context) { return get(request, context, registry); });
  service.on<wire::ListSchemas>([&](const auto& request, const Context& context) { return list(request, context, registry); });
  service.on<wire::UpdateSchema>(
      [&](const auto& request, const Context& context) { return update(request, context, registry); });
  service.on<wire::DeleteSchema>(
      [&](const auto& request, const Context& context) { return remove(request, context, registry); });
}

}  // namespace mastic::glue
