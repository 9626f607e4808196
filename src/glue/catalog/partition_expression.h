// GetPartitions' Expression: text → tree → answer for one partition.
//
//   expression  := conjunction { OR conjunction }
//   conjunction := negation { AND negation }
//   negation    := NOT negation | "(" expression ")" | comparison
//   comparison  := operand ("=" | "<>" | "!=" | "<" | "<=" | ">" | ">=") operand
//                | key [NOT] IN "(" literal { "," literal } ")"
//                | key [NOT] BETWEEN literal AND literal
//                | key [NOT] LIKE string                         % any run of characters, _ any one
//                | key IS [NOT] NULL
//   operand     := key | literal                                 one of the two is a key
//   key         := name | "`" name "`" | '"' name '"'
//   literal     := ['-'] number | "'" text "'" ('' for a quote) | (DATE | TIMESTAMP) "'" text "'"
//
// Words mind no case. A key is compared by the type the table gives it: numbers as numbers, dates and timestamps in
// time, all else as text. A partition value that its type cannot read, and Hive's `__HIVE_DEFAULT_PARTITION__`, is NULL:
// no comparison with it holds. A literal that the key's type cannot read is an error, as in Glue.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "glue/catalog/partition_value.h"

namespace mastic::glue::catalog {

struct PartitionKey {
  std::string name;
  std::string type;
};

/// Within what a key's value must lie for an expression to hold; both ends included. Wider than the truth may be.
struct KeyBounds {
  std::optional<KeyValue> low;
  std::optional<KeyValue> high;
  [[nodiscard]] bool one_value() const { return low && low == high; }
};

class PartitionExpression {
 public:
  struct Node;  // the tree; see the .cpp

  /// Reads an expression over these keys. Empty text holds for every partition.
  static Result<PartitionExpression> parse(std::string_view text, std::span<const PartitionKey> keys);

  /// Whether it holds for a partition with these values, in the order of the keys.
  [[nodiscard]] bool holds(std::span<const std::string> values) const;

  /// What it asks of each key at least, in the order of the keys.
  [[nodiscard]] std::vector<KeyBounds> bounds(std::size_t key_count) const;

  PartitionExpression(PartitionExpression&&) noexcept;
  PartitionExpression& operator=(PartitionExpression&&) noexcept;
  ~PartitionExpression();

 private:
  PartitionExpression();
  std::unique_ptr<Node> root_;  // null: holds always
};

}  // namespace mastic::glue::catalog
