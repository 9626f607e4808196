// PutRule, DescribeRule, ListRules, DeleteRule, EnableRule, DisableRule.
#include "events/operations/operations.h"
#include "events/pattern.h"

namespace mastic::events {
namespace {

using Context = aws::CallContext;

std::optional<std::string> if_any(const std::string& text) { return text.empty() ? std::nullopt : std::optional(text); }

/// A rule as DescribeRule and ListRules show it.
template <typename Shown>
Shown shown(const StoredRule& rule, const Context& context) {
  Shown answer;
  answer.name = rule.name;
  answer.arn = rule_arn(rule.name, context);
  answer.event_pattern = rule.pattern;
  answer.state = rule.state;
  answer.description = if_any(rule.description);
  answer.role_arn = if_any(rule.role_arn);
  answer.event_bus_name = "default";
  return answer;
}

Result<wire::PutRuleResponse> put_rule(const wire::PutRuleRequest& request, const Context& context, Store& store) {
  TRY_DO(check_bus(request.event_bus_name));
  if (request.schedule_expression) return fail(error::unsupported("ScheduleExpression; schedules are Glue's triggers here"));
  if (!request.event_pattern)
    return fail(error::validation("Parameter(s) EventPattern or ScheduleExpression must be specified."));
  TRY_DO(Pattern::parse(*request.event_pattern));
  const auto state = request.state.value_or("ENABLED");
  TRY_DO(store.put({request.name, *request.event_pattern, state == "DISABLED" ? state : "ENABLED",
                    request.description.value_or(""), request.role_arn.value_or("")}));
  if (request.tags) {
    std::map<std::string, std::string> tags;
    for (const auto& tag : *request.tags) tags[tag.key] = tag.value;
    TRY_DO(store.tag(request.name, tags));
  }
  wire::PutRuleResponse response;
  response.rule_arn = rule_arn(request.name, context);
  return response;
}

Result<wire::DescribeRuleResponse> describe_rule(const wire::DescribeRuleRequest& request, const Context& context,
                                                 Store& store) {
  TRY_DO(check_bus(request.event_bus_name));
  TRY(rule, require_rule(store, request.name));
  auto response = shown<wire::DescribeRuleResponse>(rule, context);
  response.created_by = context.account_id;
  return response;
}

Result<wire::ListRulesResponse> list_rules(const wire::ListRulesRequest& request, const Context& context, Store& store) {
  TRY_DO(check_bus(request.event_bus_name));
  const auto limit = static_cast<std::size_t>(request.limit.value_or(100));
  TRY(rules, store.list(request.name_prefix.value_or(""), request.next_token.value_or(""), limit + 1));
  wire::ListRulesResponse response;
  response.next_token = cut(rules, limit, &StoredRule::name);
  response.rules.emplace();
  for (const auto& rule : rules) response.rules->push_back(shown<wire::Rule>(rule, context));
  return response;
}

Result<void> delete_rule(const wire::DeleteRuleRequest& request, Store& store) {
  TRY_DO(check_bus(request.event_bus_name));
  TRY(targets, store.targets(request.name));
  if (!targets.empty()) return fail(error::validation("Rule can't be deleted since it has targets."));
  return store.remove(request.name);
}

Result<void> set_state(const std::string& name, const std::optional<std::string>& bus, std::string_view state, Store& store) {
  TRY_DO(check_bus(bus));
  TRY(rule, require_rule(store, name));
  rule.state = std::string(state);
  return store.put(rule);
}

}  // namespace

void add_rule_operations(aws::Service& service, Store& store, const std::function<void()>& changed) {
  service.on<wire::PutRule>([&store, changed](const auto& request, const Context& context) {
    auto answer = put_rule(request, context, store);
    changed();
    return answer;
  });
  service.on<wire::DescribeRule>(
      [&store](const auto& request, const Context& context) { return describe_rule(request, context, store); });
  service.on<wire::ListRules>(
      [&store](const auto& request, const Context& context) { return list_rules(request, context, store); });
  service.on<wire::DeleteRule>(
      [&store, changed](const wire::DeleteRuleRequest& request, const Context&) -> Result<wire::DeleteRule::Response> {
        TRY_DO(delete_rule(request, store));
        changed();
        return wire::DeleteRule::Response{};
      });
  service.on<wire::EnableRule>(
      [&store, changed](const wire::EnableRuleRequest& request, const Context&) -> Result<wire::EnableRule::Response> {
        TRY_DO(set_state(request.name, request.event_bus_name, "ENABLED", store));
        changed();
        return wire::EnableRule::Response{};
      });
  service.on<wire::DisableRule>(
      [&store, changed](const wire::DisableRuleRequest& request, const Context&) -> Result<wire::DisableRule::Response> {
        TRY_DO(set_state(request.name, request.event_bus_name, "DISABLED", store));
        changed();
        return wire::DisableRule::Response{};
      });
}

}  // namespace mastic::events
