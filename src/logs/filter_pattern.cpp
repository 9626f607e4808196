#include "logs/filter_pattern.h"

#include "logs/pattern/matcher.h"

namespace mastic::logs {

Result<FilterPattern> FilterPattern::parse(std::string_view text) {
  const auto begin = std::min(text.find_first_not_of(" \t\r\n"), text.size());
  const char first = begin < text.size() ? text[begin] : '\0';
  FilterPattern pattern;
  TRY(matcher, first == '{'   ? pattern::parse_json_pattern(text)
               : first == '[' ? pattern::parse_fields(text)
                              : pattern::parse_terms(text));
  pattern.matcher_ = std::move(matcher);
  return pattern;
}

bool FilterPattern::matches(std::string_view message) const { return !matcher_ || matcher_->matches(message); }

std::map<std::string, std::string> FilterPattern::extract(std::string_view message) const {
  return matcher_ ? matcher_->extract(message) : std::map<std::string, std::string>{};
}

std::optional<std::string> FilterPattern::value(std::string_view message, std::string_view name) const {
  return matcher_ ? matcher_->value(message, name) : std::nullopt;
}

}  // namespace mastic::logs
