// Types in their JSON form (DataType.json) and as DDL: what StructType.fromJson and df.schema.toDDL() speak.
#pragma once

#include <string>
#include <string_view>

#include "spark/plan/data_type.h"
#include "spark/plan/spark_error.h"

namespace mastic::spark_connect {

/// Errors: INVALID_JSON_DATA_TYPE.
spark::SparkResult<spark::DataType> parse_json_type(std::string_view json);

/// `a INT NOT NULL,b STRING COMMENT 'x'`: a struct's fields; another type as SQL writes it.
std::string to_ddl(const spark::DataType& type);

}  // namespace mastic::spark_connect
