#include "cloudformation/template/template.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "cloudformation/template/reading.h"

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
constexpr size_t description_limit = 1024;  // bytes
constexpr size_t resource_limit = 500;
constexpr size_t parameter_limit = 200;
constexpr size_t output_limit = 200;

Result<Json> object_section(const Json& document, const std::string& name) {
  const auto found = document.find(name);
  if (found == document.end() || found->is_null()) return Json::object();
  if (!found->is_object()) return fail(format_error(fmt::format("{} section must be an object.", name)));
  return *found;
}

/// Templates know no null, and macros only as sections; `path` is grown and cut again.
Result<void> check_values(const Json& json, std::string& path) {
  if (json.is_null()) return fail(format_error(fmt::format("[{}] 'null' values are not allowed in templates", path)));
  if (!json.is_structured()) return {};
  for (const auto& [name, member] : json.items()) {
    if (json.is_object() && name == "Fn::Transform") {
      const auto macro = member.is_object() && member.contains("Name") ? written_text(member["Name"]) : std::string();
      return fail(
          validation_error(fmt::format("[{}] the transform {} is not supported; AWS::LanguageExtensions is", path, macro)));
    }
    if (json.is_object() && name.starts_with("Fn::ForEach")) {
      return fail(validation_error(fmt::format("[{}] the function Fn::ForEach is not supported", path)));
    }
    const auto before = path.size();
    path += "/" + name;
    TRY_DO(check_values(member, path));
    path.resize(before);
  }
  return {};
}

Result<void> check_mappings(const Json& mappings) {
  for (const auto& [name, mapping] : mappings.items()) {
    if (!mapping.is_object()) return fail(format_error("Every Mappings member must be a map"));
    for (const auto& [key, row] : mapping.items()) {
      if (!row.is_object()) return fail(format_error("Every Mappings member " + name + " must be a map"));
      for (const auto& [attribute, value] : row.items()) {
        if (value.is_object() || value.is_null())
          return fail(format_error("Every Mappings attribute must be a String or a List."));
      }
    }
  }
  return {};
}

bool is_logical_id(std::string_view name) {
  return !name.empty() && name.size() <= 255 && std::ranges::all_of(name, [](unsigned char c) { return std::isalnum(c) != 0; });
}

Result<std::string> policy(const std::string& resource, const Json& json, const char* member) {
  if (!json.contains(member)) return std::string("Delete");
  const auto text = written_text(json[member]);
  static constexpr std::array<std::string_view, 4> known{"Delete", "Retain", "Snapshot", "RetainExceptOnCreate"};
  if (std::ranges::find(known, text) != known.end()) return text;
  return fail(format_error(fmt::format("Unrecognized {} {} for resource {}", member, text, resource)));
}

Result<std::vector<std::string>> read_depends_on(const std::string& name, const Json& json) {
  std::vector<std::string> needs;
  if (!json.contains("DependsOn")) return needs;
  const auto& given = json["DependsOn"];
  for (const auto& need : given.is_array() ? given : Json::array({given})) {
    if (!need.is_string()) {
      return fail(format_error(fmt::format("[/Resources/{}/DependsOn] Every DependsOn value must be a string.", name)));
    }
    needs.push_back(need.get<std::string>());
  }
  return needs;
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
  if (json.contains("Properties")) {
    if (!json["Properties"].is_object()) {
      return fail(format_error(fmt::format("[/Resources/{}/Properties] Properties must be an object.", name)));
    }
    resource.properties = json["Properties"];
  }
  TRY(needs, read_depends_on(name, json));
  resource.depends_on = std::move(needs);
  if (json.contains("Condition")) resource.condition = written_text(json["Condition"]);
  TRY(deletion, policy(name, json, "DeletionPolicy"));
  TRY(replacing, policy(name, json, "UpdateReplacePolicy"));
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
  if (json.contains("Description")) output.description = written_text(json["Description"]);
  if (json.contains("Condition")) output.condition = written_text(json["Condition"]);
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
  for (const char* name : {"Conditions", "Resources", "Outputs", "Rules"}) {
    std::string path = std::string("/") + name;
    if (document.contains(name) && !document[name].is_null()) TRY_DO(check_values(document[name], path));
  }
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
    const auto name = written_text(each.is_object() && each.contains("Name") ? each["Name"] : each);
    if (name != "AWS::LanguageExtensions") {
      return fail(validation_error(fmt::format("The transform {} is not supported; AWS::LanguageExtensions is", name)));
    }
    result.transforms.push_back(name);
  }
  return {};
}

}  // namespace

Error format_error(std::string_view what) { return validation_error(fmt::format("Template format error: {}", what)); }

std::string written_text(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  return value.is_null() ? "" : value.dump();
}

Result<Template> parse_template(std::string_view body) {
  TRY(document, parse_document(body));
  if (!document.is_object()) return fail(format_error("unsupported structure."));
  std::vector<std::string> unknown;
  for (const auto& [name, unused] : document.items()) {
    if (std::ranges::find(sections, name) == sections.end()) unknown.push_back(name);
  }
  if (!unknown.empty()) {
    return fail(validation_error(fmt::format("Invalid template property or properties [{}]", fmt::join(unknown, ", "))));
  }
  if (document.contains("AWSTemplateFormatVersion") && written_text(document["AWSTemplateFormatVersion"]) != "2010-09-09") {
    return fail(format_error("unsupported value for AWSTemplateFormatVersion."));
  }
  Template result;
  if (document.contains("Description")) {
    if (document["Description"].is_structured()) return fail(format_error("Description must be a string."));
    result.description = written_text(document["Description"]);
    if (result.description.size() > description_limit) return fail(format_error("'Description' length is greater than 1024."));
  }
  TRY_DO(read_sections(document, result));
  TRY_DO(read_transforms(document, result));
  TRY(mappings, object_section(document, "Mappings"));
  TRY(rules, object_section(document, "Rules"));
  TRY_DO(check_mappings(mappings));
  result.mappings = std::move(mappings);
  result.rules = std::move(rules);
  if (document.contains("Metadata")) result.metadata = document["Metadata"];
  return result;
}

}  // namespace mastic::cloudformation
