// Puts names and values in the place of placeholders, after parsing, in the order in which DynamoDB complains.
// Private to this folder.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "dynamodb/errors.h"
#include "dynamodb/expression/placeholders.h"
#include "dynamodb/expression/reserved_words.h"
#include "dynamodb/expression/syntax.h"

namespace mastic::dynamodb::expression {

class Resolver {
 public:
  Resolver(std::string_view which, Placeholders& placeholders) : which_(which), placeholders_(placeholders) {}

  [[nodiscard]] Error error(std::string_view what) const {
    return errors::validation("Invalid " + std::string(which_) + ": " + std::string(what));
  }

  Result<void> check_reserved(const Path& path) const {
    for (const auto& step : path.steps)
      if (!step.is_index() && !step.name.starts_with('#') && is_reserved_word(step.name))
        return fail(error("Attribute name is a reserved keyword; reserved keyword: " + step.name));
    return {};
  }
  Result<void> check_reserved(const Node& node) const {
    if (node.kind == Kind::path) return check_reserved(node.path);
    for (const auto& child : node.children) TRY_DO(check_reserved(child));
    return {};
  }

  Result<void> resolve_names(Path& path) {
    for (auto& step : path.steps) {
      if (step.is_index() || !step.name.starts_with('#')) continue;
      const auto* name = placeholders_.name(step.name);
      if (!name)
        return fail(
            error("An expression attribute name used in the document path is not defined; attribute name: " + step.name));
      step.name = *name;
    }
    return {};
  }
  /// The operands below a node: names and values.
  Result<void> resolve(Node& node) {
    if (node.kind == Kind::path) return resolve_names(node.path);
    if (node.kind == Kind::value) {
      const auto* value = placeholders_.value(node.text);
      if (!value)
        return fail(error("An expression attribute value used in expression is not defined; attribute value: " + node.text));
      node.value = *value;
    }
    for (auto& child : node.children) TRY_DO(resolve(child));
    return {};
  }

 private:
  std::string_view which_;
  Placeholders& placeholders_;
};

/// Fails when two of the paths cannot both be used: one lies within the other, or they take one place as map and as list.
Result<void> check_paths_apart(std::string_view which, const std::vector<Path>& paths);

}  // namespace mastic::dynamodb::expression
