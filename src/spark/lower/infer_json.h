// The schema of JSON files: fields sorted by name; whole numbers are bigint, mixed kinds string.
#pragma once

#include <string>
#include <vector>

#include "engine/engine.h"
#include "spark/lower/file_options.h"
#include "spark/plan/data_type.h"
#include "spark/plan/spark_error.h"

namespace mastic::spark {

SparkResult<std::vector<StructField>> infer_json(engine::Connection& connection, const std::vector<std::string>& paths,
                                                 const FileOptions& options);

/// A type out of DuckDB's structure text: {"a":"BIGINT","b":["VARCHAR"]}.
DataType type_of_json_structure(std::string_view structure);

}  // namespace mastic::spark
