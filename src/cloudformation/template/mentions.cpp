#include "cloudformation/template/mentions.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cloudformation/template/functions.h"

namespace mastic::cloudformation {
namespace {

void collect_from_pattern(const Json& argument, Mentions& into) {
  const Json* pattern = argument.is_array() && !argument.empty() ? &argument[0] : &argument;
  if (!pattern->is_string()) return;
  const Json* own = argument.is_array() && argument.size() > 1 && argument[1].is_object() ? &argument[1] : nullptr;
  for_each_variable(pattern->get_ref<const std::string&>(), [&](std::string_view name) {
    if (own != nullptr && own->contains(std::string(name))) return;
    into.references.emplace(name.substr(0, name.find('.')));
  });
}

void collect_if(const Json& argument, const Conditions* conditions, Mentions& into) {
  const auto name = argument[0].get<std::string>();
  into.conditions.insert(name);
  const auto known = conditions == nullptr ? Conditions::const_iterator() : conditions->find(name);
  const bool undecided = conditions == nullptr || known == conditions->end();
  if (undecided || known->second) collect_mentions(argument[1], conditions, into);
  if (undecided || !known->second) collect_mentions(argument[2], conditions, into);
}

void collect_members(const Json& json, const Conditions* conditions, Mentions& into) {
  for (const auto& member : json) collect_mentions(member, conditions, into);
}

/// Names of conditions: in this section {"Condition": name} is a reference, elsewhere it is any property.
void collect_condition_names(const Json& json, std::set<std::string>& names) {
  if (!json.is_structured()) return;
  if (json.is_object() && json.size() == 1) {
    const auto& key = json.begin().key();
    const auto& value = json.begin().value();
    if (key == "Condition" && value.is_string()) names.insert(value.get<std::string>());
    if (key == "Fn::If" && value.is_array() && !value.empty() && value[0].is_string())
      names.insert(value[0].get<std::string>());
  }
  for (const auto& member : json) collect_condition_names(member, names);
}

}  // namespace

void collect_mentions(const Json& json, const Conditions* conditions, Mentions& into) {
  if (!json.is_structured()) return;
  if (!is_function(json)) return collect_members(json, conditions, into);
  const auto& function = json.begin().key();
  const auto& argument = json.begin().value();
  if (function == "Ref" && argument.is_string()) {
    into.references.insert(argument.get<std::string>());
  } else if (function == "Fn::GetAtt" && argument.is_string()) {
    const auto& text = argument.get_ref<const std::string&>();
    into.attributes.insert(text.substr(0, text.find('.')));
  } else if (function == "Fn::GetAtt" && argument.is_array() && !argument.empty() && argument[0].is_string()) {
    into.attributes.insert(argument[0].get<std::string>());
    collect_members(argument, conditions, into);
  } else if (function == "Fn::If" && argument.is_array() && argument.size() == 3 && argument[0].is_string()) {
    collect_if(argument, conditions, into);
  } else {
    if (function == "Fn::Sub") collect_from_pattern(argument, into);
    collect_mentions(argument, conditions, into);
  }
}

Result<std::vector<std::string>> condition_order(const Template& source) {
  std::map<std::string, size_t> waits_for;  // condition → how many it still needs
  std::map<std::string, std::vector<std::string>> needed_by;
  std::vector<std::string> order;
  for (const auto& [name, json] : source.conditions) {
    std::set<std::string> needs;
    collect_condition_names(json, needs);
    for (const auto& need : needs) {
      if (!source.conditions.contains(need)) {
        return fail(
            validation_error(fmt::format("Template format error: Unresolved condition dependency {} in the Conditions block of "
                                         "the template",
                                         need)));
      }
      needed_by[need].push_back(name);
    }
    if (needs.empty()) order.push_back(name);
    waits_for[name] = needs.size();
  }
  for (size_t i = 0; i < order.size(); ++i) {
    const auto ready = order[i];
    waits_for.erase(ready);
    for (const auto& each : needed_by[ready]) {
      if (--waits_for[each] == 0) order.push_back(each);
    }
  }
  if (waits_for.empty()) return order;
  std::vector<std::string> circle;
  for (const auto& [name, unused] : waits_for) circle.push_back(name);
  return fail(validation_error(
      fmt::format("Template format error: Circular dependency between conditions: [{}]", fmt::join(circle, ", "))));
}

}  // namespace mastic::cloudformation
