// What aggregates need after DuckDB's own have run.
//   spark_wrap_sum(HUGEINT) → BIGINT: the low 64 bits, as a long that wrapped around
//   spark_exact_sum(HUGEINT) → BIGINT: ARITHMETIC_OVERFLOW beyond them
#include "engine/functions/kernel.h"
#include "engine/functions/register.h"

namespace mastic::engine {
namespace {

template <bool exact>
void to_long(DataChunk& input, ExpressionState&, Vector& result) {
  duckdb::UnaryExecutor::Execute<duckdb::hugeint_t, int64_t>(input.data[0], result, input.size(), [](duckdb::hugeint_t sum) {
    const auto low = static_cast<int64_t>(sum.lower);
    if (exact && to_native(sum) != low) {
      throw_spark_error("ARITHMETIC_OVERFLOW", {{"message", "long overflow"},
                                                {"alternative", " Use 'try_sum' to tolerate overflow and return NULL instead."},
                                                {"config", "\"spark.sql.ansi.enabled\""}});
    }
    return low;
  });
}

}  // namespace

void register_aggregate_functions(duckdb::ExtensionLoader& loader) {
  loader.RegisterFunction(kernel("spark_wrap_sum", {LogicalType::HUGEINT}, LogicalType::BIGINT, to_long<false>));
  loader.RegisterFunction(kernel("spark_exact_sum", {LogicalType::HUGEINT}, LogicalType::BIGINT, to_long<true>));
}

}  // namespace mastic::engine
