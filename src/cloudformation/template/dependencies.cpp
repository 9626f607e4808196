// Which resource needs which.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "cloudformation/template/mentions.h"

namespace mastic::cloudformation {
namespace {

using Names = std::set<std::string>;
using Needs = std::map<std::string, Names>;

bool is_pseudo(std::string_view name) {
  static constexpr std::array<std::string_view, 8> pseudo{"AWS::AccountId", "AWS::NoValue",  "AWS::NotificationARNs",
                                                          "AWS::Partition", "AWS::Region",   "AWS::StackId",
                                                          "AWS::StackName", "AWS::URLSuffix"};
  return std::ranges::find(pseudo, name) != pseudo.end();
}

bool is_made(const std::optional<std::string>& condition, const Conditions& conditions) {
  if (!condition) return true;
  const auto found = conditions.find(*condition);
  return found != conditions.end() && found->second;
}

Error unresolved(const Names& names, std::string_view block) {
  return validation_error(
      fmt::format("Template format error: Unresolved resource dependencies [{}] in the {} block of the template",
                  fmt::join(names, ", "), block));
}

/// Names that are nothing in this template, whatever its conditions are.
Result<void> check_mentions(const Template& source, const Mentions& mentions, Names& unknown) {
  for (const auto& name : mentions.references) {
    if (!is_pseudo(name) && !source.parameters.contains(name) && !source.resources.contains(name)) unknown.insert(name);
  }
  for (const auto& name : mentions.attributes) {
    if (source.resources.contains(name)) continue;
    return fail(validation_error(fmt::format("Template error: instance of Fn::GetAtt references undefined resource {}", name)));
  }
  for (const auto& name : mentions.conditions) {
    if (source.conditions.contains(name)) continue;
    return fail(validation_error(fmt::format("Template error: unresolved condition dependency {} in Fn::If", name)));
  }
  return {};
}

Result<void> check_condition(const Template& source, const std::optional<std::string>& condition, std::string_view block) {
  if (!condition || source.conditions.contains(*condition)) return {};
  return fail(validation_error(fmt::format(
      "Template format error: Unresolved condition dependency {} in the {} block of the template", *condition, block)));
}

Mentions mentions_of(const OutputDeclaration& output, const Conditions* conditions) {
  Mentions mentions;
  collect_mentions(output.value, conditions, mentions);
  if (output.export_name) collect_mentions(*output.export_name, conditions, mentions);
  return mentions;
}

/// The resources among what is mentioned: those to be made into `needs`, those that their condition drops into `dropped`.
void sort_resources(const Template& source, const Conditions& conditions, Mentions mentions, Names& needs, Names& dropped) {
  mentions.references.merge(mentions.attributes);
  for (const auto& name : mentions.references) {
    const auto target = source.resources.find(name);
    if (target == source.resources.end()) continue;
    (is_made(target->second.condition, conditions) ? needs : dropped).insert(name);
  }
}

Result<void> check_outputs(const Template& source, const Conditions& conditions) {
  Names unused;
  Names dropped;
  for (const auto& [name, output] : source.outputs) {
    if (is_made(output.condition, conditions)) {
      sort_resources(source, conditions, mentions_of(output, &conditions), unused, dropped);
    }
  }
  if (dropped.empty()) return {};
  return fail(unresolved(dropped, "Outputs"));
}

/// Whether a way leads from `start` back to it.
bool turns_in_circle(const Needs& needs, const std::string& start) {
  Names seen;
  std::vector<const std::string*> open{&start};
  while (!open.empty()) {
    const auto& at = needs.at(*open.back());
    open.pop_back();
    for (const auto& next : at) {
      if (next == start) return true;
      if (seen.insert(next).second) open.push_back(&next);
    }
  }
  return false;
}

Result<void> check_circles(const Needs& needs) {
  Names circle;
  for (const auto& [name, unused] : needs) {
    if (turns_in_circle(needs, name)) circle.insert(name);
  }
  if (circle.empty()) return {};
  return fail(validation_error(fmt::format("Circular dependency between resources: [{}]", fmt::join(circle, ", "))));
}

}  // namespace

Result<void> check_references(const Template& source) {
  Names unknown;
  for (const auto& [name, resource] : source.resources) {
    TRY_DO(check_condition(source, resource.condition, "Resources"));
    Mentions mentions;
    collect_mentions(resource.properties, nullptr, mentions);
    TRY_DO(check_mentions(source, mentions, unknown));
    for (const auto& need : resource.depends_on) {
      if (!source.resources.contains(need)) unknown.insert(need);
    }
  }
  if (!unknown.empty()) return fail(unresolved(unknown, "Resources"));
  for (const auto& [name, output] : source.outputs) {
    TRY_DO(check_condition(source, output.condition, "Outputs"));
    TRY_DO(check_mentions(source, mentions_of(output, nullptr), unknown));
  }
  if (!unknown.empty()) return fail(unresolved(unknown, "Outputs"));
  TRY_DO(condition_order(source));
  return {};
}

Result<Needs> dependencies(const Template& source, const Conditions& conditions) {
  TRY_DO(check_references(source));
  Needs needs;
  Names dropped;
  for (const auto& [name, resource] : source.resources) {
    if (!is_made(resource.condition, conditions)) continue;
    Mentions mentions;
    collect_mentions(resource.properties, &conditions, mentions);
    auto& own = needs[name];
    sort_resources(source, conditions, std::move(mentions), own, dropped);
    // An order is void, not wrong, when the other resource is not made.
    for (const auto& need : resource.depends_on) {
      if (is_made(source.resources.at(need).condition, conditions)) own.insert(need);
    }
  }
  if (!dropped.empty()) return fail(unresolved(dropped, "Resources"));
  TRY_DO(check_circles(needs));
  TRY_DO(check_outputs(source, conditions));
  return needs;
}

}  // namespace mastic::cloudformation
