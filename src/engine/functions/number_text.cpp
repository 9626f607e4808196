#include "engine/functions/number_text.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>

namespace mastic::engine {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool equals_ignoring_case(std::string_view text, std::string_view lower) {
  return text.size() == lower.size() && std::equal(text.begin(), text.end(), lower.begin(), [](char a, char b) {
           return (a >= 'A' && a <= 'Z' ? a - 'A' + 'a' : a) == b;
         });
}

template <typename T>
char* write_java(char* out, T value) {
  const auto put = [&](std::string_view text) {
    std::memcpy(out, text.data(), text.size());
    return out + text.size();
  };
  if (std::isnan(value)) return put("NaN");
  if (std::isinf(value)) return put(value < 0 ? "-Infinity" : "Infinity");
  if (value == 0) return put(std::signbit(value) ? "-0.0" : "0.0");
  char shortest[48];
  const char* const end = std::to_chars(shortest, shortest + sizeof shortest, value, std::chars_format::scientific).ptr;
  const char* at = shortest;
  if (*at == '-') {
    *out++ = '-';
    ++at;
  }
  char digits[32];
  int count = 0;
  for (; at < end && *at != 'e'; ++at) {
    if (*at != '.') digits[count++] = *at;
  }
  int exponent = 0;
  ++at;
  if (*at == '+') ++at;
  std::from_chars(at, end, exponent);
  if (exponent >= 7 || exponent < -3) {  // d.dddE±x
    *out++ = digits[0];
    *out++ = '.';
    if (count == 1) {
      *out++ = '0';
    } else {
      std::memcpy(out, digits + 1, static_cast<std::size_t>(count - 1));
      out += count - 1;
    }
    *out++ = 'E';
    return std::to_chars(out, out + 6, exponent).ptr;
  }
  if (exponent < 0) {
    *out++ = '0';
    *out++ = '.';
    for (int i = -1; i > exponent; --i) *out++ = '0';
    std::memcpy(out, digits, static_cast<std::size_t>(count));
    return out + count;
  }
  for (int i = 0; i <= exponent; ++i) *out++ = i < count ? digits[i] : '0';
  *out++ = '.';
  if (count <= exponent + 1) {
    *out++ = '0';
    return out;
  }
  std::memcpy(out, digits + exponent + 1, static_cast<std::size_t>(count - exponent - 1));
  return out + (count - exponent - 1);
}

}  // namespace

std::string_view trim_all(std::string_view text) {
  const auto blank = [](char c) { return static_cast<unsigned char>(c) <= 0x20 || c == 0x7F; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

std::optional<int64_t> parse_integer(std::string_view text, bool allow_fraction) {
  text = trim_all(text);
  if (text.empty()) return std::nullopt;
  const bool negative = text[0] == '-';
  std::size_t at = negative || text[0] == '+' ? 1 : 0;
  if (at == text.size()) return std::nullopt;
  int64_t value = 0;  // kept negative: the range is larger there
  for (; at < text.size(); ++at) {
    if (text[at] == '.' && allow_fraction) {
      for (++at; at < text.size(); ++at) {
        if (!is_digit(text[at])) return std::nullopt;
      }
      break;
    }
    if (!is_digit(text[at])) return std::nullopt;
    if (__builtin_mul_overflow(value, int64_t{10}, &value) || __builtin_sub_overflow(value, text[at] - '0', &value)) {
      return std::nullopt;
    }
  }
  if (!negative && value == INT64_MIN) return std::nullopt;
  return negative ? value : -value;
}

std::optional<double> parse_double(std::string_view text) {
  text = trim_all(text);
  if (text.empty()) return std::nullopt;
  std::string_view rest = text;
  const bool negative = rest[0] == '-';
  if (negative || rest[0] == '+') rest.remove_prefix(1);
  if (rest.empty()) return std::nullopt;
  if (!is_digit(rest[0]) && rest[0] != '.') {
    for (const std::string_view name : {"infinity", "inf"}) {
      if (equals_ignoring_case(rest, name)) return negative ? -HUGE_VAL : HUGE_VAL;
    }
    if (equals_ignoring_case(text, "nan")) return std::nan("");
    return std::nullopt;
  }
  if (rest.size() > 1 && std::string_view("dDfF").find(rest.back()) != std::string_view::npos) rest.remove_suffix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), value);
  if (end != rest.data() + rest.size()) {
    // from_chars wants digits before an exponent; "1." is fine for both.
    return std::nullopt;
  }
  if (error == std::errc::result_out_of_range) {
    // Too large is infinity and too small is zero, as in Java. The exponent's sign tells them apart.
    const auto exponent = rest.find_first_of("eE");
    const bool small = exponent != std::string_view::npos ? rest.find('-', exponent) != std::string_view::npos
                                                          : rest.starts_with("0.") || rest.starts_with(".");
    value = small ? 0.0 : HUGE_VAL;
  } else if (error != std::errc()) {
    return std::nullopt;
  }
  return negative ? -value : value;
}

std::optional<bool> parse_boolean(std::string_view text) {
  text = trim_all(text);
  for (const std::string_view name : {"t", "true", "y", "yes", "1"}) {
    if (equals_ignoring_case(text, name)) return true;
  }
  for (const std::string_view name : {"f", "false", "n", "no", "0"}) {
    if (equals_ignoring_case(text, name)) return false;
  }
  return std::nullopt;
}

char* write_java_double(char* out, double value) { return write_java(out, value); }
char* write_java_float(char* out, float value) { return write_java(out, value); }
std::string java_double(double value) {
  char text[java_double_size_max];
  return {text, write_java(text, value)};
}

std::optional<int128> parse_decimal(std::string_view text, int precision, int scale) {
  text = trim_all(text);
  if (text.empty()) return std::nullopt;
  const bool negative = text[0] == '-';
  if (negative || text[0] == '+') text.remove_prefix(1);
  std::string digits;
  int64_t exponent = 0;  // of the last digit
  bool point = false;
  bool any = false;
  std::size_t at = 0;
  for (; at < text.size(); ++at) {
    if (text[at] == '.' && !point) {
      point = true;
    } else if (is_digit(text[at])) {
      any = true;
      if (!digits.empty() || text[at] != '0') digits += text[at];
      if (point) --exponent;
    } else {
      break;
    }
  }
  if (!any) return std::nullopt;
  if (at < text.size()) {
    if (text[at] != 'e' && text[at] != 'E') return std::nullopt;
    ++at;
    if (at < text.size() && text[at] == '+') ++at;
    int64_t written = 0;
    const auto [end, error] = std::from_chars(text.data() + at, text.data() + text.size(), written);
    if (error != std::errc() || end != text.data() + text.size() || std::abs(written) > 100'000) return std::nullopt;
    exponent += written;
  }
  const int64_t shift = exponent + scale;
  bool round_up = false;
  if (shift >= 0) {
    if (!digits.empty()) {
      if (static_cast<int64_t>(digits.size()) + shift > precision) return std::nullopt;
      digits.append(static_cast<std::size_t>(shift), '0');
    }
  } else {
    const auto drop = static_cast<std::size_t>(-shift);
    if (drop > digits.size()) {
      digits.clear();
    } else {
      round_up = digits[digits.size() - drop] >= '5';
      digits.resize(digits.size() - drop);
    }
  }
  if (static_cast<int>(digits.size()) > std::min(precision, 38)) return std::nullopt;
  int128 value = 0;
  for (const char digit : digits) value = value * 10 + (digit - '0');
  if (round_up) ++value;
  int128 limit = 1;
  for (int i = 0; i < precision; ++i) limit *= 10;
  if (value >= limit) return std::nullopt;
  return negative ? -value : value;
}

std::string decimal_text(int128 unscaled, int scale) {
  const bool negative = unscaled < 0;
  auto rest = negative ? -static_cast<uint128>(unscaled) : static_cast<uint128>(unscaled);
  std::string text;
  for (int i = 0; rest > 0 || i <= scale; ++i) {
    if (i == scale && scale > 0) text += '.';
    text += static_cast<char>('0' + static_cast<int>(rest % 10));
    rest /= 10;
  }
  if (negative) text += '-';
  std::reverse(text.begin(), text.end());
  return text;
}

}  // namespace mastic::engine
