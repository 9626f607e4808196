#include "logs/filter_pattern.h"

#include <algorithm>

#include "logs/errors.h"

namespace mastic::logs {
namespace {

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

/// Reads a quoted phrase; `at` stands behind the opening quote and comes to stand behind the closing one.
Result<std::string> read_phrase(std::string_view text, std::size_t& at) {
  std::string phrase;
  for (; at < text.size(); ++at) {
    if (text[at] == '"') {
      ++at;
      return phrase;
    }
    if (text[at] == '\\' && at + 1 < text.size()) ++at;
    phrase += text[at];
  }
  return fail(error::invalid_parameter("Invalid filter pattern: a quoted phrase is not closed"));
}

std::string read_word(std::string_view text, std::size_t& at) {
  const auto begin = at;
  while (at < text.size() && !is_space(text[at])) ++at;
  return std::string(text.substr(begin, at - begin));
}

}  // namespace

Result<FilterPattern> FilterPattern::parse(std::string_view text) {
  FilterPattern pattern;
  std::size_t at = 0;
  const auto skip_spaces = [&] {
    while (at < text.size() && is_space(text[at])) ++at;
  };
  skip_spaces();
  if (at < text.size() && text[at] == '{')
    return fail(error::invalid_parameter("JSON filter patterns ({ … }) are not supported"));
  if (at < text.size() && text[at] == '[') {
    return fail(error::invalid_parameter("Space-delimited filter patterns ([ … ]) are not supported"));
  }
  for (skip_spaces(); at < text.size(); skip_spaces()) {
    auto* list = &pattern.required_;
    if (text[at] == '?' || text[at] == '-') list = text[at++] == '?' ? &pattern.optional_ : &pattern.excluded_;
    if (at == text.size() || is_space(text[at])) {
      return fail(error::invalid_parameter("Invalid filter pattern: a term is missing behind ? or -"));
    }
    if (text[at] == '%') return fail(error::invalid_parameter("Regular-expression filter patterns (%…%) are not supported"));
    if (text[at] == '"') {
      ++at;
      TRY(phrase, read_phrase(text, at));
      list->push_back(std::move(phrase));
    } else {
      list->push_back(read_word(text, at));
    }
  }
  return pattern;
}

bool FilterPattern::matches(std::string_view message) const {
  const auto occurs = [message](const std::string& term) { return message.find(term) != std::string_view::npos; };
  if (std::ranges::any_of(excluded_, occurs)) return false;
  if (!required_.empty()) return std::ranges::all_of(required_, occurs);
  return optional_.empty() || std::ranges::any_of(optional_, occurs);
}

}  // namespace mastic::logs
