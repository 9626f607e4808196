#include "glue/crawler/exclusion.h"

#include <algorithm>

#include "glue/errors.h"

namespace mastic::glue::crawler {
namespace {

/// The pattern as a regular expression; empty for one that does not end what it begins.
std::string expression_of(std::string_view pattern) {
  std::string expression;
  int groups = 0;
  const auto literal = [&](char c) {
    if (std::string_view("\\^$.|?*+()[]{}").find(c) != std::string_view::npos) expression += '\\';
    expression += c;
  };
  for (std::size_t at = 0; at < pattern.size(); ++at) {
    const char c = pattern[at];
    switch (c) {
      case '\\':
        if (++at == pattern.size()) return {};
        literal(pattern[at]);
        break;
      case '*':
        if (at + 1 < pattern.size() && pattern[at + 1] == '*') {
          while (at + 1 < pattern.size() && pattern[at + 1] == '*') ++at;
          expression += ".*";
        } else {
          expression += "[^/]*";
        }
        break;
      case '?': expression += "[^/]"; break;
      case '[': {
        const auto end = pattern.find(']', at + 2);
        if (end == std::string_view::npos) return {};
        auto inside = pattern.substr(at + 1, end - at - 1);
        expression += "(?!/)[";  // a class never takes the separator
        if (inside.starts_with('!')) {
          expression += '^';
          inside.remove_prefix(1);
        }
        for (const char inner : inside) {
          if (inner == '\\' || inner == '[' || inner == '^' || inner == '&') expression += '\\';
          expression += inner;
        }
        expression += ']';
        at = end;
        break;
      }
      case '{':
        ++groups;
        expression += "(?:";
        break;
      case '}':
        if (groups == 0) {
          literal(c);
        } else {
          --groups;
          expression += ')';
        }
        break;
      case ',':
        if (groups > 0) {
          expression += '|';
        } else {
          literal(c);
        }
        break;
      default: literal(c);
    }
  }
  return groups == 0 ? "(?s)" + expression : std::string();
}

}  // namespace

Result<Exclusions> Exclusions::of(const std::vector<std::string>& patterns) {
  Exclusions exclusions;
  for (const auto& pattern : patterns) {
    const auto expression = expression_of(pattern);
    auto compiled = expression.empty() ? std::nullopt : BoundedPattern::compile(expression);
    if (!compiled) return fail(error::invalid_input("The exclusion pattern is not valid: " + pattern));
    exclusions.patterns_.push_back(std::move(*compiled));
  }
  return exclusions;
}

bool Exclusions::cover(std::string_view path) const {
  if (patterns_.empty()) return false;
  const auto matches = [&](std::string_view part) {
    return std::ranges::any_of(patterns_, [&](const BoundedPattern& pattern) { return pattern.matches(part); });
  };
  if (matches(path)) return true;
  for (auto slash = path.find('/'); slash != std::string_view::npos; slash = path.find('/', slash + 1)) {
    if (matches(path.substr(0, slash)) || matches(path.substr(0, slash + 1))) return true;
  }
  return false;
}

}  // namespace mastic::glue::crawler
