#include "cloudformation/template/functions.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "aws/encoding.h"

namespace mastic::cloudformation {
namespace {

Answer reference(const Evaluation& evaluation, const Json& argument, size_t) {
  if (!argument.is_string()) return wrong_argument("Ref", "a single string parameter");
  return evaluation.reference(argument.get_ref<const std::string&>());
}

Answer get_attribute(const Evaluation& evaluation, const Json& argument, size_t depth) {
  std::string id;
  std::string name;
  if (argument.is_string()) {
    const auto& text = argument.get_ref<const std::string&>();
    const auto dot = text.find('.');
    if (dot == std::string::npos)
      return wrong_argument("Fn::GetAtt", "two non-empty parameters, the resource name and the resource attribute");
    id = text.substr(0, dot);
    name = text.substr(dot + 1);
  } else if (argument.is_array() && argument.size() >= 2 && argument[0].is_string()) {
    id = argument[0].get<std::string>();
    for (size_t i = 1; i < argument.size(); ++i) {
      TRY(part, evaluation.text(argument[i], depth, "Fn::GetAtt"));
      name += (i > 1 ? "." : "") + part;
    }
  } else {
    return wrong_argument("Fn::GetAtt", "two non-empty parameters, the resource name and the resource attribute");
  }
  if (id.empty() || name.empty()) {
    return wrong_argument("Fn::GetAtt", "two non-empty parameters, the resource name and the resource attribute");
  }
  TRY(found, evaluation.references.attribute(id, name));
  return std::optional(std::move(found));
}

Answer join(const Evaluation& evaluation, const Json& argument, size_t depth) {
  if (!argument.is_array() || argument.size() != 2) {
    return wrong_argument("Fn::Join", "two parameters, (1) a string delimiter and (2) a list of strings to be joined");
  }
  TRY(delimiter, evaluation.text(argument[0], depth, "Fn::Join"));
  TRY(list, evaluation.required(argument[1], depth, "Fn::Join"));
  if (is_unknown(list)) return unknown_value();
  if (!list.is_array())
    return wrong_argument("Fn::Join", "two parameters, (1) a string delimiter and (2) a list of strings to be joined");
  std::string joined;
  for (size_t i = 0; i < list.size(); ++i) {
    const auto part = scalar_text(list[i]);
    if (!part) return wrong_argument("Fn::Join", "a list of strings to be joined");
    if (i > 0) joined += delimiter;
    joined += *part;
  }
  TRY(resolved, evaluation.resolve_dynamic(joined));
  return std::optional(std::move(resolved));
}

Answer split(const Evaluation& evaluation, const Json& argument, size_t depth) {
  if (!argument.is_array() || argument.size() != 2)
    return wrong_argument("Fn::Split", "two parameters, (1) a string delimiter and (2) a string to be split");
  TRY(delimiter, evaluation.text(argument[0], depth, "Fn::Split"));
  TRY(whole, evaluation.text(argument[1], depth, "Fn::Split"));
  if (is_unknown(whole)) return unknown_value();
  if (delimiter.empty()) return wrong_argument("Fn::Split", "a delimiter that is not empty");
  Json parts = Json::array();
  size_t from = 0;
  for (size_t at = whole.find(delimiter); at != std::string::npos; at = whole.find(delimiter, from)) {
    parts.push_back(whole.substr(from, at - from));
    from = at + delimiter.size();
  }
  parts.push_back(whole.substr(from));
  return std::optional(std::move(parts));
}

Answer select(const Evaluation& evaluation, const Json& argument, size_t depth) {
  if (!argument.is_array() || argument.size() != 2)
    return wrong_argument("Fn::Select", "two non-null parameters, a list and an index");
  TRY(text, evaluation.text(argument[0], depth, "Fn::Select"));
  TRY(list, evaluation.required(argument[1], depth, "Fn::Select"));
  if (is_unknown(list)) return unknown_value();
  size_t index = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), index);
  if (error != std::errc() || end != text.data() + text.size())
    return wrong_argument("Fn::Select", "an index that is a number");
  if (!list.is_array() || index >= list.size()) {
    return fail(validation_error(fmt::format("Template error: Fn::Select cannot select nonexistent value at index {}", index)));
  }
  return std::optional(list[index]);
}

Answer if_(const Evaluation& evaluation, const Json& argument, size_t depth) {
  if (!argument.is_array() || argument.size() != 3 || !argument[0].is_string()) {
    return wrong_argument("Fn::If", "three parameters: a condition's name and two values");
  }
  if (!evaluation.conditions.contains(argument[0].get<std::string>())) {
    return fail(validation_error(
        fmt::format("Template error: unresolved condition dependency {} in Fn::If", argument[0].get<std::string>())));
  }
  const bool holds = evaluation.conditions.at(argument[0].get<std::string>());
  return evaluation.value(argument[holds ? 1 : 2], depth + 1);
}

Answer find_in_map(const Evaluation& evaluation, const Json& argument, size_t depth) {
  if (!argument.is_array() || argument.size() < 3 || argument.size() > 4)
    return wrong_argument("Fn::FindInMap", "three parameters: map, key and second key");
  std::array<std::string, 3> path;
  for (size_t i = 0; i < 3; ++i) {
    TRY(step, evaluation.text(argument[i], depth, "Fn::FindInMap"));
    if (is_unknown(step)) return unknown_value();
    path[i] = step;
  }
  const Json* at = &evaluation.source.mappings;
  for (const auto& step : path) {
    const auto next = at->is_object() ? at->find(step) : at->end();
    if (!at->is_object() || next == at->end()) {
      if (argument.size() == 4 && argument[3].is_object() && argument[3].contains("DefaultValue")) {
        return evaluation.value(argument[3]["DefaultValue"], depth + 1);
      }
      if (at == &evaluation.source.mappings) {
        return fail(validation_error(
            fmt::format("Template error: Mapping named '{}' is not present in the 'Mappings' section of template.", path[0])));
      }
      return fail(validation_error(fmt::format("Template error: Unable to get mapping for {}", fmt::join(path, "::"))));
    }
    at = &*next;
  }
  return std::optional(*at);
}

Answer base64(const Evaluation& evaluation, const Json& argument, size_t depth) {
  TRY(text, evaluation.text(argument, depth, "Fn::Base64"));
  if (is_unknown(text)) return unknown_value();
  return std::optional<Json>(aws::to_base64(text));
}

Answer substitute(const Evaluation& evaluation, const Json& argument, size_t depth) {
  if (argument.is_string()) {
    TRY(made, evaluation.substitute(argument.get<std::string>(), Json::object(), depth));
    TRY(resolved, evaluation.resolve_dynamic(made));
    return std::optional(std::move(resolved));
  }
  if (!argument.is_array() || argument.size() != 2 || !argument[0].is_string() || !argument[1].is_object()) {
    return fail(validation_error(
        "Template error: One or more Fn::Sub intrinsic functions don't specify expected arguments. Specify a string as first "
        "argument, and an optional second argument to specify a mapping of values to replace in the string"));
  }
  TRY(made, evaluation.substitute(argument[0].get<std::string>(), argument[1], depth));
  TRY(resolved, evaluation.resolve_dynamic(made));
  return std::optional(std::move(resolved));
}

Answer import_value(const Evaluation& evaluation, const Json& argument, size_t depth) {
  TRY(name, evaluation.text(argument, depth, "Fn::ImportValue"));
  if (is_unknown(name)) return unknown_value();
  TRY(value, evaluation.references.export_value(name));
  return std::optional<Json>(std::move(value));
}

Answer zones(const Evaluation& evaluation, const Json& argument, size_t depth) {
  TRY(region, evaluation.text(argument, depth, "Fn::GetAZs"));
  const auto& name = region.empty() ? evaluation.environment.region : region;
  return std::optional<Json>(Json::array({name + "a", name + "b", name + "c"}));
}

Answer length(const Evaluation& evaluation, const Json& argument, size_t depth) {
  TRY(list, evaluation.required(argument, depth, "Fn::Length"));
  if (is_unknown(list)) return unknown_value();
  if (!list.is_array()) return wrong_argument("Fn::Length", "a list");
  return std::optional<Json>(list.size());
}

Answer to_json_string(const Evaluation& evaluation, const Json& argument, size_t depth) {
  TRY(value, evaluation.required(argument, depth, "Fn::ToJsonString"));
  return std::optional<Json>(value.dump(-1, ' ', false, Json::error_handler_t::replace));
}

constexpr std::array<std::pair<std::string_view, Function>, 14> functions{{{"Ref", reference},
                                                                           {"Fn::GetAtt", get_attribute},
                                                                           {"Fn::Join", join},
                                                                           {"Fn::Split", split},
                                                                           {"Fn::Select", select},
                                                                           {"Fn::If", if_},
                                                                           {"Fn::FindInMap", find_in_map},
                                                                           {"Fn::Base64", base64},
                                                                           {"Fn::Sub", substitute},
                                                                           {"Fn::ImportValue", import_value},
                                                                           {"Fn::GetAZs", zones},
                                                                           {"Fn::Length", length},
                                                                           {"Fn::ToJsonString", to_json_string},
                                                                           {"Fn::Cidr", cidr}}};

}  // namespace

std::unexpected<Error> wrong_argument(std::string_view function, std::string_view expects) {
  return fail(validation_error(fmt::format("Template error: every {} object requires {}", function, expects)));
}

bool is_unknown(const Json& json) { return json.is_string() && json.get_ref<const std::string&>().contains(known_after_apply); }

Answer unknown_value() { return std::optional<Json>(known_after_apply); }

std::optional<std::string> scalar_text(const Json& json) {
  if (json.is_string()) return json.get<std::string>();
  if (json.is_structured() || json.is_null()) return std::nullopt;
  return json.dump();
}

bool is_function(const Json& json) {
  return json.is_object() && json.size() == 1 && (json.begin().key() == "Ref" || json.begin().key().starts_with("Fn::"));
}

Answer call_function(const Evaluation& evaluation, const std::string& name, const Json& argument, size_t depth) {
  const auto found = std::ranges::find(functions, name, &std::pair<std::string_view, Function>::first);
  const auto function = found == functions.end() ? find_condition_function(name) : found->second;
  if (function == nullptr) return fail(validation_error(fmt::format("Template error: the function {} is not supported", name)));
  return function(evaluation, argument, depth + 1);
}

}  // namespace mastic::cloudformation
