#include "glue/registry/registry.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>

#include "aws/json.h"
#include "base/identifiers.h"
#include "glue/errors.h"
#include "glue/registry/schema_format.h"

namespace mastic::glue::registry {
namespace {

Error registry_not_found(std::string_view name) {
  return {"EntityNotFoundException", fmt::format("Registry is not found. RegistryName: {}", name)};
}
Error schema_not_found(const SchemaName& name) {
  return {"EntityNotFoundException",
          fmt::format("Schema is not found. RegistryName: {}, SchemaName: {}", name.registry, name.schema)};
}
Error version_not_found() { return {"EntityNotFoundException", "Schema version is not found."}; }

Result<void> require_registry(sqlite::Transaction& t, std::string_view name) {
  TRY(rows, t.query("SELECT 1 FROM schema_registry WHERE name = ?", name));
  if (rows.empty()) return fail(registry_not_found(name));
  return {};
}

Result<std::optional<std::string>> flaw_between(Format format, std::string_view mode, const std::string& definition,
                                                const std::string& before) {
  const bool backward = mode.starts_with("BACKWARD") || mode.starts_with("FULL");
  const bool forward = mode.starts_with("FORWARD") || mode.starts_with("FULL");
  if (backward)
    if (auto flaw = unreadable(format, definition, before)) return flaw;
  if (forward)
    if (auto flaw = unreadable(format, before, definition)) return flaw;
  return std::optional<std::string>{};
}

}  // namespace

std::string Registry::now_text() const {
  const auto now = clock_.now();
  const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count() % 1000;
  const auto seconds = std::chrono::floor<std::chrono::seconds>(now);
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", fmt::gmtime(std::chrono::system_clock::to_time_t(seconds)), milliseconds);
}

Result<void> Registry::create_registry(const std::string& name, const std::optional<std::string>& description) {
  wire::RegistryListItem item;
  item.registry_name = name;
  item.description = description;
  item.status = "AVAILABLE";
  item.created_time = now_text();
  item.updated_time = item.created_time;
  TRY(added,
      database_.run("INSERT INTO schema_registry(name, body) VALUES(?, ?) ON CONFLICT DO NOTHING", name, aws::to_json(item)));
  if (added == 0) return fail(Error{"AlreadyExistsException", fmt::format("Registry already exists. RegistryName: {}", name)});
  return {};
}

Result<wire::RegistryListItem> Registry::get_registry(std::string_view name) {
  TRY(rows, database_.query("SELECT body FROM schema_registry WHERE name = ?", name));
  if (rows.empty()) return fail(registry_not_found(name));
  return aws::from_json<wire::RegistryListItem>(rows[0].text(0));
}

Result<catalog::Page<wire::RegistryListItem>> Registry::list_registries(const catalog::PageRequest& page) {
  TRY(rows,
      database_.query("SELECT body FROM schema_registry WHERE name > ? ORDER BY name LIMIT ?", page.after, page.limit + 1));
  catalog::Page<wire::RegistryListItem> answer;
  for (const auto& row : rows) {
    if (answer.entries.size() == page.limit) {
      answer.last_key = answer.entries.back().registry_name.value_or("");
      break;
    }
    TRY(item, aws::from_json<wire::RegistryListItem>(row.text(0)));
    answer.entries.push_back(std::move(item));
  }
  return answer;
}

Result<void> Registry::update_registry(std::string_view name, const std::string& description) {
  TRY(item, get_registry(name));
  item.description = description;
  item.updated_time = now_text();
  TRY_DO(database_.run("UPDATE schema_registry SET body = ? WHERE name = ?", aws::to_json(item), name));
  return {};
}

Result<void> Registry::remove_registry(std::string_view name) {
  TRY(removed, database_.run("DELETE FROM schema_registry WHERE name = ?", name));
  if (removed == 0) return fail(registry_not_found(name));
  return {};
}

Result<Registry::SchemaRow> Registry::require_schema(sqlite::Transaction& t, const SchemaName& name) {
  TRY(rows, t.query("SELECT id, body FROM registry_schema WHERE registry = ? AND name = ?", name.registry, name.schema));
  if (rows.empty()) return fail(schema_not_found(name));
  TRY(schema, aws::from_json<wire::GetSchemaResponse>(rows[0].text(1)));
  return SchemaRow{rows[0].integer(0), std::move(schema)};
}

Result<void> Registry::save_schema(sqlite::Transaction& t, const SchemaRow& row) {
  TRY_DO(t.run("UPDATE registry_schema SET body = ? WHERE id = ?", aws::to_json(row.schema), row.id));
  return {};
}

Result<std::optional<StoredVersion>> Registry::create_schema(const SchemaName& name, wire::GetSchemaResponse schema,
                                                             const std::optional<std::string>& definition) {
  schema.registry_name = name.registry;
  schema.schema_name = name.schema;
  schema.schema_status = "AVAILABLE";
  schema.created_time = now_text();
  schema.updated_time = schema.created_time;
  schema.schema_checkpoint = 1;
  schema.next_schema_version = 1;
  std::optional<StoredVersion> first;
  if (name.registry == default_registry) {
    const auto made = create_registry(name.registry, "Default registry");
    if (!made && made.error().code != "AlreadyExistsException") return fail(made.error());
  }
  TRY_DO(database_.transaction([&](sqlite::Transaction& t) -> Result<void> {
    TRY_DO(require_registry(t, name.registry));
    TRY(added, t.query("INSERT INTO registry_schema(registry, name, body) VALUES(?, ?, ?) ON CONFLICT DO NOTHING RETURNING id",
                       name.registry, name.schema, aws::to_json(schema)));
    if (added.empty())
      return fail(Error{"AlreadyExistsException",
                        fmt::format("Schema already exists. RegistryName: {}, SchemaName: {}", name.registry, name.schema)});
    if (!definition) return {};
    TRY(version, add_version(t, {added[0].integer(0), schema}, name, *definition));
    first = std::move(version);
    return {};
  }));
  return first;
}

Result<wire::GetSchemaResponse> Registry::get_schema(const SchemaName& name) {
  wire::GetSchemaResponse schema;
  TRY_DO(database_.transaction([&](sqlite::Transaction& t) -> Result<void> {
    TRY(row, require_schema(t, name));
    schema = std::move(row.schema);
    return {};
  }));
  return schema;
}

Result<catalog::Page<wire::GetSchemaResponse>> Registry::list_schemas(std::string_view registry,
                                                                      const catalog::PageRequest& page) {
  catalog::Page<wire::GetSchemaResponse> answer;
  TRY_DO(database_.transaction([&](sqlite::Transaction& t) -> Result<void> {
    if (!registry.empty()) TRY_DO(require_registry(t, registry));
    TRY(rows, t.query("SELECT registry || '/' || name AS key, body FROM registry_schema WHERE (?1 = '' OR registry = ?1) "
                      "AND key > ?2 ORDER BY key LIMIT ?3",
                      registry, page.after, page.limit + 1));
    std::string last;
    for (const auto& row : rows) {
      if (answer.entries.size() == page.limit) {
        answer.last_key = last;
        break;
      }
      last = row.text(0);
      TRY(schema, aws::from_json<wire::GetSchemaResponse>(row.text(1)));
      answer.entries.push_back(std::move(schema));
    }
    return {};
  }));
  return answer;
}

Result<void> Registry::update_schema(const SchemaName& name, const std::optional<std::string>& compatibility,
                                     const std::optional<std::string>& description,
                                     const std::optional<VersionChoice>& checkpoint) {
  return database_.transaction([&](sqlite::Transaction& t) -> Result<void> {
    TRY(row, require_schema(t, name));
    if (compatibility) row.schema.compatibility = compatibility;
    if (description) row.schema.description = description;
    if (checkpoint) {
      TRY(versions, versions_of(t, row.id, name));
      const auto number = checkpoint->latest ? row.schema.latest_schema_version.value_or(0) : checkpoint->number;
      if (std::ranges::none_of(versions, [&](const auto& each) { return each.version.version_number == number; }))
        return fail(version_not_found());
      row.schema.schema_checkpoint = number;
    }
    row.schema.updated_time = now_text();
    return save_schema(t, row);
  });
}

Result<void> Registry::remove_schema(const SchemaName& name) {
  return database_.transaction([&](sqlite::Transaction& t) -> Result<void> {
    TRY(row, require_schema(t, name));
    TRY_DO(t.run("DELETE FROM registry_schema WHERE id = ?", row.id));
    return {};
  });
}

Result<std::vector<StoredVersion>> Registry::versions_of(sqlite::Transaction& t, int64_t schema_id, const SchemaName& name) {
  TRY(rows, t.query("SELECT body FROM registry_version WHERE schema_id = ? ORDER BY number", schema_id));
  std::vector<StoredVersion> versions;
  for (const auto& row : rows) {
    TRY(version, aws::from_json<wire::GetSchemaVersionResponse>(row.text(0)));
    versions.push_back({name, std::move(version)});
  }
  return versions;
}

Result<StoredVersion> Registry::add_version(sqlite::Transaction& t, SchemaRow row, const SchemaName& name,
                                            const std::string& definition) {
  const auto format = *format_of(row.schema.data_format.value_or(""));
  if (const auto flaw = flaw_of(format, definition))
    return fail(error::invalid_input(
        fmt::format("Schema definition of {} data format is invalid: {}", *row.schema.data_format, *flaw)));
  TRY(before, versions_of(t, row.id, name));
  for (auto& version : before)
    if (version.version.status == "AVAILABLE" && same_schema(format, *version.version.schema_definition, definition))
      return std::move(version);
  const auto mode = row.schema.compatibility.value_or("NONE");
  if (mode == "DISABLED" && !before.empty())
    return fail(
        error::invalid_input(fmt::format("Compatibility DISABLED does not allow versioning. SchemaName: {}", name.schema)));

  StoredVersion added{name, {}};
  added.version.schema_version_id = random_uuid();
  added.version.schema_definition = definition;
  added.version.data_format = row.schema.data_format;
  added.version.version_number = row.schema.next_schema_version.value_or(1);
  added.version.created_time = now_text();
  added.version.status = "AVAILABLE";
  // From the newest back: the last available one, or all of them down to the checkpoint.
  for (auto version = before.rbegin(); version != before.rend(); ++version) {
    if (version->version.status != "AVAILABLE") continue;
    if (version->version.version_number < row.schema.schema_checkpoint) break;
    TRY(flaw, flaw_between(format, mode, definition, *version->version.schema_definition));
    if (flaw) {
      added.version.status = "FAILURE";
      break;
    }
    if (!mode.ends_with("_ALL")) break;
  }
  TRY_DO(t.run("INSERT INTO registry_version(id, schema_id, number, body) VALUES(?, ?, ?, ?)", *added.version.schema_version_id,
               row.id, *added.version.version_number, aws::to_json(added.version)));
  row.schema.next_schema_version = *added.version.version_number + 1;
  if (added.version.status == "AVAILABLE") row.schema.latest_schema_version = added.version.version_number;
  TRY_DO(save_schema(t, row));
  return added;
}

Result<StoredVersion> Registry::register_version(const SchemaName& name, const std::string& definition) {
  std::optional<StoredVersion> registered;
  TRY_DO(database_.transaction([&](sqlite::Transaction& t) -> Result<void> {
    TRY(row, require_schema(t, name));
    TRY(version, add_version(t, std::move(row), name, definition));
    registered = std::move(version);
    return {};
  }));
  return std::move(*registered);
}

Result<StoredVersion> Registry::find_version(const SchemaName& name, const VersionChoice& choice) {
  std::optional<StoredVersion> found;
  TRY_DO(database_.transaction([&](sqlite::Transaction& t) -> Result<void> {
    TRY(row, require_schema(t, name));
    TRY(versions, versions_of(t, row.id, name));
    const auto number = choice.latest ? row.schema.latest_schema_version.value_or(0) : choice.number;
    for (auto& version : versions)
      if (version.version.version_number == number) found = std::move(version);
    return {};
  }));
  if (!found) return fail(version_not_found());
  return std::move(*found);
}

Result<StoredVersion> Registry::find_version(std::string_view id) {
  TRY(rows,
      database_.query("SELECT s.registry, s.name, v.body FROM registry_version v JOIN registry_schema s ON s.id = v.schema_id "
                      "WHERE v.id = ?",
                      id));
  if (rows.empty()) return fail(version_not_found());
  TRY(version, aws::from_json<wire::GetSchemaVersionResponse>(rows[0].text(2)));
  return StoredVersion{{rows[0].text(0), rows[0].text(1)}, std::move(version)};
}

Result<StoredVersion> Registry::find_definition(const SchemaName& name, std::string_view definition) {
  std::optional<StoredVersion> found;
  TRY_DO(database_.transaction([&](sqlite::Transaction& t) -> Result<void> {
    TRY(row, require_schema(t, name));
    TRY(versions, versions_of(t, row.id, name));
    const auto format = *format_of(row.schema.data_format.value_or(""));
    for (auto& version : versions)
      if (!found && same_schema(format, *version.version.schema_definition, definition)) found = std::move(version);
    return {};
  }));
  if (!found) return fail(version_not_found());
  return std::move(*found);
}

Result<catalog::Page<StoredVersion>> Registry::list_versions(const SchemaName& name, const catalog::PageRequest& page) {
  catalog::Page<StoredVersion> answer;
  TRY_DO(database_.transaction([&](sqlite::Transaction& t) -> Result<void> {
    TRY(row, require_schema(t, name));
    TRY(versions, versions_of(t, row.id, name));
    for (auto& version : versions) {
      const auto key = fmt::format("{:020}", version.version.version_number.value_or(0));
      if (key <= page.after) continue;
      if (answer.entries.size() == page.limit) {
        answer.last_key = fmt::format("{:020}", answer.entries.back().version.version_number.value_or(0));
        break;
      }
      answer.entries.push_back(std::move(version));
    }
    return {};
  }));
  return answer;
}

Result<void> Registry::remove_version(const SchemaName& name, int64_t number) {
  return database_.transaction([&](sqlite::Transaction& t) -> Result<void> {
    TRY(row, require_schema(t, name));
    if (row.schema.schema_checkpoint == number && row.schema.compatibility != "NONE")
      return fail(
          error::invalid_input(fmt::format("The checkpoint version {} cannot be deleted; delete the schema instead.", number)));
    TRY(removed, t.run("DELETE FROM registry_version WHERE schema_id = ? AND number = ?", row.id, number));
    if (removed == 0) return fail(version_not_found());
    TRY(versions, versions_of(t, row.id, name));
    row.schema.latest_schema_version.reset();
    for (const auto& version : versions)
      if (version.version.status == "AVAILABLE") row.schema.latest_schema_version = version.version.version_number;
    return save_schema(t, row);
  });
}

Result<void> Registry::put_metadata(std::string_view version_id, const std::string& key, const std::string& value) {
  TRY(added,
      database_.run("INSERT INTO registry_metadata(version_id, key, value, created) VALUES(?, ?, ?, ?) ON CONFLICT DO NOTHING",
                    version_id, key, value, now_text()));
  if (added == 0) return fail(Error{"AlreadyExistsException", fmt::format("Metadata already exists: {} = {}", key, value)});
  return {};
}

Result<void> Registry::remove_metadata(std::string_view version_id, const std::string& key, const std::string& value) {
  TRY(removed,
      database_.run("DELETE FROM registry_metadata WHERE version_id = ? AND key = ? AND value = ?", version_id, key, value));
  if (removed == 0) return fail(Error{"EntityNotFoundException", fmt::format("Metadata is not found: {} = {}", key, value)});
  return {};
}

Result<std::vector<Registry::Metadata>> Registry::metadata(std::string_view version_id) {
  TRY(rows,
      database_.query("SELECT key, value, created FROM registry_metadata WHERE version_id = ? ORDER BY number", version_id));
  std::vector<Metadata> entries;
  for (const auto& row : rows) entries.push_back({row.text(0), row.text(1), row.text(2)});
  return entries;
}

}  // namespace mastic::glue::registry
