// Table functions in Python: FROM f(…), LATERAL f(…), with TABLE arguments, and analyze() where the function has no schema.
#pragma once

#include "spark/analyze/state.h"

namespace mastic::spark {

/// `function` as the client defined or registered it; its arguments are those of the call.
SparkResult<Resolved> resolve_python_table_function(AnalyzerState& state,
                                                    const proto::CommonInlineUserDefinedTableFunction& function,
                                                    const google::protobuf::RepeatedPtrField<proto::Expression>& arguments);

}  // namespace mastic::spark
