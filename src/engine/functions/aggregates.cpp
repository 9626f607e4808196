// What aggregates need besides DuckDB's own.
//   spark_wrap_sum(HUGEINT) → BIGINT: the low 64 bits, as a long that wrapped around
//   spark_exact_sum(HUGEINT) → BIGINT: ARITHMETIC_OVERFLOW beyond them; spark_try_sum: NULL
//   spark_decimal_sum(DECIMAL(38, s)), spark_decimal_sum_exact: aggregates; NULL or an error beyond 38 digits
//   spark_join_bytes(list of BLOBs, separator)
#include <duckdb/function/aggregate_function.hpp>

#include "engine/functions/kernel.h"
#include "engine/functions/register.h"

namespace mastic::engine {
namespace {

enum class Beyond : uint8_t { wraps, fails, null };

template <Beyond beyond>
void to_long(DataChunk& input, ExpressionState&, Vector& result) {
  duckdb::UnaryExecutor::ExecuteWithNulls<duckdb::hugeint_t, int64_t>(
      input.data[0], result, input.size(), [](duckdb::hugeint_t sum, ValidityMask& mask, idx_t row) {
        const auto low = static_cast<int64_t>(sum.lower);
        if (to_native(sum) == low || beyond == Beyond::wraps) return low;
        if (beyond == Beyond::fails)
          throw_spark_error("ARITHMETIC_OVERFLOW",
                            {{"message", "overflow"},
                             {"alternative", " Use 'try_add' to tolerate overflow and return NULL instead."},
                             {"config", "\"spark.sql.ansi.enabled\""}});
        mask.SetInvalid(row);
        return low;
      });
}

/// A sum in 128 bits, which hold 38 digits with room for one carry: it stops at the first step that leaves 38 digits.
struct DecimalSum {
  duckdb::hugeint_t total;
  bool any;
  bool overflow;
};

struct DecimalSumOperation {
  static const int128& limit() {
    static const int128 value = power_of_ten(38);
    return value;
  }
  static void add(DecimalSum& state, duckdb::hugeint_t value) {
    state.any = true;
    if (state.overflow) return;
    const auto left = to_native(state.total);
    const auto right = to_native(value);
    // Both are below 10^38, and 2 · 10^38 would not fit: compare before adding.
    if (right > 0 ? left > limit() - 1 - right : left < 1 - limit() - right) {
      state.overflow = true;
      return;
    }
    state.total = to_hugeint(left + right);
  }
  template <class STATE>
  static void Initialize(STATE& state) {
    state = STATE{};
  }
  template <class INPUT, class STATE, class OP>
  static void Operation(STATE& state, const INPUT& input, duckdb::AggregateUnaryInput&) {
    add(state, input);
  }
  template <class INPUT, class STATE, class OP>
  static void ConstantOperation(STATE& state, const INPUT& input, duckdb::AggregateUnaryInput&, idx_t count) {
    for (idx_t i = 0; i < count; ++i) add(state, input);
  }
  template <class STATE, class OP>
  static void Combine(const STATE& source, STATE& target, duckdb::AggregateInputData&) {
    if (!source.any) return;
    target.overflow |= source.overflow;
    add(target, source.total);
  }
  static bool IgnoreNull() { return true; }
};

template <bool exact>
struct DecimalSumResult : DecimalSumOperation {
  template <class T, class STATE>
  static void Finalize(STATE& state, T& target, duckdb::AggregateFinalizeData& finalize) {
    if (exact && state.overflow)
      throw_spark_error("NUMERIC_VALUE_OUT_OF_RANGE.WITH_SUGGESTION",
                        {{"value", "the sum"}, {"precision", "38"}, {"scale", "0"}, {"config", "\"spark.sql.ansi.enabled\""}});
    if (!state.any || state.overflow) {
      finalize.ReturnNull();
    } else {
      target = state.total;
    }
  }
};

duckdb::unique_ptr<duckdb::FunctionData> bind_decimal_sum(duckdb::ClientContext&, duckdb::AggregateFunction& function,
                                                          BoundArguments& arguments) {
  function.arguments[0] = arguments[0]->return_type;
  function.return_type = arguments[0]->return_type;
  return nullptr;
}

template <bool exact>
void decimal_sum(duckdb::ExtensionLoader& loader, const char* name) {
  const auto any = LogicalType::DECIMAL(38, 0);
  auto function =
      duckdb::AggregateFunction::UnaryAggregate<DecimalSum, duckdb::hugeint_t, duckdb::hugeint_t, DecimalSumResult<exact>>(any,
                                                                                                                           any);
  function.name = name;
  function.arguments[0] = LogicalTypeId::DECIMAL;
  function.bind = bind_decimal_sum;
  loader.RegisterFunction(std::move(function));
}

void join_bytes(DataChunk& input, ExpressionState&, Vector& result) {
  result.SetVectorType(duckdb::VectorType::FLAT_VECTOR);
  for (idx_t row = 0; row < input.size(); ++row) {
    const auto list = input.data[0].GetValue(row);
    const auto separator = input.data[1].GetValue(row);
    std::string bytes;
    bool any = false;
    if (!list.IsNull()) {
      for (const auto& child : duckdb::ListValue::GetChildren(list)) {
        if (child.IsNull()) continue;
        if (any && !separator.IsNull()) bytes += duckdb::StringValue::Get(separator);
        any = true;
        bytes += duckdb::StringValue::Get(child);
      }
    }
    result.SetValue(row, any ? Value::BLOB(duckdb::const_data_ptr_cast(bytes.data()), bytes.size()) : Value(LogicalType::BLOB));
  }
}

}  // namespace

void register_aggregate_functions(duckdb::ExtensionLoader& loader) {
  const auto bytes = LogicalType::BLOB;
  loader.RegisterFunction(kernel("spark_wrap_sum", {LogicalType::HUGEINT}, LogicalType::BIGINT, to_long<Beyond::wraps>));
  loader.RegisterFunction(kernel("spark_exact_sum", {LogicalType::HUGEINT}, LogicalType::BIGINT, to_long<Beyond::fails>));
  loader.RegisterFunction(kernel("spark_try_sum", {LogicalType::HUGEINT}, LogicalType::BIGINT, to_long<Beyond::null>));
  loader.RegisterFunction(kernel("spark_join_bytes", {LogicalType::LIST(bytes), bytes}, bytes, join_bytes));
  decimal_sum<false>(loader, "spark_decimal_sum");
  decimal_sum<true>(loader, "spark_decimal_sum_exact");
}

}  // namespace mastic::engine
