#include <charconv>

#include "dynamodb/expression/parser.h"
#include "dynamodb/expression/resolver.h"
#include "dynamodb/expression/token_stream.h"

namespace mastic::dynamodb::expression {

std::string Path::shown() const {
  std::string out = "[";
  for (const auto& step : steps) {
    if (out.size() > 1) out += ", ";
    out += step.is_index() ? "[" + std::to_string(step.index) + "]" : step.name;
  }
  return out + "]";
}

Result<int64_t> TokenStream::parse_index() {
  if (peek().kind != TokenKind::digits) return fail(syntax_error());
  const auto text = peek().text;
  int64_t index = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), index);
  if (failure != std::errc{} || index > INT32_MAX)
    return fail(error("List index is not within the allowable range; index: [" + std::string(text) + "]"));
  take();
  TRY_DO(expect_symbol("]"));
  return index;
}

Result<Path> TokenStream::parse_path() {
  const auto at_name = [&] { return peek().kind == TokenKind::word || peek().kind == TokenKind::name; };
  if (!at_name()) return fail(syntax_error());
  Path path;
  path.steps.push_back({.name = std::string(take().text)});
  for (;;) {
    if (take_symbol(".")) {
      if (!at_name()) return fail(syntax_error());
      path.steps.push_back({.name = std::string(take().text)});
    } else if (take_symbol("[")) {
      TRY(index, parse_index());
      path.steps.push_back({.index = index});
    } else {
      break;
    }
  }
  if (path.steps.size() > path_steps_max)
    return fail(error("The document path has too many nesting elements; nesting levels: " + std::to_string(path.steps.size())));
  return path;
}

Result<void> check_paths_apart(std::string_view which, const std::vector<Path>& paths) {
  const auto complaint = [&](std::string_view what, const Path& one, const Path& two) {
    return fail(errors::validation("Invalid " + std::string(which) + ": Two document paths " + std::string(what) +
                                   " with each other; must remove or rewrite one of these paths; path one: " + one.shown() +
                                   ", path two: " + two.shown()));
  };
  for (std::size_t later = 1; later < paths.size(); ++later) {
    for (std::size_t earlier = 0; earlier < later; ++earlier) {
      const auto& one = paths[earlier].steps;
      const auto& two = paths[later].steps;
      std::size_t same = 0;
      while (same < one.size() && same < two.size() && one[same] == two[same]) ++same;
      if (same == one.size() || same == two.size()) return complaint("overlap", paths[earlier], paths[later]);
      if (one[same].is_index() != two[same].is_index()) return complaint("conflict", paths[earlier], paths[later]);
    }
  }
  return {};
}

}  // namespace mastic::dynamodb::expression
