// Spark's partitions, where they show: spark_partition_id(), monotonically_increasing_id(), rand(seed), sample. The engine has
// none; which partition a row would be in follows from the plan (range's and repartition's numbers), and becomes a column.
#pragma once

#include "spark/analyze/state.h"

namespace mastic::spark {

/// `local_partitions`: how many the rows that the client sent are in.
/// A plan, and what gives each row's partition: a column of it, or nothing when all rows are in one.
struct Partitioned {
  RelationPtr plan;
  ExpressionPtr partition;
};
[[nodiscard]] SparkResult<Partitioned> with_partition(AnalyzerState& state, const RelationPtr& plan, int local_partitions = 1);

/// Expressions over `above.plan`: functions that ask for the partition get it.
[[nodiscard]] SparkResult<Above> take_partitions(AnalyzerState& state, Above above);

/// The rows with a column that draws a number from [0, 1) for each, as Spark's partitions draw them; the last column.
[[nodiscard]] SparkResult<RelationPtr> with_draw(AnalyzerState& state, const RelationPtr& plan, int64_t seed);

}  // namespace mastic::spark
