// Files that Arrow's libraries read and write, not DuckDB's: ORC.
//
// Reading: a stream for DuckDB's arrow_scan, with the wanted columns under the names f0, f1, …; a column that a file lacks
// is NULL. Files are read one after the other, a stripe at a time.
#pragma once

#include <arrow/record_batch.h>

#include <memory>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "engine/stores.h"
#include "spark/lower/file_options.h"
#include "spark/plan/data_type.h"
#include "spark/plan/relation.h"
#include "spark/plan/spark_error.h"

namespace duckdb {
class SelectStatement;
}

namespace mastic::spark {

bool is_arrow_format(const std::string& format);

struct ArrowFiles {
  const engine::Stores* stores = nullptr;
  std::string format;
  std::vector<std::string> paths;
  std::vector<StructField> columns;
  std::string avro_schema = {};  // what Avro's files are read as; empty: as they were written
};

arrow::Result<std::shared_ptr<arrow::RecordBatchReader>> open_arrow_files(const ArrowFiles& files);

/// The columns of the first file.
SparkResult<std::vector<StructField>> infer_arrow_files(const engine::Stores& stores, const std::string& format,
                                                        const std::vector<std::string>& paths, const FileOptions& options);
/// The text of the option avroSchema, or what lies at avroSchemaUrl; empty: neither.
SparkResult<std::string> avro_schema_option(const engine::Stores& stores, const FileOptions& options);

/// Runs the query and writes its rows into a new local file. Gives their number.
SparkResult<uint64_t> write_arrow_file(engine::Connection& connection, std::unique_ptr<duckdb::SelectStatement> query,
                                       const std::vector<Attribute>& columns, const std::string& format,
                                       const std::string& compression, const FileOptions& options, const std::string& path);

}  // namespace mastic::spark
