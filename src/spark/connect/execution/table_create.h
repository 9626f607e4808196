// New tables: CREATE TABLE, CREATE TABLE AS SELECT, df.write.saveAsTable, df.writeTo, spark.catalog.createTable.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "spark/analyze/table_entry.h"
#include "spark/connect/execution/execution.h"
#include "spark/connect/execution/names.h"
#include "spark/sql/statement.h"

namespace mastic::spark_connect {

struct NewTable {
  TableName name;
  std::string format;
  std::map<std::string, std::string> options;  // as written
  std::string location;                        // empty: managed, below the database's folder
  std::string comment;
  std::map<std::string, std::string> properties;
  std::vector<std::string> partitioned_by;
  std::optional<spark::TableBuckets> buckets;
  std::vector<std::string> clustered_by;
  bool hive = false;  // STORED AS: Hive's serializer parameters instead of Spark's options
  std::map<std::string, std::string> serde_parameters;
};

/// Makes an entry without rows. Errors: TABLE_OR_VIEW_ALREADY_EXISTS, COLUMN_ALREADY_EXISTS, LOCATION_ALREADY_EXISTS, ….
Done create_empty_table(Execution& execution, const NewTable& table, const std::vector<spark::StructField>& columns,
                        bool if_not_exists);

/// Writes the rows, then makes the entry. `replace`: takes the place of a table that is there.
Done create_table_from(Execution& execution, const NewTable& table, const spark::RelationPtr& input, bool replace);

spark::SparkResult<Rows> run_create_table(Execution& execution, const spark::sql::CreateTableStatement& statement);

/// Errors: TABLE_OR_VIEW_ALREADY_EXISTS.
spark::SparkError table_already_exists(const TableName& name);

}  // namespace mastic::spark_connect
