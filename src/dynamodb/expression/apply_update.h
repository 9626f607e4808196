// Updates applied to an item.
#pragma once

#include "base/result.h"
#include "dynamodb/expression/syntax.h"

namespace mastic::dynamodb::expression {

/// The item after the update. Every value is computed from the item as it was before, whatever the order of the actions.
/// Fails with DynamoDB's ValidationException when a path leads nowhere or an operand has the wrong type.
[[nodiscard]] Result<Item> apply(const Update& update, const Item& before);

}  // namespace mastic::dynamodb::expression
