#include <charconv>

#include "aws/json.h"
#include "glue/catalog/name_pattern.h"
#include "glue/catalog/partition_index_rows.h"
#include "glue/catalog/sqlite_catalog.h"
#include "glue/errors.h"
#include "glue/names.h"

namespace mastic::glue::catalog {
namespace {

/// What a TableInput says; who keeps the table adds times, version and names.
wire::Table table_from(const wire::TableInput& input) {
  wire::Table table;
  table.name = lower_name(input.name);
  table.description = input.description;
  table.owner = input.owner;
  table.last_access_time = input.last_access_time;
  table.last_analyzed_time = input.last_analyzed_time;
  table.retention = input.retention.value_or(0);
  table.storage_descriptor = input.storage_descriptor;
  table.partition_keys = input.partition_keys.value_or(std::vector<wire::Column>{});
  table.view_original_text = input.view_original_text;
  table.view_expanded_text = input.view_expanded_text;
  table.table_type = input.table_type;
  table.parameters = input.parameters;
  table.target_table = input.target_table;
  table.federated_table = input.federated_table;
  table.is_registered_with_lake_formation = false;
  return table;
}

/// ViewDefinition comes in as another structure than it goes out, and needs a view engine behind it.
Result<void> check(const wire::TableInput& input) {
  if (input.view_definition) return fail(error::invalid_input("TableInput.ViewDefinition is not supported"));
  return {};
}

std::optional<int64_t> version_number(std::string_view text) {
  int64_t number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace

Result<SqliteCatalog::TableRow> SqliteCatalog::require_table(sqlite::Transaction& t, std::string_view database,
                                                             std::string_view name) {
  const auto lower_database = lower_name(database);
  TRY(rows, t.query("SELECT id, version, body FROM catalog_table WHERE database_name = ? AND name = ?", lower_database,
                    lower_name(name)));
  if (rows.empty()) {
    TRY_DO(require_database(t, lower_database));
    return fail(error::table_not_found(name));
  }
  return TableRow{rows[0].integer(0), rows[0].integer(1), rows[0].text(2)};
}

Result<void> SqliteCatalog::create_table(std::string_view database, const wire::TableInput& input, std::string_view created_by,
                                         std::span<const wire::PartitionIndex> indexes) {
  TRY_DO(check(input));
  const auto lower_database = lower_name(database);
  auto table = table_from(input);
  table.database_name = lower_database;
  table.create_time = clock_.now();
  table.update_time = table.create_time;
  table.created_by = created_by;
  table.version_id = "0";
  const auto body = aws::to_json(table);
  return database_.transaction([&](sqlite::Transaction& t) -> Result<void> {
    TRY_DO(require_database(t, lower_database));
    TRY(added, t.run("INSERT INTO catalog_table(database_name, name, version, body) VALUES(?, ?, 0, ?) ON CONFLICT DO NOTHING",
                     lower_database, table.name, body));
    if (added == 0) return fail(error::table_exists());
    if (indexes.empty()) return {};
    TRY(row, require_table(t, lower_database, table.name));
    for (const auto& index : indexes) TRY_DO(add_partition_index(t, row.id, table, index, index_active));
    return {};
  });
}

Result<std::optional<wire::Table>> SqliteCatalog::find_table(std::string_view database, std::string_view name) {
  const auto lower_database = lower_name(database);
  TRY(rows, database_.query("SELECT d.name, t.body FROM catalog_database d LEFT JOIN catalog_table t "
                            "ON t.database_name = d.name AND t.name = ? WHERE d.name = ?",
                            lower_name(name), lower_database));
  if (rows.empty()) return fail(error::database_not_found(database));
  if (rows[0].is_null(1)) return std::nullopt;
  return aws::from_json<wire::Table>(rows[0].text(1));
}

Result<Page<wire::Table>> SqliteCatalog::list_tables(std::string_view database, std::string_view pattern,
                                                     const PageRequest& page) {
  constexpr std::size_t chunk = 1000;
  TRY(name_pattern, NamePattern::parse(pattern));
  const auto lower_database = lower_name(database);
  Page<wire::Table> answer;
  TRY_DO(database_.transaction([&](sqlite::Transaction& t) -> Result<void> {
    TRY_DO(require_database(t, lower_database));
    std::string after = page.after;
    while (true) {
      TRY(names, t.query("SELECT name, id FROM catalog_table WHERE database_name = ? AND name > ? ORDER BY name LIMIT ?",
                         lower_database, after, chunk));
      for (const auto& row : names) {
        after = row.text(0);
        if (!name_pattern.matches(after)) continue;
        if (answer.entries.size() == page.limit) {
          answer.last_key = answer.entries.back().name;
          return {};
        }
        TRY(bodies, t.query("SELECT body FROM catalog_table WHERE id = ?", row.integer(1)));
        TRY(table, aws::from_json<wire::Table>(bodies.at(0).text(0)));
        answer.entries.push_back(std::move(table));
      }
      if (names.size() < chunk) return {};
    }
  }));
  return answer;
}

Result<void> SqliteCatalog::update_table(std::string_view database, const wire::TableInput& input, const TableUpdate& update) {
  TRY_DO(check(input));
  return database_.transaction([&](sqlite::Transaction& t) -> Result<void> {
    TRY(row, require_table(t, database, input.name));
    if (update.expected_version && *update.expected_version != std::to_string(row.version)) {
      return fail(error::table_version_mismatch());
    }
    TRY(before, aws::from_json<wire::Table>(row.body));
    auto table = table_from(input);
    table.database_name = before.database_name;
    table.create_time = before.create_time;
    table.created_by = before.created_by;
    table.update_time = clock_.now();
    TRY_DO(check_indexed_keys(t, row.id, before, table));
    const auto version = row.version + (update.keep_version ? 0 : 1);
    table.version_id = std::to_string(version);
    if (!update.skip_archive && !update.keep_version) {
      TRY_DO(
          t.run("INSERT INTO catalog_table_version(table_id, version, body) VALUES(?, ?, ?)", row.id, row.version, row.body));
    }
    TRY_DO(t.run("UPDATE catalog_table SET version = ?, body = ? WHERE id = ?", version, aws::to_json(table), row.id));
    return {};
  });
}

Result<void> SqliteCatalog::visit_tables(const std::function<Result<void>(wire::Table)>& visit) {
  constexpr std::size_t chunk = 500;
  std::string database;
  std::string name;
  while (true) {
    TRY(rows, database_.query("SELECT database_name, name, body FROM catalog_table WHERE (database_name, name) > (?, ?) "
                              "ORDER BY database_name, name LIMIT ?",
                              database, name, chunk));
    for (const auto& row : rows) {
      database = row.text(0);
      name = row.text(1);
      TRY(table, aws::from_json<wire::Table>(row.text(2)));
      TRY_DO(visit(std::move(table)));
    }
    if (rows.size() < chunk) return {};
  }
}

Result<void> SqliteCatalog::delete_table(std::string_view database, std::string_view name) {
  return database_.transaction([&](sqlite::Transaction& t) -> Result<void> {
    TRY(row, require_table(t, database, name));
    TRY_DO(t.run("DELETE FROM catalog_table WHERE id = ?", row.id));
    return {};
  });
}

Result<Page<wire::Table>> SqliteCatalog::list_table_versions(std::string_view database, std::string_view name,
                                                             const PageRequest& page) {
  Page<wire::Table> answer;
  TRY_DO(database_.transaction([&](sqlite::Transaction& t) -> Result<void> {
    TRY(row, require_table(t, database, name));
    const auto before = page.after.empty() ? std::optional<int64_t>(INT64_MAX) : version_number(page.after);
    if (!before) return fail(error::invalid_token());
    if (row.version < *before) {
      TRY(table, aws::from_json<wire::Table>(row.body));
      answer.entries.push_back(std::move(table));
    }
    TRY(versions,
        t.query("SELECT body FROM catalog_table_version WHERE table_id = ? AND version < ? ORDER BY version DESC LIMIT ?",
                row.id, *before, page.limit + 1));
    for (const auto& version : versions) {
      if (answer.entries.size() == page.limit) {
        answer.last_key = answer.entries.back().version_id.value_or("");
        return {};
      }
      TRY(table, aws::from_json<wire::Table>(version.text(0)));
      answer.entries.push_back(std::move(table));
    }
    return {};
  }));
  return answer;
}

Result<wire::Table> SqliteCatalog::get_table_version(std::string_view database, std::string_view name,
                                                     std::string_view version) {
  std::string body;
  TRY_DO(database_.transaction([&](sqlite::Transaction& t) -> Result<void> {
    TRY(row, require_table(t, database, name));
    const auto number = version_number(version);
    if (number == row.version) {
      body = row.body;
      return {};
    }
    TRY(rows, t.query("SELECT body FROM catalog_table_version WHERE table_id = ? AND version = ?", row.id, number));
    if (rows.empty()) return fail(error::table_version_not_found(version));
    body = rows[0].text(0);
    return {};
  }));
  return aws::from_json<wire::Table>(body);
}

Result<void> SqliteCatalog::delete_table_version(std::string_view database, std::string_view name, std::string_view version) {
  return database_.transaction([&](sqlite::Transaction& t) -> Result<void> {
    TRY(row, require_table(t, database, name));
    const auto number = version_number(version);
    if (number == row.version) {
      return fail(error::invalid_input("The newest version of a table cannot be deleted; delete the table instead."));
    }
    TRY(removed, t.run("DELETE FROM catalog_table_version WHERE table_id = ? AND version = ?", row.id, number));
    if (removed == 0) return fail(error::table_version_not_found(version));
    return {};
  });
}

}  // namespace mastic::glue::catalog
