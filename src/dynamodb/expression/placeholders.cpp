#include "dynamodb/expression/placeholders.h"

#include <algorithm>

#include "dynamodb/errors.h"

namespace mastic::dynamodb::expression {
namespace {

bool well_spelled(std::string_view placeholder, char first) {
  return placeholder.size() > 1 && placeholder.front() == first && std::ranges::all_of(placeholder.substr(1), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
         });
}

}  // namespace

Result<void> Placeholders::check_given(bool any_expression, std::string_view missing_for_values) const {
  if (names_) {
    if (!any_expression)
      return fail(errors::validation("ExpressionAttributeNames can only be specified when using expressions"));
    if (names_->empty()) return fail(errors::validation("ExpressionAttributeNames must not be empty"));
    for (const auto& [placeholder, name] : *names_) {
      if (!well_spelled(placeholder, '#'))
        return fail(
            errors::validation("ExpressionAttributeNames contains invalid key: Syntax error; key: \"" + placeholder + "\""));
      if (name.empty() || name.size() > 65535)
        return fail(
            errors::validation("ExpressionAttributeNames contains invalid value: One or more parameter values were "
                               "invalid: Attribute name length must be between 1 and 65535 for key " +
                               placeholder));
    }
  }
  if (values_) {
    if (!missing_for_values.empty())
      return fail(errors::validation("ExpressionAttributeValues can only be specified when using expressions: " +
                                     std::string(missing_for_values)));
    if (values_->empty()) return fail(errors::validation("ExpressionAttributeValues must not be empty"));
    for (const auto& [placeholder, value] : *values_)
      if (!well_spelled(placeholder, ':'))
        return fail(
            errors::validation("ExpressionAttributeValues contains invalid key: Syntax error; key: \"" + placeholder + "\""));
  }
  return {};
}

const std::string* Placeholders::name(std::string_view placeholder) {
  if (!names_) return nullptr;
  const auto at = names_->find(std::string(placeholder));
  if (at == names_->end()) return nullptr;
  used_.emplace(placeholder);
  return &at->second;
}

const Value* Placeholders::value(std::string_view placeholder) {
  const Value* found = values_ ? values_->find(placeholder) : nullptr;
  if (found) used_.emplace(placeholder);
  return found;
}

Result<void> Placeholders::check_all_used() const {
  const auto unused = [&](const auto& given) {
    std::string keys;
    for (const auto& [placeholder, unneeded] : given)
      if (!used_.contains(placeholder)) keys += (keys.empty() ? "" : ", ") + placeholder;
    return keys;
  };
  const auto complaint = [](std::string_view which, const std::string& keys) {
    return fail(errors::validation("Value provided in ExpressionAttribute" + std::string(which) +
                                   " unused in expressions: keys: {" + keys + "}"));
  };
  if (names_)
    if (const auto keys = unused(*names_); !keys.empty()) return complaint("Names", keys);
  if (values_)
    if (const auto keys = unused(*values_); !keys.empty()) return complaint("Values", keys);
  return {};
}

}  // namespace mastic::dynamodb::expression
