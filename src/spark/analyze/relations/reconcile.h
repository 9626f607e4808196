// Values of one schema in the form of another: struct fields by name, at any depth.
#pragma once

#include "spark/analyze/state.h"

namespace mastic::spark {

/// `expression` in the type `to`: fields by name, NULL for those that are not there, casts where nothing is lost. Fails with
/// the conditions of DataFrame.to, which name `column`.
SparkResult<ExpressionPtr> reconciled(AnalyzerState& state, const ExpressionPtr& expression, const DataType& to,
                                      const std::string& column);

}  // namespace mastic::spark
