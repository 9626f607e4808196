// Functions that choose among their arguments. CASE, and so `when` and `if`, are plan nodes, not calls.
#include "spark/functions/row.h"

namespace mastic::spark {
using namespace accepts;
using namespace rules;

Table conditional_functions() {
  return {
      scalar("coalesce").takes({any()}).repeats(1).common().gives(same_as(0)).nulls(Nulls::all),
      scalar("nvl", {"ifnull"}).takes({any(), any()}).common().gives(same_as(0)).nulls(Nulls::all).shows_alias(),
      scalar("nvl2").takes({any(), any(), any()}).common(1).gives(same_as(1)).nulls([](std::span<const Argument> arguments) {
        return arguments[1].nullable || arguments[2].nullable;
      }),
      // nullif keeps the first argument's type; its comparison is coerced where it is lowered from the common type.
      scalar("nullif").takes({any(), any()}).typed_by([](const FunctionRow&, const CallSite& call) -> SparkResult<TypedCall> {
        const auto& left = call.arguments[0].type;
        const auto& right = call.arguments[1].type;
        auto common = comparison_type(left, right, call.ansi);
        if (!common) return fail(different_types(call));
        if (same_type(left, *common)) return TypedCall{{left, *common}, left, true};
        return TypedCall{{*common, *common}, *common, true};
      }),
      scalar("nullifzero").takes({numeric()}).gives(same_as(0)).nulls(Nulls::always),
      scalar("zeroifnull").takes({numeric()}).typed_by([](const FunctionRow&, const CallSite& call) -> SparkResult<TypedCall> {
        // coalesce(x, 0)
        const auto& type = call.arguments[0].type;
        const auto common = wider_type(type, types::integer(), call.ansi);
        if (!common) return fail(unexpected_type(call, 0, "\"NUMERIC\"", type));
        return TypedCall{{*common}, *common, false};
      }),
  };
}

}  // namespace mastic::spark
