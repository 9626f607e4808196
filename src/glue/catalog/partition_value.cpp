#include "glue/catalog/partition_value.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <chrono>
#include <utility>

namespace mastic::glue::catalog {
namespace {

struct NamedKind {
  std::string_view name;
  KeyKind kind;
};
// char and varchar come with a length, decimal with precision and scale: the name in front of "(" decides.
constexpr auto kinds = std::to_array<NamedKind>({
    {"bigint", KeyKind::integer},
    {"boolean", KeyKind::text},
    {"char", KeyKind::text},
    {"date", KeyKind::date},
    {"decimal", KeyKind::decimal},
    {"double", KeyKind::decimal},
    {"float", KeyKind::decimal},
    {"int", KeyKind::integer},
    {"integer", KeyKind::integer},
    {"long", KeyKind::integer},
    {"smallint", KeyKind::integer},
    {"string", KeyKind::text},
    {"timestamp", KeyKind::timestamp},
    {"tinyint", KeyKind::integer},
    {"varchar", KeyKind::text},
});

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string_view take_digits(std::string_view& text) {
  std::size_t count = 0;
  while (count < text.size() && is_digit(text[count])) ++count;
  const auto digits = text.substr(0, count);
  text.remove_prefix(count);
  return digits;
}

std::optional<Decimal> read_decimal(std::string_view text, bool integer) {
  Decimal number;
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) {
    number.negative = text[0] == '-';
    text.remove_prefix(1);
  }
  auto whole = take_digits(text);
  std::string_view fraction;
  const bool pointed = !integer && !text.empty() && text[0] == '.';
  if (pointed) {
    text.remove_prefix(1);
    fraction = take_digits(text);
  }
  if (!text.empty() || (whole.empty() && fraction.empty())) return std::nullopt;
  while (!whole.empty() && whole[0] == '0') whole.remove_prefix(1);
  while (!fraction.empty() && fraction.back() == '0') fraction.remove_suffix(1);
  number.whole = whole;
  number.fraction = fraction;
  if (whole.empty() && fraction.empty()) number.negative = false;
  return number;
}

std::optional<int> take_number(std::string_view& text, std::size_t digits_min, std::size_t digits_max) {
  const auto digits = take_digits(text);
  if (digits.size() < digits_min || digits.size() > digits_max) return std::nullopt;
  int number = 0;
  for (const char c : digits) number = number * 10 + (c - '0');
  return number;
}

bool take_char(std::string_view& text, char c) {
  if (text.empty() || text[0] != c) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<std::chrono::sys_days> take_date(std::string_view& text) {
  const auto year = take_number(text, 4, 4);
  if (!year || !take_char(text, '-')) return std::nullopt;
  const auto month = take_number(text, 1, 2);
  if (!month || !take_char(text, '-')) return std::nullopt;
  const auto day = take_number(text, 1, 2);
  if (!day) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days(date);
}

int64_t microseconds_of(std::chrono::sys_days day) {
  return std::chrono::duration_cast<std::chrono::microseconds>(day.time_since_epoch()).count();
}

/// `2024-05-06 07:08:09.123456`, the clock part and its fraction optional.
std::optional<int64_t> read_timestamp(std::string_view text) {
  const auto day = take_date(text);
  if (!day) return std::nullopt;
  auto time = microseconds_of(*day);
  if (text.empty()) return time;
  if (!take_char(text, ' ') && !take_char(text, 'T')) return std::nullopt;
  const auto hour = take_number(text, 1, 2);
  if (!hour || *hour > 23 || !take_char(text, ':')) return std::nullopt;
  const auto minute = take_number(text, 1, 2);
  if (!minute || *minute > 59 || !take_char(text, ':')) return std::nullopt;
  const auto second = take_number(text, 1, 2);
  if (!second || *second > 59) return std::nullopt;
  time += ((*hour * 60LL + *minute) * 60LL + *second) * 1'000'000LL;
  if (take_char(text, '.')) {
    int64_t unit = 100'000;
    for (const char c : take_digits(text)) {
      time += (c - '0') * unit;
      unit /= 10;
    }
  }
  if (!text.empty() && text != "Z") return std::nullopt;
  return time;
}

std::optional<int64_t> read_date(std::string_view text) {
  const auto day = take_date(text);
  if (!day || !text.empty()) return std::nullopt;
  return microseconds_of(*day);
}

std::optional<KeyValue> widen(const auto& value) { return value ? std::optional<KeyValue>(*value) : std::nullopt; }

/// Digits so that greater ones come first.
std::string complement(std::string_view digits) {
  std::string turned(digits);
  for (char& digit : turned) digit = static_cast<char>('0' + ('9' - digit));
  return turned;
}

// Sign, number of digits before the point, digits. What ends a fraction is smaller than a digit, for a negative number greater.
void append(std::string& bytes, const Decimal& number) {
  constexpr std::size_t length_max = 0xffff;
  const auto length = std::min(number.whole.size(), length_max);
  if (number.negative) {
    bytes += fmt::format("0{:04x}{}{}~", length_max - length, complement(number.whole), complement(number.fraction));
  } else {
    bytes += fmt::format("1{:04x}{}{}!", length, number.whole, number.fraction);
  }
}

void append(std::string& bytes, const std::string& text) {
  for (const char c : text) {
    if (c == '\0' || c == '\1') bytes += '\1';
    bytes += c == '\0' ? '\2' : c == '\1' ? '\3' : c;
  }
  bytes += '\0';
}

void append(std::string& bytes, int64_t number) {
  bytes += fmt::format("{:016x}", static_cast<uint64_t>(number) ^ (uint64_t{1} << 63U));
}

}  // namespace

void append_sortable(std::string& bytes, const std::optional<KeyValue>& value) {
  if (!value) {
    bytes += '\1';
    return;
  }
  bytes += '\2';
  std::visit([&](const auto& known) { append(bytes, known); }, *value);
}

std::strong_ordering Decimal::operator<=>(const Decimal& other) const {
  if (negative != other.negative) return negative ? std::strong_ordering::less : std::strong_ordering::greater;
  const auto size = [](const Decimal& a, const Decimal& b) -> std::strong_ordering {
    if (a.whole.size() != b.whole.size()) return a.whole.size() <=> b.whole.size();
    if (const auto order = a.whole <=> b.whole; order != 0) return order;
    return a.fraction <=> b.fraction;  // without trailing zeros, a shorter prefix is the smaller number
  };
  return negative ? size(other, *this) : size(*this, other);
}

std::optional<KeyKind> kind_of(std::string_view type) {
  std::string name(type.substr(0, type.find('(')));
  std::ranges::transform(name, name.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  const auto found = std::ranges::find(kinds, name, &NamedKind::name);
  return found == kinds.end() ? std::nullopt : std::optional(found->kind);
}

std::optional<KeyValue> read_value(KeyKind kind, std::string_view text) {
  switch (kind) {
    case KeyKind::text: return KeyValue(std::string(text));
    case KeyKind::integer: return widen(read_decimal(text, /*integer=*/true));
    case KeyKind::decimal: return widen(read_decimal(text, /*integer=*/false));
    case KeyKind::date: return widen(read_date(text));
    case KeyKind::timestamp: return widen(read_timestamp(text));
  }
  std::unreachable();
}

}  // namespace mastic::glue::catalog
