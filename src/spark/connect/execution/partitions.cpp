#include "spark/connect/execution/partitions.h"

#include <fmt/format.h>

#include <algorithm>

#include "spark/analyze/table_entry.h"
#include "spark/connect/execution/catalog_lists.h"
#include "spark/connect/execution/names.h"
#include "spark/lower/folders.h"
#include "spark/lower/partition_values.h"

namespace mastic::spark_connect {
namespace {

namespace sql = spark::sql;
using spark::SparkResult;

std::string default_location(const engine::CatalogTable& table, const std::vector<std::string>& values) {
  std::string folder;
  for (std::size_t i = 0; i < table.partition_keys.size() && i < values.size(); ++i) {
    folder += (folder.empty() ? "" : "/") + spark::escape_partition_text(table.partition_keys[i].name) + "=" +
              (values[i] == spark::hive_default_partition ? values[i] : spark::escape_partition_text(values[i]));
  }
  return spark::below_folder(table.location, folder);
}

std::vector<std::string> values_of(const engine::CatalogTable& table, const FixedValues& fixed) {
  std::vector<std::string> values;
  for (const auto& key : table.partition_keys) {
    const auto found = fixed.find(to_lower(key.name));
    values.push_back(found == fixed.end() || !found->second || found->second->empty()
                         ? std::string(spark::hive_default_partition)
                         : *found->second);
  }
  return values;
}

bool compare(const std::string& have, const std::string& comparison, const std::string& want) {
  // Numbers by value, all else by text.
  char* end_have = nullptr;
  char* end_want = nullptr;
  const double left = std::strtod(have.c_str(), &end_have);
  const double right = std::strtod(want.c_str(), &end_want);
  const bool numbers = !have.empty() && !want.empty() && *end_have == '\0' && *end_want == '\0';
  const int order = numbers ? (left < right ? -1 : left > right ? 1 : 0) : have.compare(want);
  if (comparison == "=") return order == 0;
  if (comparison == "<>") return order != 0;
  if (comparison == "<") return order < 0;
  if (comparison == "<=") return order <= 0;
  if (comparison == ">") return order > 0;
  return order >= 0;
}

SparkResult<std::vector<engine::CatalogPartition>> all_partitions(const Session& session, const engine::CatalogTable& table) {
  TRY(catalog, catalog_of(session));
  auto listed = catalog->list_partitions(table.database, table.name, "");
  if (!listed) return fail(spark::from_store_error(listed.error()));
  return *std::move(listed);
}

spark::SparkError not_found(const engine::CatalogTable& table, const std::vector<std::string>& values) {
  return spark::analysis_error("PARTITIONS_NOT_FOUND", {{"partitionList", "PARTITION (" + partition_text(table, values) + ")"},
                                                        {"tableName", quoted_full(table)}});
}

}  // namespace

bool partition_matches(const engine::CatalogTable& table, const engine::CatalogPartition& partition,
                       const FixedValues& values) {
  for (std::size_t i = 0; i < table.partition_keys.size() && i < partition.values.size(); ++i) {
    const auto wanted = values.find(to_lower(table.partition_keys[i].name));
    if (wanted == values.end()) continue;
    const bool is_null = partition.values[i] == spark::hive_default_partition;
    if (!wanted->second ? !is_null : is_null || !compare(partition.values[i], "=", *wanted->second)) return false;
  }
  return true;
}

std::string partition_text(const engine::CatalogTable& table, const std::vector<std::string>& values) {
  std::string text;
  auto schema = spark::schema_of_table(table);
  for (std::size_t i = 0; i < table.partition_keys.size() && i < values.size(); ++i) {
    const auto& name = schema && i < schema->partitions.size() ? schema->partitions[i].name : table.partition_keys[i].name;
    text += (i == 0 ? "" : "/") + spark::escape_partition_text(name) + "=" +
            (values[i] == spark::hive_default_partition ? values[i] : spark::escape_partition_text(values[i]));
  }
  return text;
}

SparkResult<void> check_partitioned(const engine::CatalogTable& table, std::string_view operation) {
  if (!table.partition_keys.empty()) return {};
  return fail(spark::analysis_error("NOT_A_PARTITIONED_TABLE",
                                    {{"operation", std::string(operation)}, {"tableIdentWithDB", quoted_full(table)}}));
}

SparkResult<FixedValues> fixed_values(const engine::CatalogTable& table, const sql::PartitionSpec& spec, bool whole) {
  FixedValues values;
  for (const auto& part : spec) {
    const bool known =
        std::ranges::any_of(table.partition_keys, [&](const auto& key) { return to_lower(key.name) == to_lower(part.name); });
    if (!known) return fail(spark::analysis_error("NON_PARTITION_COLUMN", {{"columnName", quoted({part.name})}}));
    if (!part.value && !part.is_null) continue;
    values[to_lower(part.name)] = part.is_null ? std::nullopt : part.value;
  }
  if (whole && values.size() != table.partition_keys.size()) {
    std::vector<std::string> keys;
    std::vector<std::string> given;
    for (const auto& key : table.partition_keys) keys.push_back(key.name);
    for (const auto& part : spec) given.push_back(part.name);
    return fail(
        spark::analysis_error("_LEGACY_ERROR_TEMP_1232", {{"specKeys", fmt::format("{}", fmt::join(given, ", "))},
                                                          {"partitionColumnNames", fmt::format("{}", fmt::join(keys, ", "))},
                                                          {"tableName", quoted_full(table)}}));
  }
  return values;
}

SparkResult<std::vector<engine::CatalogPartition>> matching_partitions(const Session& session,
                                                                       const engine::CatalogTable& table,
                                                                       const sql::PartitionSpec& spec) {
  TRY_DO(fixed_values(table, spec, false));
  TRY(partitions, all_partitions(session, table));
  std::erase_if(partitions, [&](const engine::CatalogPartition& partition) {
    for (const auto& part : spec) {
      for (std::size_t i = 0; i < table.partition_keys.size() && i < partition.values.size(); ++i) {
        if (to_lower(table.partition_keys[i].name) != to_lower(part.name)) continue;
        const bool is_null = partition.values[i] == spark::hive_default_partition;
        if (part.is_null && !is_null) return true;
        if (part.value && (is_null || !compare(partition.values[i], part.comparison, *part.value))) return true;
      }
    }
    return false;
  });
  return std::move(partitions);
}

SparkResult<void> add_partitions(Session& session, const engine::CatalogTable& table, const sql::AddPartitions& action) {
  TRY_DO(check_partitioned(table, "ALTER TABLE ... ADD PARTITION"));
  TRY(catalog, catalog_of(session));
  TRY(known, all_partitions(session, table));
  std::vector<engine::CatalogPartition> added;
  for (const auto& partition : action.partitions) {
    TRY(fixed, fixed_values(table, partition.spec, true));
    auto values = values_of(table, fixed);
    if (std::ranges::any_of(known, [&](const auto& other) { return other.values == values; })) {
      if (action.if_not_exists) continue;
      return fail(spark::analysis_error(
          "PARTITIONS_ALREADY_EXIST",
          {{"partitionList", "PARTITION (" + partition_text(table, values) + ")"}, {"tableName", quoted_full(table)}}));
    }
    auto location = partition.location.empty() ? default_location(table, values) : partition.location;
    if (partition.location.empty()) TRY_DO(spark::make_folder(location));
    added.push_back({.values = std::move(values), .location = std::move(location), .parameters = {}});
  }
  if (!added.empty()) TRY_DO(done(catalog->put_partitions(table.database, table.name, std::move(added))));
  return forget_rows(session, table.database + "." + table.name);
}

SparkResult<void> drop_partitions(Session& session, const engine::CatalogTable& table, const sql::DropPartitions& action) {
  TRY_DO(check_partitioned(table, "ALTER TABLE ... DROP PARTITION"));
  TRY(catalog, catalog_of(session));
  std::vector<std::vector<std::string>> gone;
  for (const auto& spec : action.specs) {
    TRY(matching, matching_partitions(session, table, spec));
    if (matching.empty() && !action.if_exists) {
      TRY(fixed, fixed_values(table, spec, false));
      return fail(not_found(table, values_of(table, fixed)));
    }
    for (const auto& partition : matching) {
      gone.push_back(partition.values);
      if (table.table_type == "MANAGED_TABLE")
        TRY_DO(spark::remove_folder(session.shared().engine.stores(), partition.location));
    }
  }
  if (!gone.empty()) TRY_DO(done(catalog->drop_partitions(table.database, table.name, gone)));
  return forget_rows(session, table.database + "." + table.name);
}

SparkResult<void> rename_partition(Session& session, const engine::CatalogTable& table, const sql::RenamePartition& action) {
  TRY_DO(check_partitioned(table, "ALTER TABLE ... RENAME PARTITION"));
  TRY(catalog, catalog_of(session));
  TRY(from_values, fixed_values(table, action.from, true));
  TRY(to_values, fixed_values(table, action.to, true));
  TRY(known, all_partitions(session, table));
  const auto from = values_of(table, from_values);
  auto to = values_of(table, to_values);
  const auto found = std::ranges::find(known, from, &engine::CatalogPartition::values);
  if (found == known.end()) return fail(not_found(table, from));
  if (std::ranges::find(known, to, &engine::CatalogPartition::values) != known.end()) {
    return fail(spark::analysis_error(
        "PARTITIONS_ALREADY_EXIST",
        {{"partitionList", "PARTITION (" + partition_text(table, to) + ")"}, {"tableName", quoted_full(table)}}));
  }
  auto renamed = *found;
  if (table.table_type == "MANAGED_TABLE") {
    const auto location = default_location(table, to);
    TRY_DO(spark::move_folder(session.shared().engine.stores(), renamed.location, location));
    renamed.location = location;
  }
  renamed.values = std::move(to);
  TRY_DO(done(catalog->put_partitions(table.database, table.name, {renamed})));
  TRY_DO(done(catalog->drop_partitions(table.database, table.name, {from})));
  return forget_rows(session, table.database + "." + table.name);
}

SparkResult<void> recover_partitions(Session& session, const engine::CatalogTable& table,
                                     const sql::RecoverPartitions& action) {
  TRY_DO(check_partitioned(table, "MSCK REPAIR TABLE"));
  TRY(catalog, catalog_of(session));
  std::vector<std::string> keys;
  for (const auto& key : table.partition_keys) keys.push_back(key.name);
  TRY(there, spark::find_partitions(session.shared().engine.stores(), table.location, keys));
  TRY(known, all_partitions(session, table));
  if (action.add) {
    std::vector<engine::CatalogPartition> added;
    for (const auto& partition : there) {
      if (std::ranges::find(known, partition.values, &engine::CatalogPartition::values) != known.end()) continue;
      added.push_back({.values = partition.values, .location = partition.location, .parameters = {}});
    }
    if (!added.empty()) TRY_DO(done(catalog->put_partitions(table.database, table.name, std::move(added))));
  }
  if (action.drop) {
    std::vector<std::vector<std::string>> gone;
    for (const auto& partition : known) {
      TRY(size, spark::folder_size(session.shared().engine.stores(), partition.location));
      if (size.files == 0) gone.push_back(partition.values);
    }
    if (!gone.empty()) TRY_DO(done(catalog->drop_partitions(table.database, table.name, gone)));
  }
  return forget_rows(session, table.database + "." + table.name);
}

}  // namespace mastic::spark_connect
