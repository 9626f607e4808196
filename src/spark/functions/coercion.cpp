#include "spark/functions/coercion.h"

#include <fmt/format.h>

#include <algorithm>

namespace mastic::spark {
namespace {

using Kind = TypeKind;

int numeric_rank(const DataType& type) {
  switch (type.kind) {
    case Kind::byte_: return 1;
    case Kind::short_: return 2;
    case Kind::integer: return 3;
    case Kind::long_: return 4;
    case Kind::float_: return 5;
    case Kind::double_: return 6;
    default: return 0;
  }
}

std::optional<DataType> datetime_common(const DataType& left, const DataType& right) {
  if (!left.is_datetime() || !right.is_datetime()) return std::nullopt;
  if (left.is(Kind::timestamp) || right.is(Kind::timestamp)) return types::timestamp();
  return types::timestamp_ntz();
}

// One of two texts may have a collation, which then both have; of two different ones there is none in common.
std::optional<DataType> common_text(const DataType& left, const DataType& right) {
  if (!left.collation.empty() && !right.collation.empty() && left.collation != right.collation) return std::nullopt;
  DataType type = types::string();
  type.collation = left.collation.empty() ? right.collation : left.collation;
  return type;
}

std::optional<DataType> interval_common(const DataType& left, const DataType& right) {
  if (left.kind != right.kind) return std::nullopt;
  if (!left.is(Kind::day_time_interval) && !left.is(Kind::year_month_interval)) return std::nullopt;
  DataType common = left;
  common.start_field = std::min(left.start_field, right.start_field);
  common.end_field = std::max(left.end_field, right.end_field);
  return common;
}

template <typename Finder>
std::optional<DataType> nested_common(const DataType& left, const DataType& right, const Finder& find) {
  if (left.kind != right.kind) return std::nullopt;
  if (left.is(Kind::array)) {
    auto element = find(left.element(), right.element());
    if (!element) return std::nullopt;
    return types::array(*element, left.contains_null || right.contains_null);
  }
  if (left.is(Kind::map)) {
    auto key = find(left.key(), right.key());
    auto value = find(left.value(), right.value());
    if (!key || !value) return std::nullopt;
    return types::map(*key, *value, left.contains_null || right.contains_null);
  }
  if (left.is(Kind::struct_)) {
    if (left.fields.size() != right.fields.size()) return std::nullopt;
    std::vector<StructField> fields;
    for (std::size_t i = 0; i < left.fields.size(); ++i) {
      const auto& a = left.fields[i];
      const auto& b = right.fields[i];
      const bool same_name =
          std::ranges::equal(a.name, b.name, [](char x, char y) { return std::tolower(x) == std::tolower(y); });
      if (!same_name) return std::nullopt;
      auto type = find(a.type, b.type);
      if (!type) return std::nullopt;
      fields.push_back({a.name, *type, a.nullable || b.nullable, {}});
    }
    return types::structure(std::move(fields));
  }
  return std::nullopt;
}

std::optional<DataType> decimal_common(const DataType& left, const DataType& right) {
  const bool left_decimal = left.is(Kind::decimal);
  const bool right_decimal = right.is(Kind::decimal);
  if (!left_decimal && !right_decimal) return std::nullopt;
  if (left.is_fractional() || right.is_fractional()) return types::double_type();
  if (left_decimal && right_decimal) return wider_decimal(left, right);
  if (left_decimal && right.is_integral()) return wider_decimal(left, decimal_for(right));
  if (right_decimal && left.is_integral()) return wider_decimal(decimal_for(left), right);
  return std::nullopt;
}

// A string beside an atomic type: that type becomes a string (ANSI off), or the string becomes that type (ANSI on).
std::optional<DataType> string_common(const DataType& left, const DataType& right, bool ansi) {
  const bool left_string = left.is_textual();
  const bool right_string = right.is_textual();
  if (left_string && right_string) return types::string();
  if (!left_string && !right_string) return std::nullopt;
  const DataType& other = left_string ? right : left;
  if (ansi) {
    if (other.is_integral()) return types::long_type();
    if (other.is_fractional() || other.is(Kind::decimal)) return types::double_type();
    if (other.is_nested() || other.is(Kind::variant)) return std::nullopt;
    return other;
  }
  if (other.is(Kind::binary) || other.is(Kind::boolean) || other.is_nested() || other.is(Kind::calendar_interval))
    return std::nullopt;
  return types::string();
}

bool has_string(const DataType& type) {
  if (type.is_textual()) return true;
  return type.is(Kind::array) && has_string(type.element());
}

std::optional<DataType> wider_without_strings(const DataType& left, const DataType& right, bool ansi) {
  if (auto common = tightest_common_type(left, right, ansi)) return common;
  if (auto common = decimal_common(left, right)) return common;
  return nested_common(left, right, [&](const DataType& a, const DataType& b) { return wider_without_strings(a, b, ansi); });
}

template <typename Finder>
std::optional<DataType> fold(std::vector<DataType> types, const Finder& find) {
  // Strings first, so that the answer does not depend on the order of the others.
  std::ranges::stable_partition(types, has_string);
  DataType common = types::null();
  for (const auto& type : types) {
    auto next = find(common, type);
    if (!next) return std::nullopt;
    common = *next;
  }
  return common;
}

std::optional<DataType> default_type(const Accepts& expected) {
  using K = Accepts::Kind;
  switch (expected.kind) {
    case K::any: return types::null();
    case K::exact: return expected.type;
    case K::numeric:
    case K::fractional: return types::double_type();
    case K::integral: return types::integer();
    case K::decimal: return types::decimal(38, 18);
    case K::any_timestamp: return types::timestamp();
    case K::time: return DataType{.kind = Kind::time, .precision = 6};
    case K::array: return types::array(types::null());
    case K::map: return types::map(types::null(), types::null());
    case K::structure: return types::structure({});
    case K::ansi_interval:
    case K::interval: return types::day_time_interval();
    case K::atomic:
    case K::ordered: return types::null();
    case K::one_of: return default_type(expected.choices.front());
  }
  return std::nullopt;
}

bool castable_implicitly(const DataType& from, const DataType& to, bool ansi);

std::optional<DataType> implicit_nested(const DataType& from, const DataType& to, bool ansi) {
  if (from.kind != to.kind) return std::nullopt;
  if (from.is(Kind::array)) {
    auto element = implicit_cast(from.element(), accepts::exact(to.element()), ansi);
    if (!element) return std::nullopt;
    return types::array(*element, from.contains_null);
  }
  if (from.is(Kind::map)) {
    auto key = implicit_cast(from.key(), accepts::exact(to.key()), ansi);
    auto value = implicit_cast(from.value(), accepts::exact(to.value()), ansi);
    if (!key || !value) return std::nullopt;
    return types::map(*key, *value, from.contains_null);
  }
  return std::nullopt;
}

bool castable_implicitly(const DataType& from, const DataType& to, bool ansi) {
  if (from.is_numeric() && to.is_numeric()) return true;
  if (from.is_datetime() && to.is_datetime()) return true;
  if (from.is_textual()) return to.is_numeric() || to.is_datetime() || to.is(Kind::binary) || (ansi && !to.is_nested());
  if (to.is_textual()) return !from.is_nested() && !from.is(Kind::variant);
  if (from.is(Kind::day_time_interval) && to.is(Kind::day_time_interval)) return true;
  if (from.is(Kind::year_month_interval) && to.is(Kind::year_month_interval)) return true;
  return false;
}

}  // namespace

bool same_type(const DataType& left, const DataType& right) {
  if (left.is_textual() && right.is_textual() && left.kind == right.kind)
    return left.length == right.length && left.collation == right.collation;
  if (left.kind != right.kind || left.precision != right.precision || left.scale != right.scale ||
      left.start_field != right.start_field || left.end_field != right.end_field ||
      left.children.size() != right.children.size() || left.fields.size() != right.fields.size())
    return false;
  for (std::size_t i = 0; i < left.children.size(); ++i)
    if (!same_type(left.children[i], right.children[i])) return false;
  for (std::size_t i = 0; i < left.fields.size(); ++i)
    if (left.fields[i].name != right.fields[i].name || !same_type(left.fields[i].type, right.fields[i].type)) return false;
  return left.classes == right.classes;
}

bool is_orderable(const DataType& type) {
  if (type.is(Kind::map) || type.is(Kind::variant) || type.is(Kind::calendar_interval)) return false;
  if (type.is(Kind::array)) return is_orderable(type.element());
  return std::ranges::all_of(type.fields, [](const StructField& field) { return is_orderable(field.type); });
}

bool accepts_type(const Accepts& expected, const DataType& type) {
  using K = Accepts::Kind;
  switch (expected.kind) {
    case K::any: return true;
    case K::exact:
      if (expected.type.is(Kind::string)) return type.is_textual();
      if (expected.type.is(Kind::day_time_interval) || expected.type.is(Kind::year_month_interval))
        return type.kind == expected.type.kind;
      return same_type(expected.type, type);
    case K::numeric: return type.is_numeric();
    case K::integral: return type.is_integral();
    case K::fractional: return type.is_fractional() || type.is(Kind::decimal);
    case K::decimal: return type.is(Kind::decimal);
    case K::any_timestamp: return type.is(Kind::timestamp) || type.is(Kind::timestamp_ntz);
    case K::time: return type.is(Kind::time);
    case K::array: return type.is(Kind::array);
    case K::map: return type.is(Kind::map);
    case K::structure: return type.is(Kind::struct_);
    case K::ansi_interval: return type.is(Kind::day_time_interval) || type.is(Kind::year_month_interval);
    case K::interval: return type.is_interval();
    case K::atomic: return !type.is_nested() && !type.is(Kind::null_);
    case K::ordered: return is_orderable(type);
    case K::one_of:
      return std::ranges::any_of(expected.choices, [&](const Accepts& choice) { return accepts_type(choice, type); });
  }
  return false;
}

std::optional<DataType> implicit_cast(const DataType& from, const Accepts& expected, bool ansi) {
  using K = Accepts::Kind;
  if (accepts_type(expected, from)) return from;
  if (from.is(Kind::null_)) return default_type(expected);
  switch (expected.kind) {
    case K::numeric:
    case K::fractional:
      if (from.is_textual()) return types::double_type();
      if (expected.kind == K::fractional && from.is_integral()) return types::double_type();
      return std::nullopt;
    case K::integral:
      // Spark has no implicit cast to "some integral type" but from NULL.
      return std::nullopt;
    case K::decimal:
      if (from.is_textual()) return types::decimal(38, 18);
      if (from.is_integral()) return decimal_for(from);
      if (from.is(Kind::float_)) return types::decimal(14, 7);
      if (from.is(Kind::double_)) return types::decimal(30, 15);
      return std::nullopt;
    case K::any_timestamp:
      if (from.is_textual() || from.is(Kind::date)) return types::timestamp();
      return std::nullopt;
    case K::time:
      if (from.is_textual()) return DataType{.kind = Kind::time, .precision = 6};
      return std::nullopt;
    case K::one_of:
      for (const auto& choice : expected.choices)
        if (auto type = implicit_cast(from, choice, ansi)) return type;
      return std::nullopt;
    case K::exact:
      if (castable_implicitly(from, expected.type, ansi)) return expected.type;
      return implicit_nested(from, expected.type, ansi);
    default: return std::nullopt;
  }
}

std::string required_type_text(const Accepts& expected) {
  using K = Accepts::Kind;
  const auto quoted = [](std::string_view text) { return fmt::format("\"{}\"", text); };
  switch (expected.kind) {
    case K::any: return quoted("ANY");
    case K::exact: return quoted(sql_string(expected.type));
    case K::numeric: return quoted("NUMERIC");
    case K::integral: return quoted("INTEGRAL");
    case K::fractional: return quoted("FRACTIONAL");
    case K::decimal: return quoted("DECIMAL");
    case K::any_timestamp: return quoted("TIMESTAMP") + " or " + quoted("TIMESTAMP WITHOUT TIME ZONE");
    case K::time: return quoted("TIME");
    case K::array: return quoted("ARRAY");
    case K::map: return quoted("MAP");
    case K::structure: return quoted("STRUCT");
    case K::ansi_interval: return quoted("ANSI INTERVAL");
    case K::interval: return quoted("INTERVAL");
    case K::atomic: return quoted("ATOMIC");
    case K::ordered: return quoted("ORDERABLE");
    case K::one_of: {
      std::string text = "(";
      for (const auto& choice : expected.choices) {
        if (text.size() > 1) text += " or ";
        text += required_type_text(choice);
      }
      return text + ")";
    }
  }
  return {};
}

std::optional<DataType> tightest_common_type(const DataType& left, const DataType& right, bool ansi) {
  if (same_type(left, right)) {
    DataType common = left;
    if (left.is_nested()) {
      if (auto nested = nested_common(left, right,
                                      [&](const DataType& a, const DataType& b) { return tightest_common_type(a, b, ansi); }))
        common = *nested;
    }
    return common;
  }
  if (left.is(Kind::null_)) return right;
  if (right.is(Kind::null_)) return left;
  const int left_rank = numeric_rank(left);
  const int right_rank = numeric_rank(right);
  if (left_rank > 0 && right_rank > 0) {
    const DataType& wider = left_rank > right_rank ? left : right;
    if (ansi && wider.is(Kind::float_)) return types::double_type();
    return wider;
  }
  if (left.is_integral() && right.is(Kind::decimal)) {
    const auto integral = decimal_for(left);
    if (right.precision - right.scale >= integral.precision) return right;
  }
  if (right.is_integral() && left.is(Kind::decimal)) {
    const auto integral = decimal_for(right);
    if (left.precision - left.scale >= integral.precision) return left;
  }
  if (left.is_textual() && right.is_textual()) return common_text(left, right);
  if (auto common = datetime_common(left, right)) return common;
  if (auto common = interval_common(left, right)) return common;
  return nested_common(left, right, [&](const DataType& a, const DataType& b) { return tightest_common_type(a, b, ansi); });
}

std::optional<DataType> wider_type(const DataType& left, const DataType& right, bool ansi) {
  if (auto common = tightest_common_type(left, right, ansi)) return common;
  if (auto common = decimal_common(left, right)) return common;
  if (auto common = string_common(left, right, ansi)) return common;
  return nested_common(left, right, [&](const DataType& a, const DataType& b) { return wider_type(a, b, ansi); });
}

std::optional<DataType> wider_type_of(std::span<const DataType> types, bool ansi) {
  return fold({types.begin(), types.end()}, [&](const DataType& a, const DataType& b) { return wider_type(a, b, ansi); });
}

std::optional<DataType> wider_type_without_strings(std::span<const DataType> types, bool ansi) {
  if (ansi) return wider_type_of(types, ansi);
  return fold({types.begin(), types.end()},
              [&](const DataType& a, const DataType& b) { return wider_without_strings(a, b, ansi); });
}

std::optional<DataType> comparison_type(const DataType& left, const DataType& right, bool ansi) {
  if (ansi || (!left.is_textual() && !right.is_textual())) {
    // A boolean beside a number compares as a number when ANSI is off.
    if (!ansi && left.is(Kind::boolean) && right.is_numeric()) return right;
    if (!ansi && right.is(Kind::boolean) && left.is_numeric()) return left;
    return wider_type(left, right, ansi);
  }
  if (left.is_textual() && right.is_textual()) return common_text(left, right);
  const DataType& other = left.is_textual() ? right : left;
  if (other.is(Kind::null_)) return types::string();
  if (other.is(Kind::decimal)) return types::double_type();
  if (other.is_nested() || other.is(Kind::variant) || other.is(Kind::calendar_interval)) return std::nullopt;
  return other;
}

DataType decimal_for(const DataType& integral) {
  switch (integral.kind) {
    case Kind::byte_: return types::decimal(3, 0);
    case Kind::short_: return types::decimal(5, 0);
    case Kind::integer: return types::decimal(10, 0);
    case Kind::long_: return types::decimal(20, 0);
    case Kind::float_: return types::decimal(14, 7);
    case Kind::double_: return types::decimal(30, 15);
    default: return integral.is(Kind::decimal) ? integral : types::decimal(38, 18);
  }
}

DataType bounded_decimal(int precision, int scale) { return types::decimal(std::min(precision, 38), std::min(scale, 38)); }

DataType wider_decimal(const DataType& left, const DataType& right) {
  const int scale = std::max(left.scale, right.scale);
  const int digits = std::max(left.precision - left.scale, right.precision - right.scale);
  return bounded_decimal(digits + scale, scale);
}

DataType decimal_arithmetic_type(char operation, const DataType& left, const DataType& right) {
  const int p1 = left.precision;
  const int s1 = left.scale;
  const int p2 = right.precision;
  const int s2 = right.scale;
  int precision = 0;
  int scale = 0;
  switch (operation) {
    case '*':
      scale = s1 + s2;
      precision = p1 + p2 + 1;
      break;
    case '/':
      scale = std::max(6, s1 + p2 + 1);
      precision = p1 - s1 + s2 + scale;
      break;
    case '%':
      scale = std::max(s1, s2);
      precision = std::min(p1 - s1, p2 - s2) + scale;
      break;
    case 'd':  // div: the whole part
      scale = 0;
      precision = std::max(p1 - s1 + s2, 1);
      break;
    default: scale = std::max(s1, s2); precision = std::max(p1 - s1, p2 - s2) + scale + 1;
  }
  if (precision <= 38) return types::decimal(precision, scale);
  // Digits before the point matter more than those after it; but up to six of the latter stay.
  const int whole = precision - scale;
  return types::decimal(38, std::max(38 - whole, std::min(scale, 6)));
}

bool can_cast(const DataType& from, const DataType& to, bool ansi) {
  if (same_type(from, to) || from.is(Kind::null_)) return true;
  if (from.is(Kind::variant)) return !to.is_interval() && !to.is(Kind::null_);
  if (to.is(Kind::variant)) return true;
  if (to.is_textual()) return true;
  if (from.is_nested() || to.is_nested()) {
    if (from.kind != to.kind) return false;
    if (from.is(Kind::struct_)) {
      if (from.fields.size() != to.fields.size()) return false;
      for (std::size_t i = 0; i < from.fields.size(); ++i)
        if (!can_cast(from.fields[i].type, to.fields[i].type, ansi) || (from.fields[i].nullable && !to.fields[i].nullable))
          return false;
      return true;
    }
    for (std::size_t i = 0; i < from.children.size(); ++i)
      if (!can_cast(from.children[i], to.children[i], ansi)) return false;
    return !from.contains_null || to.contains_null;
  }
  if (from.is_textual()) return !to.is(Kind::null_);
  if (to.is(Kind::null_)) return false;
  if (from.is(Kind::boolean)) return to.is_numeric() || (!ansi && to.is(Kind::timestamp));
  if (to.is(Kind::boolean)) return from.is_numeric() || (!ansi && (from.is(Kind::timestamp) || from.is(Kind::date)));
  if (from.is_numeric()) {
    if (to.is_numeric()) return true;
    if (to.is(Kind::binary)) return !ansi && from.is_integral();
    if (to.is(Kind::timestamp)) return true;
    if (to.is(Kind::day_time_interval) || to.is(Kind::year_month_interval))
      return to.start_field == to.end_field && (from.is_integral() || from.is(Kind::decimal));
    return false;
  }
  if (from.is_datetime()) {
    if (to.is_datetime()) return true;
    if (from.is(Kind::timestamp)) return to.is_numeric();
    if (from.is(Kind::date)) return !ansi && to.is_numeric();
    return to.is(Kind::time);
  }
  if (from.is_interval()) {
    if (from.kind == to.kind) return true;
    return from.start_field == from.end_field && (to.is_integral() || to.is(Kind::decimal));
  }
  if (from.is(Kind::time)) return to.is(Kind::time) || to.is_integral() || to.is(Kind::decimal);
  if (from.is(Kind::user_defined)) return !from.children.empty() && can_cast(from.children[0], to, ansi);
  return false;
}

// Cast.forceNullable: the same with ANSI and without.
bool cast_may_null(const DataType& from, const DataType& to, bool /*ansi*/) {
  if (same_type(from, to)) return false;
  if (from.is(Kind::null_)) return false;  // array() and map(): no element is NULL
  if (from.is_textual()) return !to.is_textual() && !to.is(Kind::binary);
  if (to.is_textual()) return false;
  if (from.is(Kind::timestamp) && (to.is(Kind::byte_) || to.is(Kind::short_) || to.is(Kind::integer))) return true;
  if (from.is_fractional() && to.is(Kind::timestamp)) return true;
  if (from.is(Kind::timestamp) && to.is(Kind::date)) return false;
  if (to.is(Kind::date)) return true;
  if (from.is(Kind::date)) return !to.is_datetime();
  if (to.is(Kind::calendar_interval)) return true;
  if (to.is(Kind::decimal)) {
    const auto wider = [&](int precision, int scale) {
      return to.precision - to.scale >= precision - scale && to.scale >= scale;
    };
    if (from.is(Kind::boolean)) return !wider(1, 0);
    if (from.is_integral()) return !wider(decimal_for(from).precision, 0);
    if (from.is(Kind::decimal))
      return !wider(from.precision, from.scale) && to.precision - to.scale <= from.precision - from.scale;
    return true;
  }
  return (from.is_fractional() || from.is(Kind::decimal)) && to.is_integral();
}

}  // namespace mastic::spark
