// The catalog in plain words: what an engine reads and writes of it, without the service's structures.
//
// Names mind no case. What a table holds besides these members (its versions, sort columns, …) stays through an update.
// Thread-safe.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace mastic::glue {

namespace catalog {
class Catalog;
}

struct DatabaseView {
  std::string name;
  std::string description;
  std::string location;
  std::map<std::string, std::string> parameters;
};

struct ColumnView {
  std::string name;
  std::string type;  // Hive's text; a crawler's mixed types are `uniontype<…>`
  std::string comment;
};

struct TableView {
  std::string database;
  std::string name;
  std::string table_type;
  std::string description;
  std::string owner;
  std::vector<ColumnView> columns;
  std::vector<ColumnView> partition_keys;
  std::string location;
  std::string input_format;
  std::string output_format;
  std::string serialization_library;
  std::map<std::string, std::string> serde_parameters;
  std::map<std::string, std::string> parameters;
  std::string view_text;
};

struct PartitionView {
  std::vector<std::string> values;
  std::string location;
  std::map<std::string, std::string> parameters;
};

class CatalogView {
 public:
  explicit CatalogView(catalog::Catalog& catalog) : catalog_(catalog) {}

  Result<std::vector<DatabaseView>> list_databases();
  Result<std::optional<DatabaseView>> find_database(std::string_view name);
  Result<void> create_database(const DatabaseView& database);
  Result<void> drop_database(std::string_view name);

  Result<std::vector<TableView>> list_tables(std::string_view database);
  /// Nothing for a missing table, and for a table of a missing database.
  Result<std::optional<TableView>> find_table(std::string_view database, std::string_view name);
  Result<void> create_table(const TableView& table);
  Result<void> update_table(const TableView& table);
  Result<void> drop_table(std::string_view database, std::string_view name);

  /// `expression` is GetPartitions'; empty: all.
  Result<std::vector<PartitionView>> list_partitions(std::string_view database, std::string_view table,
                                                     std::string_view expression);
  /// Adds partitions that are not there yet and replaces those that are.
  Result<void> put_partitions(std::string_view database, std::string_view table, const std::vector<PartitionView>& partitions);
  /// One that is not there is no failure.
  Result<void> drop_partitions(std::string_view database, std::string_view table,
                               const std::vector<std::vector<std::string>>& values);

 private:
  catalog::Catalog& catalog_;
};

}  // namespace mastic::glue
