// Filters that a data source in Python may take over (spark.sql.python.filterPushdown.enabled), as PySpark's planning helper
// reads them.
#pragma once

#include <string>
#include <vector>

#include "spark/analyze/state.h"

namespace mastic::spark {

struct PushedFilter {
  std::string json;
  ExpressionPtr condition;  // what the filter means, for a source that does not take it
};

/// The parts of the conditions that such a source understands, columns being those of `source`; before them that the columns
/// that they name are not NULL, as Spark infers. `rest` gets the parts that it does not understand.
SparkResult<std::vector<PushedFilter>> filters_for(AnalyzerState& state, const Relation& source,
                                                   const std::vector<ExpressionPtr>& conditions,
                                                   std::vector<ExpressionPtr>& rest);

}  // namespace mastic::spark
