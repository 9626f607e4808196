#include "iam/policy/match.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cstdlib>

namespace mastic::iam::policy {
namespace {

bool same(char pattern, char text) {
  if (pattern == literal_star) return text == '*';
  if (pattern == literal_question) return text == '?';
  return pattern == '?' || pattern == text;
}

std::string escape(std::string_view value) {
  std::string escaped(value);
  std::ranges::replace(escaped, '*', literal_star);
  std::ranges::replace(escaped, '?', literal_question);
  return escaped;
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

/// What stands between the braces: `*`, `?`, `$`, a key, or a key and 'its default'.
std::optional<std::string> value_of(std::string_view inside, const Keys& keys) {
  if (inside == "*" || inside == "?") return escape(inside);
  if (inside == "$") return "$";
  const auto comma = inside.find(',');
  const auto found = keys.find(lower(trim(inside.substr(0, comma))));
  if (found != keys.end() && found->second.size() == 1) return escape(found->second.front());
  if (comma == std::string_view::npos) return std::nullopt;
  auto otherwise = trim(inside.substr(comma + 1));
  if (otherwise.size() < 2 || otherwise.front() != '\'' || otherwise.back() != '\'') return std::nullopt;
  return escape(otherwise.substr(1, otherwise.size() - 2));
}

struct Address {
  std::array<unsigned char, 16> bytes{};
  int bits = 0;
};

std::optional<Address> parse_address(std::string_view text) {
  Address address;
  const std::string owned(text);
  const bool six = owned.find(':') != std::string::npos;
  address.bits = six ? 128 : 32;
  if (inet_pton(six ? AF_INET6 : AF_INET, owned.c_str(), address.bytes.data()) != 1) return std::nullopt;
  return address;
}

}  // namespace

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return out;
}

bool matches(std::string_view pattern, std::string_view text) {
  // One level of going back suffices: a later star can take whatever an earlier one would have.
  std::size_t p = 0;
  std::size_t t = 0;
  std::size_t star = std::string_view::npos;
  std::size_t resume = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = t;
    } else if (p < pattern.size() && same(pattern[p], text[t])) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

bool arn_matches(std::string_view pattern, std::string_view arn) {
  if (pattern == "*") return true;
  for (int part = 0; part < 5; ++part) {
    const auto pattern_end = pattern.find(':');
    const auto arn_end = arn.find(':');
    if (pattern_end == std::string_view::npos || arn_end == std::string_view::npos) return false;
    if (!matches(pattern.substr(0, pattern_end), arn.substr(0, arn_end))) return false;
    pattern.remove_prefix(pattern_end + 1);
    arn.remove_prefix(arn_end + 1);
  }
  return matches(pattern, arn);
}

std::optional<std::string> substitute(std::string_view pattern, const Keys& keys) {
  std::string out;
  for (;;) {
    const auto open = pattern.find("${");
    const auto close = open == std::string_view::npos ? open : pattern.find('}', open);
    out += pattern.substr(0, close == std::string_view::npos ? close : open);
    if (close == std::string_view::npos) return out;
    auto value = value_of(pattern.substr(open + 2, close - open - 2), keys);
    if (!value) return std::nullopt;
    out += *value;
    pattern.remove_prefix(close + 1);
  }
}

std::string unescape(std::string text) {
  std::ranges::replace(text, literal_star, '*');
  std::ranges::replace(text, literal_question, '?');
  return text;
}

bool address_in(std::string_view range, std::string_view address) {
  const auto slash = range.find('/');
  const auto network = parse_address(range.substr(0, slash));
  const auto host = parse_address(address);
  if (!network || !host || network->bits != host->bits) return false;
  auto bits = network->bits;
  if (slash != std::string_view::npos) bits = std::min(bits, std::atoi(std::string(range.substr(slash + 1)).c_str()));
  for (int bit = 0; bit < bits; ++bit) {
    const auto byte = static_cast<std::size_t>(bit / 8);
    const auto mask = 0x80U >> static_cast<unsigned>(bit % 8);
    if ((network->bytes[byte] & mask) != (host->bytes[byte] & mask)) return false;
  }
  return true;
}

}  // namespace mastic::iam::policy
