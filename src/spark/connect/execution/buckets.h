// Bucketed tables: Spark's hash says which file a row goes to, so that others may read only some of the files.
#pragma once

#include <string>
#include <vector>

#include "spark/plan/command.h"

namespace mastic::spark_connect {

/// Adds the column that holds a row's bucket to the write's input, by `write.buckets` and `write.bucket_columns`.
void add_bucket_column(spark::WriteFiles& write);

}  // namespace mastic::spark_connect
