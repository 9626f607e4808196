// What is executed for its effect.
#pragma once

#include <map>
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
  bool dynamic_overwrite = false;  // spark.sql.sources.partitionOverwriteMode=dynamic
};

/// df.write.format("dynamodb"): puts an item for each row.
struct WriteItems {
  RelationPtr input;
  std::string table;
  std::map<std::string, std::string> options;
};

using Command = std::variant<WriteFiles, WriteItems>;

}  // namespace mastic::spark
