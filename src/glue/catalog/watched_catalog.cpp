#include "glue/catalog/watched_catalog.h"

#include <algorithm>

#include "aws/json.h"

namespace mastic::glue::catalog {
namespace {

constexpr std::size_t partitions_told_max = 100;  // EventBridge's events are small: AWS cuts the list too

std::string lower(std::string_view text) {
  std::string copy(text);
  std::ranges::transform(copy, copy.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return copy;
}

/// The partitions of a batch that were done.
std::vector<Values> done(std::vector<Values> all, const std::vector<PartitionFailure>& failures) {
  std::erase_if(all, [&](const Values& values) {
    return std::ranges::any_of(failures, [&](const PartitionFailure& failure) { return failure.values == values; });
  });
  return all;
}

}  // namespace

void WatchedCatalog::database_changed(std::string_view database, std::string_view change, std::string_view table) const {
  if (!announce_) return;
  std::string detail;
  aws::JsonWriter writer(detail);
  writer.open_object();
  writer.key("databaseName");
  writer.text(lower(database));
  writer.key("typeOfChange");
  writer.text(change);
  std::vector<std::string> resources{"database/" + lower(database)};
  if (!table.empty()) {
    writer.key("changedTables");
    writer.open_array();
    writer.text(lower(table));
    writer.close_array();
    resources = {"table/" + lower(database) + "/" + lower(table)};
  }
  writer.close_object();
  announce_("Glue Data Catalog Database State Change", std::move(resources), std::move(detail));
}

void WatchedCatalog::table_changed(std::string_view database, std::string_view table, std::string_view change,
                                   const std::vector<Values>& partitions) const {
  if (!announce_) return;
  std::string detail;
  aws::JsonWriter writer(detail);
  writer.open_object();
  writer.key("databaseName");
  writer.text(lower(database));
  writer.key("tableName");
  writer.text(lower(table));
  writer.key("typeOfChange");
  writer.text(change);
  if (!partitions.empty()) {
    writer.key("changedPartitions");
    writer.open_array();
    for (std::size_t at = 0; at < std::min(partitions.size(), partitions_told_max); ++at) {
      std::string text = "[";
      for (const auto& value : partitions[at]) text += (text.size() > 1 ? ", " : "") + value;
      writer.text(text + "]");
    }
    writer.close_array();
  }
  writer.close_object();
  announce_("Glue Data Catalog Table State Change", {"table/" + lower(database) + "/" + lower(table)}, std::move(detail));
}

Result<void> WatchedCatalog::create_database(const wire::DatabaseInput& input) {
  TRY_DO(SqliteCatalog::create_database(input));
  database_changed(input.name, "CreateDatabase");
  return {};
}
Result<void> WatchedCatalog::update_database(std::string_view name, const wire::DatabaseInput& input) {
  TRY_DO(SqliteCatalog::update_database(name, input));
  database_changed(name, "UpdateDatabase");
  return {};
}
Result<void> WatchedCatalog::delete_database(std::string_view name) {
  TRY_DO(SqliteCatalog::delete_database(name));
  database_changed(name, "DeleteDatabase");
  return {};
}
Result<void> WatchedCatalog::create_table(std::string_view database, const wire::TableInput& input, std::string_view created_by,
                                          std::span<const wire::PartitionIndex> indexes) {
  TRY_DO(SqliteCatalog::create_table(database, input, created_by, indexes));
  database_changed(database, "CreateTable", input.name);
  return {};
}
Result<void> WatchedCatalog::update_table(std::string_view database, const wire::TableInput& input, const TableUpdate& update) {
  TRY_DO(SqliteCatalog::update_table(database, input, update));
  table_changed(database, input.name, "UpdateTable");
  return {};
}
Result<void> WatchedCatalog::delete_table(std::string_view database, std::string_view name) {
  TRY_DO(SqliteCatalog::delete_table(database, name));
  database_changed(database, "DeleteTable", name);
  return {};
}

Result<std::vector<PartitionFailure>> WatchedCatalog::create_partitions(std::string_view database, std::string_view table,
                                                                        std::span<const wire::PartitionInput> inputs) {
  TRY(failures, SqliteCatalog::create_partitions(database, table, inputs));
  std::vector<Values> all;
  for (const auto& input : inputs) all.push_back(input.values.value_or(Values{}));
  if (auto made = done(std::move(all), failures); !made.empty()) {
    table_changed(database, table, inputs.size() == 1 ? "CreatePartition" : "BatchCreatePartition", made);
  }
  return failures;
}
Result<std::vector<PartitionFailure>> WatchedCatalog::update_partitions(std::string_view database, std::string_view table,
                                                                        std::span<const PartitionChange> changes) {
  TRY(failures, SqliteCatalog::update_partitions(database, table, changes));
  std::vector<Values> all;
  for (const auto& change : changes) all.push_back(change.values);
  if (auto made = done(std::move(all), failures); !made.empty()) {
    table_changed(database, table, changes.size() == 1 ? "UpdatePartition" : "BatchUpdatePartition", made);
  }
  return failures;
}
Result<std::vector<PartitionFailure>> WatchedCatalog::delete_partitions(std::string_view database, std::string_view table,
                                                                        std::span<const Values> partitions) {
  TRY(failures, SqliteCatalog::delete_partitions(database, table, partitions));
  if (auto made = done({partitions.begin(), partitions.end()}, failures); !made.empty()) {
    table_changed(database, table, partitions.size() == 1 ? "DeletePartition" : "BatchDeletePartition", made);
  }
  return failures;
}

}  // namespace mastic::glue::catalog
