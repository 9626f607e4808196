// Spark's types as Arrow's, as the genuine server sends them.
#pragma once

#include <arrow/array/data.h>
#include <arrow/type.h>

#include <memory>
#include <string>
#include <vector>

#include "spark/plan/relation.h"

namespace mastic::spark {

std::shared_ptr<arrow::DataType> to_arrow_type(const DataType& type, const std::string& session_time_zone);
std::shared_ptr<arrow::Schema> to_arrow_schema(const std::vector<Attribute>& output, const std::string& session_time_zone);
/// DuckDB's array of this type under `target` = to_arrow_type(type): mostly the same buffers under other types and names.
std::shared_ptr<arrow::ArrayData> to_client_layout(const arrow::ArrayData& data, const DataType& type,
                                                   const std::shared_ptr<arrow::DataType>& target);

/// The type with 64-bit offsets for texts and binary (spark.sql.execution.arrow.useLargeVarTypes), and data of such a type.
std::shared_ptr<arrow::DataType> with_large_offsets(const std::shared_ptr<arrow::DataType>& type);
std::shared_ptr<arrow::ArrayData> with_large_offsets(const arrow::ArrayData& data);

}  // namespace mastic::spark
