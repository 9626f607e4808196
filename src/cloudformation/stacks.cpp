#include "cloudformation/stacks.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/identifiers.h"
#include "cloudformation/errors.h"
#include "cloudformation/executor/stack_references.h"

namespace mastic::cloudformation {

StackRecord new_stack(const House& house, std::string_view name, std::string_view region, std::string_view account_id) {
  StackRecord stack;
  stack.name = name;
  stack.region = region;
  stack.account_id = account_id;
  stack.id = fmt::format("arn:aws:cloudformation:{}:{}:stack/{}/{}", region, account_id, name, random_uuid());
  stack.created = house.now();
  return stack;
}

Result<void> check_capabilities(const Template& source, const std::vector<std::string>& granted) {
  std::vector<std::string> missing;
  for (const auto& capability : required_capabilities(source)) {
    const auto has = [&](std::string_view name) { return std::ranges::find(granted, name) != granted.end(); };
    if (has(capability) || (capability == "CAPABILITY_IAM" && has("CAPABILITY_NAMED_IAM"))) continue;
    missing.push_back(capability);
  }
  if (!missing.empty()) return fail(error::insufficient_capabilities(missing));
  return {};
}

bool may_be_updated(std::string_view status) {
  constexpr std::array<std::string_view, 5> statuses = {"CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE",
                                                        "UPDATE_FAILED", "CREATE_FAILED"};
  return std::ranges::find(statuses, status) != statuses.end();
}

Result<StackRecord> begin_creation(const House& house, StackRecord draft, const Asked& asked) {
  draft.current = asked.wanted;
  TRY(plan, make_plan(house, draft, asked.wanted, asked.given, {}));
  TRY_DO(check_capabilities(plan->source, asked.wanted.capabilities));
  take_parameters(*plan, draft.current);
  draft.status = "CREATE_IN_PROGRESS";
  draft.reason = draft.parent_id.empty() ? "User Initiated" : "";
  TRY_DO(house.store.add_stack(draft, {event_of(house, draft, draft.status, draft.reason)}));
  return draft;
}

Result<bool> changes_nothing(const House& house, const StackRecord& stack, const Plan& plan, const Specification& wanted,
                             const std::vector<ResourceChangeRecord>& changes) {
  if (!changes.empty() || stack.current.tags != wanted.tags || stack.status == "UPDATE_FAILED") return false;
  StackReferences references(house, stack, true);
  TRY(present, house.store.resources(stack.id));
  for (const auto& resource : present) {
    if (!resource.gone()) references.know(resource.logical_id, resource.now);
  }
  TRY(outputs, outputs_of(plan, references));
  return Json(outputs) == Json(stack.outputs);
}

namespace {

/// A child whose parent's update failed and stands has not given up its way back, and may be updated on it.
bool stands_on_its_way(const StackRecord& stack) {
  return stack.status == "UPDATE_FAILED" || (!stack.parent_id.empty() && stack.status == "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS");
}

}  // namespace

Result<std::optional<StackRecord>> begin_update(const House& house, const StackRecord& stack, const Asked& asked,
                                                const std::string& token, std::optional<bool> disable_rollback) {
  if (!may_be_updated(stack.status) && !stands_on_its_way(stack)) {
    return fail(error::wrong_state(stack.id, stack.status, "updated"));
  }
  auto wanted = asked.wanted;
  TRY(plan, make_plan(house, stack, wanted, asked.given, stack.current.parameters));
  TRY_DO(check_capabilities(plan->source, wanted.capabilities));
  take_parameters(*plan, wanted);
  TRY(present, house.store.resources(stack.id));
  TRY(changes, changes_of(house, stack, *plan, wanted, present));
  TRY(nothing, changes_nothing(house, stack, *plan, wanted, changes));
  if (nothing) return std::nullopt;
  TRY(changed, house.store.change_stack(stack.id, [&](StackRecord& record) -> Result<Store::Events> {
    if (!may_be_updated(record.status) && !stands_on_its_way(record)) {
      return fail(error::wrong_state(record.id, record.status, "updated"));
    }
    // After an update that failed and stood, the way back still leads to what was before it.
    if (!stands_on_its_way(record)) record.previous = record.current;
    record.cancelled = false;
    record.current = wanted;
    record.status = "UPDATE_IN_PROGRESS";
    record.reason = record.parent_id.empty() ? "User Initiated" : "";
    record.updated = house.now();
    record.token = token;
    record.access_key = stack.access_key;
    record.disable_rollback = disable_rollback.value_or(false);
    return Store::Events{event_of(house, record, record.status, record.reason)};
  }));
  return changed;
}

Result<StackRecord> begin_deletion(const House& house, const StackRecord& stack, const std::string& token,
                                   const std::vector<std::string>& retained) {
  return house.store.change_stack(stack.id, [&](StackRecord& record) -> Result<Store::Events> {
    if (record.status == "DELETE_COMPLETE") return Store::Events{};
    if (record.termination_protection && record.parent_id.empty()) return fail(error::protected_stack(record.name));
    record.status = "DELETE_IN_PROGRESS";
    record.reason = record.parent_id.empty() ? "User Initiated" : "";
    record.token = token;
    record.access_key = stack.access_key;
    record.retained = retained;
    return Store::Events{event_of(house, record, record.status, record.reason)};
  });
}

}  // namespace mastic::cloudformation
