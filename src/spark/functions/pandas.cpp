// What pyspark.pandas and PySpark's plots call by name: Spark's internal functions.
#include "spark/functions/row.h"

namespace mastic::spark {
using namespace accepts;
using namespace rules;

namespace {

/// pandas' moments: `ddof` is taken off the number of values.
Row moment(std::string_view name, std::vector<Accepts> arguments) {
  return aggregate(name).takes(std::move(arguments)).gives(types::double_type()).nulls(Nulls::always);
}

/// Of whole numbers it is one.
Row product() {
  return aggregate("pandas_product")
      .takes({any(), boolean()})
      .nulls(Nulls::always)
      .typed_by([](const FunctionRow&, const CallSite& call) -> SparkResult<TypedCall> {
        const bool whole = call.arguments[0].type.is_integral();
        return TypedCall{{types::double_type(), types::boolean()}, whole ? types::long_type() : types::double_type(), true};
      });
}

/// The most frequent values; NULL may be one of them unless it is dropped.
Row modes() {
  return aggregate("pandas_mode")
      .takes({any(), boolean()})
      .nulls(Nulls::never)
      .typed_by([](const FunctionRow&, const CallSite& call) -> SparkResult<TypedCall> {
        const auto& type = call.arguments[0].type;
        return TypedCall{{type, types::boolean()}, types::array(type, true), false};
      });
}

Row top_values() {
  return aggregate("collect_top_k")
      .takes({any(), integer(), boolean()})
      .typed_by([](const FunctionRow&, const CallSite& call) -> SparkResult<TypedCall> {
        const auto& type = call.arguments[0].type;
        return TypedCall{{type, types::integer(), types::boolean()}, types::array(type, false), false};
      });
}

}  // namespace

Table pandas_functions() {
  return {
      product(),
      moment("pandas_stddev", {double_type(), integer()}),
      moment("pandas_var", {double_type(), integer()}),
      moment("pandas_skew", {double_type()}),
      moment("pandas_kurt", {double_type()}),
      moment("pandas_covar", {double_type(), double_type(), integer()}),
      modes(),
      top_values(),
      aggregate("ewm").takes({double_type(), double_type(), boolean()}).gives(types::double_type()).nulls(Nulls::always),
      aggregate("null_index").takes({any()}).gives(types::integer()).nulls(Nulls::never),
      scalar("distributed_id").takes({}).gives(types::long_type()).nulls(Nulls::never).random(),
      scalar("array_binary_search").takes({any(), any()}).gives(types::integer()),
      scalar("timestamp_ntz_to_long").takes({any()}).gives(types::long_type()),
  };
}

}  // namespace mastic::spark
