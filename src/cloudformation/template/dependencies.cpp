// Which resource needs which, and what a template asks of its caller.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "cloudformation/template/functions.h"

namespace mastic::cloudformation {
namespace {

using Names = std::set<std::string>;

void collect_from_pattern(const Json& argument, Names& names) {
  const Json* pattern = argument.is_array() && !argument.empty() ? &argument[0] : &argument;
  if (!pattern->is_string()) return;
  const Json* own = argument.is_array() && argument.size() > 1 && argument[1].is_object() ? &argument[1] : nullptr;
  for_each_variable(pattern->get_ref<const std::string&>(), [&](std::string_view name) {
    if (own != nullptr && own->contains(std::string(name))) return;
    names.emplace(name.substr(0, name.find('.')));
  });
}

/// Every name that `Ref`, `Fn::GetAtt` and `Fn::Sub` mention in what remains of `json` under the conditions.
void collect(const Json& json, const Conditions& conditions, Names& names) {
  if (json.is_array()) {
    for (const auto& item : json) collect(item, conditions, names);
    return;
  }
  if (!json.is_object()) return;
  if (!is_function(json)) {
    for (const auto& [key, member] : json.items()) collect(member, conditions, names);
    return;
  }
  const auto& function = json.begin().key();
  const auto& argument = json.begin().value();
  if (function == "Ref" && argument.is_string()) {
    names.insert(argument.get<std::string>());
  } else if (function == "Fn::GetAtt") {
    if (argument.is_string()) names.insert(argument.get<std::string>().substr(0, argument.get<std::string>().find('.')));
    if (argument.is_array() && !argument.empty() && argument[0].is_string()) names.insert(argument[0].get<std::string>());
  } else if (function == "Fn::If" && argument.is_array() && argument.size() == 3 && argument[0].is_string()) {
    const auto condition = conditions.find(argument[0].get<std::string>());
    const bool holds = condition == conditions.end() || condition->second;
    collect(argument[holds ? 1 : 2], conditions, names);
  } else {
    if (function == "Fn::Sub") collect_from_pattern(argument, names);
    collect(argument, conditions, names);
  }
}

bool is_pseudo(std::string_view name) {
  static constexpr std::array<std::string_view, 8> pseudo{"AWS::AccountId", "AWS::NoValue",  "AWS::NotificationARNs",
                                                          "AWS::Partition", "AWS::Region",   "AWS::StackId",
                                                          "AWS::StackName", "AWS::URLSuffix"};
  return std::ranges::find(pseudo, name) != pseudo.end();
}

bool is_made(const ResourceDeclaration& resource, const Conditions& conditions) {
  if (!resource.condition) return true;
  const auto found = conditions.find(*resource.condition);
  return found != conditions.end() && found->second;
}

/// Removes, round by round, what needs nothing any more; what is left turns in a circle.
Names circle_of(std::map<std::string, Names> needs) {
  for (bool removed = true; removed;) {
    removed = false;
    for (auto each = needs.begin(); each != needs.end();) {
      const bool free = std::ranges::none_of(each->second, [&](const std::string& need) { return needs.contains(need); });
      removed |= free;
      each = free ? needs.erase(each) : std::next(each);
    }
  }
  Names left;
  for (const auto& [name, unused] : needs) left.insert(name);
  return left;
}

Result<void> check_outputs(const Template& source, const Conditions& conditions) {
  Names unknown;
  for (const auto& [name, output] : source.outputs) {
    if (output.condition && !source.conditions.contains(*output.condition)) {
      return fail(validation_error(
          fmt::format("Template format error: Unresolved condition {} for output {}", *output.condition, name)));
    }
    Names names;
    collect(output.value, conditions, names);
    for (const auto& each : names) {
      if (!is_pseudo(each) && !source.parameters.contains(each) && !source.resources.contains(each)) unknown.insert(each);
    }
  }
  if (unknown.empty()) return {};
  return fail(validation_error(
      fmt::format("Template format error: Unresolved resource dependencies [{}] in the Outputs block of the template",
                  fmt::join(unknown, ", "))));
}

bool is_identity(std::string_view type) { return type.starts_with("AWS::IAM::"); }

/// The property by which an identity gets a name of the author's own choice.
constexpr std::array<std::pair<std::string_view, std::string_view>, 5> custom_names{
    {{"AWS::IAM::Role", "RoleName"},
     {"AWS::IAM::User", "UserName"},
     {"AWS::IAM::Group", "GroupName"},
     {"AWS::IAM::ManagedPolicy", "ManagedPolicyName"},
     {"AWS::IAM::InstanceProfile", "InstanceProfileName"}}};

bool is_named_identity(const ResourceDeclaration& resource) {
  return std::ranges::any_of(custom_names, [&](const auto& row) {
    return resource.type == row.first && resource.properties.contains(std::string(row.second));
  });
}

void collect_imports(const Json& json, std::vector<std::string>& names) {
  if (json.is_object() && json.size() == 1 && json.begin().key() == "Fn::ImportValue" && json.begin().value().is_string()) {
    names.push_back(json.begin().value().get<std::string>());
    return;
  }
  if (!json.is_structured()) return;
  for (const auto& member : json) collect_imports(member, names);
}

}  // namespace

Result<std::map<std::string, std::set<std::string>>> dependencies(const Template& source, const Conditions& conditions) {
  std::map<std::string, Names> needs;
  Names unresolved;
  for (const auto& [name, resource] : source.resources) {
    if (resource.condition && !source.conditions.contains(*resource.condition)) {
      return fail(validation_error(
          fmt::format("Template format error: Unresolved condition dependency {} in the Resources block of the template",
                      *resource.condition)));
    }
    if (!is_made(resource, conditions)) continue;
    Names mentioned;
    collect(resource.properties, conditions, mentioned);
    mentioned.insert(resource.depends_on.begin(), resource.depends_on.end());
    auto& own = needs[name];
    for (const auto& each : mentioned) {
      const auto target = source.resources.find(each);
      if (target != source.resources.end()) {
        const bool by_order_alone = std::ranges::find(resource.depends_on, each) != resource.depends_on.end();
        if (is_made(target->second, conditions)) {
          own.insert(each);
        } else if (!by_order_alone) {
          unresolved.insert(each);
        }
      } else if (!is_pseudo(each) && !source.parameters.contains(each)) {
        unresolved.insert(each);
      }
    }
  }
  if (!unresolved.empty()) {
    return fail(validation_error(
        fmt::format("Template format error: Unresolved resource dependencies [{}] in the Resources block of the template",
                    fmt::join(unresolved, ", "))));
  }
  if (const auto circle = circle_of(needs); !circle.empty()) {
    return fail(validation_error(fmt::format("Circular dependency between resources: [{}]", fmt::join(circle, ", "))));
  }
  TRY_DO(check_outputs(source, conditions));
  return needs;
}

std::vector<std::string> required_capabilities(const Template& source) {
  bool identity = false;
  bool named = false;
  for (const auto& [name, resource] : source.resources) {
    identity |= is_identity(resource.type);
    named |= is_named_identity(resource);
  }
  std::vector<std::string> needed;
  if (named) {
    needed.emplace_back("CAPABILITY_NAMED_IAM");
  } else if (identity) {
    needed.emplace_back("CAPABILITY_IAM");
  }
  if (!source.transforms.empty()) needed.emplace_back("CAPABILITY_AUTO_EXPAND");
  return needed;
}

std::vector<std::string> imports_of(const Template& source) {
  std::vector<std::string> names;
  for (const auto& [name, resource] : source.resources) collect_imports(resource.properties, names);
  for (const auto& [name, output] : source.outputs) collect_imports(output.value, names);
  return names;
}

}  // namespace mastic::cloudformation
