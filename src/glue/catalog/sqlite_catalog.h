// The catalog in SQLite: see `glue/schema.h` for the tables, `catalog.h` for the contract.
#pragma once

#include "base/clock.h"
#include "base/sqlite.h"
#include "glue/catalog/catalog.h"

namespace mastic::glue::catalog {

class SqliteCatalog : public Catalog {
 public:
  /// Both outlive the catalog.
  SqliteCatalog(sqlite::Database& database, const Clock& clock) : database_(database), clock_(clock) {}

  Result<void> create_database(const wire::DatabaseInput& input) override;
  Result<std::optional<wire::Database>> find_database(std::string_view name) override;
  Result<Page<wire::Database>> list_databases(const PageRequest& page) override;
  Result<void> update_database(std::string_view name, const wire::DatabaseInput& input) override;
  Result<void> delete_database(std::string_view name) override;

  using Catalog::create_table;
  Result<void> create_table(std::string_view database, const wire::TableInput& input, std::string_view created_by,
                            std::span<const wire::PartitionIndex> indexes) override;
  Result<std::optional<wire::Table>> find_table(std::string_view database, std::string_view name) override;
  Result<Page<wire::Table>> list_tables(std::string_view database, std::string_view pattern, const PageRequest& page) override;
  Result<void> update_table(std::string_view database, const wire::TableInput& input, const TableUpdate& update) override;
  Result<void> delete_table(std::string_view database, std::string_view name) override;

  Result<Page<wire::Table>> list_table_versions(std::string_view database, std::string_view name,
                                                const PageRequest& page) override;
  Result<wire::Table> get_table_version(std::string_view database, std::string_view name, std::string_view version) override;
  Result<void> delete_table_version(std::string_view database, std::string_view name, std::string_view version) override;

  Result<std::vector<PartitionFailure>> create_partitions(std::string_view database, std::string_view table,
                                                          std::span<const wire::PartitionInput> inputs) override;
  Result<std::vector<PartitionFailure>> update_partitions(std::string_view database, std::string_view table,
                                                          std::span<const PartitionChange> changes) override;
  Result<std::vector<PartitionFailure>> delete_partitions(std::string_view database, std::string_view table,
                                                          std::span<const Values> partitions) override;
  Result<std::vector<wire::Partition>> find_partitions(std::string_view database, std::string_view table,
                                                       std::span<const Values> partitions) override;
  Result<Page<wire::Partition>> list_partitions(std::string_view database, std::string_view table,
                                                const PartitionQuery& query) override;

  Result<void> create_partition_index(std::string_view database, std::string_view table,
                                      const wire::PartitionIndex& index) override;
  Result<std::vector<wire::PartitionIndexDescriptor>> list_partition_indexes(std::string_view database,
                                                                             std::string_view table) override;
  Result<void> delete_partition_index(std::string_view database, std::string_view table, std::string_view name) override;
  /// Goes on with indexes that were being made when the process ended.
  Result<void> finish_partition_indexes();

  Result<std::vector<StatisticsFailure>> put_statistics(std::string_view database, std::string_view table,
                                                        const std::optional<Values>& partition,
                                                        std::span<const wire::ColumnStatistics> statistics) override;
  Result<std::vector<wire::ColumnStatistics>> find_statistics(std::string_view database, std::string_view table,
                                                              const std::optional<Values>& partition,
                                                              std::span<const std::string> columns) override;
  Result<void> delete_statistics(std::string_view database, std::string_view table, const std::optional<Values>& partition,
                                 std::string_view column) override;

  Result<void> visit_tables(const std::function<Result<void>(wire::Table)>& visit) override;

  Result<void> create_function(std::string_view database, const wire::UserDefinedFunctionInput& input) override;
  Result<std::optional<wire::UserDefinedFunction>> find_function(std::string_view database, std::string_view name) override;
  Result<Page<wire::UserDefinedFunction>> list_functions(std::string_view database, std::string_view pattern,
                                                         const PageRequest& page) override;
  Result<void> update_function(std::string_view database, std::string_view name,
                               const wire::UserDefinedFunctionInput& input) override;
  Result<void> delete_function(std::string_view database, std::string_view name) override;

 private:
  /// A table's row; its body is not read yet.
  struct TableRow {
    int64_t id = 0;
    int64_t version = 0;
    std::string body;
  };

  static Result<void> require_database(sqlite::Transaction& t, std::string_view lower_database);
  /// Fails when the database or the table is missing. Names as requested; they appear in messages.
  static Result<TableRow> require_table(sqlite::Transaction& t, std::string_view database, std::string_view name);

  /// Enters partitions that are there into an index, some at a time, until all are.
  Result<void> fill_partition_index(int64_t index_id);

  sqlite::Database& database_;
  const Clock& clock_;
};

}  // namespace mastic::glue::catalog
