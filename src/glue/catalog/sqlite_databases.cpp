#include "aws/json.h"
#include "glue/catalog/sqlite_catalog.h"
#include "glue/errors.h"
#include "glue/names.h"

namespace mastic::glue::catalog {
namespace {

wire::Database database_from(const wire::DatabaseInput& input, std::string name, std::optional<Instant> created) {
  wire::Database database;
  database.name = std::move(name);
  database.description = input.description;
  database.location_uri = input.location_uri;
  database.parameters = input.parameters;
  database.create_time = created;
  database.create_table_default_permissions = input.create_table_default_permissions;
  database.target_database = input.target_database;
  database.federated_database = input.federated_database;
  return database;
}

}  // namespace

Result<void> SqliteCatalog::require_database(sqlite::Transaction& t, std::string_view lower_database) {
  TRY(rows, t.query("SELECT 1 FROM catalog_database WHERE name = ?", lower_database));
  if (rows.empty()) return fail(error::database_not_found(lower_database));
  return {};
}

Result<void> SqliteCatalog::create_database(const wire::DatabaseInput& input) {
  const auto name = lower_name(input.name);
  const auto body = aws::to_json(database_from(input, name, clock_.now()));
  return database_.transaction([&](sqlite::Transaction& t) -> Result<void> {
    TRY(added, t.run("INSERT INTO catalog_database(name, body) VALUES(?, ?) ON CONFLICT DO NOTHING", name, body));
    if (added == 0) return fail(error::database_exists());
    return {};
  });
}

Result<std::optional<wire::Database>> SqliteCatalog::find_database(std::string_view name) {
  TRY(rows, database_.query("SELECT body FROM catalog_database WHERE name = ?", lower_name(name)));
  if (rows.empty()) return std::nullopt;
  return aws::from_json<wire::Database>(rows[0].text(0));
}

Result<Page<wire::Database>> SqliteCatalog::list_databases(const PageRequest& page) {
  TRY(rows, database_.query("SELECT name, body FROM catalog_database WHERE name > ? ORDER BY name LIMIT ?", page.after,
                            page.limit + 1));
  Page<wire::Database> answer;
  for (const auto& row : rows) {
    if (answer.entries.size() == page.limit) {
      answer.last_key = lower_name(answer.entries.back().name);
      break;
    }
    TRY(database, aws::from_json<wire::Database>(row.text(1)));
    answer.entries.push_back(std::move(database));
  }
  return answer;
}

Result<void> SqliteCatalog::update_database(std::string_view name, const wire::DatabaseInput& input) {
  const auto lowered = lower_name(name);
  if (lower_name(input.name) != lowered) {
    return fail(error::invalid_input("A database cannot be renamed: DatabaseInput.Name must be the database's name."));
  }
  return database_.transaction([&](sqlite::Transaction& t) -> Result<void> {
    TRY(rows, t.query("SELECT body FROM catalog_database WHERE name = ?", lowered));
    if (rows.empty()) return fail(error::database_not_found(name));
    TRY(before, aws::from_json<wire::Database>(rows[0].text(0)));
    const auto body = aws::to_json(database_from(input, lowered, before.create_time));
    TRY_DO(t.run("UPDATE catalog_database SET body = ? WHERE name = ?", body, lowered));
    return {};
  });
}

Result<void> SqliteCatalog::delete_database(std::string_view name) {
  return database_.transaction([&](sqlite::Transaction& t) -> Result<void> {
    TRY(removed, t.run("DELETE FROM catalog_database WHERE name = ?", lower_name(name)));
    if (removed == 0) return fail(error::database_not_found(name));
    TRY_DO(t.run("DELETE FROM tag WHERE resource = ?", "database/" + lower_name(name)));
    return {};
  });
}

}  // namespace mastic::glue::catalog
