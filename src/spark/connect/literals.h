// Values of results as the client's literals: what an Observation gets.
#pragma once

#include <arrow/array/array_base.h>
#include <spark/connect/expressions.pb.h>

#include "spark/plan/data_type.h"
#include "spark/plan/spark_error.h"

namespace mastic::spark_connect {

spark::SparkResult<::spark::connect::Expression::Literal> to_literal(const arrow::Array& array, int64_t row,
                                                                     const spark::DataType& type);

}  // namespace mastic::spark_connect
