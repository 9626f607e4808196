// A write into a table that is there: its columns, types, partitions and format decide, not the frame's.
#pragma once

#include "engine/stores.h"
#include "spark/plan/command.h"
#include "spark/plan/spark_error.h"

namespace mastic::spark_connect {

/// Arranges the write's input as the table's columns, then its partition columns: by position for insertInto, else by name;
/// values are cast by Spark's store assignment. Errors: INSERT_COLUMN_ARITY_MISMATCH.*, INCOMPATIBLE_DATA_FOR_TABLE.*.
spark::SparkResult<void> fit_to_table(spark::WriteFiles& write, const engine::CatalogTable& table);

}  // namespace mastic::spark_connect
