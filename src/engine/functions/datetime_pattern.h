// Java's DateTimeFormatter patterns as Spark allows them: `yyyy-MM-dd HH:mm:ss.SSSXXX`, `EEE, d MMM`, `'T'`, `[…]`.
//
// Compiled once per pattern. Immutable after `compile`, so threads may share it. Texts are English (Spark's Locale.US).
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/time_zone.h"

namespace mastic::engine {

class DateTimePattern {
 public:
  /// Fails with a text that names the letter or the bracket that is wrong.
  static std::expected<DateTimePattern, std::string> compile(std::string_view pattern);

  /// `utc_offset_seconds` and `zone` are for the zone letters.
  [[nodiscard]] std::string format(int64_t local_microseconds, int utc_offset_seconds, std::string_view zone_name) const;

  struct Parsed {
    int64_t local_microseconds = 0;
    const TimeZone* zone = nullptr;  // null: the text names none
  };
  /// nullopt: the text does not fit the pattern, or names no real date.
  [[nodiscard]] std::optional<Parsed> parse(std::string_view text) const;

 private:
  struct Token {
    char letter = 0;  // 0: literal; '[' and ']': an optional part
    int count = 0;
    std::string literal;
    bool adjacent = false;  // the next token is a number too: take exactly `count` digits
  };
  struct Fields;
  bool parse_tokens(std::size_t from, std::size_t to, std::string_view& text, Fields& fields) const;
  bool parse_token(const Token& token, std::string_view& text, Fields& fields) const;
  [[nodiscard]] std::size_t closing(std::size_t open) const;
  std::vector<Token> tokens_;
};

}  // namespace mastic::engine
