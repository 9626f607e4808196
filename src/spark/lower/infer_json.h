// The schema of JSON files: fields sorted by name; whole numbers are bigint, mixed kinds string.
#pragma once

#include <string>
#include <vector>

#include "engine/engine.h"
#include "spark/lower/file_options.h"
#include "spark/lower/lower.h"
#include "spark/plan/data_type.h"
#include "spark/plan/spark_error.h"

namespace mastic::spark {

SparkResult<std::vector<StructField>> infer_json(engine::Connection& connection, const std::vector<std::string>& paths,
                                                 const FileOptions& options);

/// The same for texts that a relation's one column holds; what is no JSON does not count.
SparkResult<std::vector<StructField>> infer_json_rows(engine::Connection& connection, const Relation& relation,
                                                      const FileOptions& options, const LowerOptions& lower_options);

/// A type out of DuckDB's structure text: {"a":"BIGINT","b":["VARCHAR"]}.
DataType type_of_json_structure(std::string_view structure);

}  // namespace mastic::spark
