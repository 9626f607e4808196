// The request's ExpressionAttributeNames and ExpressionAttributeValues, and which of them its expressions used.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "base/result.h"
#include "dynamodb/value.h"

namespace mastic::dynamodb::expression {

/// Refers to the request's maps: they must outlive it. One thread.
class Placeholders {
 public:
  Placeholders() = default;
  Placeholders(const std::optional<std::map<std::string, std::string>>& names, const std::optional<ExpressionValues>& values)
      : names_(names ? &*names : nullptr), values_(values ? &values->values : nullptr) {}

  /// Checks the placeholders' spelling, and that neither map is there without an expression that could use it.
  /// `any_expression`: there is one that could use names. `missing_for_values` names the absent ones that could have used
  /// values ("FilterExpression is null"); it is empty when there is one.
  [[nodiscard]] Result<void> check_given(bool any_expression, std::string_view missing_for_values) const;

  /// The attribute name behind "#x"; null when there is none. Marks it as used.
  const std::string* name(std::string_view placeholder);
  /// The value behind ":x"; null when there is none. Marks it as used.
  const Value* value(std::string_view placeholder);

  /// Call when all expressions of the request are parsed: what is given must be used.
  [[nodiscard]] Result<void> check_all_used() const;

 private:
  const std::map<std::string, std::string>* names_ = nullptr;
  const Item* values_ = nullptr;
  std::set<std::string, std::less<>> used_;
};

}  // namespace mastic::dynamodb::expression
