// Text to syntax tree, checked and resolved: no placeholder is left in what these functions give.
//
// Failures are ValidationExceptions in DynamoDB's words, which start with "Invalid <which>: " where `which` is the
// request's member: ConditionExpression, FilterExpression, KeyConditionExpression, UpdateExpression,
// ProjectionExpression.
#pragma once

#include <string_view>
#include <vector>

#include "base/result.h"
#include "dynamodb/expression/placeholders.h"
#include "dynamodb/expression/syntax.h"

namespace mastic::dynamodb::expression {

constexpr std::size_t expression_size_max_bytes = 4096;
constexpr int operators_max = 300;
constexpr std::size_t in_operands_max = 100;
constexpr std::size_t path_steps_max = 32;

[[nodiscard]] Result<Node> parse_condition(std::string_view which, std::string_view text, Placeholders& placeholders);
[[nodiscard]] Result<Update> parse_update(std::string_view text, Placeholders& placeholders);
[[nodiscard]] Result<std::vector<Path>> parse_projection(std::string_view text, Placeholders& placeholders);

}  // namespace mastic::dynamodb::expression
