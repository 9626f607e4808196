// Conditional writes: what PutItem, UpdateItem, DeleteItem and a transaction's parts share.
#pragma once

#include <optional>
#include <string>

#include "dynamodb/expression/legacy.h"
#include "dynamodb/expression/parser.h"
#include "dynamodb/operations/operations.h"

namespace mastic::dynamodb {

/// A condition on the item as it is, and whether a failure shows the item.
struct WriteCondition {
  std::optional<expression::Node> node;
  bool show_item_on_failure = false;
};

/// The item before and after, filled while the write is decided.
struct WriteOutcome {
  std::optional<StoredItem> before;
  std::optional<StoredItem> after;
  /// What the write costs: the larger of the two.
  [[nodiscard]] double write_units() const;
};

/// The condition out of ConditionExpression or Expected.
template <typename Request>
Result<WriteCondition> parse_write_condition(const Request& request, expression::Placeholders& placeholders) {
  WriteCondition condition;
  if (request.condition_expression) {
    TRY(node, expression::parse_condition("ConditionExpression", *request.condition_expression, placeholders));
    condition.node = std::move(node);
  }
  if constexpr (requires { request.expected; }) {
    if (request.expected && !request.expected->empty()) {
      TRY(node, expression::from_expected(*request.expected, request.conditional_operator));
      condition.node = std::move(node);
    }
  }
  condition.show_item_on_failure = request.return_values_on_condition_check_failure == "ALL_OLD";
  return condition;
}

// Writes for Store::write. `outcome`, when given, outlives the write; with it the item before is always read.
Write put_write(TablePtr table, std::string key, StoredItem item, WriteCondition condition, WriteOutcome* outcome);
Write delete_write(TablePtr table, std::string key, WriteCondition condition, WriteOutcome* outcome);
/// `key_item` is what the item starts from when there is none.
Write update_write(TablePtr table, std::string key, Item key_item, expression::Update update, WriteCondition condition,
                   WriteOutcome* outcome);
/// Writes nothing; fails when the condition does not hold.
Write condition_check(TablePtr table, std::string key, WriteCondition condition);

/// Fails when an update would change a key attribute.
Result<void> check_no_key_updated(const TableDefinition& table, const expression::Update& update);

}  // namespace mastic::dynamodb
