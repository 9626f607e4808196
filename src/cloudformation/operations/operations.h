// The operations by family, and what they share.
#pragma once

#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aws/models/cloudformation.h"
#include "aws/service.h"
#include "cloudformation/executor/executor.h"
#include "cloudformation/executor/house.h"
#include "cloudformation/stacks.h"

namespace mastic::cloudformation {

namespace wire = aws::cloudformation;
using Context = aws::CallContext;

void add_stack_operations(aws::Service& service, const House& house, Executor& executor);
void add_rollback_operations(aws::Service& service, const House& house, Executor& executor);
void add_change_set_operations(aws::Service& service, const House& house, Executor& executor);
void add_describe_operations(aws::Service& service, const House& house);
void add_resource_operations(aws::Service& service, const House& house);
void add_template_operations(aws::Service& service, const House& house);
void add_export_operations(aws::Service& service, const House& house);
void add_drift_operations(aws::Service& service, const House& house);

/// By name or ARN; "Stack with id X does not exist".
Result<StackRecord> require_stack(const House& house, const Context& context, std::string_view name);

/// A request's template: its body, what its URL names, or `previous`.
Result<std::string> template_of(const House& house, const Context& context, const std::optional<std::string>& body,
                                const std::optional<std::string>& url, const std::string* previous);

/// The parts that creations, updates and change sets have in common.
template <typename Request>
Asked asked_of(const Request& request, std::string body, const Specification* previous) {
  Asked asked;
  asked.wanted.template_body = std::move(body);
  if (request.parameters) {
    for (const auto& parameter : *request.parameters) {
      asked.given.push_back(
          {parameter.parameter_key.value_or(""), parameter.parameter_value, parameter.use_previous_value.value_or(false)});
    }
  }
  // Tags that an update does not mention stay.
  if (previous != nullptr && !request.tags) asked.wanted.tags = previous->tags;
  if (request.tags) {
    for (const auto& tag : *request.tags) asked.wanted.tags[tag.key] = tag.value;
  }
  if (request.capabilities) asked.wanted.capabilities = *request.capabilities;
  if (request.notification_ar_ns) {
    asked.wanted.notification_arns = *request.notification_ar_ns;
  } else if (previous != nullptr) {
    asked.wanted.notification_arns = previous->notification_arns;
  }
  asked.wanted.role_arn = request.role_arn.value_or(previous != nullptr ? previous->role_arn : "");
  return asked;
}

std::vector<wire::Parameter> parameters_of(const Specification& specification);
std::vector<wire::Tag> tags_of(const Specification& specification);
std::optional<std::string> unless_empty(const std::string& text);
std::optional<Instant> unless_zero(int64_t time);

/// A page of `items` from the place that the token names; sets the next token. Fails when the token is no token.
template <typename T>
Result<std::vector<T>> page_of(std::vector<T> items, const std::optional<std::string>& token, std::size_t size,
                               std::optional<std::string>& next) {
  std::size_t from = 0;
  if (token && !token->empty()) {
    const auto [end, failure] = std::from_chars(token->data(), token->data() + token->size(), from);
    if (failure != std::errc() || end != token->data() + token->size()) {
      return fail(Error{"ValidationError", "NextToken is invalid: " + *token});
    }
  }
  if (from > items.size()) from = items.size();
  const auto to = std::min(items.size(), from + size);
  if (to < items.size()) next = std::to_string(to);
  return std::vector<T>(std::make_move_iterator(items.begin() + static_cast<std::ptrdiff_t>(from)),
                        std::make_move_iterator(items.begin() + static_cast<std::ptrdiff_t>(to)));
}

}  // namespace mastic::cloudformation
