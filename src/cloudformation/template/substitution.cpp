// Texts with holes: Fn::Sub's `${Name}` and dynamic references `{{resolve:service:key}}`.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "cloudformation/template/functions.h"

namespace mastic::cloudformation {
namespace {

constexpr size_t text_limit = 1024 * 1024;  // nested substitutions could double a text again and again

bool is_variable_name(std::string_view name) {
  return !name.empty() &&
         std::ranges::all_of(name, [](unsigned char c) { return std::isalnum(c) != 0 || c == '_' || c == '.' || c == ':'; });
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(' ');
  if (first == std::string_view::npos) return "";
  return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

/// A piece of a pattern: text to keep, or a variable's name.
struct Piece {
  std::string_view text;
  bool is_variable = false;
};

std::vector<Piece> pieces_of(std::string_view pattern) {
  std::vector<Piece> pieces;
  size_t from = 0;
  while (true) {
    const auto open = pattern.find("${", from);
    const auto close = open == std::string_view::npos ? open : pattern.find('}', open);
    if (close == std::string_view::npos) break;
    pieces.push_back({pattern.substr(from, open - from)});
    const auto inside = pattern.substr(open + 2, close - open - 2);
    if (inside.starts_with("!")) {  // ${!Literal} stands for ${Literal}
      pieces.push_back({"${"});
      pieces.push_back({pattern.substr(open + 3, close - open - 2)});
    } else {
      pieces.push_back({trimmed(inside), true});
    }
    from = close + 1;
  }
  pieces.push_back({pattern.substr(from)});
  return pieces;
}

}  // namespace

void for_each_variable(std::string_view pattern, const std::function<void(std::string_view name)>& see) {
  for (const auto& piece : pieces_of(pattern)) {
    if (piece.is_variable) see(piece.text);
  }
}

Result<std::string> Evaluation::substitute(const std::string& pattern, const Json& variables, size_t depth) const {
  std::map<std::string, std::string, std::less<>> known;  // each variable is evaluated once
  std::string made;
  for (const auto& piece : pieces_of(pattern)) {
    if (piece.is_variable) {
      auto value = known.find(piece.text);
      if (value == known.end()) {
        TRY(found, variable(std::string(piece.text), variables, depth));
        value = known.emplace(piece.text, std::move(found)).first;
      }
      made += value->second;
    } else {
      made += piece.text;
    }
    if (made.size() > text_limit)
      return fail(validation_error("Template error: a Fn::Sub expression makes more than 1 MiB of text"));
  }
  return made;
}

Result<std::string> Evaluation::variable(const std::string& name, const Json& variables, size_t depth) const {
  if (!is_variable_name(name)) {
    return fail(
        validation_error("Template error: variable names in Fn::Sub syntax must contain only alphanumeric characters, "
                         "underscores, periods, and colons"));
  }
  if (const auto given = variables.find(name); given != variables.end()) return text(*given, depth, "Fn::Sub");
  std::optional<Json> found;
  if (const auto dot = name.find('.'); dot != std::string::npos) {
    TRY(value, references.attribute(name.substr(0, dot), name.substr(dot + 1)));
    found = std::move(value);
  } else {
    TRY(value, reference(name));
    found = std::move(value);
  }
  auto scalar = found ? scalar_text(*found) : std::nullopt;
  if (scalar) return *std::move(scalar);
  return fail(
      validation_error(fmt::format("Template error: variable {} in Fn::Sub expression does not resolve to a string", name)));
}

Result<Json> Evaluation::resolve_dynamic(const std::string& text) const {
  static constexpr std::string_view opening = "{{resolve:";
  if (text.find(opening) == std::string::npos) return Json(text);
  std::string made;
  size_t from = 0;
  while (true) {
    const auto open = text.find(opening, from);
    const auto close = open == std::string::npos ? open : text.find("}}", open);
    if (close == std::string::npos) break;
    made += text.substr(from, open - from);
    const auto inside = text.substr(open + opening.size(), close - open - opening.size());
    const auto colon = inside.find(':');
    const auto service = inside.substr(0, colon);
    if (colon == std::string::npos || (service != "ssm" && service != "ssm-secure" && service != "secretsmanager")) {
      return fail(
          validation_error(fmt::format("Template error: the dynamic reference {{{{resolve:{}}}}} is not supported", inside)));
    }
    TRY(value, references.dynamic_reference(service, inside.substr(colon + 1)));
    made += value;
    from = close + 2;
  }
  return Json(made + text.substr(from));
}

}  // namespace mastic::cloudformation
