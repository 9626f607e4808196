#include "aws/encoding.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>

namespace mastic::aws {
namespace {

constexpr std::string_view base64_digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr int8_t not_base64 = -1;
constexpr auto base64_values = [] {
  std::array<int8_t, 256> table{};
  table.fill(not_base64);
  for (std::size_t i = 0; i < base64_digits.size(); ++i) {
    table[static_cast<unsigned char>(base64_digits[i])] = static_cast<int8_t>(i);
  }
  return table;
}();

constexpr std::string_view weekdays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::string_view months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

/// Takes digits, words and separators off the front of a date's text.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  std::optional<int> digits(std::size_t count) {
    int value = 0;
    if (text_.size() < count) return {};
    for (const char c : text_.substr(0, count)) {
      if (c < '0' || c > '9') return {};
      value = value * 10 + (c - '0');
    }
    text_.remove_prefix(count);
    return value;
  }
  bool skip(std::string_view expected) {
    if (!text_.starts_with(expected)) return false;
    text_.remove_prefix(expected.size());
    return true;
  }
  std::optional<int> month() {
    for (std::size_t i = 0; i < std::size(months); ++i) {
      if (skip(months[i])) return static_cast<int>(i) + 1;
    }
    return {};
  }
  /// `.123456789` as microseconds; nothing there is 0.
  int64_t fraction() {
    if (!skip(".")) return 0;
    int64_t value = 0;
    int64_t scale = 100'000;
    while (!text_.empty() && text_[0] >= '0' && text_[0] <= '9') {
      value += (text_[0] - '0') * scale;
      scale /= 10;
      text_.remove_prefix(1);
    }
    return value;
  }
  void skip_to(char stop) {
    while (!text_.empty() && text_[0] != stop) text_.remove_prefix(1);
  }
  [[nodiscard]] bool done() const { return text_.empty(); }

 private:
  std::string_view text_;
};

std::optional<Instant> make_instant(int year, int month, int day, int64_t seconds_of_day, int64_t microseconds) {
  const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  if (!date.ok() || seconds_of_day < 0 || seconds_of_day > 86'400) return {};
  return Instant{std::chrono::sys_days{date}} + std::chrono::seconds{seconds_of_day} + std::chrono::microseconds{microseconds};
}

/// `Z`, `+02:00`, `-0130` or nothing: minutes east of Greenwich.
std::optional<int> scan_offset(Scanner& scanner) {
  if (scanner.done() || scanner.skip("Z")) return 0;
  const bool east = scanner.skip("+");
  if (!east && !scanner.skip("-")) return {};
  const auto hours = scanner.digits(2);
  scanner.skip(":");
  const auto minutes = scanner.digits(2);
  if (!hours || !minutes) return {};
  return (east ? 1 : -1) * (*hours * 60 + *minutes);
}

std::optional<Instant> parse_iso_time(std::string_view text) {
  Scanner scanner(text);
  const auto year = scanner.digits(4);
  scanner.skip("-");
  const auto month = scanner.digits(2);
  scanner.skip("-");
  const auto day = scanner.digits(2);
  if (!year || !month || !day) return {};
  if (scanner.done()) return make_instant(*year, *month, *day, 0, 0);
  if (!scanner.skip("T") && !scanner.skip(" ")) return {};
  const auto hour = scanner.digits(2);
  scanner.skip(":");
  const auto minute = scanner.digits(2);
  scanner.skip(":");
  const auto second = scanner.digits(2);
  if (!hour || !minute || !second || *hour > 23 || *minute > 59 || *second > 60) return {};
  const auto fraction = scanner.fraction();
  const auto offset = scan_offset(scanner);
  if (!offset || !scanner.done()) return {};
  auto instant = make_instant(*year, *month, *day, *hour * 3600 + *minute * 60 + *second, fraction);
  if (instant) *instant -= std::chrono::minutes{*offset};
  return instant;
}

std::optional<Instant> parse_http_time(std::string_view text) {
  Scanner scanner(text);
  scanner.skip_to(' ');
  scanner.skip(" ");
  const auto day = scanner.digits(2);
  scanner.skip(" ");
  const auto month = scanner.month();
  scanner.skip(" ");
  const auto year = scanner.digits(4);
  scanner.skip(" ");
  const auto hour = scanner.digits(2);
  scanner.skip(":");
  const auto minute = scanner.digits(2);
  scanner.skip(":");
  const auto second = scanner.digits(2);
  if (!day || !month || !year || !hour || !minute || !second || *hour > 23 || *minute > 59 || *second > 60) return {};
  if (!scanner.skip(" GMT") && !scanner.skip(" +0000") && !scanner.skip(" UTC")) return {};
  return make_instant(*year, *month, *day, *hour * 3600 + *minute * 60 + *second, 0);
}

std::optional<Instant> parse_epoch_time(std::string_view text) {
  double seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error != std::errc{} || end != text.data() + text.size() || !(std::abs(seconds) < 9.0e11)) return {};
  return Instant{std::chrono::microseconds{std::llround(seconds * 1e6)}};
}

struct Fields {
  std::chrono::year_month_day date;
  std::chrono::hh_mm_ss<std::chrono::microseconds> time;
  unsigned weekday;
};

Fields fields_of(Instant instant) {
  const auto day = std::chrono::floor<std::chrono::days>(instant);
  return {day, std::chrono::hh_mm_ss<std::chrono::microseconds>{instant - day}, std::chrono::weekday{day}.c_encoding()};
}

}  // namespace

void append_base64(std::string_view bytes, std::string& into) {
  const auto byte = [&](std::size_t at) -> uint32_t { return static_cast<unsigned char>(bytes[at]); };
  into.reserve(into.size() + (bytes.size() + 2) / 3 * 4);
  std::size_t at = 0;
  for (; at + 3 <= bytes.size(); at += 3) {
    const uint32_t three = byte(at) << 16U | byte(at + 1) << 8U | byte(at + 2);
    into += base64_digits[three >> 18U];
    into += base64_digits[(three >> 12U) & 63U];
    into += base64_digits[(three >> 6U) & 63U];
    into += base64_digits[three & 63U];
  }
  const auto rest = bytes.size() - at;
  if (rest == 0) return;
  const uint32_t last = byte(at) << 16U | (rest == 2 ? byte(at + 1) << 8U : 0U);
  into += base64_digits[last >> 18U];
  into += base64_digits[(last >> 12U) & 63U];
  into += rest == 2 ? base64_digits[(last >> 6U) & 63U] : '=';
  into += '=';
}

std::string to_base64(std::string_view bytes) {
  std::string text;
  append_base64(bytes, text);
  return text;
}

std::optional<std::string> from_base64(std::string_view text) {
  for (int padding = 0; padding < 2 && text.ends_with('='); ++padding) text.remove_suffix(1);
  if (text.size() % 4 == 1) return {};
  std::string bytes;
  bytes.reserve(text.size() * 3 / 4 + 1);
  uint32_t held = 0;
  int bits = 0;
  for (const char c : text) {
    const auto value = base64_values[static_cast<unsigned char>(c)];
    if (value == not_base64) return {};
    held = held << 6U | static_cast<uint32_t>(value);
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes += static_cast<char>(held >> static_cast<unsigned>(bits));
    }
  }
  return bytes;
}

std::string to_hex(std::string_view bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    text += digits[static_cast<unsigned char>(c) >> 4U];
    text += digits[static_cast<unsigned char>(c) & 15U];
  }
  return text;
}

std::string to_iso_time(Instant instant, bool milliseconds) {
  const auto [date, time, weekday] = fields_of(instant);
  auto text =
      fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                  static_cast<unsigned>(date.day()), time.hours().count(), time.minutes().count(), time.seconds().count());
  if (milliseconds) text += fmt::format(".{:03}", time.subseconds().count() / 1000);
  return text + "Z";
}

std::string to_http_time(Instant instant) {
  const auto [date, time, weekday] = fields_of(instant);
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", weekdays[weekday], static_cast<unsigned>(date.day()),
                     months[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()), time.hours().count(),
                     time.minutes().count(), time.seconds().count());
}

std::string to_epoch_time(Instant instant) {
  const auto milliseconds = std::chrono::floor<std::chrono::milliseconds>(instant).time_since_epoch().count();
  const auto sign = milliseconds < 0 ? "-" : "";
  const auto positive = milliseconds < 0 ? -milliseconds : milliseconds;
  if (positive % 1000 == 0) return fmt::format("{}{}", sign, positive / 1000);
  auto text = fmt::format("{}{}.{:03}", sign, positive / 1000, positive % 1000);
  while (text.ends_with('0')) text.pop_back();
  return text;
}

std::optional<Instant> parse_time(std::string_view text) {
  if (auto instant = parse_iso_time(text)) return instant;
  if (auto instant = parse_http_time(text)) return instant;
  return parse_epoch_time(text);
}

std::string percent_encode(std::string_view text, bool keep_slash) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string encoded;
  encoded.reserve(text.size() + text.size() / 8);
  for (const char c : text) {
    const bool plain = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
                       c == '_' || c == '~' || (keep_slash && c == '/');
    if (plain) {
      encoded += c;
    } else {
      encoded += '%';
      encoded += digits[static_cast<unsigned char>(c) >> 4U];
      encoded += digits[static_cast<unsigned char>(c) & 15U];
    }
  }
  return encoded;
}

}  // namespace mastic::aws
