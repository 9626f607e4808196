// What a Query may ask of a key: one partition, and a range of its sort keys.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "dynamodb/expression/syntax.h"
#include "dynamodb/schema.h"

namespace mastic::dynamodb::expression {

enum class SortComparison : uint8_t { equal, less, less_or_equal, greater, greater_or_equal, between, begins_with };

struct SortCondition {
  SortComparison comparison = SortComparison::equal;
  Value low;   // the only operand, or the lower bound
  Value high;  // between: the upper bound
};

struct KeyCondition {
  Value partition;
  std::optional<SortCondition> sort;
};

/// Reads a condition as a key condition of the schema. Fails with DynamoDB's words for what is no such condition.
[[nodiscard]] Result<KeyCondition> to_key_condition(const Node& condition, const KeySchema& keys);

}  // namespace mastic::dynamodb::expression
