#include "access/guard.h"

#include <fmt/format.h>

#include <algorithm>

namespace mastic::access {
namespace {

/// Engines name no region; theirs is the server's.
constexpr std::string_view glue_prefix = "arn:aws:glue:us-east-1:000000000000:";
constexpr std::string_view items_prefix = "arn:aws:dynamodb:us-east-1:000000000000:table/";

std::string object_arn(std::string_view bucket, std::string_view key) { return fmt::format("arn:aws:s3:::{}/{}", bucket, key); }

/// The catalog keeps names in lower case, and so do its ARNs.
std::string lower(std::string_view name) {
  std::string lowered(name);
  std::ranges::transform(lowered, lowered.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return lowered;
}

}  // namespace

Result<std::vector<engine::ObjectInfo>> GuardedObjects::list(std::string_view bucket, std::string_view prefix) {
  TRY_DO(permit_(ticket_, "s3:ListBucket", fmt::format("arn:aws:s3:::{}", bucket), prefix));
  TRY(objects, store_.list(bucket, prefix));
  for (auto& object : objects) {
    object.file.clear();
    object.inlined.clear();
  }
  return std::move(objects);
}

Result<std::optional<engine::ObjectInfo>> GuardedObjects::find(std::string_view bucket, std::string_view key) {
  // What is not there needs no right: a folder's name is looked for as an object, too.
  TRY(found, store_.find(bucket, key));
  if (found) TRY_DO(permit_(ticket_, "s3:GetObject", object_arn(bucket, key), {}));
  return std::move(found);
}

Result<void> GuardedObjects::commit(std::string_view bucket, std::vector<engine::NewObject> added,
                                    std::vector<std::string> removed_keys) {
  for (const auto& object : added) TRY_DO(permit_(ticket_, "s3:PutObject", object_arn(bucket, object.key), {}));
  for (const auto& key : removed_keys) TRY_DO(permit_(ticket_, "s3:DeleteObject", object_arn(bucket, key), {}));
  return store_.commit(bucket, std::move(added), std::move(removed_keys));
}

Result<void> GuardedItems::require(std::string_view action, std::string_view table) const {
  return permit_(ticket_, action, fmt::format("{}{}", items_prefix, table), {});
}

Result<std::optional<engine::ItemTable>> GuardedItems::find_table(std::string_view name) {
  TRY_DO(require("dynamodb:DescribeTable", name));
  return store_.find_table(name);
}

Result<void> GuardedItems::scan(std::string_view table, uint32_t segment, uint32_t segments,
                                const std::vector<std::string>& attributes,
                                const std::vector<engine::ItemCondition>& conditions,
                                const std::function<bool(std::string_view batch)>& receive) {
  TRY_DO(require("dynamodb:Scan", table));
  return store_.scan(table, segment, segments, attributes, conditions, receive);
}

Result<void> GuardedItems::put(std::string_view table, std::string_view batch) {
  TRY_DO(require("dynamodb:BatchWriteItem", table));
  return store_.put(table, batch);
}

Result<void> GuardedCatalog::require(std::string_view action, std::string_view database, std::string_view table) const {
  TRY_DO(permit_(ticket_, action, fmt::format("{}catalog", glue_prefix), {}));
  if (database.empty()) return {};
  TRY_DO(permit_(ticket_, action, fmt::format("{}database/{}", glue_prefix, lower(database)), {}));
  if (table.empty()) return {};
  return permit_(ticket_, action, fmt::format("{}table/{}/{}", glue_prefix, lower(database), lower(table)), {});
}

Result<std::vector<engine::CatalogDatabase>> GuardedCatalog::list_databases() {
  TRY_DO(require("glue:GetDatabases", "*"));
  return catalog_.list_databases();
}

Result<std::optional<engine::CatalogDatabase>> GuardedCatalog::find_database(std::string_view name) {
  TRY_DO(require("glue:GetDatabase", name));
  return catalog_.find_database(name);
}

Result<void> GuardedCatalog::create_database(const engine::CatalogDatabase& database) {
  TRY_DO(require("glue:CreateDatabase", database.name));
  return catalog_.create_database(database);
}

Result<void> GuardedCatalog::drop_database(std::string_view name) {
  TRY_DO(require("glue:DeleteDatabase", name));
  return catalog_.drop_database(name);
}

Result<std::vector<engine::CatalogTable>> GuardedCatalog::list_tables(std::string_view database) {
  TRY_DO(require("glue:GetTables", database, "*"));
  return catalog_.list_tables(database);
}

Result<std::optional<engine::CatalogTable>> GuardedCatalog::find_table(std::string_view database, std::string_view name) {
  TRY_DO(require("glue:GetTable", database, name));
  return catalog_.find_table(database, name);
}

Result<void> GuardedCatalog::create_table(const engine::CatalogTable& table) {
  TRY_DO(require("glue:CreateTable", table.database, table.name));
  return catalog_.create_table(table);
}

Result<void> GuardedCatalog::update_table(const engine::CatalogTable& table) {
  TRY_DO(require("glue:UpdateTable", table.database, table.name));
  return catalog_.update_table(table);
}

Result<void> GuardedCatalog::drop_table(std::string_view database, std::string_view name) {
  TRY_DO(require("glue:DeleteTable", database, name));
  return catalog_.drop_table(database, name);
}

Result<std::vector<engine::CatalogPartition>> GuardedCatalog::list_partitions(std::string_view database, std::string_view table,
                                                                              std::string_view expression) {
  TRY_DO(require("glue:GetPartitions", database, table));
  return catalog_.list_partitions(database, table, expression);
}

Result<void> GuardedCatalog::put_partitions(std::string_view database, std::string_view table,
                                            std::vector<engine::CatalogPartition> partitions) {
  TRY_DO(require("glue:BatchCreatePartition", database, table));
  return catalog_.put_partitions(database, table, std::move(partitions));
}

Result<void> GuardedCatalog::drop_partitions(std::string_view database, std::string_view table,
                                             const std::vector<std::vector<std::string>>& values) {
  TRY_DO(require("glue:BatchDeletePartition", database, table));
  return catalog_.drop_partitions(database, table, values);
}

}  // namespace mastic::access
