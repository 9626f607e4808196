// A filter pattern of CloudWatch Logs: which messages it matches, and what it takes out of them.
//
//   pattern := ""                                every message
//            | term { space term }               terms
//            | "{" condition "}"                 messages that are JSON
//            | "[" field { "," field } "]"       messages as fields with spaces between
//   term    := ["?" | "-"] (word | '"' phrase '"' | "%" regular expression "%")        \" and \\ inside a phrase
//   field   := "..." | [name] | condition        the condition's selectors are the field's name
//   condition  := and { "||" and }   and := part { "&&" part }   part := "(" condition ")" | comparison
//   comparison := selector ("=" | "!=" | "<" | "<=" | ">" | ">=") value
//               | selector "IS" ("NULL" | "TRUE" | "FALSE") | selector "NOT" "EXISTS"
//   selector   := $.member.list[0].any[*]["quoted member"]  |  name, in a field
//   value      := number | word | "text" | %regular expression%      * in a word or text stands for anything
//
// A plain term must occur in the message, a "-" term must not; "?" terms count only when there is no plain term, and
// then one of them must occur. Matching minds the case, as CloudWatch's does. A comparison with a member that is not there
// does not hold, whatever it compares; numbers are compared with numbers, texts with texts.
// Fields of a message: words, "quoted" and [bracketed] parts without their marks; "..." stands for any number of them.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace mastic::logs {

namespace pattern {
class Matcher;
}

/// Constant once parsed; cheap to copy; thread-safe. Without a text it matches everything.
class FilterPattern {
 public:
  /// Fails with InvalidParameterException, saying what cannot be read.
  static Result<FilterPattern> parse(std::string_view text);
  [[nodiscard]] bool matches(std::string_view message) const;
  /// What the pattern names in a message that it matches: `$.member` or `$field`, and its text.
  [[nodiscard]] std::map<std::string, std::string> extract(std::string_view message) const;
  /// The text under one such name, whether or not the pattern names it; nothing when the message has none.
  [[nodiscard]] std::optional<std::string> value(std::string_view message, std::string_view name) const;

 private:
  std::shared_ptr<const pattern::Matcher> matcher_;
};

}  // namespace mastic::logs
