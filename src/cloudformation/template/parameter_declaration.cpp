// One member of the Parameters section.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include "cloudformation/template/reading.h"

namespace mastic::cloudformation {
namespace {

constexpr std::array<std::string_view, 12> members{
    "Type",     "Default",   "NoEcho",    "AllowedValues", "AllowedPattern",        "MinValue",
    "MaxValue", "MinLength", "MaxLength", "Description",   "ConstraintDescription", "Label"};

bool is_known_type(std::string_view type) {
  static constexpr std::array<std::string_view, 5> plain{"String", "Number", "List<Number>", "List<String>",
                                                         "CommaDelimitedList"};
  return std::ranges::find(plain, type) != plain.end() || type.starts_with("AWS::") || type.starts_with("List<AWS::");
}

Result<std::optional<double>> number(const Json& json, const char* member) {
  if (!json.contains(member)) return std::nullopt;
  const auto text = written_text(json[member]);
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  if (text.empty() || *end != '\0') return fail(format_error(fmt::format("Every {} member must be a number.", member)));
  return std::optional(value);
}

Result<std::optional<size_t>> length(const Json& json, const char* member) {
  TRY(value, number(json, member));
  if (!value) return std::nullopt;
  if (!(*value >= 0 && *value < 1e9))
    return fail(format_error(fmt::format("Every {} member must be a non-negative number.", member)));
  return std::optional(static_cast<size_t>(*value));
}

}  // namespace

bool is_list_type(std::string_view type) {
  return type == "CommaDelimitedList" || type.starts_with("List<") ||
         type == "AWS::SSM::Parameter::Value<CommaDelimitedList>" || type.starts_with("AWS::SSM::Parameter::Value<List<");
}

Result<ParameterDeclaration> read_parameter(const std::string& name, const Json& json) {
  if (!json.is_object()) return fail(format_error(fmt::format("Every Parameters member must be an object: {}", name)));
  for (const auto& [member, unused] : json.items()) {
    if (std::ranges::find(members, member) != members.end()) continue;
    return fail(validation_error(fmt::format("Invalid template parameter property '{}'", member)));
  }
  if (!json.contains("Type")) return fail(format_error("Every Parameters object must contain a Type member."));
  const auto text = [&](const char* member) { return json.contains(member) ? written_text(json[member]) : std::string(); };
  ParameterDeclaration parameter{.type = text("Type")};
  if (!is_known_type(parameter.type)) {
    return fail(format_error(fmt::format("Unrecognized parameter type: {}", parameter.type)));
  }
  if (json.contains("Default")) {
    if (json["Default"].is_structured()) return fail(format_error("Every Default member must be a string."));
    parameter.default_value = text("Default");
  }
  if (json.contains("AllowedPattern")) parameter.allowed_pattern = text("AllowedPattern");
  if (json.contains("AllowedValues")) {
    if (!json["AllowedValues"].is_array()) return fail(format_error("Every AllowedValues member must be a list."));
    for (const auto& value : json["AllowedValues"]) parameter.allowed_values.push_back(written_text(value));
  }
  TRY(min_value, number(json, "MinValue"));
  TRY(max_value, number(json, "MaxValue"));
  TRY(min_length, length(json, "MinLength"));
  TRY(max_length, length(json, "MaxLength"));
  parameter.min_value = min_value;
  parameter.max_value = max_value;
  parameter.min_length = min_length;
  parameter.max_length = max_length;
  parameter.no_echo = text("NoEcho") == "true";
  parameter.description = text("Description");
  parameter.constraint_description = text("ConstraintDescription");
  return parameter;
}

}  // namespace mastic::cloudformation
