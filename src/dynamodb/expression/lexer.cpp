#include "dynamodb/expression/lexer.h"

namespace mastic::dynamodb::expression {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

Token token_at(std::string_view rest) {
  const char first = rest.front();
  std::size_t length = 1;
  if (is_letter(first) || first == '#' || first == ':') {
    while (length < rest.size() && (is_letter(rest[length]) || is_digit(rest[length]))) ++length;
    const auto kind = first == '#' ? TokenKind::name : first == ':' ? TokenKind::value : TokenKind::word;
    return {length == 1 && kind != TokenKind::word ? TokenKind::unknown : kind, rest.substr(0, length)};
  }
  if (is_digit(first)) {
    while (length < rest.size() && is_digit(rest[length])) ++length;
    return {TokenKind::digits, rest.substr(0, length)};
  }
  if (rest.starts_with("<>") || rest.starts_with("<=") || rest.starts_with(">=")) return {TokenKind::symbol, rest.substr(0, 2)};
  const bool known = std::string_view("()[].,=<>+-").find(first) != std::string_view::npos;
  return {known ? TokenKind::symbol : TokenKind::unknown, rest.substr(0, 1)};
}

}  // namespace

std::vector<Token> tokenize(std::string_view expression) {
  std::vector<Token> tokens;
  std::size_t at = 0;
  while (at < expression.size()) {
    if (is_space(expression[at])) {
      ++at;
      continue;
    }
    tokens.push_back(token_at(expression.substr(at)));
    at += tokens.back().text.size();
  }
  tokens.push_back({TokenKind::end, expression.substr(expression.size())});
  return tokens;
}

}  // namespace mastic::dynamodb::expression
