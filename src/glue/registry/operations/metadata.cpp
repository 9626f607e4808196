// PutSchemaVersionMetadata, QuerySchemaVersionMetadata, RemoveSchemaVersionMetadata.
#include <algorithm>

#include "glue/operations.h"
#include "glue/registry/operations/registry_names.h"

namespace mastic::glue {
namespace {

namespace wire = aws::glue;
using namespace registry;
using Context = aws::CallContext;

/// What putting and removing an entry answer.
template <typename Operation>
Result<typename Operation::Response> change(const typename Operation::Request& request, const Context& context,
                                            Registry& registry,
                                            Result<void> (Registry::*act)(std::string_view, const std::string&,
                                                                          const std::string&)) {
  TRY(found, version_of(registry, request.schema_version_id, request.schema_id, request.schema_version_number));
  const auto& entry = request.metadata_key_value;
  if (!entry.metadata_key || !entry.metadata_value)
    return fail(error::invalid_input("MetadataKey and MetadataValue are needed."));
  const auto id = found.version.schema_version_id.value_or("");
  TRY_DO((registry.*act)(id, *entry.metadata_key, *entry.metadata_value));
  TRY(schema, registry.get_schema(found.schema));
  typename Operation::Response response;
  response.registry_name = found.schema.registry;
  response.schema_name = found.schema.schema;
  response.schema_arn = schema_arn(found.schema, context);
  response.latest_version = schema.latest_schema_version == found.version.version_number;
  response.version_number = found.version.version_number;
  response.schema_version_id = id;
  response.metadata_key = entry.metadata_key;
  response.metadata_value = entry.metadata_value;
  return response;
}

bool is_wanted(const Registry::Metadata& entry, const std::optional<std::vector<wire::MetadataKeyValuePair>>& asked) {
  return !asked || asked->empty() || std::ranges::any_of(*asked, [&](const auto& pair) {
    return (!pair.metadata_key || *pair.metadata_key == entry.key) &&
           (!pair.metadata_value || *pair.metadata_value == entry.value);
  });
}

Result<wire::QuerySchemaVersionMetadataResponse> query(const wire::QuerySchemaVersionMetadataInput& request,
                                                       Registry& registry) {
  TRY(found, version_of(registry, request.schema_version_id, request.schema_id, request.schema_version_number));
  TRY(entries, registry.metadata(found.version.schema_version_id.value_or("")));
  wire::QuerySchemaVersionMetadataResponse response;
  response.schema_version_id = found.version.schema_version_id;
  auto& map = response.metadata_info_map.emplace();
  for (const auto& entry : entries) {
    if (!is_wanted(entry, request.metadata_list)) continue;
    auto& info = map[entry.key];
    if (!info.metadata_value) {
      info.metadata_value = entry.value;
      info.created_time = entry.created;
      continue;
    }
    // A key's further values stand beside its first one.
    wire::OtherMetadataValueListItem other;
    other.metadata_value = entry.value;
    other.created_time = entry.created;
    if (!info.other_metadata_value_list) info.other_metadata_value_list.emplace();
    info.other_metadata_value_list->push_back(std::move(other));
  }
  return response;
}

}  // namespace

void add_schema_metadata_operations(aws::Service& service, Registry& registry) {
  service.on<wire::PutSchemaVersionMetadata>([&](const auto& request, const Context& context) {
    return change<wire::PutSchemaVersionMetadata>(request, context, registry, &Registry::put_metadata);
  });
  service.on<wire::RemoveSchemaVersionMetadata>([&](const auto& request, const Context& context) {
    return change<wire::RemoveSchemaVersionMetadata>(request, context, registry, &Registry::remove_metadata);
  });
  service.on<wire::QuerySchemaVersionMetadata>([&](const auto& request, const Context&) { return query(request, registry); });
}

}  // namespace mastic::glue
