// The parameters that came before expressions, as the same syntax trees.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aws/models/dynamodb.h"
#include "base/result.h"
#include "dynamodb/expression/syntax.h"

namespace mastic::dynamodb::expression {

/// ScanFilter, QueryFilter, KeyConditions. `conditional_operator` is AND (the default) or OR.
Result<Node> from_conditions(const std::map<std::string, aws::dynamodb::Condition>& conditions,
                             const std::optional<std::string>& conditional_operator);
/// Expected.
Result<Node> from_expected(const std::map<std::string, aws::dynamodb::ExpectedAttributeValue>& expected,
                           const std::optional<std::string>& conditional_operator);
/// AttributeUpdates.
Result<Update> from_attribute_updates(const std::map<std::string, aws::dynamodb::AttributeValueUpdate>& updates);
/// AttributesToGet.
Result<std::vector<Path>> from_attribute_names(const std::vector<std::string>& names);

/// One of a request's members and whether it is there.
struct Given {
  std::string_view member;
  bool given;
};
/// Fails when a request has members of both generations.
Result<void> check_not_mixed(std::initializer_list<Given> legacy, std::initializer_list<Given> expressions);

}  // namespace mastic::dynamodb::expression
