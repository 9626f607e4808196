// Cuts an expression into tokens.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace mastic::dynamodb::expression {

enum class TokenKind : uint8_t {
  word,     // a name or a keyword
  name,     // #placeholder
  value,    // :placeholder
  digits,   // an index
  symbol,   // ( ) [ ] . , = <> < <= > >= + -
  unknown,  // a character that no expression has
  end,
};

struct Token {
  TokenKind kind = TokenKind::end;
  std::string_view text;  // a view into the expression
};

/// Ends with a token of kind `end`. Never fails: what it does not know is a token of kind `unknown`.
[[nodiscard]] std::vector<Token> tokenize(std::string_view expression);

}  // namespace mastic::dynamodb::expression
