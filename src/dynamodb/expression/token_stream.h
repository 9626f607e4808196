// What the condition, update and projection parsers share: the tokens, where we are, and how syntax errors are worded.
// Private to this folder.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "dynamodb/errors.h"
#include "dynamodb/expression/lexer.h"
#include "dynamodb/expression/syntax.h"

namespace mastic::dynamodb::expression {

class TokenStream {
 public:
  TokenStream(std::string_view which, std::string_view text) : which_(which), text_(text), tokens_(tokenize(text)) {}

  [[nodiscard]] const Token& peek(std::size_t ahead = 0) const { return tokens_[std::min(at_ + ahead, tokens_.size() - 1)]; }
  Token take() {
    const Token token = peek();
    if (at_ + 1 < tokens_.size()) ++at_;
    return token;
  }
  [[nodiscard]] bool at_end() const { return peek().kind == TokenKind::end; }
  [[nodiscard]] bool at_symbol(std::string_view symbol, std::size_t ahead = 0) const {
    return peek(ahead).kind == TokenKind::symbol && peek(ahead).text == symbol;
  }
  [[nodiscard]] bool at_keyword(std::string_view keyword) const {
    return peek().kind == TokenKind::word &&
           std::ranges::equal(peek().text, keyword, {}, [](char c) { return c >= 'a' && c <= 'z' ? c - 32 : c; });
  }
  bool take_symbol(std::string_view symbol) { return at_symbol(symbol) && (take(), true); }
  bool take_keyword(std::string_view keyword) { return at_keyword(keyword) && (take(), true); }
  Result<void> expect_symbol(std::string_view symbol) {
    if (!take_symbol(symbol)) return fail(syntax_error());
    return {};
  }

  [[nodiscard]] Error error(std::string_view what) const {
    return errors::validation("Invalid " + std::string(which_) + ": " + std::string(what));
  }
  /// The token at the position is not what belongs there. Shows the tokens before and after it as well.
  [[nodiscard]] Error syntax_error() const {
    const char* begin = (at_ > 0 ? tokens_[at_ - 1] : peek()).text.data();
    const auto& last = peek(1).text;
    const std::string near(begin, last.data() + last.size());
    return error("Syntax error; token: \"" + (at_end() ? "<EOF>" : std::string(peek().text)) + "\", near: \"" + near + "\"");
  }
  [[nodiscard]] Result<void> check_size(std::size_t max) const {
    if (text_.empty() || std::ranges::all_of(text_, [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }))
      return fail(error("The expression can not be empty;"));
    if (text_.size() > max)
      return fail(
          error("Expression size has exceeded the maximum allowed size; expression size: " + std::to_string(text_.size())));
    return {};
  }

  /// A path; its names are still as written (a leading # marks a placeholder).
  Result<Path> parse_path();

 private:
  Result<int64_t> parse_index();
  std::string_view which_;
  std::string_view text_;
  std::vector<Token> tokens_;
  std::size_t at_ = 0;
};

}  // namespace mastic::dynamodb::expression
