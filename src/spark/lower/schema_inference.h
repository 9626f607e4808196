// What lies at a path: its files, partitions and schema, by Spark's rules.
//
// Files whose name starts with `_` or `.` do not count; `k=v` folders are partitions, their types inferred; globs are
// Hadoop's (`*`, `?`, `[…]`, `{a,b}`). Fails with PATH_NOT_FOUND, UNABLE_TO_INFER_SCHEMA, CONFLICTING_… as Spark does.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "spark/lower/file_options.h"
#include "spark/plan/data_type.h"
#include "spark/plan/relation.h"
#include "spark/plan/spark_error.h"

namespace mastic::spark {

struct FileSource {
  std::vector<StructField> data_columns;
  std::vector<StructField> partition_columns;
  std::vector<ReadFiles::PartitionedFile> files;
  std::string row_metadata;  // Parquet: the schema that Spark has written into the file, as JSON; empty: none
};

/// Everything that ReadFiles needs. With a user's `schema`, nothing is inferred but partition columns that it does not
/// name. `partition_inference` = spark.sql.sources.partitionColumnTypeInference.enabled.
[[nodiscard]] SparkResult<FileSource> resolve_files(engine::Connection& connection, const std::string& format,
                                                    const std::vector<std::string>& paths, const FileOptions& options,
                                                    const std::optional<DataType>& schema,
                                                    const std::string& session_time_zone = "UTC",
                                                    bool partition_inference = true);

/// The files only, each with its partition values if `partition_names` is given (a catalog table's keys).
[[nodiscard]] SparkResult<std::vector<ReadFiles::PartitionedFile>> list_files(engine::Connection& connection,
                                                                              const std::vector<std::string>& paths,
                                                                              const FileOptions& options);

}  // namespace mastic::spark
