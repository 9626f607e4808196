#include "cloudformation/executor/plan.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "cloudformation/errors.h"
#include "cloudformation/executor/stack_references.h"

namespace mastic::cloudformation {
namespace {

Result<void> check_types(const House& house, const Plan& plan) {
  std::set<std::string> unknown;
  for (const auto& [id, resource] : plan.source.resources) {
    // Also what no condition lets come: a template that names it is not one that Mastic can carry out.
    if (house.type(resource.type) == nullptr) unknown.insert(resource.type);
  }
  if (!unknown.empty()) return fail(error::unrecognized_types({unknown.begin(), unknown.end()}));
  for (const auto& [id, needs] : plan.needs) {
    const auto& resource = plan.source.resources.at(id);
    if (auto valid = house.type(resource.type)->validate(resource.properties); !valid) {
      return fail(error::validation(
          fmt::format("Properties validation failed for resource {} with message: {}", id, valid.error().message)));
    }
  }
  return {};
}

std::vector<std::string> order_of(const std::map<std::string, std::set<std::string>>& needs) {
  std::vector<std::string> order;
  std::set<std::string> placed;
  const std::function<void(const std::string&)> place = [&](const std::string& id) {
    if (!placed.insert(id).second) return;
    if (const auto at = needs.find(id); at != needs.end()) {
      for (const auto& need : at->second) place(need);
      order.push_back(id);
    }
  };
  for (const auto& [id, unused] : needs) place(id);
  return order;
}

std::string text_of(const Json& json) {
  return json.is_string() ? json.get<std::string>() : json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

bool holds_unknown(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace).contains(known_after_apply);
}

std::string context_text(const Json& properties) {
  return Json{{"Properties", properties}}.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// How a resource that is there changes; an empty action when it does not.
ResourceChangeRecord change_of(const ResourceType& type, const ResourceRecord& present, const ResourceDeclaration& declaration,
                               const Json& after, bool tags_changed) {
  ResourceChangeRecord change{.action = {},
                              .logical_id = present.logical_id,
                              .physical_id = present.now.physical_id,
                              .type = present.now.type,
                              .replacement = "False",
                              .details = {},
                              .before = context_text(present.now.properties),
                              .after = context_text(after)};
  for (const auto& name : differing(present.now.properties, after)) {
    const auto& before_value = present.now.properties.contains(name) ? present.now.properties[name] : Json();
    const auto& after_value = after.contains(name) ? after[name] : Json();
    const bool replaces = type.replaces(name, before_value, after_value);
    const bool unknown = holds_unknown(after_value);
    const auto* const recreation = !replaces ? "Never" : unknown ? "Conditionally" : "Always";
    change.details.push_back({"Properties", name, recreation, before_value.is_null() ? "" : text_of(before_value),
                              after_value.is_null() ? "" : text_of(after_value)});
    if (replaces && !unknown) change.replacement = "True";
    if (replaces && unknown && change.replacement == "False") change.replacement = "Conditional";
  }
  if (tags_changed) change.details.push_back({"Tags", "", "Never", "", ""});
  if (present.now.metadata != declaration.metadata) {
    change.details.push_back({"Metadata", "", "Never", text_of(present.now.metadata), text_of(declaration.metadata)});
  }
  if (present.now.deletion_policy != declaration.deletion_policy) {
    change.details.push_back({"DeletionPolicy", "", "Never", present.now.deletion_policy, declaration.deletion_policy});
  }
  if (present.now.update_replace_policy != declaration.update_replace_policy) {
    change.details.push_back(
        {"UpdateReplacePolicy", "", "Never", present.now.update_replace_policy, declaration.update_replace_policy});
  }
  if (!change.details.empty()) change.action = "Modify";
  return change;
}

}  // namespace

std::vector<std::string> differing(const Json& before, const Json& after) {
  std::set<std::string> names;
  for (const auto& [name, value] : before.items()) {
    if (!after.contains(name) || after[name] != value) names.insert(name);
  }
  for (const auto& [name, value] : after.items()) {
    if (!before.contains(name)) names.insert(name);
  }
  return {names.begin(), names.end()};
}

Result<std::unique_ptr<Plan>> make_plan(const House& house, const StackRecord& stack, const Specification& wanted,
                                        const std::vector<GivenParameter>& given,
                                        const std::map<std::string, std::string>& previous) {
  auto plan = std::make_unique<Plan>();
  TRY(source, parse_template(wanted.template_body));
  plan->source = std::move(source);
  plan->environment = {.account_id = stack.account_id,
                       .region = stack.region,
                       .stack_name = stack.name,
                       .stack_id = stack.id,
                       .notification_arns = wanted.notification_arns};
  TRY(parameters, resolve_parameters(plan->source, given, previous,
                                     [&](std::string_view name) { return read_parameter(house, stack, name, false); }));
  plan->parameters = std::move(parameters);
  TRY_DO(check_rules(plan->source, plan->environment, plan->parameters));
  TRY(conditions, evaluate_conditions(plan->source, plan->environment, plan->parameters));
  plan->conditions = std::move(conditions);
  TRY(needs, dependencies(plan->source, plan->conditions));
  plan->needs = std::move(needs);
  plan->order = order_of(plan->needs);
  TRY_DO(check_types(house, *plan));
  return plan;
}

Result<std::unique_ptr<Plan>> make_plan(const House& house, const StackRecord& stack, const Specification& wanted) {
  std::vector<GivenParameter> given;
  for (const auto& [key, value] : wanted.parameters) given.push_back({key, value, false});
  return make_plan(house, stack, wanted, given, {});
}

void take_parameters(const Plan& plan, Specification& wanted) {
  wanted.parameters.clear();
  wanted.resolved.clear();
  wanted.masked.clear();
  for (const auto& [key, value] : plan.parameters) {
    wanted.parameters[key] = value.given;
    if (value.resolved) wanted.resolved[key] = *value.resolved;
    if (const auto at = plan.source.parameters.find(key); at != plan.source.parameters.end() && at->second.no_echo) {
      wanted.masked.push_back(key);
    }
  }
  wanted.description = plan.source.description;
}

Result<Json> evaluate_properties(const Plan& plan, const ResourceDeclaration& declaration, References& references) {
  TRY(value, plan.evaluator().evaluate(declaration.properties, references));
  return value.value_or(Json::object());
}

Result<std::vector<ResourceChangeRecord>> changes_of(const House& house, const StackRecord& stack, const Plan& plan,
                                                     const Specification& wanted, const std::vector<ResourceRecord>& present) {
  StackReferences references(house, stack, true);
  std::map<std::string, const ResourceRecord*> there;
  for (const auto& resource : present) {
    if (resource.gone()) continue;
    there[resource.logical_id] = &resource;
    references.know(resource.logical_id, resource.now);
  }
  const bool tags_changed = stack.current.tags != wanted.tags;
  std::vector<ResourceChangeRecord> changes;
  std::vector<std::string> retyped;
  for (const auto& id : plan.order) {
    const auto& declaration = plan.source.resources.at(id);
    TRY(after, evaluate_properties(plan, declaration, references));
    const auto at = there.find(id);
    if (at == there.end()) {
      changes.push_back({.action = "Add",
                         .logical_id = id,
                         .physical_id = {},
                         .type = declaration.type,
                         .replacement = {},
                         .details = {},
                         .before = {},
                         .after = context_text(after)});
      continue;
    }
    if (at->second->now.type != declaration.type) {
      retyped.push_back(id);
      continue;
    }
    const auto* const type = house.type(declaration.type);
    auto change = change_of(*type, *at->second, declaration, after, tags_changed);
    if (change.action.empty()) continue;
    if (change.replacement == "True") references.forget(id);
    changes.push_back(std::move(change));
  }
  if (!retyped.empty()) {
    return fail(
        error::validation(fmt::format("Update of resource type is not permitted. The new template modifies resource "
                                      "type of the following resources: [{}]",
                                      fmt::join(retyped, ", "))));
  }
  for (const auto& [id, resource] : there) {
    if (plan.needs.contains(id)) continue;
    changes.push_back({.action = "Remove",
                       .logical_id = id,
                       .physical_id = resource->now.physical_id,
                       .type = resource->now.type,
                       .replacement = {},
                       .details = {},
                       .before = context_text(resource->now.properties),
                       .after = {}});
  }
  return changes;
}

Result<std::vector<OutputRecord>> outputs_of(const Plan& plan, References& references) {
  std::vector<OutputRecord> outputs;
  const auto evaluator = plan.evaluator();
  for (const auto& [key, declaration] : plan.source.outputs) {
    if (declaration.condition) {
      const auto holds = plan.conditions.find(*declaration.condition);
      if (holds != plan.conditions.end() && !holds->second) continue;
    }
    TRY(value, evaluator.evaluate(declaration.value, references));
    if (!value) continue;
    OutputRecord output{.key = key, .value = text_of(*value), .description = declaration.description, .export_name = {}};
    if (declaration.export_name) {
      TRY(name, evaluator.evaluate(*declaration.export_name, references));
      if (name) output.export_name = text_of(*name);
    }
    outputs.push_back(std::move(output));
  }
  return outputs;
}

}  // namespace mastic::cloudformation
