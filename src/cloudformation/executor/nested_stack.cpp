#include "cloudformation/executor/nested_stack.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "cloudformation/errors.h"
#include "cloudformation/resources/names.h"
#include "cloudformation/resources/service_call.h"
#include "cloudformation/stacks.h"

namespace mastic::cloudformation {
namespace {

constexpr std::string_view cleanup_pending = "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS";

std::string text_of(const Json& json) { return json.is_string() ? json.get<std::string>() : json.dump(); }

Made made_of(const StackRecord& stack) {
  Made made{.physical_id = stack.id};
  for (const auto& output : stack.outputs) made.attributes["Outputs." + output.key] = output.value;
  return made;
}

Result<Asked> asked_of(const House& house, const ResourceContext& context, const Json& properties) {
  Asked asked;
  if (!properties.contains("TemplateURL")) {
    return fail(error::validation("Property TemplateURL cannot be empty."));
  }
  TRY(body, house.read_template_url(text_of(properties["TemplateURL"]), call_context(context, "GetObject")));
  asked.wanted.template_body = std::move(body);
  asked.wanted.tags = context.stack_tags;
  asked.wanted.role_arn = context.role_arn;
  asked.wanted.capabilities = {"CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"};  // the root's were asked
  for (const auto& tag : properties.value("Tags", Json::array())) {
    if (tag.is_object()) asked.wanted.tags[text_of(tag.value("Key", Json("")))] = text_of(tag.value("Value", Json("")));
  }
  for (const auto& arn : properties.value("NotificationARNs", Json::array())) {
    asked.wanted.notification_arns.push_back(text_of(arn));
  }
  const auto parameters = properties.value("Parameters", Json::object());
  for (const auto& [key, value] : parameters.items()) {
    std::string text;
    if (value.is_array()) {
      for (const auto& item : value) text += (text.empty() ? "" : ",") + text_of(item);
    } else {
      text = text_of(value);
    }
    asked.given.push_back({key, text, false});
  }
  return asked;
}

Result<StackRecord> ended(const House& house, const StackRecord& stack, std::string_view wanted) {
  TRY(found, house.store.find_stack(stack.region, stack.id));
  if (!found) return fail(error::no_stack(stack.id));
  if (found->status == wanted) return std::move(*found);
  if (wanted == "UPDATE_COMPLETE" && found->status == cleanup_pending) return std::move(*found);
  return fail(Error{"NotStabilized",
                    fmt::format("Embedded stack {} was not successfully {}: {}", stack.id,
                                wanted == "CREATE_COMPLETE"            ? "created"
                                : wanted == "UPDATE_COMPLETE"          ? "updated"
                                : wanted == "UPDATE_ROLLBACK_COMPLETE" ? "rolled back"
                                                                       : "deleted",
                                found->reason),
                    400,
                    {{"PhysicalResourceId", Json(stack.id).dump()}}});
}

}  // namespace

Result<void> NestedStackType::validate(const Json& properties) const {
  constexpr std::array<std::string_view, 6> known = {"TemplateURL", "Parameters",       "Tags",
                                                     "Metadata",    "NotificationARNs", "TimeoutInMinutes"};
  for (const auto& [name, unused] : properties.items()) {
    if (std::ranges::find(known, name) == known.end() && !name.starts_with("Fn::")) {
      return fail(error::validation(fmt::format("Encountered unsupported property {}", name)));
    }
  }
  return {};
}

bool NestedStackType::replaces(std::string_view /*property*/) const { return false; }

Result<Made> NestedStackType::create(const ResourceContext& context, const Json& properties) const {
  TRY(asked, asked_of(house_, context, properties));
  auto draft = new_stack(house_, generated_name(context, 128), context.region, context.account_id);
  draft.parent_id = context.stack_id;
  TRY(parent, house_.store.find_stack(context.region, context.stack_id));
  draft.root_id = parent && !parent->root_id.empty() ? parent->root_id : context.stack_id;
  draft.parent_logical_id = context.logical_id;
  draft.access_key = context.access_key;
  draft.endpoint = context.endpoint;
  TRY(child, begin_creation(house_, std::move(draft), asked));
  executor_.carry_out(child);
  TRY(done, ended(house_, child, "CREATE_COMPLETE"));
  return made_of(done);
}

Result<Made> NestedStackType::update(const ResourceContext& context, const std::string& physical_id, const Json& /*before*/,
                                     const Json& after) const {
  TRY(stack, house_.store.find_stack(context.region, physical_id));
  if (!stack) return fail(error::no_stack(physical_id));
  TRY(asked, asked_of(house_, context, after));
  stack->access_key = context.access_key;
  TRY(child, begin_update(house_, *stack, asked, {}, false));
  if (!child) return made_of(*stack);
  executor_.carry_out(*child);
  TRY(done, ended(house_, *child, "UPDATE_COMPLETE"));
  return made_of(done);
}

Result<void> NestedStackType::remove(const ResourceContext& context, const std::string& physical_id,
                                     const Json& /*properties*/) const {
  // Without an id the child may have been made by a creation that was cut short.
  TRY(children, house_.store.children(context.stack_id));
  for (auto& child : children) {
    if (physical_id.empty() ? child.parent_logical_id != context.logical_id : child.id != physical_id) continue;
    child.access_key = context.access_key;
    TRY(going, begin_deletion(house_, child, {}, {}));
    executor_.carry_out(going);
    TRY_DO(ended(house_, child, "DELETE_COMPLETE"));
  }
  return {};
}

Result<void> NestedStackType::conclude(const ResourceContext& context, const std::string& physical_id) const {
  TRY(child, house_.store.find_stack(context.region, physical_id));
  if (!child || child->status != cleanup_pending) return {};
  executor_.carry_out(*child);
  TRY_DO(ended(house_, *child, "UPDATE_COMPLETE"));
  return {};
}

Result<void> NestedStackType::go_back(const ResourceContext& context, const std::string& physical_id,
                                      const std::vector<std::string>& skipped) const {
  TRY(child, house_.store.find_stack(context.region, physical_id));
  if (!child) return {};
  const auto status = child->status;
  const bool stands = status == cleanup_pending || status == "UPDATE_FAILED" || status == "UPDATE_ROLLBACK_FAILED";
  if (stands) {
    TRY(going, house_.store.change_stack(child->id, [&](StackRecord& record) -> Result<Store::Events> {
      record.status = "UPDATE_ROLLBACK_IN_PROGRESS";
      record.reason.clear();
      record.current = record.previous;
      if (record.outputs_new) std::swap(record.outputs, record.previous_outputs);
      record.outputs_new = false;
      record.retained = skipped;
      return Store::Events{event_of(house_, record, record.status, record.reason)};
    }));
    executor_.carry_out(going);
  } else if (status.ends_with("_IN_PROGRESS")) {
    executor_.carry_out(*child, /*interrupted=*/true);
  } else {
    return {};
  }
  TRY_DO(ended(house_, *child, "UPDATE_ROLLBACK_COMPLETE"));
  return {};
}

Result<std::optional<Json>> NestedStackType::read(const ResourceContext& context, const std::string& physical_id,
                                                  const Json& properties) const {
  TRY(stack, house_.store.find_stack(context.region, physical_id));
  if (!stack || stack->status == "DELETE_COMPLETE") return std::nullopt;
  return properties;
}

}  // namespace mastic::cloudformation
