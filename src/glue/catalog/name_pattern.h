// The pattern by which GetTables and GetUserDefinedFunctions choose names.
//
// Glue's documentation calls it a regular expression, Hive's clients and the common libraries send `claims_*`, and both
// work: a `*` that stands behind nothing it could repeat (a letter, a digit, `_`, `-`, or the beginning) means "any
// characters"; all else is a regular expression. It must match the whole name; case does not matter.
#pragma once

#include <memory>
#include <string_view>

#include "base/result.h"

namespace mastic::glue::catalog {

class NamePattern {
 public:
  /// Empty text matches every name. Fails with InvalidInputException for what is no regular expression.
  static Result<NamePattern> parse(std::string_view text);
  /// A pattern that takes too long to decide does not match.
  [[nodiscard]] bool matches(std::string_view name) const;

 private:
  struct Code;
  std::shared_ptr<const Code> code_;
};

}  // namespace mastic::glue::catalog
