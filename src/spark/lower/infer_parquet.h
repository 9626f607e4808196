// The schema of Parquet files, from the first one's footer.
#pragma once

#include <string>
#include <vector>

#include "engine/engine.h"
#include "spark/lower/file_options.h"
#include "spark/plan/data_type.h"
#include "spark/plan/spark_error.h"

namespace mastic::spark {

SparkResult<std::vector<StructField>> infer_parquet(engine::Connection& connection, const std::vector<std::string>& paths,
                                                    const FileOptions& options);

/// The schema that Spark has written into the file (DataType's JSON); empty: another program's file.
[[nodiscard]] std::string parquet_row_metadata(engine::Connection& connection, const std::string& path);

}  // namespace mastic::spark
