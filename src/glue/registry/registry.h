// The schema registry: registries, their schemas, the schemas' versions with metadata, in `glue.db`.
//
// A version that is not compatible with its predecessors is kept in the state FAILURE, as in Glue. Which predecessors count is
// the compatibility mode's business: the last available one, or (…_ALL) all from the checkpoint on. Thread-safe; each call is
// one transaction. Speaks the generated structures, without ARNs: those name a region and are the operations' business.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aws/models/glue.h"
#include "base/clock.h"
#include "base/sqlite.h"
#include "glue/catalog/catalog.h"

namespace mastic::glue::registry {

namespace wire = mastic::aws::glue;

inline constexpr std::string_view default_registry = "default-registry";

struct SchemaName {
  std::string registry;
  std::string schema;
};

/// Which of a schema's versions.
struct VersionChoice {
  bool latest = false;
  int64_t number = 0;
};

struct StoredVersion {
  SchemaName schema;
  wire::GetSchemaVersionResponse version;
};

class Registry {
 public:
  Registry(sqlite::Database& database, const Clock& clock) : database_(database), clock_(clock) {}

  Result<void> create_registry(const std::string& name, const std::optional<std::string>& description);
  Result<wire::RegistryListItem> get_registry(std::string_view name);
  Result<catalog::Page<wire::RegistryListItem>> list_registries(const catalog::PageRequest& page);
  Result<void> update_registry(std::string_view name, const std::string& description);
  Result<void> remove_registry(std::string_view name);

  /// With the first version, when there is a definition. The default registry is made when it is needed.
  Result<std::optional<StoredVersion>> create_schema(const SchemaName& name, wire::GetSchemaResponse schema,
                                                     const std::optional<std::string>& definition);
  Result<wire::GetSchemaResponse> get_schema(const SchemaName& name);
  /// Of one registry, or of all when it is empty.
  Result<catalog::Page<wire::GetSchemaResponse>> list_schemas(std::string_view registry, const catalog::PageRequest& page);
  Result<void> update_schema(const SchemaName& name, const std::optional<std::string>& compatibility,
                             const std::optional<std::string>& description, const std::optional<VersionChoice>& checkpoint);
  Result<void> remove_schema(const SchemaName& name);

  /// The version of an equal definition that is there, or a new one.
  Result<StoredVersion> register_version(const SchemaName& name, const std::string& definition);
  Result<StoredVersion> find_version(const SchemaName& name, const VersionChoice& choice);
  Result<StoredVersion> find_version(std::string_view id);
  Result<StoredVersion> find_definition(const SchemaName& name, std::string_view definition);
  Result<catalog::Page<StoredVersion>> list_versions(const SchemaName& name, const catalog::PageRequest& page);
  Result<void> remove_version(const SchemaName& name, int64_t number);

  Result<void> put_metadata(std::string_view version_id, const std::string& key, const std::string& value);
  Result<void> remove_metadata(std::string_view version_id, const std::string& key, const std::string& value);
  struct Metadata {
    std::string key;
    std::string value;
    std::string created;
  };
  /// In the order in which they were put.
  Result<std::vector<Metadata>> metadata(std::string_view version_id);

 private:
  struct SchemaRow {
    int64_t id = 0;
    wire::GetSchemaResponse schema;
  };
  Result<SchemaRow> require_schema(sqlite::Transaction& t, const SchemaName& name);
  Result<void> save_schema(sqlite::Transaction& t, const SchemaRow& row);
  Result<StoredVersion> add_version(sqlite::Transaction& t, SchemaRow row, const SchemaName& name,
                                    const std::string& definition);
  Result<std::vector<StoredVersion>> versions_of(sqlite::Transaction& t, int64_t schema_id, const SchemaName& name);
  std::string now_text() const;

  sqlite::Database& database_;
  const Clock& clock_;
};

}  // namespace mastic::glue::registry
