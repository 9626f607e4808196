// How requests name registries and schemas, by name or ARN, and how answers do.
#pragma once

#include <fmt/format.h>

#include <optional>
#include <string>
#include <string_view>

#include "aws/service.h"
#include "glue/errors.h"
#include "glue/registry/registry.h"

namespace mastic::glue::registry {

inline std::string registry_arn(std::string_view name, const aws::CallContext& context) {
  return fmt::format("arn:aws:glue:{}:{}:registry/{}", context.region, context.account_id, name);
}
inline std::string schema_arn(const SchemaName& name, const aws::CallContext& context) {
  return fmt::format("arn:aws:glue:{}:{}:schema/{}/{}", context.region, context.account_id, name.registry, name.schema);
}

/// The default registry when nothing is named.
inline Result<std::string> registry_of(const std::optional<wire::RegistryId>& id) {
  if (!id || (!id->registry_name && !id->registry_arn)) return std::string(default_registry);
  if (id->registry_name && id->registry_arn)
    return fail(error::invalid_input("One of registryName or registryArn has to be provided, both cannot be provided."));
  if (id->registry_name) return *id->registry_name;
  const auto at = id->registry_arn->find(":registry/");
  if (at == std::string::npos) return fail(error::invalid_input("This is no registry's ARN: " + *id->registry_arn));
  return id->registry_arn->substr(at + 10);
}

inline Result<SchemaName> schema_of(const wire::SchemaId& id) {
  if (id.schema_arn) {
    if (id.schema_name || id.registry_name)
      return fail(error::invalid_input("One of (registryName and schemaName) or schemaArn has to be provided."));
    const auto at = id.schema_arn->find(":schema/");
    const auto slash = at == std::string::npos ? at : id.schema_arn->find('/', at + 8);
    if (slash == std::string::npos) return fail(error::invalid_input("This is no schema's ARN: " + *id.schema_arn));
    return SchemaName{id.schema_arn->substr(at + 8, slash - at - 8), id.schema_arn->substr(slash + 1)};
  }
  if (!id.schema_name)
    return fail(error::invalid_input("One of (registryName and schemaName) or schemaArn has to be provided."));
  return SchemaName{id.registry_name.value_or(std::string(default_registry)), *id.schema_name};
}

inline Result<VersionChoice> choice_of(const wire::SchemaVersionNumber& number) {
  const bool latest = number.latest_version.value_or(false);
  if (latest == number.version_number.has_value())
    return fail(error::invalid_input("One of version number or latest version has to be provided."));
  return VersionChoice{latest, number.version_number.value_or(0)};
}

/// The version that a request names by its id, or as a schema's.
inline Result<StoredVersion> version_of(Registry& registry, const std::optional<std::string>& id,
                                        const std::optional<wire::SchemaId>& schema,
                                        const std::optional<wire::SchemaVersionNumber>& number) {
  if (id) return registry.find_version(*id);
  if (!schema || !number)
    return fail(error::invalid_input("One of schemaVersionId, or schemaId with schemaVersionNumber, has to be provided."));
  TRY(name, schema_of(*schema));
  TRY(choice, choice_of(*number));
  return registry.find_version(name, choice);
}

}  // namespace mastic::glue::registry
