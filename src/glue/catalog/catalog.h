// The data catalog: databases, tables with their versions, partitions, functions.
//
// It speaks the generated request and response structures, which are also what a store keeps: nothing that a client
// wrote is lost on the way. Names of databases, tables and functions are lower-cased here, whatever case they come in.
// Every call is one transaction; what it returned for is durable. Thread-safe. Failures are Glue's (`glue/errors.h`).
// Does NOT page by token, know regions or ARNs, or choose attributes: the operations do.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "aws/models/glue.h"
#include "base/result.h"

namespace mastic::glue::catalog {

namespace wire = mastic::aws::glue;

/// Entries in the order of their keys, and the key to go on behind; empty behind the last one.
template <typename Entry>
struct Page {
  std::vector<Entry> entries;
  std::string last_key;
};

struct PageRequest {
  std::string after;  // the last key of the page before; empty: from the first
  std::size_t limit = 100;
};

struct TableUpdate {
  bool skip_archive = false;
  bool keep_version = false;  // for statistics: neither a new version nor an archived one
  std::optional<std::string> expected_version;
};

struct PartitionQuery {
  std::string expression;
  uint32_t segment = 0;
  uint32_t segments = 1;
  PageRequest page;
};

using Values = std::vector<std::string>;

/// One partition of a batch that was not done; the others were.
struct PartitionFailure {
  Values values;
  Error error;
};

/// Statistics of one column that were not kept; the others were.
struct StatisticsFailure {
  wire::ColumnStatistics statistics;
  Error error;
};

struct PartitionChange {
  Values values;               // of the partition that is there
  wire::PartitionInput input;  // what takes its place, perhaps under other values
};

class Catalog {
 public:
  virtual ~Catalog() = default;

  virtual Result<void> create_database(const wire::DatabaseInput& input) = 0;
  virtual Result<std::optional<wire::Database>> find_database(std::string_view name) = 0;
  virtual Result<Page<wire::Database>> list_databases(const PageRequest& page) = 0;
  virtual Result<void> update_database(std::string_view name, const wire::DatabaseInput& input) = 0;
  /// With its tables and functions, as Glue does.
  virtual Result<void> delete_database(std::string_view name) = 0;

  virtual Result<void> create_table(std::string_view database, const wire::TableInput& input, std::string_view created_by,
                                    std::span<const wire::PartitionIndex> indexes) = 0;
  Result<void> create_table(std::string_view database, const wire::TableInput& input, std::string_view created_by) {
    return create_table(database, input, created_by, {});
  }
  /// Nothing for a missing table; a missing database is a failure.
  virtual Result<std::optional<wire::Table>> find_table(std::string_view database, std::string_view name) = 0;
  /// Those whose name matches the pattern (`catalog/name_pattern.h`); empty: all.
  virtual Result<Page<wire::Table>> list_tables(std::string_view database, std::string_view pattern,
                                                const PageRequest& page) = 0;
  virtual Result<void> update_table(std::string_view database, const wire::TableInput& input, const TableUpdate& update) = 0;
  virtual Result<void> delete_table(std::string_view database, std::string_view name) = 0;

  /// The newest first; the table as it is now is one of them.
  virtual Result<Page<wire::Table>> list_table_versions(std::string_view database, std::string_view name,
                                                        const PageRequest& page) = 0;
  virtual Result<wire::Table> get_table_version(std::string_view database, std::string_view name, std::string_view version) = 0;
  virtual Result<void> delete_table_version(std::string_view database, std::string_view name, std::string_view version) = 0;

  virtual Result<std::vector<PartitionFailure>> create_partitions(std::string_view database, std::string_view table,
                                                                  std::span<const wire::PartitionInput> inputs) = 0;
  virtual Result<std::vector<PartitionFailure>> update_partitions(std::string_view database, std::string_view table,
                                                                  std::span<const PartitionChange> changes) = 0;
  virtual Result<std::vector<PartitionFailure>> delete_partitions(std::string_view database, std::string_view table,
                                                                  std::span<const Values> partitions) = 0;
  /// Those that are there, in the order asked for.
  virtual Result<std::vector<wire::Partition>> find_partitions(std::string_view database, std::string_view table,
                                                               std::span<const Values> partitions) = 0;
  virtual Result<Page<wire::Partition>> list_partitions(std::string_view database, std::string_view table,
                                                        const PartitionQuery& query) = 0;

  /// At most three a table. Partitions that are there are entered one after the other while others use the catalog; the
  /// index serves when all are. One whose partitions' values are not of their keys' types ends FAILED.
  virtual Result<void> create_partition_index(std::string_view database, std::string_view table,
                                              const wire::PartitionIndex& index) = 0;
  virtual Result<std::vector<wire::PartitionIndexDescriptor>> list_partition_indexes(std::string_view database,
                                                                                     std::string_view table) = 0;
  virtual Result<void> delete_partition_index(std::string_view database, std::string_view table, std::string_view name) = 0;

  /// Of a table's columns, or with `partition` of one partition's.
  virtual Result<std::vector<StatisticsFailure>> put_statistics(std::string_view database, std::string_view table,
                                                                const std::optional<Values>& partition,
                                                                std::span<const wire::ColumnStatistics> statistics) = 0;
  /// Those that are there, in the order asked for.
  virtual Result<std::vector<wire::ColumnStatistics>> find_statistics(std::string_view database, std::string_view table,
                                                                      const std::optional<Values>& partition,
                                                                      std::span<const std::string> columns) = 0;
  virtual Result<void> delete_statistics(std::string_view database, std::string_view table,
                                         const std::optional<Values>& partition, std::string_view column) = 0;

  /// Every table of every database, in the order of their names.
  virtual Result<void> visit_tables(const std::function<Result<void>(wire::Table)>& visit) = 0;

  virtual Result<void> create_function(std::string_view database, const wire::UserDefinedFunctionInput& input) = 0;
  virtual Result<std::optional<wire::UserDefinedFunction>> find_function(std::string_view database, std::string_view name) = 0;
  /// Of one database, or of all when `database` is empty.
  virtual Result<Page<wire::UserDefinedFunction>> list_functions(std::string_view database, std::string_view pattern,
                                                                 const PageRequest& page) = 0;
  virtual Result<void> update_function(std::string_view database, std::string_view name,
                                       const wire::UserDefinedFunctionInput& input) = 0;
  virtual Result<void> delete_function(std::string_view database, std::string_view name) = 0;
};

}  // namespace mastic::glue::catalog
