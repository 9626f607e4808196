// The catalog that tells of each change that was made, as EventBridge's events about the data catalog have it.
//
//   Glue Data Catalog Database State Change   a database came, changed or went; a table of it came or went
//   Glue Data Catalog Table State Change      a table, or partitions of it, changed
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "glue/catalog/sqlite_catalog.h"

namespace mastic::glue::catalog {

class WatchedCatalog final : public SqliteCatalog {
 public:
  using Announce = std::function<void(std::string_view detail_type, std::vector<std::string> resources, std::string detail)>;
  WatchedCatalog(sqlite::Database& database, const Clock& clock, Announce announce)
      : SqliteCatalog(database, clock), announce_(std::move(announce)) {}

  Result<void> create_database(const wire::DatabaseInput& input) override;
  Result<void> update_database(std::string_view name, const wire::DatabaseInput& input) override;
  Result<void> delete_database(std::string_view name) override;
  using SqliteCatalog::create_table;
  Result<void> create_table(std::string_view database, const wire::TableInput& input, std::string_view created_by,
                            std::span<const wire::PartitionIndex> indexes) override;
  Result<void> update_table(std::string_view database, const wire::TableInput& input, const TableUpdate& update) override;
  Result<void> delete_table(std::string_view database, std::string_view name) override;
  Result<std::vector<PartitionFailure>> create_partitions(std::string_view database, std::string_view table,
                                                          std::span<const wire::PartitionInput> inputs) override;
  Result<std::vector<PartitionFailure>> update_partitions(std::string_view database, std::string_view table,
                                                          std::span<const PartitionChange> changes) override;
  Result<std::vector<PartitionFailure>> delete_partitions(std::string_view database, std::string_view table,
                                                          std::span<const Values> partitions) override;

 private:
  void database_changed(std::string_view database, std::string_view change, std::string_view table = {}) const;
  void table_changed(std::string_view database, std::string_view table, std::string_view change,
                     const std::vector<Values>& partitions = {}) const;
  const Announce announce_;
};

}  // namespace mastic::glue::catalog
