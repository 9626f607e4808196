// The columns of CSV files: names from the header or `_c0`…, types `string` unless inferSchema asks for more.
#pragma once

#include <string>
#include <vector>

#include "engine/engine.h"
#include "spark/lower/file_options.h"
#include "spark/plan/data_type.h"
#include "spark/plan/spark_error.h"

namespace mastic::spark {

SparkResult<std::vector<StructField>> infer_csv(engine::Connection& connection, const std::vector<std::string>& paths,
                                                const FileOptions& options, const std::string& session_time_zone);

/// The fields of a record by Spark's quoting rules; `at` steps behind the record. For the first line only.
std::vector<std::string> split_csv_record(std::string_view text, char separator, char quote, char escape);

}  // namespace mastic::spark
