// Spark's implicit type conversions: TypeCoercion (ANSI off) and AnsiTypeCoercion (ANSI on), as functions of types.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "spark/plan/data_type.h"

namespace mastic::spark {

/// What a parameter takes: Spark's AbstractDataType.
struct Accepts {
  enum class Kind : uint8_t {
    any,
    exact,  // `type`
    numeric,
    integral,
    fractional,
    decimal,        // of any precision
    any_timestamp,  // timestamp or timestamp_ntz
    time,           // of any precision
    array,          // of `element` if set
    map,
    structure,
    ansi_interval,
    interval,  // any
    atomic,
    ordered,  // what can be sorted
    one_of,   // `choices`, in order
  };
  Kind kind = Kind::any;
  DataType type = {};
  std::vector<Accepts> choices = {};
};

namespace accepts {
inline Accepts of(Accepts::Kind kind) { return Accepts{.kind = kind}; }
inline Accepts any() { return of(Accepts::Kind::any); }
inline Accepts exact(DataType type) { return Accepts{.kind = Accepts::Kind::exact, .type = std::move(type)}; }
inline Accepts numeric() { return of(Accepts::Kind::numeric); }
inline Accepts integral() { return of(Accepts::Kind::integral); }
inline Accepts array() { return of(Accepts::Kind::array); }
inline Accepts map() { return of(Accepts::Kind::map); }
inline Accepts structure() { return of(Accepts::Kind::structure); }
inline Accepts one_of(std::vector<Accepts> choices) {
  return Accepts{.kind = Accepts::Kind::one_of, .choices = std::move(choices)};
}
inline Accepts string() { return exact(types::string()); }
inline Accepts binary() { return exact(types::binary()); }
inline Accepts boolean() { return exact(types::boolean()); }
inline Accepts integer() { return exact(types::integer()); }
inline Accepts long_type() { return exact(types::long_type()); }
inline Accepts double_type() { return exact(types::double_type()); }
inline Accepts date() { return exact(types::date()); }
inline Accepts timestamp() { return exact(types::timestamp()); }
}  // namespace accepts

/// True when the type needs no cast.
[[nodiscard]] bool accepts_type(const Accepts& expected, const DataType& type);
/// The type to cast to, or nothing when no implicit cast exists.
[[nodiscard]] std::optional<DataType> implicit_cast(const DataType& from, const Accepts& expected, bool ansi);
/// `"STRING"`, `("STRING" or "BINARY")`: how messages name what a parameter takes.
[[nodiscard]] std::string required_type_text(const Accepts& expected);

/// The type both convert to without loss of meaning; strings and numbers do not mix.
[[nodiscard]] std::optional<DataType> tightest_common_type(const DataType& left, const DataType& right, bool ansi);
/// The type of CASE branches, coalesce, array elements, UNION columns: strings and numbers mix by the mode's rule.
[[nodiscard]] std::optional<DataType> wider_type(const DataType& left, const DataType& right, bool ansi);
[[nodiscard]] std::optional<DataType> wider_type_of(std::span<const DataType> types, bool ansi);
/// greatest and least: no string promotion when ANSI is off.
[[nodiscard]] std::optional<DataType> wider_type_without_strings(std::span<const DataType> types, bool ansi);
/// The type in which `left = right` compares.
[[nodiscard]] std::optional<DataType> comparison_type(const DataType& left, const DataType& right, bool ansi);

/// The decimal that holds every value of an integral type.
[[nodiscard]] DataType decimal_for(const DataType& integral);
/// Precision cut to 38, digits before the point kept: DecimalType.bounded.
[[nodiscard]] DataType bounded_decimal(int precision, int scale);
[[nodiscard]] DataType wider_decimal(const DataType& left, const DataType& right);
/// + - * / % div: Spark's result type, scale given up before digits (allowPrecisionLoss).
[[nodiscard]] DataType decimal_arithmetic_type(char operation, const DataType& left, const DataType& right);

[[nodiscard]] bool can_cast(const DataType& from, const DataType& to, bool ansi);
/// Casting a value that is not NULL may give NULL.
[[nodiscard]] bool cast_may_null(const DataType& from, const DataType& to, bool ansi);
/// Values can be sorted and compared: not maps, not variant.
[[nodiscard]] bool is_orderable(const DataType& type);
/// The same type, nullability aside.
[[nodiscard]] bool same_type(const DataType& left, const DataType& right);

}  // namespace mastic::spark
