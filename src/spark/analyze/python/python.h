// Python functions in plans: where they may stand, and what they become.
//
// While names are resolved, a function over rows is a PythonCall anywhere in an expression, and one that aggregates is an
// AggregateCall or WindowCall with `python`. extract_python then takes them out of the expressions into steps of their own
// (PythonEvaluate, PythonAggregate, PythonWindow) below the relation that uses them, as Spark's ExtractPythonUDFs does.
#pragma once

#include "spark/analyze/state.h"

namespace mastic::spark {

/// By PySpark's PythonEvalType.
[[nodiscard]] bool aggregates_in_python(int evaluation_type);

/// The plan without Python functions inside of expressions.
SparkResult<RelationPtr> extract_python(AnalyzerState& state, const RelationPtr& plan);

}  // namespace mastic::spark
