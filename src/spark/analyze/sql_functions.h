// Functions whose body is SQL: a call stands for the body with the arguments in the parameters' places.
#pragma once

#include "spark/analyze/state.h"

namespace mastic::spark {

/// FROM f(x): the rows of the function's query.
SparkResult<Resolved> resolve_sql_table_function(AnalyzerState& state, const SqlFunction& function,
                                                 const google::protobuf::RepeatedPtrField<proto::Expression>& arguments);

/// What CREATE FUNCTION checks: that the body can be resolved. Gives what it returns (a table function: a struct).
SparkResult<DataType> check_sql_function(AnalysisContext& context, const SqlFunction& function);

}  // namespace mastic::spark
