#include "glue/crawler/catalog_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "glue/errors.h"
#include "glue/names.h"

namespace mastic::glue::crawler {
namespace {

constexpr std::size_t batch_partitions = 1000;

std::string fingerprint(std::string_view text) {
  uint64_t hash = 14695981039346656037ULL;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  return fmt::format("{:016x}", hash);
}

std::string location_of(const wire::Table& table) {
  return table.storage_descriptor ? table.storage_descriptor->location.value_or("") : std::string();
}

std::string crawler_of(const wire::Table& table) {
  if (!table.parameters) return {};
  const auto found = table.parameters->find("UPDATED_BY_CRAWLER");
  return found == table.parameters->end() ? std::string() : found->second;
}

/// Glue's name for the index over all partition keys that a crawler makes.
constexpr std::string_view index_name = "crawler_partition_index";

/// Makes the index when the catalog has such things; false when it has not.
template <typename AnyCatalog>
Result<bool> create_index(AnyCatalog& catalog, const std::string& database, const wire::TableInput& table) {
  wire::PartitionIndex index;
  index.index_name = index_name;
  for (const auto& key : table.partition_keys.value_or(std::vector<wire::Column>{})) index.keys.push_back(key.name);
  if constexpr (requires { catalog.create_partition_index(database, table.name, index); }) {
    const auto made = catalog.create_partition_index(database, table.name, index);
    if (!made && made.error().code != "AlreadyExistsException") return fail(Error(made.error()));
    return true;
  }
  return false;
}

/// What a table of files is called: its folder, its file, or its bucket.
std::string_view source_name(std::string_view path, std::string_view bucket) {
  while (path.ends_with('/')) path.remove_suffix(1);
  if (path.empty()) return bucket;
  return path.substr(path.rfind('/') + 1);  // npos + 1 is 0
}

}  // namespace

CatalogWriter::CatalogWriter(const wire::Crawler& crawler, const Configuration& configuration, const CrawlSurroundings& around)
    : crawler_(crawler),
      configuration_(configuration),
      around_(around),
      name_(crawler.name.value_or("")),
      policy_(policy_of(crawler)),
      database_(crawler.database_name.value_or("")) {}

Result<void> CatalogWriter::ensure_database() {
  TRY_DO(require("glue:GetDatabase"));
  TRY(database, around_.catalog.find_database(database_));
  if (database) return {};
  TRY_DO(require("glue:CreateDatabase"));
  wire::DatabaseInput input;
  input.name = database_;
  const auto created = around_.catalog.create_database(input);
  if (!created && created.error().code != "AlreadyExistsException") return created;
  around_.log("INFO : Created database " + database_);
  return {};
}

Result<void> CatalogWriter::write(Finding finding, std::string_view source_name) {
  finding.table_name = crawled_table_name(crawler_.table_prefix.value_or(""), source_name);
  TRY_DO(require("glue:GetTable", finding.table_name));
  TRY(existing, around_.catalog.find_table(database_, finding.table_name));
  // A name that another source's table has already: Glue tells them apart by a suffix.
  if ((existing && location_of(*existing) != finding.location) || written_.contains(finding.table_name)) {
    finding.table_name += "_" + fingerprint(finding.location);
    TRY(suffixed, around_.catalog.find_table(database_, finding.table_name));
    existing = std::move(suffixed);
  }
  written_.insert(finding.table_name);
  const auto input = table_input(finding, name_, existing);
  if (!existing) return create(input);
  TRY_DO(update(*existing, input));
  return {};
}

Result<void> CatalogWriter::write(const FoundTable& found, std::string_view bucket, bool incremental) {
  const auto location = fmt::format("s3://{}/{}", bucket, found.path);
  auto name = crawled_table_name(crawler_.table_prefix.value_or(""), source_name(found.path, bucket));
  constexpr std::size_t name_characters_max = 128;
  const auto suffix = "_" + fingerprint(location);
  if (name.size() > name_characters_max) name.resize(name_characters_max);
  TRY_DO(require("glue:GetTable", name));
  TRY(existing, around_.catalog.find_table(database_, name));
  if ((existing && !same_place(location_of(*existing), location)) || written_.contains(name)) {
    if (name.size() + suffix.size() > name_characters_max) name.resize(name_characters_max - suffix.size());
    name += suffix;
    TRY(suffixed, around_.catalog.find_table(database_, name));
    existing = std::move(suffixed);
  }
  written_.insert(name);
  auto input = table_input({name, location, found}, name_, configuration_, existing);
  if (!existing) {
    TRY_DO(create(input));
  } else if (incremental) {
    input = unchanged_input(*existing);
  } else {
    TRY(current, update(*existing, input));
    if (!current) input = unchanged_input(*existing);
  }
  return write_partitions(found, bucket, input, incremental);
}

Result<void> CatalogWriter::refresh(const wire::Table& table, const FoundTable& found, std::string_view bucket) {
  database_ = table.database_name.value_or("");
  auto input = table_input({table.name, location_of(table), found}, name_, configuration_, table);
  TRY(current, update(table, input));
  if (!current) input = unchanged_input(table);
  return write_partitions(found, bucket, input, false);
}

Result<void> CatalogWriter::create(const wire::TableInput& input) {
  TRY_DO(require("glue:CreateTable", input.name));
  TRY_DO(around_.catalog.create_table(database_, input, caller()));
  around_.log(fmt::format("INFO : Created table {} in database {}", input.name, database_));
  changes_.created.push_back(input.name);
  return {};
}

Result<bool> CatalogWriter::update(const wire::Table& existing, const wire::TableInput& input) {
  const bool changed = schema_changed(existing, input);
  if (changed && !policy_.update && !configuration_.merges_new_columns) {
    around_.log(fmt::format("WARN : The schema of table {} changed; the table stays (UpdateBehavior LOG)", input.name));
    return false;
  }
  TRY_DO(require("glue:UpdateTable", input.name));
  catalog::TableUpdate update;
  update.keep_version = !changed;
  update.expected_version = existing.version_id;
  TRY_DO(around_.catalog.update_table(database_, input, update));
  if (!changed) return true;
  around_.log(fmt::format("INFO : Updated table {} in database {}", input.name, database_));
  changes_.updated.push_back(input.name);
  return true;
}

Result<void> CatalogWriter::write_partitions(const FoundTable& found, std::string_view bucket, const wire::TableInput& table,
                                             bool incremental) {
  const auto keys = table.partition_keys ? table.partition_keys->size() : 0;
  if (keys == 0 && found.partition_keys.empty()) return {};
  std::map<catalog::Values, wire::Partition> existing;
  {
    wire::Table named;
    named.name = table.name;
    TRY(all, partitions_of(named));
    for (auto& partition : all) existing.emplace(partition.values.value_or(catalog::Values{}), std::move(partition));
  }
  if (keys != found.partition_keys.size()) {
    around_.log(fmt::format("WARN : The folders of table {} are {} deep, and it has {} partition keys: they are left out",
                            table.name, found.partition_keys.size(), keys));
    return {};
  }
  std::vector<wire::PartitionInput> created;
  std::vector<catalog::PartitionChange> changed;
  const auto write = [&](std::size_t least) -> Result<void> {
    if (created.size() > least) {
      TRY_DO(require("glue:BatchCreatePartition", table.name));
      TRY(failures, around_.catalog.create_partitions(database_, table.name, created));
      for (const auto& failure : failures) around_.log("ERROR : A partition cannot be created: " + failure.error.message);
      changes_.partitions_created += created.size() - failures.size();
      created.clear();
    }
    if (changed.size() > least) {
      TRY_DO(require("glue:BatchUpdatePartition", table.name));
      TRY(failures, around_.catalog.update_partitions(database_, table.name, changed));
      changes_.partitions_updated += changed.size() - failures.size();
      changed.clear();
    }
    return {};
  };
  std::size_t logged = 0;
  for (const auto& partition : found.partitions) {
    auto input = partition_input(partition, fmt::format("s3://{}/{}", bucket, partition.prefix), table, name_, configuration_);
    const auto known = existing.find(partition.values);
    if (known == existing.end()) {
      created.push_back(std::move(input));
    } else {
      if (differs(known->second, input)) {
        if (policy_.update || configuration_.partitions_inherit) {
          changed.push_back({partition.values, std::move(input)});
        } else {
          ++logged;
        }
      }
      existing.erase(known);
    }
    TRY_DO(write(batch_partitions - 1));
  }
  TRY_DO(write(0));
  if (configuration_.creates_partition_index) {
    TRY_DO(require("glue:CreatePartitionIndex", table.name));
    TRY(made, create_index(around_.catalog, database_, table));
    if (!made) around_.log(fmt::format("WARN : Table {} gets no partition index: the catalog keeps none", table.name));
  }
  if (logged > 0)
    around_.log(fmt::format("WARN : {} partitions of table {} changed; they stay (UpdateBehavior LOG)", logged, table.name));
  if (incremental) return {};
  std::vector<wire::Partition> gone;
  for (auto& [values, partition] : existing) gone.push_back(std::move(partition));
  return vanish_partitions(table.name, std::move(gone));
}

Result<void> CatalogWriter::vanish_partitions(const std::string& table, std::vector<wire::Partition> gone) {
  if (gone.empty()) return {};
  if (policy_.deletion == Policy::Deletion::log) {
    around_.log(fmt::format("WARN : The folders of {} partitions of table {} are gone; they stay (DeleteBehavior LOG)",
                            gone.size(), table));
    return {};
  }
  if (policy_.deletion == Policy::Deletion::remove) {
    std::vector<catalog::Values> values;
    for (const auto& partition : gone) values.push_back(partition.values.value_or(catalog::Values{}));
    TRY_DO(require("glue:BatchDeletePartition", table));
    TRY(failures, around_.catalog.delete_partitions(database_, table, values));
    changes_.partitions_deleted += values.size() - failures.size();
    return {};
  }
  std::vector<catalog::PartitionChange> changes;
  const auto now_ms = std::to_string(to_microseconds(around_.clock.now()) / 1000);
  for (const auto& partition : gone) {
    auto input = unchanged_input(partition);
    if (!input.parameters) input.parameters.emplace();
    if (!input.parameters->emplace("DEPRECATED_BY_CRAWLER", now_ms).second) continue;
    changes.push_back({partition.values.value_or(catalog::Values{}), std::move(input)});
  }
  if (changes.empty()) return {};
  TRY_DO(require("glue:BatchUpdatePartition", table));
  TRY(failures, around_.catalog.update_partitions(database_, table, changes));
  changes_.partitions_updated += changes.size() - failures.size();
  return {};
}

Result<void> CatalogWriter::vanish(const wire::Table& table) {
  switch (policy_.deletion) {
    case Policy::Deletion::log:
      around_.log(fmt::format("WARN : The source of table {} is gone; the table stays (DeleteBehavior LOG)", table.name));
      return {};
    case Policy::Deletion::remove:
      TRY_DO(require("glue:DeleteTable", table.name));
      TRY_DO(around_.catalog.delete_table(database_, table.name));
      around_.log("INFO : Deleted table " + table.name);
      changes_.deleted.push_back(table.name);
      return {};
    case Policy::Deletion::deprecate: return deprecate(table);
  }
  std::unreachable();
}

Result<void> CatalogWriter::deprecate(const wire::Table& table) {
  TRY_DO(require("glue:UpdateTable", table.name));
  auto input = unchanged_input(table);
  if (!input.parameters) input.parameters.emplace();
  const auto now_ms = to_microseconds(around_.clock.now()) / 1000;
  if (!input.parameters->emplace("DEPRECATED_BY_CRAWLER", std::to_string(now_ms)).second) return {};
  TRY_DO(around_.catalog.update_table(database_, input, {}));
  around_.log("INFO : Deprecated table " + table.name);
  changes_.updated.push_back(table.name);
  return {};
}

Result<void> CatalogWriter::vanish_unwritten(const std::vector<std::string>& places,
                                             const std::vector<std::string>& unreadable) {
  for (const auto& place : places) {
    TRY(tables, own_tables(place));
    for (const auto& table : tables) {
      if (written_.contains(table.name)) continue;
      // What could not be read may still be there.
      const auto location = location_of(table);
      const auto below = [&](const std::string& key) { return key.starts_with(location); };
      if (std::ranges::any_of(unreadable, below)) continue;
      written_.insert(table.name);
      TRY_DO(vanish(table));
    }
  }
  return {};
}

Result<std::vector<wire::Table>> CatalogWriter::own_tables(std::string_view place) {
  std::vector<wire::Table> own;
  TRY(database, around_.catalog.find_database(database_));
  if (!database) return own;
  TRY_DO(require("glue:GetTables", "*"));
  catalog::PageRequest page{"", 1000};
  do {
    TRY(tables, around_.catalog.list_tables(database_, "", page));
    for (auto& table : tables.entries) {
      if (location_of(table).starts_with(place) && crawler_of(table) == name_) own.push_back(std::move(table));
    }
    page.after = tables.last_key;
  } while (!page.after.empty());
  return own;
}

Result<std::vector<wire::Partition>> CatalogWriter::partitions_of(const wire::Table& table) {
  TRY_DO(require("glue:GetPartitions", table.name));
  std::vector<wire::Partition> all;
  catalog::PartitionQuery query;
  query.page.limit = batch_partitions;
  do {
    TRY(page, around_.catalog.list_partitions(database_, table.name, query));
    for (auto& partition : page.entries) all.push_back(std::move(partition));
    query.page.after = page.last_key;
  } while (!query.page.after.empty());
  return all;
}

Result<std::optional<wire::Table>> CatalogWriter::find_by_location(const std::string& location) {
  TRY_DO(require("glue:GetTables", "*"));
  catalog::PageRequest page{"", 1000};
  do {
    TRY(tables, around_.catalog.list_tables(database_, "", page));
    for (auto& table : tables.entries) {
      if (location_of(table) == location) return std::optional(std::move(table));
    }
    page.after = tables.last_key;
  } while (!page.after.empty());
  return std::nullopt;
}

/// On the database, or with a table's name on that table; as in AWS, on what holds it too.
Result<void> CatalogWriter::require(std::string_view action, std::string_view table) const {
  TRY_DO(around_.require(action, {around_.catalog_arn("catalog"), around_.catalog_arn("database/" + database_)}));
  if (table.empty()) return {};
  return around_.require(action, {around_.catalog_arn(fmt::format("table/{}/{}", database_, table))});
}

std::string CatalogWriter::caller() const {
  return fmt::format("arn:aws:sts::{}:assumed-role/{}/AWS-Crawler", around_.account_id, crawler_.role.value_or(""));
}

}  // namespace mastic::glue::crawler
