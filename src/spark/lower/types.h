// Spark type ↔ DuckDB type ↔ Arrow type.
//
// | Spark                    | DuckDB                    | Arrow                    |
// | null                     | INTEGER (always NULL)     | null                     |
// | timestamp                | TIMESTAMPTZ (UTC µs)      | timestamp[us, session]   |
// | timestamp_ntz            | TIMESTAMP                 | timestamp[us]            |
// | day-time interval        | BIGINT (µs)               | duration[us]             |
// | year-month interval      | INTEGER (months)          | month_interval           |
// | char, varchar            | VARCHAR                   | utf8                     |
// | decimal(p,s), s < 0      | DECIMAL(p-s,0)            | decimal128(p-s, 0)       |
// | variant                  | STRUCT of two BLOBs       | struct<value, metadata>  | Spark's (Parquet's) encoding
// | user-defined             | as its SQL type           | as its SQL type          |
// | struct                   | STRUCT, fields by name; a name that repeats without regard to case gets a suffix          |
// The rest is as one would guess.
#pragma once

#include <duckdb/common/types.hpp>
#include <memory>
#include <string>
#include <vector>

#include "spark/plan/data_type.h"

namespace arrow {
class DataType;
}

namespace mastic::spark {

duckdb::LogicalType to_duckdb_type(const DataType& type);
/// The names that to_duckdb_type gives a struct's fields.
std::vector<std::string> duckdb_field_names(const DataType& structure);

/// The type that JSON is read as before the cast to `type`: what JSON cannot hold (dates, decimals, binary) is text.
DataType json_read_type(const DataType& type);

}  // namespace mastic::spark
