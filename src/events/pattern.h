// Event patterns: whether an event is one that a rule asks for.
//
//   {"source": ["aws.s3"], "detail": {"bucket": {"name": ["claims"]}, "object": {"key": [{"prefix": "new/"}]}}}
//
// Every member has to match; of a list's entries one. An event's list matches when one of its elements does. Entries are values
// or {"prefix" | "suffix" | "equals-ignore-case" | "wildcard" | "anything-but" | "numeric" | "exists"}; `$or` holds patterns of
// which one has to match. Anything else is refused when the pattern is read.
#pragma once

#include <nlohmann/json.hpp>
#include <string_view>

#include "base/result.h"

namespace mastic::events {

class Pattern {
 public:
  /// Fails with InvalidEventPatternException.
  static Result<Pattern> parse(std::string_view text);
  [[nodiscard]] bool matches(const nlohmann::json& event) const;

 private:
  explicit Pattern(nlohmann::json pattern) : pattern_(std::move(pattern)) {}
  nlohmann::json pattern_;
};

}  // namespace mastic::events
