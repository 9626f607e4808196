// Rows into a table that is there: its columns, types, partitions and format decide, not the frame's.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/stores.h"
#include "spark/connect/execution/execution.h"
#include "spark/plan/command.h"

namespace mastic::spark_connect {

struct TableInsert {
  spark::RelationPtr input;
  bool overwrite = false;
  bool dynamic = false;  // overwrite only the partitions that are written to
  bool by_name = false;
  /// Whether a column that the input lacks gets its default, or NULL: INSERT does so, df.write does not.
  bool fill_missing = false;
  std::vector<std::string> columns;                                     // INSERT INTO t (a, b)
  std::map<std::string, std::optional<std::string>> static_partitions;  // names in lower case; nullopt: NULL
  bool if_partition_not_exists = false;
  std::map<std::string, std::string> options;  // the writer's, lower case
};

/// Checks, arranges and casts the input by Spark's store assignment, writes the files, and tells the catalog.
/// Errors: INSERT_COLUMN_ARITY_MISMATCH.*, INCOMPATIBLE_DATA_FOR_TABLE.*, NON_PARTITION_COLUMN, ….
Done insert_into_table(Execution& execution, const engine::CatalogTable& table, TableInsert insert);

}  // namespace mastic::spark_connect
