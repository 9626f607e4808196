// What DynamoDB checks of a condition before it looks at any item. Private to this folder.
#pragma once

#include <string_view>

#include "base/result.h"
#include "dynamodb/expression/resolver.h"
#include "dynamodb/expression/syntax.h"

namespace mastic::dynamodb::expression {

/// Functions are known, and stand where they may: `size` as an operand, all others as conditions.
Result<void> check_functions_placed(std::string_view which, const Node& condition);

/// Resolves placeholders and checks operands, condition by condition from left to right: the first complaint is DynamoDB's.
Result<void> resolve_and_check(Resolver& resolver, Node& condition);

}  // namespace mastic::dynamodb::expression
