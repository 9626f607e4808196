// The stores as one ticket's holder may use them: each call asks before it goes through to the stores themselves.
//
// Made for one call or many; refers to what it is given. Permissions are those that AWS asks of a Glue job for the same work:
// ListBucket, GetObject, PutObject and DeleteObject; DescribeTable, Scan and BatchWriteItem; the catalog's own operations, on
// a table and on all that holds it. A listing comes without bodies: who may list may not always read.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "access/access.h"
#include "engine/stores.h"

namespace mastic::access {

class GuardedObjects final : public engine::ObjectStore {
 public:
  GuardedObjects(engine::ObjectStore& store, const Permit& permit, std::string_view ticket)
      : store_(store), permit_(permit), ticket_(ticket) {}

  Result<bool> bucket_exists(std::string_view bucket) override { return store_.bucket_exists(bucket); }
  Result<std::vector<engine::ObjectInfo>> list(std::string_view bucket, std::string_view prefix) override;
  Result<std::optional<engine::ObjectInfo>> find(std::string_view bucket, std::string_view key) override;
  Result<std::string> new_file() override { return store_.new_file(); }
  Result<void> commit(std::string_view bucket, std::vector<engine::NewObject> added,
                      std::vector<std::string> removed_keys) override;

 private:
  engine::ObjectStore& store_;
  const Permit& permit_;
  const std::string_view ticket_;
};

class GuardedItems final : public engine::ItemStore {
 public:
  GuardedItems(engine::ItemStore& store, const Permit& permit, std::string_view ticket)
      : store_(store), permit_(permit), ticket_(ticket) {}

  Result<std::optional<engine::ItemTable>> find_table(std::string_view name) override;
  Result<void> scan(std::string_view table, uint32_t segment, uint32_t segments, const std::vector<std::string>& attributes,
                    const std::vector<engine::ItemCondition>& conditions,
                    const std::function<bool(std::string_view batch)>& receive) override;
  Result<void> put(std::string_view table, std::string_view batch) override;

 private:
  [[nodiscard]] Result<void> require(std::string_view action, std::string_view table) const;

  engine::ItemStore& store_;
  const Permit& permit_;
  const std::string_view ticket_;
};

class GuardedCatalog final : public engine::Catalog {
 public:
  GuardedCatalog(engine::Catalog& catalog, const Permit& permit, std::string_view ticket)
      : catalog_(catalog), permit_(permit), ticket_(ticket) {}

  Result<std::vector<engine::CatalogDatabase>> list_databases() override;
  Result<std::optional<engine::CatalogDatabase>> find_database(std::string_view name) override;
  Result<void> create_database(const engine::CatalogDatabase& database) override;
  Result<void> drop_database(std::string_view name) override;
  Result<std::vector<engine::CatalogTable>> list_tables(std::string_view database) override;
  Result<std::optional<engine::CatalogTable>> find_table(std::string_view database, std::string_view name) override;
  Result<void> create_table(const engine::CatalogTable& table) override;
  Result<void> update_table(const engine::CatalogTable& table) override;
  Result<void> drop_table(std::string_view database, std::string_view name) override;
  Result<std::vector<engine::CatalogPartition>> list_partitions(std::string_view database, std::string_view table,
                                                                std::string_view expression) override;
  Result<void> put_partitions(std::string_view database, std::string_view table,
                              std::vector<engine::CatalogPartition> partitions) override;
  Result<void> drop_partitions(std::string_view database, std::string_view table,
                               const std::vector<std::vector<std::string>>& values) override;

 private:
  /// On the catalog, on the database when it is named, and on the table when that is.
  [[nodiscard]] Result<void> require(std::string_view action, std::string_view database = {},
                                     std::string_view table = {}) const;

  engine::Catalog& catalog_;
  const Permit& permit_;
  const std::string_view ticket_;
};

}  // namespace mastic::access
