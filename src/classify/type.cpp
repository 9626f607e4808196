#include "classify/type.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <unordered_map>

namespace mastic::classify {
namespace {

bool is_whole(Kind kind) { return kind >= Kind::tinyint && kind <= Kind::bigint; }
bool is_real(Kind kind) { return kind == Kind::float_ || kind == Kind::double_; }
bool is_scalar(Kind kind) { return kind < Kind::array; }

int digits_of(Kind whole) {
  switch (whole) {
    case Kind::tinyint: return 3;
    case Kind::smallint: return 5;
    case Kind::int_: return 10;
    default: return 19;
  }
}

Type merged_decimals(int left_precision, int left_scale, int right_precision, int right_scale) {
  const int scale = std::max(left_scale, right_scale);
  const int whole = std::max(left_precision - left_scale, right_precision - right_scale);
  constexpr int digits_max = 38;
  if (whole + scale > digits_max) return {Kind::double_};
  return decimal_of(whole + scale, scale);
}

Type merged_structs(const Type& left, const Type& right) {
  Type merged = left;
  std::unordered_map<std::string_view, std::size_t> places;
  for (std::size_t i = 0; i < left.fields.size(); ++i) places.emplace(left.fields[i].name, i);
  for (const auto& field : right.fields) {
    const auto known = places.find(field.name);
    if (known == places.end()) {
      merged.fields.push_back(field);
    } else {
      auto& into = merged.fields[known->second].type;
      into = merge(into, field.type);
    }
  }
  return merged;
}

/// In Hive's type text a field name must not be mistaken for punctuation.
bool is_plain_name(std::string_view name) { return !name.empty() && name.find_first_of(":,<>`") == std::string_view::npos; }

void append_text(const Type& type, std::string& text) {
  switch (type.kind) {
    case Kind::unknown:
    case Kind::string: text += "string"; return;
    case Kind::boolean: text += "boolean"; return;
    case Kind::tinyint: text += "tinyint"; return;
    case Kind::smallint: text += "smallint"; return;
    case Kind::int_: text += "int"; return;
    case Kind::bigint: text += "bigint"; return;
    case Kind::float_: text += "float"; return;
    case Kind::double_: text += "double"; return;
    case Kind::binary: text += "binary"; return;
    case Kind::date: text += "date"; return;
    case Kind::timestamp: text += "timestamp"; return;
    case Kind::decimal: text += "decimal(" + std::to_string(type.precision) + "," + std::to_string(type.scale) + ")"; return;
    case Kind::array:
    case Kind::map:
      text += type.kind == Kind::array ? "array<" : "map<";
      for (std::size_t i = 0; i < type.fields.size(); ++i) {
        if (i > 0) text += ',';
        append_text(type.fields[i].type, text);
      }
      text += '>';
      return;
    case Kind::struct_:
      text += "struct<";
      for (std::size_t i = 0; i < type.fields.size(); ++i) {
        if (i > 0) text += ',';
        const auto& name = type.fields[i].name;
        text += is_plain_name(name) ? name : "`" + name + "`";
        text += ':';
        append_text(type.fields[i].type, text);
      }
      text += '>';
      return;
  }
}

bool equal_without_case(std::string_view left, std::string_view right) {
  return std::ranges::equal(left, right, [](unsigned char a, unsigned char b) { return std::tolower(a) == std::tolower(b); });
}

}  // namespace

bool operator==(const Type& left, const Type& right) {
  return left.kind == right.kind && left.precision == right.precision && left.scale == right.scale &&
         left.fields == right.fields;
}

Type array_of(Type element) {
  Type type{Kind::array};
  type.fields.push_back({"", std::move(element)});
  return type;
}

Type map_of(Type key, Type value) {
  Type type{Kind::map};
  type.fields.push_back({"", std::move(key)});
  type.fields.push_back({"", std::move(value)});
  return type;
}

Type decimal_of(int precision, int scale) {
  precision = std::clamp(precision, 1, 38);
  return {Kind::decimal, static_cast<uint8_t>(precision), static_cast<uint8_t>(std::clamp(scale, 0, precision))};
}

Type merge(const Type& left, const Type& right) {
  if (left.kind == Kind::unknown) return right;
  if (right.kind == Kind::unknown) return left;
  const auto a = left.kind;
  const auto b = right.kind;
  if (a == b) {
    if (a == Kind::decimal) return merged_decimals(left.precision, left.scale, right.precision, right.scale);
    if (a == Kind::struct_) return merged_structs(left, right);
    if (a == Kind::array && left.fields.size() == 1 && right.fields.size() == 1)
      return array_of(merge(left.fields[0].type, right.fields[0].type));
    if (a == Kind::map && left.fields.size() == 2 && right.fields.size() == 2)
      return map_of(merge(left.fields[0].type, right.fields[0].type), merge(left.fields[1].type, right.fields[1].type));
    return left;
  }
  if (is_whole(a) && is_whole(b)) return {std::max(a, b)};
  if ((is_whole(a) || is_real(a) || a == Kind::decimal) && (is_whole(b) || is_real(b) || b == Kind::decimal)) {
    if (is_real(a) || is_real(b)) return {Kind::double_};
    const auto& decimal = a == Kind::decimal ? left : right;
    return merged_decimals(decimal.precision, decimal.scale, digits_of(a == Kind::decimal ? b : a), 0);
  }
  if ((a == Kind::date && b == Kind::timestamp) || (a == Kind::timestamp && b == Kind::date)) return {Kind::timestamp};
  return {Kind::string};
}

bool mergeable(const Type& left, const Type& right) {
  if (left.kind == Kind::unknown || right.kind == Kind::unknown || left.kind == right.kind) return true;
  return is_scalar(left.kind) && is_scalar(right.kind) && (left.kind == Kind::binary) == (right.kind == Kind::binary);
}

std::string catalog_text(const Type& type) {
  std::string text;
  append_text(type, text);
  return text;
}

Type type_of_text(std::string_view text) {
  if (text.empty()) return {};
  const auto* end = text.data() + text.size();
  const auto* begin = text.front() == '+' && text.size() > 1 && text[1] != '-' ? text.data() + 1 : text.data();
  const char first = *begin == '-' && begin + 1 < end ? begin[1] : *begin;
  if ((first >= '0' && first <= '9') || first == '.') {  // neither inf nor nan: words of these names are text
    int64_t whole = 0;
    const auto [whole_end, whole_failure] = std::from_chars(begin, end, whole);
    if (whole_failure == std::errc() && whole_end == end) return {Kind::bigint};
    double real = 0;
    const auto [real_end, real_failure] = std::from_chars(begin, end, real);
    if (real_failure == std::errc() && real_end == end) return {Kind::double_};
    return {Kind::string};
  }
  if (equal_without_case(text, "true") || equal_without_case(text, "false")) return {Kind::boolean};
  return {Kind::string};
}

Type type_of_name(std::string_view name) {
  static constexpr std::array<std::pair<std::string_view, Kind>, 15> names{{{"binary", Kind::binary},
                                                                            {"boolean", Kind::boolean},
                                                                            {"byte", Kind::tinyint},
                                                                            {"date", Kind::date},
                                                                            {"double", Kind::double_},
                                                                            {"float", Kind::float_},
                                                                            {"int", Kind::int_},
                                                                            {"integer", Kind::int_},
                                                                            {"long", Kind::bigint},
                                                                            {"bigint", Kind::bigint},
                                                                            {"short", Kind::smallint},
                                                                            {"smallint", Kind::smallint},
                                                                            {"string", Kind::string},
                                                                            {"timestamp", Kind::timestamp},
                                                                            {"tinyint", Kind::tinyint}}};
  for (const auto& [known, kind] : names)
    if (equal_without_case(name, known)) return {kind};
  constexpr int decimal_precision = 38;  // what a DECIMAL without digits can hold of both sides
  constexpr int decimal_scale = 18;
  if (equal_without_case(name, "decimal")) return decimal_of(decimal_precision, decimal_scale);
  return {};
}

}  // namespace mastic::classify
