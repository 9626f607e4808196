// PutTargets, RemoveTargets, ListTargetsByRule, ListRuleNamesByTarget.
#include <algorithm>

#include "events/operations/operations.h"

namespace mastic::events {
namespace {

using Context = aws::CallContext;
using Accepts = std::function<bool(std::string_view)>;

/// What a target may say here; empty: all of it is acted on.
std::string refused(const wire::Target& target, const Accepts& accepts) {
  if (!accepts(target.arn)) return "targets other than Glue workflows and log groups; this is one: " + target.arn;
  if (target.input || target.input_path || target.input_transformer) return "Input, InputPath and InputTransformer";
  if (target.dead_letter_config) return "DeadLetterConfig";
  return "";
}

Result<wire::PutTargetsResponse> put_targets(const wire::PutTargetsRequest& request, Store& store, const Accepts& accepts) {
  TRY_DO(check_bus(request.event_bus_name));
  TRY_DO(require_rule(store, request.rule));
  wire::PutTargetsResponse response;
  response.failed_entries.emplace();
  for (const auto& target : request.targets) {
    if (const auto why = refused(target, accepts); !why.empty()) {
      wire::PutTargetsResultEntry failed;
      failed.target_id = target.id;
      failed.error_code = "ValidationException";
      failed.error_message = error::unsupported(why).message;
      response.failed_entries->push_back(std::move(failed));
      continue;
    }
    TRY_DO(store.put_target(request.rule, {target.id, target.arn, target.role_arn.value_or("")}));
  }
  response.failed_entry_count = static_cast<int32_t>(response.failed_entries->size());
  return response;
}

Result<wire::RemoveTargetsResponse> remove_targets(const wire::RemoveTargetsRequest& request, Store& store) {
  TRY_DO(check_bus(request.event_bus_name));
  TRY_DO(require_rule(store, request.rule));
  wire::RemoveTargetsResponse response;
  response.failed_entries.emplace();
  for (const auto& id : request.ids) {
    TRY(removed, store.remove_target(request.rule, id));
    if (removed) continue;
    wire::RemoveTargetsResultEntry failed;
    failed.target_id = id;
    failed.error_code = "ResourceNotFoundException";
    failed.error_message = "Rule " + request.rule + " has no target " + id + ".";
    response.failed_entries->push_back(std::move(failed));
  }
  response.failed_entry_count = static_cast<int32_t>(response.failed_entries->size());
  return response;
}

Result<wire::ListTargetsByRuleResponse> list_targets(const wire::ListTargetsByRuleRequest& request, Store& store) {
  TRY_DO(check_bus(request.event_bus_name));
  TRY_DO(require_rule(store, request.rule));
  TRY(targets, store.targets(request.rule));
  std::erase_if(targets, [&](const auto& target) { return target.id <= request.next_token.value_or(""); });
  wire::ListTargetsByRuleResponse response;
  response.next_token = cut(targets, static_cast<std::size_t>(request.limit.value_or(100)), &StoredTarget::id);
  response.targets.emplace();
  for (const auto& target : targets) {
    wire::Target shown;
    shown.id = target.id;
    shown.arn = target.arn;
    if (!target.role_arn.empty()) shown.role_arn = target.role_arn;
    response.targets->push_back(std::move(shown));
  }
  return response;
}

Result<wire::ListRuleNamesByTargetResponse> list_rule_names(const wire::ListRuleNamesByTargetRequest& request, Store& store) {
  TRY_DO(check_bus(request.event_bus_name));
  TRY(rules, store.list("", request.next_token.value_or(""), SIZE_MAX >> 1U));
  const auto limit = static_cast<std::size_t>(request.limit.value_or(100));
  wire::ListRuleNamesByTargetResponse response;
  response.rule_names.emplace();
  for (const auto& rule : rules) {
    TRY(targets, store.targets(rule.name));
    if (std::ranges::none_of(targets, [&](const auto& target) { return target.arn == request.target_arn; })) continue;
    if (response.rule_names->size() == limit) {
      response.next_token = response.rule_names->back();
      break;
    }
    response.rule_names->push_back(rule.name);
  }
  return response;
}

}  // namespace

void add_target_operations(aws::Service& service, Store& store, const Accepts& accepts, const std::function<void()>& changed) {
  service.on<wire::PutTargets>([&store, accepts, changed](const auto& request, const Context&) {
    auto answer = put_targets(request, store, accepts);
    changed();
    return answer;
  });
  service.on<wire::RemoveTargets>([&store, changed](const auto& request, const Context&) {
    auto answer = remove_targets(request, store);
    changed();
    return answer;
  });
  service.on<wire::ListTargetsByRule>([&store](const auto& request, const Context&) { return list_targets(request, store); });
  service.on<wire::ListRuleNamesByTarget>(
      [&store](const auto& request, const Context&) { return list_rule_names(request, store); });
}

}  // namespace mastic::events
