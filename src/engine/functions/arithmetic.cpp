// Whole-number arithmetic as Java does it.
//   spark_wrap_add, _subtract, _multiply (a, b), spark_wrap_negate, spark_wrap_abs (a): wrap around (ANSI off)
//   spark_exact_… of the same: ARITHMETIC_OVERFLOW instead; spark_try_…: NULL instead
//   spark_divide_integer(a, b) (`div`), spark_remainder, spark_pmod: NULL for a zero divisor; with _exact: DIVIDE_BY_ZERO
//   spark_divide_exact(a, b), spark_divide_interval(a, b): a / b, or DIVIDE_BY_ZERO, INTERVAL_DIVIDED_BY_ZERO
// A zero divisor is only an error where the dividend is not NULL.
#include <cmath>

#include "engine/functions/kernel.h"
#include "engine/functions/register.h"

namespace mastic::engine {
namespace {

enum class Overflow : uint8_t { wrap, error, null };

[[noreturn]] void throw_overflow(const char* type_name, const char* suggestion) {
  throw_spark_error("ARITHMETIC_OVERFLOW",
                    {{"message", std::string(type_name) + " overflow"},
                     {"alternative", *suggestion == 0 ? std::string()
                                                      : " Use '" + std::string(suggestion) +
                                                            "' to tolerate overflow and return NULL instead."},
                     {"config", "\"spark.sql.ansi.enabled\""}});
}

template <typename T>
constexpr const char* java_name() {
  return sizeof(T) == 8 ? "long" : sizeof(T) == 4 ? "integer" : sizeof(T) == 2 ? "short" : "byte";
}

struct Add {
  static constexpr const char* suggestion = "try_add";
  template <typename T>
  static bool run(T a, T b, T& out) {
    return __builtin_add_overflow(a, b, &out);
  }
};
struct Subtract {
  static constexpr const char* suggestion = "try_subtract";
  template <typename T>
  static bool run(T a, T b, T& out) {
    return __builtin_sub_overflow(a, b, &out);
  }
};
struct Multiply {
  static constexpr const char* suggestion = "try_multiply";
  template <typename T>
  static bool run(T a, T b, T& out) {
    return __builtin_mul_overflow(a, b, &out);
  }
};

template <typename T, typename Operation, Overflow overflow>
void binary(DataChunk& input, ExpressionState&, Vector& result) {
  duckdb::BinaryExecutor::ExecuteWithNulls<T, T, T>(input.data[0], input.data[1], result, input.size(),
                                                    [](T a, T b, ValidityMask& mask, idx_t row) {
                                                      T out{};
                                                      if (Operation::run(a, b, out)) {
                                                        if (overflow == Overflow::error) {
                                                          throw_overflow(java_name<T>(), Operation::suggestion);
                                                        }
                                                        if (overflow == Overflow::null) mask.SetInvalid(row);
                                                      }
                                                      return out;
                                                    });
}

template <typename T, bool absolute, Overflow overflow>
void unary(DataChunk& input, ExpressionState&, Vector& result) {
  duckdb::UnaryExecutor::Execute<T, T>(input.data[0], result, input.size(), [](T a) {
    T out{};
    if (absolute && a >= 0) return a;
    if (__builtin_sub_overflow(T{0}, a, &out) && overflow == Overflow::error) throw_overflow(java_name<T>(), "");
    return out;
  });
}

enum class Division : uint8_t { whole, remainder, positive };

/// x div 0, x % 0: NULL or an error. Long.MIN_VALUE div -1 overflows.
template <typename T, typename R, Division kind, OnFailure zero>
void divide(DataChunk& input, ExpressionState&, Vector& result) {
  duckdb::BinaryExecutor::ExecuteWithNulls<T, T, R>(
      input.data[0], input.data[1], result, input.size(), [](T a, T b, ValidityMask& mask, idx_t row) -> R {
        if (b == 0) {
          if (zero == OnFailure::error) {
            throw_spark_error(kind == Division::whole ? "DIVIDE_BY_ZERO" : "REMAINDER_BY_ZERO",
                              {{"config", "\"spark.sql.ansi.enabled\""}});
          }
          mask.SetInvalid(row);
          return R{};
        }
        if constexpr (std::is_floating_point_v<T>) {
          const T rest = std::fmod(a, b);
          if (kind == Division::positive && rest < 0) return static_cast<R>(std::fmod(rest + b, b));
          return static_cast<R>(rest);
        } else {
          if (b == -1) {
            if (kind != Division::whole) return R{0};
            R out{};
            if (__builtin_sub_overflow(R{0}, static_cast<R>(a), &out) && zero == OnFailure::error) throw_overflow("long", "");
            return out;
          }
          if (kind == Division::whole) return static_cast<R>(a / b);
          const T rest = static_cast<T>(a % b);
          if (kind == Division::positive && rest < 0) return static_cast<R>((rest + b) % b);
          return static_cast<R>(rest);
        }
      });
}

template <bool interval>
void divide_exact(DataChunk& input, ExpressionState&, Vector& result) {
  duckdb::BinaryExecutor::Execute<double, double, double>(
      input.data[0], input.data[1], result, input.size(), [](double value, double divisor) {
        if (divisor == 0) {
          if (interval) throw_spark_error("INTERVAL_DIVIDED_BY_ZERO");
          throw_spark_error("DIVIDE_BY_ZERO", {{"config", "\"spark.sql.ansi.enabled\""}});
        }
        return value / divisor;
      });
}

using Body = void (*)(DataChunk&, ExpressionState&, Vector&);

struct Sets {
  duckdb::ExtensionLoader& loader;
  void binary_set(const std::string& name, std::initializer_list<std::pair<LogicalTypeId, Body>> bodies,
                  LogicalTypeId result = LogicalTypeId::INVALID) const {
    for (const auto& [id, body] : bodies) {
      const LogicalType type(id);
      loader.RegisterFunction(kernel(name, {type, type}, result == LogicalTypeId::INVALID ? type : LogicalType(result), body));
    }
  }
  void unary_set(const std::string& name, std::initializer_list<std::pair<LogicalTypeId, Body>> bodies) const {
    for (const auto& [id, body] : bodies) loader.RegisterFunction(kernel(name, {LogicalType(id)}, LogicalType(id), body));
  }
};

template <typename Operation, Overflow overflow>
void add_binary(const Sets& sets, const std::string& name) {
  sets.binary_set(name, {{LogicalTypeId::TINYINT, binary<int8_t, Operation, overflow>},
                         {LogicalTypeId::SMALLINT, binary<int16_t, Operation, overflow>},
                         {LogicalTypeId::INTEGER, binary<int32_t, Operation, overflow>},
                         {LogicalTypeId::BIGINT, binary<int64_t, Operation, overflow>}});
}

template <bool absolute, Overflow overflow>
void add_unary(const Sets& sets, const std::string& name) {
  sets.unary_set(name, {{LogicalTypeId::TINYINT, unary<int8_t, absolute, overflow>},
                        {LogicalTypeId::SMALLINT, unary<int16_t, absolute, overflow>},
                        {LogicalTypeId::INTEGER, unary<int32_t, absolute, overflow>},
                        {LogicalTypeId::BIGINT, unary<int64_t, absolute, overflow>}});
}

template <Division kind, OnFailure zero>
void add_remainder(const Sets& sets, const std::string& name) {
  sets.binary_set(name, {{LogicalTypeId::TINYINT, divide<int8_t, int8_t, kind, zero>},
                         {LogicalTypeId::SMALLINT, divide<int16_t, int16_t, kind, zero>},
                         {LogicalTypeId::INTEGER, divide<int32_t, int32_t, kind, zero>},
                         {LogicalTypeId::BIGINT, divide<int64_t, int64_t, kind, zero>},
                         {LogicalTypeId::FLOAT, divide<float, float, kind, zero>},
                         {LogicalTypeId::DOUBLE, divide<double, double, kind, zero>}});
}

}  // namespace

void register_arithmetic_functions(duckdb::ExtensionLoader& loader) {
  const Sets sets{loader};
  add_binary<Add, Overflow::wrap>(sets, "spark_wrap_add");
  add_binary<Add, Overflow::error>(sets, "spark_exact_add");
  add_binary<Add, Overflow::null>(sets, "spark_try_add");
  add_binary<Subtract, Overflow::wrap>(sets, "spark_wrap_subtract");
  add_binary<Subtract, Overflow::error>(sets, "spark_exact_subtract");
  add_binary<Subtract, Overflow::null>(sets, "spark_try_subtract");
  add_binary<Multiply, Overflow::wrap>(sets, "spark_wrap_multiply");
  add_binary<Multiply, Overflow::error>(sets, "spark_exact_multiply");
  add_binary<Multiply, Overflow::null>(sets, "spark_try_multiply");
  add_unary<false, Overflow::wrap>(sets, "spark_wrap_negate");
  add_unary<false, Overflow::error>(sets, "spark_exact_negate");
  add_unary<true, Overflow::wrap>(sets, "spark_wrap_abs");
  add_unary<true, Overflow::error>(sets, "spark_exact_abs");
  sets.binary_set("spark_divide_integer",
                  {{LogicalTypeId::BIGINT, divide<int64_t, int64_t, Division::whole, OnFailure::null>}});
  sets.binary_set("spark_divide_integer_exact",
                  {{LogicalTypeId::BIGINT, divide<int64_t, int64_t, Division::whole, OnFailure::error>}});
  add_remainder<Division::remainder, OnFailure::null>(sets, "spark_remainder");
  add_remainder<Division::remainder, OnFailure::error>(sets, "spark_remainder_exact");
  add_remainder<Division::positive, OnFailure::null>(sets, "spark_pmod");
  add_remainder<Division::positive, OnFailure::error>(sets, "spark_pmod_exact");
  sets.binary_set("spark_divide_exact", {{LogicalTypeId::DOUBLE, divide_exact<false>}});
  sets.binary_set("spark_divide_interval", {{LogicalTypeId::DOUBLE, divide_exact<true>}});
}

}  // namespace mastic::engine
