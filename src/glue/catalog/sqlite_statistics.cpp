// Column statistics of tables and partitions.
#include <fmt/format.h>

#include <algorithm>

#include "aws/json.h"
#include "glue/catalog/partition_rows.h"
#include "glue/catalog/sqlite_catalog.h"
#include "glue/errors.h"
#include "glue/names.h"

namespace mastic::glue::catalog {
namespace {

/// What the statistics of a whole table stand under; no partition has this key.
constexpr std::string_view whole_table;

bool has_column(const wire::Table& table, std::string_view name) {
  const auto is_it = [&](const wire::Column& column) { return lower_name(column.name) == lower_name(name); };
  if (table.storage_descriptor && table.storage_descriptor->columns &&
      std::ranges::any_of(*table.storage_descriptor->columns, is_it))
    return true;
  return table.partition_keys && std::ranges::any_of(*table.partition_keys, is_it);
}

/// The member that the type names, and no other, holds the figures.
Result<void> check(const wire::ColumnStatistics& statistics, const wire::Table& table) {
  if (!has_column(table, statistics.column_name))
    return fail(Error{"EntityNotFoundException", fmt::format("Column {} not found.", statistics.column_name)});
  const auto& data = statistics.statistics_data;
  const std::pair<std::string_view, bool> members[] = {
      {"BOOLEAN", data.boolean_column_statistics_data.has_value()}, {"DATE", data.date_column_statistics_data.has_value()},
      {"DECIMAL", data.decimal_column_statistics_data.has_value()}, {"DOUBLE", data.double_column_statistics_data.has_value()},
      {"LONG", data.long_column_statistics_data.has_value()},       {"STRING", data.string_column_statistics_data.has_value()},
      {"BINARY", data.binary_column_statistics_data.has_value()}};
  for (const auto& [type, given] : members)
    if (given != (data.type == type))
      return fail(error::invalid_input(
          fmt::format("The statistics of column {} are not those of the type {}.", statistics.column_name, data.type)));
  return {};
}

Result<std::string> key_of(sqlite::Transaction& t, int64_t table_id, const std::optional<Values>& partition) {
  if (!partition) return std::string(whole_table);
  auto key = partition_key(*partition);
  TRY(rows, t.query("SELECT 1 FROM catalog_partition WHERE table_id = ? AND key = ?", table_id, key));
  if (rows.empty()) return fail(error::partition_not_found());
  return key;
}

}  // namespace

Result<std::vector<StatisticsFailure>> SqliteCatalog::put_statistics(std::string_view database, std::string_view table,
                                                                     const std::optional<Values>& partition,
                                                                     std::span<const wire::ColumnStatistics> statistics) {
  std::vector<StatisticsFailure> failures;
  TRY_DO(database_.transaction([&](sqlite::Transaction& t) -> Result<void> {
    TRY(row, require_table(t, database, table));
    TRY(owner, aws::from_json<wire::Table>(row.body));
    TRY(key, key_of(t, row.id, partition));
    for (const auto& of_column : statistics) {
      if (auto sound = check(of_column, owner); !sound) {
        failures.push_back({of_column, std::move(sound).error()});
        continue;
      }
      TRY_DO(
          t.run("INSERT INTO catalog_statistics(table_id, key, column_name, body) VALUES(?, ?, ?, ?) "
                "ON CONFLICT DO UPDATE SET body = excluded.body",
                row.id, key, lower_name(of_column.column_name), aws::to_json(of_column)));
    }
    return {};
  }));
  return failures;
}

Result<std::vector<wire::ColumnStatistics>> SqliteCatalog::find_statistics(std::string_view database, std::string_view table,
                                                                           const std::optional<Values>& partition,
                                                                           std::span<const std::string> columns) {
  std::vector<wire::ColumnStatistics> found;
  TRY_DO(database_.transaction([&](sqlite::Transaction& t) -> Result<void> {
    TRY(row, require_table(t, database, table));
    TRY(key, key_of(t, row.id, partition));
    for (const auto& column : columns) {
      TRY(rows, t.query("SELECT body FROM catalog_statistics WHERE table_id = ? AND key = ? AND column_name = ?", row.id, key,
                        lower_name(column)));
      if (rows.empty()) continue;
      TRY(statistics, aws::from_json<wire::ColumnStatistics>(rows[0].text(0)));
      found.push_back(std::move(statistics));
    }
    return {};
  }));
  return found;
}

Result<void> SqliteCatalog::delete_statistics(std::string_view database, std::string_view table,
                                              const std::optional<Values>& partition, std::string_view column) {
  return database_.transaction([&](sqlite::Transaction& t) -> Result<void> {
    TRY(row, require_table(t, database, table));
    TRY(key, key_of(t, row.id, partition));
    TRY(removed, t.run("DELETE FROM catalog_statistics WHERE table_id = ? AND key = ? AND column_name = ?", row.id, key,
                       lower_name(column)));
    if (removed == 0) return fail(error::statistics_not_found(column));
    return {};
  });
}

}  // namespace mastic::glue::catalog
