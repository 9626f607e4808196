#include "logs/pattern/scanner.h"

#include <fmt/format.h>

#include "logs/errors.h"

namespace mastic::logs::pattern {
namespace {

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; }

}  // namespace

Error Scanner::wrong(std::string_view why) const {
  return error::invalid_parameter(fmt::format("Invalid filter pattern: {}", why));
}

void Scanner::skip_spaces() {
  while (!at_end() && is_space(text_[at_])) ++at_;
}

bool Scanner::take(std::string_view symbol) {
  skip_spaces();
  if (!rest().starts_with(symbol)) return false;
  at_ += symbol.size();
  return true;
}

bool Scanner::take_word(std::string_view word) {
  skip_spaces();
  if (!rest().starts_with(word)) return false;
  if (const auto behind = at_ + word.size(); behind < text_.size() && is_letter(text_[behind])) return false;
  at_ += word.size();
  return true;
}

Result<std::string> Scanner::phrase() {
  std::string phrase;
  for (; !at_end(); ++at_) {
    if (text_[at_] == '"') {
      ++at_;
      return phrase;
    }
    if (text_[at_] == '\\' && at_ + 1 < text_.size()) ++at_;
    phrase += text_[at_];
  }
  return fail(wrong("a quoted phrase is not closed"));
}

Result<std::shared_ptr<const BoundedPattern>> Scanner::expression() {
  const auto begin = at_;
  for (; !at_end(); ++at_) {
    if (text_[at_] == '\\' && at_ + 1 < text_.size()) {
      ++at_;
    } else if (text_[at_] == '%') {
      const auto text = text_.substr(begin, at_++ - begin);
      auto compiled = BoundedPattern::compile(fmt::format("(?s:.*?)(?:{})(?s:.*)", text));
      if (text.empty() || !compiled) return fail(wrong(fmt::format("this is no regular expression: {}", text)));
      return std::make_shared<const BoundedPattern>(std::move(*compiled));
    }
  }
  return fail(wrong("a regular expression (%…%) is not closed"));
}

std::string Scanner::until(std::string_view ends) {
  const auto begin = at_;
  while (!at_end() && ends.find(text_[at_]) == std::string_view::npos) ++at_;
  return std::string(text_.substr(begin, at_ - begin));
}

}  // namespace mastic::logs::pattern
