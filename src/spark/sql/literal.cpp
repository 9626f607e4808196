#include "spark/sql/literal.h"

#include <array>
#include <charconv>
#include <cmath>

namespace mastic::spark::sql {
namespace {

struct IntegerSuffix {
  std::string_view suffix;
  std::string_view type;  // as Spark's message names it
  int64_t low;
  int64_t high;
};
constexpr auto integer_suffixes = std::to_array<IntegerSuffix>({
    {"Y", "tinyint", -128, 127},
    {"S", "smallint", -32768, 32767},
    {"L", "bigint", INT64_MIN, INT64_MAX},
});

std::optional<int64_t> to_int64(const std::string& digits) {
  int64_t value = 0;
  const auto [end, code] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (code != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

SparkError out_of_range(const std::string& text, const IntegerSuffix& suffix) {
  return parse_error("INVALID_NUMERIC_LITERAL_RANGE", {{"rawStrippedQualifier", text},
                                                       {"minValue", std::to_string(suffix.low)},
                                                       {"maxValue", std::to_string(suffix.high)},
                                                       {"typeName", std::string(suffix.type)}});
}

Expression decimal_literal(const std::string& digits) {
  // Precision and scale of the number as written: 1.50 is decimal(3,2), 0.01 is decimal(2,2), 1e2BD is decimal(3,0).
  std::string plain = digits;
  int exponent = 0;
  if (const auto e = plain.find_first_of("eE"); e != std::string::npos) {
    exponent = static_cast<int>(std::strtol(plain.c_str() + e + 1, nullptr, 10));
    plain.resize(e);
  }
  const bool negative = plain.starts_with('-');
  std::string unscaled;
  int scale = 0;
  bool after_point = false;
  for (const char c : plain.substr(negative ? 1 : 0)) {
    if (c == '.') {
      after_point = true;
      continue;
    }
    unscaled += c;
    if (after_point) ++scale;
  }
  scale -= exponent;
  if (scale < 0 && -scale <= 76) unscaled.append(static_cast<std::size_t>(-scale), '0');
  if (scale < 0) scale = 0;
  unscaled.erase(0, std::min(unscaled.find_first_not_of('0'), unscaled.size()));
  const int precision = std::max({static_cast<int>(unscaled.size()), scale, 1});
  if (static_cast<int>(unscaled.size()) < scale + 1)
    unscaled.insert(0, static_cast<std::size_t>(scale + 1) - unscaled.size(), '0');
  if (scale > 0) unscaled.insert(unscaled.size() - static_cast<std::size_t>(scale), ".");
  Expression expression;
  auto* decimal = expression.mutable_literal()->mutable_decimal();
  decimal->set_value((negative ? "-" : "") + unscaled);
  decimal->set_precision(precision);
  decimal->set_scale(scale);
  return expression;
}

SparkResult<Expression> checked_decimal(const std::string& digits) {
  Expression literal = decimal_literal(digits);
  if (literal.literal().decimal().precision() > 38)
    return fail(parse_error("NUMERIC_VALUE_OUT_OF_RANGE.WITHOUT_SUGGESTION",
                            {{"value", digits}, {"roundedValue", digits}, {"precision", "38"}, {"scale", "0"}}));
  return literal;
}

SparkResult<Expression> make_integer(const std::string& digits, const std::string& suffix) {
  Expression expression;
  const auto value = to_int64(digits);
  for (const auto& row : integer_suffixes) {
    if (row.suffix != suffix) continue;
    if (!value || *value < row.low || *value > row.high) return fail(out_of_range(digits, row));
    auto* literal = expression.mutable_literal();
    if (suffix == "Y") literal->set_byte(static_cast<int32_t>(*value));
    if (suffix == "S") literal->set_short_(static_cast<int32_t>(*value));
    if (suffix == "L") literal->set_long_(*value);
    return expression;
  }
  if (!value) return checked_decimal(digits);
  if (*value >= INT32_MIN && *value <= INT32_MAX)
    expression.mutable_literal()->set_integer(static_cast<int32_t>(*value));
  else
    expression.mutable_literal()->set_long_(*value);
  return expression;
}

std::optional<std::string> from_hexadecimal(std::string text) {
  if (text.size() % 2 == 1) text.insert(0, "0");
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); i += 2) {
    int value = 0;
    const auto [end, code] = std::from_chars(text.data() + i, text.data() + i + 2, value, 16);
    if (code != std::errc() || end != text.data() + i + 2) return std::nullopt;
    bytes += static_cast<char>(value);
  }
  return bytes;
}

struct IntervalUnit {
  std::string_view name;  // singular, lower case
  int64_t months;
  int64_t days;
  int64_t microseconds;
};
constexpr auto interval_units = std::to_array<IntervalUnit>({
    {"year", 12, 0, 0},
    {"month", 1, 0, 0},
    {"week", 0, 7, 0},
    {"day", 0, 1, 0},
    {"hour", 0, 0, 3'600'000'000},
    {"minute", 0, 0, 60'000'000},
    {"second", 0, 0, 1'000'000},
    {"millisecond", 0, 0, 1'000},
    {"microsecond", 0, 0, 1},
});

const IntervalUnit* find_unit(std::string_view name) {
  const std::string lower = to_lower(name);
  for (const auto& unit : interval_units)
    if (lower == unit.name || lower == std::string(unit.name) + "s") return &unit;
  return nullptr;
}

bool multiply_into(int64_t& target, int64_t factor, int64_t quantity) {
  int64_t product = 0;
  return !__builtin_mul_overflow(factor, quantity, &product) && !__builtin_add_overflow(target, product, &target);
}

// Splits at any of the separators; empty parts stay.
std::vector<std::string> split(std::string_view text, std::string_view separators) {
  std::vector<std::string> parts(1);
  for (const char c : text) {
    if (separators.find(c) != std::string_view::npos)
      parts.emplace_back();
    else
      parts.back() += c;
  }
  return parts;
}

}  // namespace

SparkResult<Expression> make_number(const Token& token, bool negative) {
  const std::string digits = (negative ? "-" : "") + token.text;
  if (token.kind == TokenKind::integer) return make_integer(digits, token.suffix);
  if (token.kind == TokenKind::decimal) return checked_decimal(digits);
  Expression expression;
  if (token.suffix == "F")
    expression.mutable_literal()->set_float_(std::strtof(digits.c_str(), nullptr));
  else
    expression.mutable_literal()->set_double_(std::strtod(digits.c_str(), nullptr));
  return expression;
}

SparkResult<Expression> make_typed_literal(std::string_view type, const std::string& text) {
  Expression expression;
  if (equal_ignoring_case(type, "X")) {
    auto bytes = from_hexadecimal(text);
    if (!bytes) return fail(parse_error("INVALID_TYPED_LITERAL", {{"valueType", "\"X\""}, {"value", "'" + text + "'"}}));
    expression.mutable_literal()->set_binary(std::move(*bytes));
    return expression;
  }
  auto* function = expression.mutable_unresolved_function();
  function->set_function_name("typed_literal");
  *function->add_arguments() = string_literal(to_lower(type));
  *function->add_arguments() = string_literal(text);
  return expression;
}

std::optional<IntervalParts> interval_of(std::string_view quantity, std::string_view unit_name) {
  const auto* unit = find_unit(unit_name);
  if (!unit || quantity.empty()) return std::nullopt;
  const bool negative = quantity.front() == '-';
  if (quantity.front() == '-' || quantity.front() == '+') quantity.remove_prefix(1);
  const auto point = quantity.find('.');
  const auto whole = to_int64(std::string(quantity.substr(0, point == std::string_view::npos ? quantity.size() : point)));
  if (!whole && point != 0) return std::nullopt;
  IntervalParts parts;
  const int64_t count = whole.value_or(0) * (negative ? -1 : 1);
  if (!multiply_into(parts.months, unit->months, count) || !multiply_into(parts.days, unit->days, count) ||
      !multiply_into(parts.microseconds, unit->microseconds, count))
    return std::nullopt;
  if (point != std::string_view::npos) {
    if (unit->microseconds != 1'000'000) return std::nullopt;  // only seconds have a fraction
    std::string fraction(quantity.substr(point + 1));
    fraction.resize(6, '0');
    const auto microseconds = to_int64(fraction);
    if (!microseconds) return std::nullopt;
    parts.microseconds += *microseconds * (negative ? -1 : 1);
  }
  return parts;
}

std::optional<IntervalParts> interval_range(std::string_view text, std::string_view from, std::string_view to) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  static constexpr std::string_view day_time[] = {"day", "hour", "minute", "second"};
  std::vector<std::string_view> units;
  if (find_unit(from) && find_unit(from)->name == "year") {
    units = {"year", "month"};
  } else {
    bool inside = false;
    for (const auto unit : day_time) {
      inside = inside || equal_ignoring_case(unit, from);
      if (inside) units.push_back(unit);
      if (equal_ignoring_case(unit, to)) break;
    }
  }
  const auto quantities = split(text, units.size() == 2 && units[0] == "year" ? "-" : " :");
  if (units.empty() || quantities.size() != units.size()) return std::nullopt;
  IntervalParts sum;
  for (std::size_t i = 0; i < units.size(); ++i) {
    const auto part = interval_of(quantities[i], units[i]);
    if (!part) return std::nullopt;
    sum.months += part->months;
    sum.days += part->days;
    sum.microseconds += part->microseconds;
  }
  if (negative) sum = {-sum.months, -sum.days, -sum.microseconds};
  return sum;
}

}  // namespace mastic::spark::sql
