#include "engine/functions/number_format.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>

#include "engine/functions/number_text.h"

namespace mastic::engine {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
char upper(char c) { return static_cast<char>(std::toupper(static_cast<unsigned char>(c))); }

struct Digits {
  bool negative = false;
  std::string whole;     // without leading zeros
  std::string fraction;  // as given
};

Digits split_digits(std::string_view text) {
  Digits digits;
  digits.negative = text.starts_with('-');
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  const auto point = std::min(text.find('.'), text.size());
  digits.whole = text.substr(0, point);
  if (point < text.size()) digits.fraction = text.substr(point + 1);
  digits.whole.erase(0, std::min(digits.whole.find_first_not_of('0'), digits.whole.size()));
  return digits;
}

/// Rounds to `scale` digits after the point, half to even.
void round_half_even(Digits& digits, std::size_t scale) {
  if (digits.fraction.size() <= scale) return;
  const std::string rest = digits.fraction.substr(scale);
  digits.fraction.resize(scale);
  const bool tie = rest[0] == '5' && rest.find_first_not_of('0', 1) == std::string::npos;
  const char last = !digits.fraction.empty() ? digits.fraction.back() : !digits.whole.empty() ? digits.whole.back() : '0';
  if (rest[0] < '5' || (tie && (last - '0') % 2 == 0)) return;
  std::string all = digits.whole + digits.fraction;
  std::size_t i = all.size();
  while (i > 0 && all[i - 1] == '9') all[--i] = '0';
  if (i == 0) {
    all.insert(0, "1");
  } else {
    ++all[i - 1];
  }
  digits.whole = all.substr(0, all.size() - scale);
  digits.fraction = all.substr(all.size() - scale);
}

std::string grouped(const std::string& digits, std::size_t size) {
  std::string out;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && size > 0 && (digits.size() - i) % size == 0) out += ',';
    out += digits[i];
  }
  return out;
}

}  // namespace

std::optional<NumberFormat> parse_number_format(std::string_view text) {
  std::string format(text);
  for (auto& c : format) c = upper(c);
  NumberFormat result;
  std::string_view rest = format;
  if (rest.starts_with("MI")) {
    result.sign = NumberFormat::Sign::leading_mi;
    rest.remove_prefix(2);
  } else if (rest.starts_with("S")) {
    result.sign = NumberFormat::Sign::leading_s;
    rest.remove_prefix(1);
  }
  const auto take_currency = [&] {
    if (!rest.starts_with("$")) return;
    result.currency = true;
    rest.remove_prefix(1);
  };
  take_currency();
  while (!rest.empty() && (rest[0] == '0' || rest[0] == '9' || rest[0] == 'G' || rest[0] == ',')) {
    result.whole += rest[0] == 'G' ? ',' : rest[0];
    rest.remove_prefix(1);
  }
  if (rest.starts_with(".") || rest.starts_with("D")) {
    result.point = true;
    rest.remove_prefix(1);
    while (!rest.empty() && (rest[0] == '0' || rest[0] == '9')) {
      result.fraction += rest[0];
      rest.remove_prefix(1);
    }
  }
  take_currency();
  if (rest == "S")
    result.sign = NumberFormat::Sign::trailing_s;
  else if (rest == "MI")
    result.sign = NumberFormat::Sign::trailing_mi;
  else if (rest == "PR")
    result.sign = NumberFormat::Sign::angle;
  else if (!rest.empty())
    return std::nullopt;
  if (result.fraction.empty() && result.whole.find_first_of("09") == std::string::npos) return std::nullopt;
  return result;
}

std::optional<int128> parse_formatted_number(std::string_view text, const NumberFormat& format) {
  using Sign = NumberFormat::Sign;
  text = trim_all(text);
  bool negative = false;
  const auto take_sign_in_front = [&] {
    if (text.starts_with('-') || (format.sign == Sign::leading_s && text.starts_with('+'))) {
      negative = text.front() == '-';
      text.remove_prefix(1);
    }
  };
  if (format.sign == Sign::angle && text.starts_with('<') && text.ends_with('>')) {
    negative = true;
    text = text.substr(1, text.size() - 2);
  }
  if (format.sign == Sign::leading_s || format.sign == Sign::leading_mi) take_sign_in_front();
  if (format.sign == Sign::trailing_s || format.sign == Sign::trailing_mi) {
    if (text.ends_with('-') || (format.sign == Sign::trailing_s && text.ends_with('+'))) {
      negative = text.back() == '-';
      text.remove_suffix(1);
    }
  }
  if (format.currency) {
    if (!text.starts_with('$')) return std::nullopt;
    text.remove_prefix(1);
  }
  const auto point = std::min(text.find('.'), text.size());
  if (point < text.size() && !format.point) return std::nullopt;
  std::string digits;
  for (const char c : text.substr(0, point)) {
    if (c == ',' && format.whole.find(',') != std::string::npos) continue;
    if (!is_digit(c)) return std::nullopt;
    digits += c;
  }
  std::string fraction(point < text.size() ? text.substr(point + 1) : std::string_view());
  if (!std::ranges::all_of(fraction, is_digit) || (digits.empty() && fraction.empty())) return std::nullopt;
  std::string places = format.whole;
  std::erase(places, ',');
  const bool exact = places.starts_with('0');
  if (digits.size() > places.size() || (exact && digits.size() != places.size())) return std::nullopt;
  if (fraction.size() > format.fraction.size()) return std::nullopt;
  if (format.fraction.starts_with('0') && fraction.size() != format.fraction.size()) return std::nullopt;
  fraction.resize(format.fraction.size(), '0');
  int128 value = 0;
  for (const char c : digits + fraction) value = value * 10 + (c - '0');
  return negative ? -value : value;
}

std::string format_number(std::string_view text, const NumberFormat& format) {
  using Sign = NumberFormat::Sign;
  Digits digits = split_digits(text);
  while (!digits.fraction.empty() && digits.fraction.back() == '0') digits.fraction.pop_back();
  std::string places = format.whole;
  std::erase(places, ',');
  if (digits.whole.empty() && format.point && !places.empty()) digits.whole = "0";  // 0.5, not .5
  const bool overflow = digits.whole.size() > places.size() || digits.fraction.size() > format.fraction.size();
  if (!overflow) digits.fraction.resize(format.fraction.size(), '0');
  std::string padding(places.size() - std::min(places.size(), digits.whole.size()), ' ');
  const std::string value = padding + digits.whole;
  std::string body;
  bool zeros = false;
  bool seen = false;
  std::size_t at = 0;
  for (const char place : format.whole) {
    if (place == ',') {
      body += overflow || seen ? ',' : ' ';
      continue;
    }
    zeros = zeros || place == '0';
    const char digit = overflow ? '#' : value[at] == ' ' && zeros ? '0' : value[at];
    ++at;
    seen = seen || digit != ' ';
    body += digit;
  }
  if (format.point) body += "." + (overflow ? std::string(format.fraction.size(), '#') : digits.fraction);
  if (format.currency) body.insert(0, "$");
  const bool negative = digits.negative;
  switch (format.sign) {
    case Sign::none: return body;
    case Sign::leading_s:
    case Sign::leading_mi: {
      const char sign = negative ? '-' : format.sign == Sign::leading_s ? '+' : ' ';
      const auto first = std::min(body.find_first_not_of(' '), body.size());
      return body.substr(0, first) + sign + body.substr(first);
    }
    case Sign::trailing_s: return body + (negative ? '-' : '+');
    case Sign::trailing_mi: return body + (negative ? '-' : ' ');
    case Sign::angle: {
      if (!negative) return body + "  ";
      const auto first = std::min(body.find_first_not_of(' '), body.size());
      return body.substr(0, first) + "<" + body.substr(first) + ">";
    }
  }
  return body;
}

std::string format_decimal(std::string_view text, std::string_view pattern) {
  if (text == "NaN" || text == "nan") return "NaN";
  pattern = pattern.substr(0, pattern.find(';'));
  const auto first = std::min(pattern.find_first_of("#0,."), pattern.size());
  const auto last = pattern.find_last_of("#0,.");
  std::string prefix(pattern.substr(0, first));
  std::string suffix(last == std::string_view::npos ? std::string_view() : pattern.substr(last + 1));
  const auto body = pattern.substr(first, last == std::string_view::npos ? 0 : last + 1 - first);
  std::erase(prefix, '\'');
  std::erase(suffix, '\'');
  if (text.ends_with("inf") || text.ends_with("Infinity")) return (text.starts_with('-') ? "-" : "") + prefix + "∞" + suffix;
  const auto point = std::min(body.find('.'), body.size());
  const auto whole = body.substr(0, point);
  const auto fraction = point < body.size() ? body.substr(point + 1) : std::string_view();
  const auto comma = whole.rfind(',');
  const std::size_t group = comma == std::string_view::npos ? 0 : whole.size() - comma - 1;
  const auto least_whole = static_cast<std::size_t>(std::ranges::count(whole, '0'));
  const auto least_fraction = static_cast<std::size_t>(std::ranges::count(fraction, '0'));
  Digits digits = split_digits(text);
  const int shift = suffix.find('%') != std::string::npos || prefix.find('%') != std::string::npos ? 2 : 0;
  for (int i = 0; i < shift; ++i) {
    if (digits.fraction.empty()) digits.fraction = "0";
    digits.whole += digits.fraction.front();
    digits.fraction.erase(0, 1);
  }
  digits.whole.erase(0, std::min(digits.whole.find_first_not_of('0'), digits.whole.size()));
  round_half_even(digits, fraction.size());
  while (digits.fraction.size() > least_fraction && digits.fraction.back() == '0') digits.fraction.pop_back();
  digits.fraction.resize(std::max(digits.fraction.size(), least_fraction), '0');
  if (digits.whole.size() < least_whole) digits.whole.insert(0, least_whole - digits.whole.size(), '0');
  if (digits.whole.empty() && digits.fraction.empty()) digits.whole = "0";
  std::string out = prefix + grouped(digits.whole, group);
  if (!digits.fraction.empty()) out += "." + digits.fraction;
  return (digits.negative ? "-" : "") + out + suffix;
}

namespace {

struct Specifier {
  int index = 0;  // 1-based; 0: the next one
  bool left = false, plus = false, blank = false, zero = false, comma = false, parenthesis = false, alternate = false;
  std::optional<std::size_t> width, precision;
  char conversion = 0;
  std::string text;
};

std::optional<Specifier> take_specifier(std::string_view& rest) {
  const auto begin = rest;
  Specifier one;
  rest.remove_prefix(1);  // %
  const auto number = [&] {
    std::size_t value = 0;
    while (!rest.empty() && is_digit(rest[0]) && value < 100000) {
      value = value * 10 + static_cast<std::size_t>(rest[0] - '0');
      rest.remove_prefix(1);
    }
    return value;
  };
  auto ahead = rest;
  const auto index = rest.empty() || rest[0] == '0' ? 0 : number();
  if (index > 0 && rest.starts_with('$')) {
    one.index = static_cast<int>(index);
    rest.remove_prefix(1);
  } else {
    rest = ahead;
  }
  for (bool flag = true; flag && !rest.empty();) {
    switch (rest[0]) {
      case '-': one.left = true; break;
      case '+': one.plus = true; break;
      case ' ': one.blank = true; break;
      case '0': one.zero = true; break;
      case ',': one.comma = true; break;
      case '(': one.parenthesis = true; break;
      case '#': one.alternate = true; break;
      default: flag = false;
    }
    if (flag) rest.remove_prefix(1);
  }
  if (!rest.empty() && is_digit(rest[0])) one.width = number();
  if (rest.starts_with('.')) {
    rest.remove_prefix(1);
    one.precision = number();
  }
  if (rest.empty()) return std::nullopt;
  one.conversion = rest[0];
  rest.remove_prefix(1);
  one.text = begin.substr(0, begin.size() - rest.size());
  return one;
}

/// Width in characters, not bytes.
std::size_t character_count(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::string padded(std::string text, const Specifier& one) {
  const auto size = character_count(text);
  if (!one.width || size >= *one.width) return text;
  const std::string blanks(*one.width - size, ' ');
  return one.left ? text + blanks : blanks + text;
}

std::string signed_number(std::string digits, bool negative, const Specifier& one) {
  if (one.comma) {
    const auto end = std::min(digits.find_first_not_of("0123456789"), digits.size());
    digits = grouped(digits.substr(0, end), 3) + digits.substr(end);
  }
  std::string front = negative ? (one.parenthesis ? "(" : "-") : one.plus ? "+" : one.blank ? " " : "";
  const std::string back = negative && one.parenthesis ? ")" : "";
  if (one.zero && one.width) {
    const auto size = front.size() + digits.size() + back.size();
    if (size < *one.width) digits.insert(0, *one.width - size, '0');
  }
  return padded(front + digits + back, one);
}

std::string scientific(double value, std::size_t precision) {
  return fmt::format("{:.{}e}", value, static_cast<int>(precision));
}

std::string real(double value, const Specifier& one) {
  if (std::isnan(value)) return padded("NaN", one);
  const bool negative = std::signbit(value);
  if (std::isinf(value)) return padded((negative ? "-" : one.plus ? "+" : "") + std::string("Infinity"), one);
  const auto precision = one.precision.value_or(6);
  const double magnitude = std::fabs(value);
  std::string digits;
  const char conversion = static_cast<char>(std::tolower(static_cast<unsigned char>(one.conversion)));
  if (conversion == 'f') {
    // Java rounds the shortest decimal text half up, not the binary value.
    char text[java_double_size_max];
    const char* const end = write_java_double(text, magnitude);
    const auto unscaled =
        parse_decimal({text, static_cast<std::size_t>(end - text)}, 38, static_cast<int>(std::min<std::size_t>(precision, 30)));
    digits = unscaled && precision <= 30 ? decimal_text(*unscaled, static_cast<int>(precision))
                                         : fmt::format("{:.{}f}", magnitude, static_cast<int>(precision));
  } else if (conversion == 'e') {
    digits = scientific(magnitude, precision);
  } else {
    const auto significant = precision == 0 ? 1 : precision;
    if (magnitude != 0 && (magnitude < 1e-4 || magnitude >= std::pow(10.0, static_cast<double>(significant)))) {
      digits = scientific(magnitude, significant - 1);
    } else {
      const int exponent = magnitude == 0 ? 0 : static_cast<int>(std::floor(std::log10(magnitude)));
      digits = fmt::format("{:.{}f}", magnitude, std::max(0, static_cast<int>(significant) - 1 - exponent));
    }
  }
  if (std::isupper(static_cast<unsigned char>(one.conversion)) != 0) std::ranges::transform(digits, digits.begin(), upper);
  return signed_number(std::move(digits), negative, one);
}

std::string whole(int64_t value, int bits, const Specifier& one) {
  if (one.conversion == 'd')
    return signed_number(std::to_string(value < 0 ? 0 - static_cast<uint64_t>(value) : static_cast<uint64_t>(value)), value < 0,
                         one);
  const auto raw = static_cast<uint64_t>(value) & (bits >= 64 ? ~uint64_t{0} : (uint64_t{1} << bits) - 1);
  std::string digits = one.conversion == 'o' ? fmt::format("{:o}", raw) : fmt::format("{:x}", raw);
  if (one.alternate) digits.insert(0, one.conversion == 'o' ? "0" : "0x");
  if (one.conversion == 'X') std::ranges::transform(digits, digits.begin(), upper);
  if (one.zero && one.width && digits.size() < *one.width) digits.insert(0, *one.width - digits.size(), '0');
  return padded(std::move(digits), one);
}

std::string plain(const FormatValue& value) {
  if (const auto* text = std::get_if<std::string>(&value.value)) return *text;
  if (const auto* number = std::get_if<int64_t>(&value.value)) return std::to_string(*number);
  if (const auto* number = std::get_if<double>(&value.value)) return java_double(*number);
  if (const auto* flag = std::get_if<bool>(&value.value)) return *flag ? "true" : "false";
  return "null";
}

std::string cut(std::string text, const Specifier& one) {
  if (one.precision && character_count(text) > *one.precision) {
    std::size_t bytes = 0;
    for (std::size_t seen = 0; bytes < text.size(); ++bytes)
      if ((static_cast<unsigned char>(text[bytes]) & 0xC0) != 0x80 && seen++ == *one.precision) break;
    text.resize(bytes);
  }
  if (std::isupper(static_cast<unsigned char>(one.conversion)) != 0) std::ranges::transform(text, text.begin(), upper);
  return padded(std::move(text), one);
}

const char* java_type(const FormatValue& value) {
  if (value.is_decimal) return "org.apache.spark.sql.types.Decimal";
  if (std::holds_alternative<std::string>(value.value)) return "org.apache.spark.unsafe.types.UTF8String";
  if (std::holds_alternative<double>(value.value)) return "java.lang.Double";
  if (std::holds_alternative<bool>(value.value)) return "java.lang.Boolean";
  return value.bits == 64 ? "java.lang.Long" : "java.lang.Integer";
}

/// The Java hash of a string, for %h.
std::string hash_text(std::string_view text) {
  uint32_t hash = 0;
  for (const unsigned char c : text) hash = hash * 31 + c;
  return fmt::format("{:x}", hash);
}

}  // namespace

std::variant<std::string, FormatFailure> format_text(std::string_view format, const std::vector<FormatValue>& values) {
  std::string out;
  std::size_t next = 0;
  while (!format.empty()) {
    const auto literal = std::min(format.find('%'), format.size());
    out += format.substr(0, literal);
    format.remove_prefix(literal);
    if (format.empty()) break;
    auto specifier = take_specifier(format);
    if (!specifier) return FormatFailure{"Conversion = '%'"};
    auto& one = *specifier;
    if (one.conversion == 'n') {
      out += '\n';
      continue;
    }
    if (one.conversion == '%') {
      out += padded("%", one);
      continue;
    }
    if (std::string_view("dsSfeEgGxXocCbBhH").find(one.conversion) == std::string_view::npos)
      return FormatFailure{fmt::format("Conversion = '{}'", one.conversion)};
    const auto at = one.index > 0 ? static_cast<std::size_t>(one.index - 1) : next++;
    if (at >= values.size()) return FormatFailure{fmt::format("Format specifier '{}'", one.text)};
    const auto& value = values[at];
    const auto* number = std::get_if<int64_t>(&value.value);
    const auto* fraction = std::get_if<double>(&value.value);
    const bool null = std::holds_alternative<std::monostate>(value.value);
    const auto mismatch = [&] { return FormatFailure{fmt::format("{} != {}", one.conversion, java_type(value))}; };
    switch (one.conversion) {
      case 's':
      case 'S': out += cut(plain(value), one); continue;
      case 'b':
      case 'B': {
        const auto* flag = std::get_if<bool>(&value.value);
        out += cut(null ? "false" : flag != nullptr && !*flag ? "false" : "true", one);
        continue;
      }
      case 'h':
      case 'H': out += cut(null ? "null" : hash_text(plain(value)), one); continue;
      default: break;
    }
    if (null) {
      out += padded("null", one);
    } else if (std::string_view("dxXo").find(one.conversion) != std::string_view::npos) {
      if (number == nullptr) return mismatch();
      out += whole(*number, value.bits, one);
    } else if (one.conversion == 'c' || one.conversion == 'C') {
      if (number == nullptr) return mismatch();
      out += cut(std::string(1, static_cast<char>(*number)), one);
    } else {
      if (fraction == nullptr) return mismatch();
      out += real(*fraction, one);
    }
  }
  return out;
}

}  // namespace mastic::engine
