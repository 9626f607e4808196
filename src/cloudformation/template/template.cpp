#include "cloudformation/template/template.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <set>

namespace mastic::cloudformation {
namespace {

constexpr std::array<std::string_view, 10> sections{"AWSTemplateFormatVersion",
                                                    "Conditions",
                                                    "Description",
                                                    "Mappings",
                                                    "Metadata",
                                                    "Outputs",
                                                    "Parameters",
                                                    "Resources",
                                                    "Rules",
                                                    "Transform"};
constexpr std::array<std::string_view, 10> resource_members{"Condition",    "CreationPolicy",     "DeletionPolicy", "DependsOn",
                                                            "Description",  "Metadata",           "Properties",     "Type",
                                                            "UpdatePolicy", "UpdateReplacePolicy"};
constexpr size_t resource_limit = 500;
constexpr size_t parameter_limit = 200;
constexpr size_t output_limit = 200;

Error format_error(std::string_view what) { return validation_error(fmt::format("Template format error: {}", what)); }

/// A scalar's text: a template may say 5 or true where CloudFormation wants a text.
std::string text_of(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_null()) return "";
  return value.dump();
}

Result<Json> object_section(const Json& document, const std::string& name) {
  const auto found = document.find(name);
  if (found == document.end() || found->is_null()) return Json::object();
  if (!found->is_object()) return fail(format_error(fmt::format("{} section must be an object.", name)));
  return *found;
}

bool is_logical_id(std::string_view name) {
  return !name.empty() && name.size() <= 255 && std::ranges::all_of(name, [](unsigned char c) { return std::isalnum(c) != 0; });
}

Result<ParameterDeclaration> read_parameter(const std::string& name, const Json& json) {
  if (!json.is_object()) return fail(format_error(fmt::format("Every Parameters member must be an object: {}", name)));
  ParameterDeclaration parameter;
  if (!json.contains("Type"))
    return fail(format_error(fmt::format("Every Parameters object must contain a Type member: {}", name)));
  parameter.type = text_of(json["Type"]);
  if (json.contains("Default")) {
    if (json["Default"].is_structured()) {
      return fail(format_error(fmt::format("Every Default member must be a string: {}", name)));
    }
    parameter.default_value = text_of(json["Default"]);
  }
  const auto text = [&](const char* member) { return json.contains(member) ? text_of(json[member]) : std::string(); };
  const auto number = [&](const char* member) -> std::optional<double> {
    const auto given = text(member);
    if (given.empty()) return std::nullopt;
    char* end = nullptr;
    const double value = std::strtod(given.c_str(), &end);
    return *end == '\0' ? std::optional(value) : std::nullopt;
  };
  const auto length = [&](const char* member) -> std::optional<size_t> {
    const auto value = number(member);
    return value && *value >= 0 && *value < 1e9 ? std::optional(static_cast<size_t>(*value)) : std::nullopt;
  };
  parameter.no_echo = text("NoEcho") == "true";
  parameter.description = text("Description");
  parameter.constraint_description = text("ConstraintDescription");
  if (json.contains("AllowedPattern")) parameter.allowed_pattern = text("AllowedPattern");
  parameter.min_value = number("MinValue");
  parameter.max_value = number("MaxValue");
  parameter.min_length = length("MinLength");
  parameter.max_length = length("MaxLength");
  if (json.contains("AllowedValues")) {
    if (!json["AllowedValues"].is_array()) return fail(format_error("Every AllowedValues member must be a list."));
    for (const auto& value : json["AllowedValues"]) parameter.allowed_values.push_back(text_of(value));
  }
  return parameter;
}

Result<std::string> policy(const Json& json, const char* member) {
  if (!json.contains(member)) return std::string("Delete");
  const auto text = text_of(json[member]);
  for (const std::string_view known : {"Delete", "Retain", "Snapshot", "RetainExceptOnCreate"}) {
    if (text == known) return text;
  }
  return fail(format_error(fmt::format("Unrecognized {} {} for resource", member, text)));
}

Result<ResourceDeclaration> read_resource(const std::string& name, const Json& json) {
  if (!json.is_object()) return fail(format_error(fmt::format("Resource definition {} is malformed", name)));
  for (const auto& [member, unused] : json.items()) {
    if (std::ranges::find(resource_members, member) == resource_members.end()) {
      return fail(validation_error(fmt::format("Invalid template resource property '{}'", member)));
    }
  }
  if (!json.contains("Type") || !json["Type"].is_string()) {
    return fail(format_error(fmt::format("[/Resources/{}] Every Resources object must contain a Type member.", name)));
  }
  ResourceDeclaration resource;
  resource.type = json["Type"].get<std::string>();
  if (json.contains("Properties") && !json["Properties"].is_null()) {
    if (!json["Properties"].is_object()) {
      return fail(format_error(fmt::format("[/Resources/{}/Properties] 'null' values are not allowed in templates", name)));
    }
    resource.properties = json["Properties"];
  }
  if (json.contains("DependsOn")) {
    const auto& needs = json["DependsOn"];
    if (needs.is_string()) resource.depends_on.push_back(needs.get<std::string>());
    if (needs.is_array()) {
      for (const auto& need : needs) resource.depends_on.push_back(text_of(need));
    }
  }
  if (json.contains("Condition")) resource.condition = text_of(json["Condition"]);
  TRY(deletion, policy(json, "DeletionPolicy"));
  TRY(replacing, policy(json, "UpdateReplacePolicy"));
  resource.deletion_policy = deletion;
  resource.update_replace_policy = replacing;
  if (json.contains("Metadata")) resource.metadata = json["Metadata"];
  return resource;
}

Result<OutputDeclaration> read_output(const std::string& name, const Json& json) {
  if (!json.is_object() || !json.contains("Value")) {
    return fail(format_error(fmt::format("Output {} is malformed. The Value field is required", name)));
  }
  OutputDeclaration output;
  output.value = json["Value"];
  if (json.contains("Description")) output.description = text_of(json["Description"]);
  if (json.contains("Condition")) output.condition = text_of(json["Condition"]);
  if (json.contains("Export")) {
    if (!json["Export"].is_object() || !json["Export"].contains("Name")) {
      return fail(format_error(fmt::format("Output {} is malformed. Export needs a Name", name)));
    }
    output.export_name = json["Export"]["Name"];
  }
  return output;
}

Result<void> read_sections(const Json& document, Template& result) {
  TRY(parameters, object_section(document, "Parameters"));
  TRY(conditions, object_section(document, "Conditions"));
  TRY(resources, object_section(document, "Resources"));
  TRY(outputs, object_section(document, "Outputs"));
  if (resources.empty()) return fail(format_error("At least one Resources member must be defined."));
  if (resources.size() > resource_limit) {
    return fail(format_error(
        fmt::format("Number of resources, {}, is greater than maximum allowed, {}", resources.size(), resource_limit)));
  }
  if (parameters.size() > parameter_limit)
    return fail(format_error("Number of parameters is greater than maximum allowed, 200"));
  if (outputs.size() > output_limit) return fail(format_error("Number of outputs is greater than maximum allowed, 200"));
  for (const auto& [name, json] : parameters.items()) {
    if (!is_logical_id(name)) return fail(format_error(fmt::format("Parameter name {} is non alphanumeric.", name)));
    TRY(parameter, read_parameter(name, json));
    result.parameters.emplace(name, std::move(parameter));
  }
  for (const auto& [name, json] : conditions.items()) result.conditions.emplace(name, json);
  for (const auto& [name, json] : resources.items()) {
    if (!is_logical_id(name)) return fail(format_error(fmt::format("Resource name {} is non alphanumeric.", name)));
    TRY(resource, read_resource(name, json));
    result.resources.emplace(name, std::move(resource));
  }
  for (const auto& [name, json] : outputs.items()) {
    if (!is_logical_id(name)) return fail(format_error(fmt::format("Output name {} is non alphanumeric.", name)));
    TRY(output, read_output(name, json));
    result.outputs.emplace(name, std::move(output));
  }
  return {};
}

Result<void> read_transforms(const Json& document, Template& result) {
  if (!document.contains("Transform")) return {};
  const auto& transform = document["Transform"];
  for (const auto& each : transform.is_array() ? transform : Json::array({transform})) {
    const auto name = text_of(each.is_object() && each.contains("Name") ? each["Name"] : each);
    if (name != "AWS::LanguageExtensions") {
      return fail(validation_error(fmt::format("The transform {} is not supported; AWS::LanguageExtensions is", name)));
    }
    result.transforms.push_back(name);
  }
  return {};
}

}  // namespace

Result<Template> parse_template(std::string_view body) {
  TRY(document, parse_document(body));
  if (!document.is_object()) return fail(format_error("unsupported structure."));
  for (const auto& [name, unused] : document.items()) {
    if (std::ranges::find(sections, name) == sections.end()) {
      return fail(validation_error(fmt::format("Invalid template property or properties [{}]", name)));
    }
  }
  if (document.contains("AWSTemplateFormatVersion") && text_of(document["AWSTemplateFormatVersion"]) != "2010-09-09") {
    return fail(format_error(
        fmt::format("unsupported value for AWSTemplateFormatVersion {}.", text_of(document["AWSTemplateFormatVersion"]))));
  }
  Template result;
  if (document.contains("Description")) result.description = text_of(document["Description"]);
  TRY_DO(read_sections(document, result));
  TRY_DO(read_transforms(document, result));
  TRY(mappings, object_section(document, "Mappings"));
  TRY(rules, object_section(document, "Rules"));
  result.mappings = std::move(mappings);
  result.rules = std::move(rules);
  if (document.contains("Metadata")) result.metadata = document["Metadata"];
  return result;
}

}  // namespace mastic::cloudformation
