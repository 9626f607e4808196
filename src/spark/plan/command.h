// What is executed for its effect.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "spark/plan/relation.h"

namespace mastic::spark {

enum class SaveMode : uint8_t { append, overwrite, error_if_exists, ignore };

/// df.write…: a folder of part-files, or a catalog table.
struct WriteFiles {
  RelationPtr input;
  std::string format;
  std::string path;  // s3://…, or local; empty when a table decides
  SaveMode mode = SaveMode::error_if_exists;
  std::vector<std::string> partition_columns;
  std::map<std::string, std::string> options;  // Spark's names, lower case
  std::string database;                        // saveAsTable, insertInto: the catalog table
  std::string table;
  bool by_position = false;        // insertInto: by position, not by name
  bool existing_only = false;      // writeTo().append() and the like: the table must be there
  bool existing_rows = false;      // overwrite the rows, not the table
  bool dynamic_overwrite = false;  // spark.sql.sources.partitionOverwriteMode=dynamic
  /// What an overwrite empties, below the path: folders of partitions; "" is all of it. Nothing given: by the mode.
  std::optional<std::vector<std::string>> replaced_folders;
  std::map<std::string, std::string> table_properties;  // writeTo().tableProperty(…)
  std::vector<std::string> clustering_columns;
  /// bucketBy: rows with one hash of `bucket_columns` share a file, sorted by `sort_columns`; 0: no buckets.
  int buckets = 0;
  std::vector<std::string> bucket_columns;
  std::vector<std::string> sort_columns;
  ColumnId bucket_id = 0;  // the input's column that holds a row's bucket; it is not written
};

/// df.write.format("dynamodb"): puts an item for each row.
struct WriteItems {
  RelationPtr input;
  std::string table;
  std::map<std::string, std::string> options;
};

using Command = std::variant<WriteFiles, WriteItems>;

}  // namespace mastic::spark
