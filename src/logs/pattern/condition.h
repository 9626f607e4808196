// Conditions over what a message holds: shared by JSON patterns and by fields.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/bounded_pattern.h"
#include "base/result.h"
#include "logs/pattern/scanner.h"

namespace mastic::logs::pattern {

/// A value in a message. `text` lives as long as the message.
struct Found {
  enum class Kind { null, boolean, number, text, other } kind = Kind::text;
  std::string_view text;
  double number = 0;
  bool flag = false;
};

enum class Comparison {
  equal,
  not_equal,
  less,
  less_or_equal,
  greater,
  greater_or_equal,
  is_null,
  is_true,
  is_false,
  not_exists
};

struct Value {
  std::string text;
  std::optional<double> number;  // of one without quotes that reads as a number
  bool has_wildcards = false;
  std::shared_ptr<const BoundedPattern> expression;
};

struct Condition {
  enum class Kind { comparison, all, any } kind = Kind::comparison;
  std::vector<Condition> parts;  // of all and any
  std::string selector;          // "$.a.b" or a field's name
  Comparison comparison = Comparison::equal;
  Value value;
};

/// Everything that a selector names in one message.
using Lookup = std::function<std::vector<Found>(std::string_view selector)>;

/// `read_selector` takes a selector off the scanner. Ends before what is no part of a condition.
Result<Condition> parse_condition(Scanner& scanner, const std::function<Result<std::string>(Scanner&)>& read_selector,
                                  int depth = 0);
[[nodiscard]] bool holds(const Condition& condition, const Lookup& lookup);
void add_selectors(const Condition& condition, std::vector<std::string>& into);
[[nodiscard]] std::string text_of(const Found& found);
std::optional<double> read_number(std::string_view text);

}  // namespace mastic::logs::pattern
