// Arrow IPC streams that the client sends: their schema as Spark's types.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "spark/plan/data_type.h"
#include "spark/plan/spark_error.h"

namespace mastic::spark {

/// A struct of the stream's fields.
[[nodiscard]] SparkResult<DataType> read_arrow_schema(const std::string& stream);
/// One stream with the batches of all, in order; their schemas are equal.
[[nodiscard]] SparkResult<std::string> join_arrow_streams(const std::vector<std::shared_ptr<const std::string>>& streams);

}  // namespace mastic::spark
