// Functions that stand only before OVER.
#include "spark/functions/row.h"

namespace mastic::spark {
using namespace accepts;
using namespace rules;

namespace {

Row rank_like(std::string_view name, DataType type) {
  return window(name).takes({}).gives(std::move(type)).nulls(Nulls::never);
}

// lag and lead: the default takes the input's type.
SparkResult<TypedCall> shifted(const FunctionRow&, const CallSite& call) {
  const auto& input = call.arguments[0].type;
  TypedCall typed{{input, types::integer()}, input, true};
  if (call.arguments.size() > 2) {
    auto common = tightest_common_type(input, call.arguments[2].type, call.ansi);
    if (!common) common = implicit_cast(call.arguments[2].type, exact(input), call.ansi);
    if (!common) return fail(different_types(call));
    typed.arguments = {*common, types::integer(), *common};
    typed.result = *common;
    typed.nullable = call.arguments[0].nullable || call.arguments[2].nullable;
  } else if (call.arguments.size() == 1) {
    typed.arguments.pop_back();
  }
  return typed;
}

}  // namespace

Table window_functions() {
  return {
      rank_like("row_number", types::integer()),
      rank_like("rank", types::integer()),
      rank_like("dense_rank", types::integer()),
      rank_like("percent_rank", types::double_type()),
      rank_like("cume_dist", types::double_type()),
      window("ntile").takes({integer()}).optional(1).defaults({constant(1)}).gives(types::integer()).nulls(Nulls::never),
      window("lag").takes({any(), integer(), any()}).optional(2).defaults({constant(1), constant_null()}).typed_by(shifted),
      window("lead").takes({any(), integer(), any()}).optional(2).defaults({constant(1), constant_null()}).typed_by(shifted),
      window("nth_value").takes({any(), integer(), boolean()}).optional(1).gives(same_as(0)).nulls(Nulls::always),
  };
}

}  // namespace mastic::spark
