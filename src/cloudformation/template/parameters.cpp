#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdlib>

#include "base/bounded_pattern.h"
#include "cloudformation/template/evaluate.h"
#include "cloudformation/template/reading.h"

namespace mastic::cloudformation {
namespace {

constexpr size_t value_limit = 4096;  // bytes
constexpr std::string_view ssm_value = "AWS::SSM::Parameter::Value<";

std::string trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(' ');
  if (first == std::string_view::npos) return "";
  return std::string(text.substr(first, text.find_last_not_of(' ') - first + 1));
}

Json list_of(std::string_view text) {
  Json list = Json::array();
  size_t from = 0;
  while (from <= text.size()) {
    const auto comma = std::min(text.find(',', from), text.size());
    list.push_back(trimmed(text.substr(from, comma - from)));
    from = comma + 1;
  }
  return list;
}

std::optional<double> number_of(const std::string& text) {
  // Not what strtod takes besides: spaces, "inf", "nan", hexadecimal.
  if (text.empty() || text.find_first_not_of("0123456789+-.eE") != std::string::npos) return std::nullopt;
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  return *end == '\0' ? std::optional(value) : std::nullopt;
}

size_t code_points(std::string_view text) {
  return static_cast<size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

Error violated(const std::string& name, const ParameterDeclaration& declared, std::string_view rule) {
  if (!declared.constraint_description.empty()) {
    return validation_error(
        fmt::format("Parameter {} failed to satisfy constraint: {}", name, declared.constraint_description));
  }
  return validation_error(fmt::format("Parameter '{}' {}", name, rule));
}

Result<void> check_number(const std::string& name, const ParameterDeclaration& declared, const std::string& text) {
  const auto number = number_of(text);
  if (!number) return fail(validation_error(fmt::format("Parameter '{}' must be a number.", name)));
  if (declared.min_value && *number < *declared.min_value) {
    return fail(violated(name, declared, fmt::format("must be a number not less than {}", *declared.min_value)));
  }
  if (declared.max_value && *number > *declared.max_value) {
    return fail(violated(name, declared, fmt::format("must be a number not greater than {}", *declared.max_value)));
  }
  return {};
}

Result<void> check_text(const std::string& name, const ParameterDeclaration& declared,
                        const std::optional<BoundedPattern>& pattern, const std::string& text) {
  if (!declared.allowed_values.empty() && std::ranges::find(declared.allowed_values, text) == declared.allowed_values.end()) {
    return fail(violated(name, declared, "must be one of AllowedValues"));
  }
  const auto length = code_points(text);
  if (declared.min_length && length < *declared.min_length) {
    return fail(violated(name, declared, fmt::format("must contain at least {} characters", *declared.min_length)));
  }
  if (declared.max_length && length > *declared.max_length) {
    return fail(violated(name, declared, fmt::format("must contain at most {} characters", *declared.max_length)));
  }
  if (pattern && !pattern->matches(text)) {
    return fail(violated(name, declared, fmt::format("must match pattern {}", *declared.allowed_pattern)));
  }
  return {};
}

Result<void> check(const std::string& name, const ParameterDeclaration& declared, const Json& value) {
  std::optional<BoundedPattern> pattern;
  if (declared.allowed_pattern) {
    pattern = BoundedPattern::compile(*declared.allowed_pattern);
    if (!pattern) return fail(format_error("an AllowedPattern is no regular expression: " + *declared.allowed_pattern));
  }
  const bool numbers = declared.type == "Number" || declared.type == "List<Number>";
  for (const auto& each : value.is_array() ? value : Json::array({value})) {
    const auto text = each.get<std::string>();
    if (numbers) TRY_DO(check_number(name, declared, text));
    TRY_DO(check_text(name, declared, pattern, text));
  }
  return {};
}

Result<void> check_names(const Template& source, const std::vector<GivenParameter>& given) {
  std::vector<std::string> unknown;
  for (const auto& each : given) {
    if (!source.parameters.contains(each.key)) unknown.push_back(each.key);
  }
  if (unknown.empty()) return {};
  return fail(validation_error(fmt::format("Parameters: [{}] do not exist in the template", fmt::join(unknown, ", "))));
}

/// What the caller said, else what was said last time when asked for, else the default; nothing: it is missing.
Result<std::optional<std::string>> text_for(const std::string& name, const ParameterDeclaration& declared,
                                            const std::vector<GivenParameter>& given,
                                            const std::map<std::string, std::string>& previous) {
  const auto said = std::ranges::find(given, name, &GivenParameter::key);
  if (said == given.end()) return declared.default_value;
  if (!said->use_previous) return said->value ? said->value : declared.default_value;
  const auto before = previous.find(name);
  if (before == previous.end()) {
    return fail(
        validation_error(fmt::format("Invalid input for parameter key {}. Cannot specify usePreviousValue as true for a "
                                     "parameter key not in the previous template",
                                     name)));
  }
  return std::optional(before->second);
}

}  // namespace

Result<ParameterValues> resolve_parameters(const Template& source, const std::vector<GivenParameter>& given,
                                           const std::map<std::string, std::string>& previous_given,
                                           const std::function<Result<std::string>(std::string_view name)>& ssm) {
  TRY_DO(check_names(source, given));
  ParameterValues values;
  std::vector<std::string> missing;
  std::vector<std::string> not_in_ssm;
  for (const auto& [name, declared] : source.parameters) {
    TRY(text, text_for(name, declared, given, previous_given));
    if (!text) {
      missing.push_back(name);
      continue;
    }
    if (text->size() > value_limit) {
      return fail(validation_error(fmt::format("Parameter '{}' must contain at most {} bytes", name, value_limit)));
    }
    ParameterValue value{.value = {}, .given = *text};
    if (declared.type.starts_with(ssm_value)) {
      auto resolved = ssm(*text);
      if (!resolved && resolved.error().code != "ParameterNotFound") return fail(std::move(resolved).error());
      if (!resolved) {
        not_in_ssm.push_back(*text);
        continue;
      }
      value.resolved = *std::move(resolved);
    }
    const auto& content = value.resolved ? *value.resolved : value.given;
    value.value = is_list_type(declared.type) ? list_of(content) : Json(content);
    // Constraints are on what was given, as CloudFormation has it; what SSM holds is SSM's affair.
    TRY_DO(check(name, declared, value.resolved ? Json(value.given) : value.value));
    values.emplace(name, std::move(value));
  }
  if (!missing.empty()) {
    return fail(validation_error(fmt::format("Parameters: [{}] must have values", fmt::join(missing, ", "))));
  }
  if (!not_in_ssm.empty()) {
    return fail(validation_error(
        fmt::format("Unable to fetch parameters [{}] from parameter store for this account.", fmt::join(not_in_ssm, ","))));
  }
  return values;
}

}  // namespace mastic::cloudformation
