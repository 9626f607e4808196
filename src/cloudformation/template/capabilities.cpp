// What a template asks of its caller and of other stacks.
#include <algorithm>
#include <array>

#include "cloudformation/template/evaluate.h"

namespace mastic::cloudformation {
namespace {

/// The types that CloudFormation asks for: not all of IAM's.
constexpr std::array<std::string_view, 11> identities{"AWS::IAM::AccessKey",
                                                      "AWS::IAM::Group",
                                                      "AWS::IAM::GroupPolicy",
                                                      "AWS::IAM::InstanceProfile",
                                                      "AWS::IAM::ManagedPolicy",
                                                      "AWS::IAM::Policy",
                                                      "AWS::IAM::Role",
                                                      "AWS::IAM::RolePolicy",
                                                      "AWS::IAM::User",
                                                      "AWS::IAM::UserPolicy",
                                                      "AWS::IAM::UserToGroupAddition"};

bool is_identity(std::string_view type) { return std::ranges::find(identities, type) != identities.end(); }

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
