// FilterLogEvents' pattern.
//
//   pattern := ""                      every event
//            | term { space term }
//   term    := ["?" | "-"] (word | '"' phrase '"')          \" and \\ inside a phrase
//
// A plain term must occur in the message, a "-" term must not; "?" terms count only when there is no plain term, and
// then one of them must occur. Matching is by substring and minds the case, as CloudWatch's does.
// JSON ({ … }), space-delimited ([ … ]) and regular-expression (%…%) patterns are refused by name.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace mastic::logs {

class FilterPattern {
 public:
  static Result<FilterPattern> parse(std::string_view text);
  [[nodiscard]] bool matches(std::string_view message) const;

 private:
  std::vector<std::string> required_;
  std::vector<std::string> optional_;
  std::vector<std::string> excluded_;
};

}  // namespace mastic::logs
