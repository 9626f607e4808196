#include "engine/functions/datetime_pattern.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "engine/functions/datetime_text.h"

namespace mastic::engine {
namespace {

constexpr std::array<std::string_view, 12> months = {"January", "February", "March",     "April",   "May",      "June",
                                                     "July",    "August",   "September", "October", "November", "December"};
constexpr std::array<std::string_view, 7> weekdays = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                                      "Friday", "Saturday", "Sunday"};
constexpr std::string_view letters = "GyuMLdDEFahHkKmsSVzOXxZQq";
constexpr std::string_view numeric_letters = "yuMLdDFhHkKmsSQq";

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool starts_with_ignoring_case(std::string_view text, std::string_view prefix) {
  return text.size() >= prefix.size() && std::equal(prefix.begin(), prefix.end(), text.begin(), [](char a, char b) {
           return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b));
         });
}

/// `+05:30` and its spellings: letter X writes Z for zero; the count says how much.
std::string offset_text(int seconds, char letter, int count) {
  const bool zulu = letter == 'X' || (letter == 'Z' && count == 5);
  if (seconds == 0 && zulu) return "Z";
  const int absolute = std::abs(seconds);
  const char sign = seconds < 0 ? '-' : '+';
  const int hours = absolute / 3600;
  const int minutes = absolute / 60 % 60;
  const int rest = absolute % 60;
  if (letter == 'O' || (letter == 'Z' && count == 4)) {
    if (seconds == 0) return "GMT";
    if (letter == 'O' && count == 1) {
      return minutes == 0 ? fmt::format("GMT{}{}", sign, hours) : fmt::format("GMT{}{}:{:02}", sign, hours, minutes);
    }
    return fmt::format("GMT{}{:02}:{:02}", sign, hours, minutes);
  }
  if (letter == 'Z') {
    return count <= 3 ? fmt::format("{}{:02}{:02}", sign, hours, minutes) : fmt::format("{}{:02}:{:02}", sign, hours, minutes);
  }
  switch (count) {
    case 1: return minutes == 0 ? fmt::format("{}{:02}", sign, hours) : fmt::format("{}{:02}{:02}", sign, hours, minutes);
    case 2: return fmt::format("{}{:02}{:02}", sign, hours, minutes);
    case 4:
      return rest == 0 ? fmt::format("{}{:02}{:02}", sign, hours, minutes)
                       : fmt::format("{}{:02}{:02}{:02}", sign, hours, minutes, rest);
    case 5:
      return rest == 0 ? fmt::format("{}{:02}:{:02}", sign, hours, minutes)
                       : fmt::format("{}{:02}:{:02}:{:02}", sign, hours, minutes, rest);
    default: return fmt::format("{}{:02}:{:02}", sign, hours, minutes);
  }
}

/// The longest prefix that is a zone, off the front.
const TimeZone* take_zone(std::string_view& text) {
  std::size_t length = 0;
  while (length < text.size() && (is_letter(text[length]) || is_digit(text[length]) ||
                                  std::string_view("+-:/_").find(text[length]) != std::string_view::npos)) {
    ++length;
  }
  for (; length > 0; --length) {
    if (const auto* zone = TimeZone::find(text.substr(0, length))) {
      text.remove_prefix(length);
      return zone;
    }
  }
  return nullptr;
}

}  // namespace

struct DateTimePattern::Fields {
  int64_t year = 1970;
  int month = 1;
  int day = 1;
  int day_of_year = 0;
  int hour = 0;
  int hour_of_half = -1;  // 0…11
  int half = -1;          // 0 AM, 1 PM
  int minute = 0;
  int second = 0;
  int64_t nanosecond = 0;
  bool before_christ = false;
  const TimeZone* zone = nullptr;
};

std::expected<DateTimePattern, std::string> DateTimePattern::compile(std::string_view pattern) {
  DateTimePattern result;
  int depth = 0;
  for (std::size_t i = 0; i < pattern.size();) {
    const char c = pattern[i];
    if (is_letter(c)) {
      std::size_t end = i;
      while (end < pattern.size() && pattern[end] == c) ++end;
      if (letters.find(c) == std::string_view::npos) {
        return std::unexpected(fmt::format("Illegal pattern character: {}", c));
      }
      result.tokens_.push_back({c, static_cast<int>(end - i), "", false});
      i = end;
    } else if (c == '\'') {
      std::string literal;
      for (++i;; ++i) {
        if (i >= pattern.size()) return std::unexpected("Pattern ends with an incomplete string literal");
        if (pattern[i] == '\'') {
          if (i + 1 < pattern.size() && pattern[i + 1] == '\'') {
            literal += '\'';
            ++i;
            continue;
          }
          ++i;
          break;
        }
        literal += pattern[i];
      }
      result.tokens_.push_back({0, 0, literal.empty() ? "'" : literal, false});
    } else if (c == '[' || c == ']') {
      depth += c == '[' ? 1 : -1;
      if (depth < 0) return std::unexpected("Pattern invalid as it contains ] without previous [");
      result.tokens_.push_back({c, 0, "", false});
      ++i;
    } else if (c == '{' || c == '}' || c == '#') {
      return std::unexpected(fmt::format("Pattern includes reserved character: '{}'", c));
    } else {
      result.tokens_.push_back({0, 0, std::string(1, c), false});
      ++i;
    }
  }
  for (std::size_t i = 0; i + 1 < result.tokens_.size(); ++i) {
    const auto numeric = [](const Token& token) {
      return token.letter != 0 && numeric_letters.find(token.letter) != std::string_view::npos &&
             !((token.letter == 'M' || token.letter == 'L') && token.count > 2);
    };
    result.tokens_[i].adjacent = numeric(result.tokens_[i]) && numeric(result.tokens_[i + 1]);
  }
  return result;
}

std::string DateTimePattern::format(int64_t local_microseconds, int utc_offset_seconds, std::string_view zone_name) const {
  const int64_t days = floor_divide(local_microseconds, microseconds_per_day);
  const auto date = civil_from_days(days);
  const int64_t in_day = local_microseconds - days * microseconds_per_day;
  const int hour = static_cast<int>(in_day / (3600 * microseconds_per_second));
  const int minute = static_cast<int>(in_day / (60 * microseconds_per_second) % 60);
  const int second = static_cast<int>(in_day / microseconds_per_second % 60);
  const int64_t fraction = in_day % microseconds_per_second;
  std::string out;
  const auto number = [&](int64_t value, int width) { fmt::format_to(std::back_inserter(out), "{:0{}}", value, width); };
  for (const auto& token : tokens_) {
    switch (token.letter) {
      case 0: out += token.literal; break;
      case '[':
      case ']': break;
      case 'G':
        out += token.count == 4 ? (date.year > 0 ? "Anno Domini" : "Before Christ") : (date.year > 0 ? "AD" : "BC");
        break;
      case 'y':
      case 'u': {
        const int64_t year = token.letter == 'y' && date.year <= 0 ? 1 - date.year : date.year;
        if (token.count == 2) {
          number(floor_modulo(year, 100), 2);
        } else if (year > 9999 && token.count >= 4) {
          out += '+';
          number(year, token.count);
        } else {
          if (year < 0) out += '-';
          number(year < 0 ? -year : year, token.count);
        }
        break;
      }
      case 'M':
      case 'L':
        if (token.count <= 2) {
          number(date.month, token.count);
        } else {
          const auto name = months[static_cast<std::size_t>(date.month - 1)];
          out += token.count == 3 ? name.substr(0, 3) : token.count == 5 ? name.substr(0, 1) : name;
        }
        break;
      case 'Q':
      case 'q': {
        const int quarter = (date.month - 1) / 3 + 1;
        if (token.count <= 2) {
          number(quarter, token.count);
        } else if (token.count == 3) {
          out += fmt::format("Q{}", quarter);
        } else {
          constexpr std::string_view ordinals[] = {"1st quarter", "2nd quarter", "3rd quarter", "4th quarter"};
          out += ordinals[quarter - 1];
        }
        break;
      }
      case 'd': number(date.day, token.count); break;
      case 'D': number(days - days_from_civil(date.year, 1, 1) + 1, token.count); break;
      case 'F': number((date.day - 1) % 7 + 1, token.count); break;
      case 'E': {
        const auto name = weekdays[static_cast<std::size_t>(floor_modulo(days + 3, 7))];
        out += token.count == 4 ? name : name.substr(0, 3);
        break;
      }
      case 'a': out += hour < 12 ? "AM" : "PM"; break;
      case 'H': number(hour, token.count); break;
      case 'k': number(hour == 0 ? 24 : hour, token.count); break;
      case 'K': number(hour % 12, token.count); break;
      case 'h': number(hour % 12 == 0 ? 12 : hour % 12, token.count); break;
      case 'm': number(minute, token.count); break;
      case 's': number(second, token.count); break;
      case 'S': out += fmt::format("{:06}000", fraction).substr(0, static_cast<std::size_t>(std::min(token.count, 9))); break;
      case 'V': out += zone_name; break;
      case 'z': {
        const auto* zone = TimeZone::find(zone_name);
        out += zone != nullptr
                   ? zone->abbreviation(floor_divide(local_microseconds, microseconds_per_second) - utc_offset_seconds)
                   : std::string(zone_name);
        break;
      }
      default: out += offset_text(utc_offset_seconds, token.letter, token.count);
    }
  }
  return out;
}

std::size_t DateTimePattern::closing(std::size_t open) const {
  int depth = 0;
  for (std::size_t i = open; i < tokens_.size(); ++i) {
    if (tokens_[i].letter == '[') ++depth;
    if (tokens_[i].letter == ']' && --depth == 0) return i;
  }
  return tokens_.size();
}

bool DateTimePattern::parse_token(const Token& token, std::string_view& text, Fields& fields) const {
  const auto digits = [&](std::size_t least, std::size_t most, int64_t& value) {
    std::size_t count = 0;
    value = 0;
    while (count < text.size() && count < most && is_digit(text[count])) value = value * 10 + (text[count++] - '0');
    if (count < least) return false;
    text.remove_prefix(count);
    return true;
  };
  const auto width = static_cast<std::size_t>(token.count);
  const auto field = [&](int& target, int least, int most) {
    int64_t value = 0;
    const bool exact = token.adjacent || token.count > 1;
    if (!digits(exact ? width : 1, exact ? width : 9, value) || value < least || value > most) return false;
    target = static_cast<int>(value);
    return true;
  };
  const auto name = [&](const auto& names, bool whole, int& target) {
    for (std::size_t i = 0; i < names.size(); ++i) {
      const auto candidate = whole ? names[i] : names[i].substr(0, 3);
      if (!starts_with_ignoring_case(text, candidate)) continue;
      text.remove_prefix(candidate.size());
      target = static_cast<int>(i) + 1;
      return true;
    }
    return false;
  };
  int ignored = 0;
  switch (token.letter) {
    case 0:
      if (!text.starts_with(token.literal)) return false;
      text.remove_prefix(token.literal.size());
      return true;
    case 'G':
      if (!starts_with_ignoring_case(text, "AD") && !starts_with_ignoring_case(text, "BC")) return false;
      fields.before_christ = starts_with_ignoring_case(text, "BC");
      text.remove_prefix(2);
      return true;
    case 'y':
    case 'u': {
      const bool sign = !text.empty() && (text[0] == '+' || text[0] == '-');
      const bool negative = sign && text[0] == '-';
      if (sign) text.remove_prefix(1);
      int64_t year = 0;
      if (!digits(width,
                  token.adjacent || token.count == 2 || !sign ? std::max<std::size_t>(width, token.count == 1 ? 9 : width) : 9,
                  year)) {
        return false;
      }
      fields.year = token.count == 2 ? 2000 + year : negative ? -year : year;
      return true;
    }
    case 'M':
    case 'L':
      if (token.count <= 2) return field(fields.month, 1, 12);
      return name(months, token.count == 4, fields.month);
    case 'd': return field(fields.day, 1, 31);
    case 'D': return field(fields.day_of_year, 1, 366);
    case 'Q':
    case 'q':
    case 'F': return field(ignored, 1, 5);
    case 'E': return name(weekdays, token.count == 4, ignored);
    case 'a':
      if (!starts_with_ignoring_case(text, "AM") && !starts_with_ignoring_case(text, "PM")) return false;
      fields.half = starts_with_ignoring_case(text, "PM") ? 1 : 0;
      text.remove_prefix(2);
      return true;
    case 'H': return field(fields.hour, 0, 23);
    case 'k':
      if (!field(fields.hour, 1, 24)) return false;
      fields.hour %= 24;
      return true;
    case 'K': return field(fields.hour_of_half, 0, 11);
    case 'h':
      if (!field(fields.hour_of_half, 1, 12)) return false;
      fields.hour_of_half %= 12;
      return true;
    case 'm': return field(fields.minute, 0, 59);
    case 's': return field(fields.second, 0, 59);
    case 'S': {
      std::size_t count = 0;
      int64_t value = 0;
      const std::size_t most = token.adjacent ? width : 9;
      while (count < text.size() && count < most && is_digit(text[count])) value = value * 10 + (text[count++] - '0');
      if (count == 0) return false;
      text.remove_prefix(count);
      for (; count < 9; ++count) value *= 10;
      fields.nanosecond = value;
      return true;
    }
    default:  // the zone letters
      fields.zone = take_zone(text);
      return fields.zone != nullptr;
  }
}

bool DateTimePattern::parse_tokens(std::size_t from, std::size_t to, std::string_view& text, Fields& fields) const {
  for (std::size_t i = from; i < to; ++i) {
    if (tokens_[i].letter == ']') continue;
    if (tokens_[i].letter == '[') {
      const std::size_t end = closing(i);
      auto attempt = text;
      auto attempted = fields;
      if (parse_tokens(i + 1, end, attempt, attempted)) {
        text = attempt;
        fields = attempted;
      }
      i = end;
      continue;
    }
    if (!parse_token(tokens_[i], text, fields)) return false;
  }
  return true;
}

std::optional<DateTimePattern::Parsed> DateTimePattern::parse(std::string_view text) const {
  Fields fields;
  if (!parse_tokens(0, tokens_.size(), text, fields) || !text.empty()) return std::nullopt;
  if (fields.before_christ) fields.year = 1 - fields.year;
  if (fields.hour_of_half >= 0) fields.hour = fields.hour_of_half + (fields.half == 1 ? 12 : 0);
  int64_t days = 0;
  if (fields.day_of_year > 0) {
    days = days_from_civil(fields.year, 1, 1) + fields.day_of_year - 1;
    if (civil_from_days(days).year != fields.year) return std::nullopt;
  } else {
    if (!is_valid_date(fields.year, fields.month, fields.day)) return std::nullopt;
    days = days_from_civil(fields.year, fields.month, fields.day);
  }
  Parsed parsed;
  parsed.local_microseconds = days * microseconds_per_day +
                              ((fields.hour * int64_t{60} + fields.minute) * 60 + fields.second) * microseconds_per_second +
                              fields.nanosecond / 1000;
  parsed.zone = fields.zone;
  return parsed;
}

}  // namespace mastic::engine
