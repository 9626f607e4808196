#include "cloudformation/template/functions.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "aws/encoding.h"

namespace mastic::cloudformation {
namespace {

using Answer = Result<std::optional<Json>>;
using Function = Answer (*)(const Evaluation&, const Json& argument, size_t depth);

Answer wrong(std::string_view function, std::string_view expects) {
  return fail(validation_error(fmt::format("Template error: every {} object requires {}", function, expects)));
}

Answer reference(const Evaluation& evaluation, const Json& argument, size_t) {
  if (!argument.is_string()) return wrong("Ref", "a single string parameter");
  return evaluation.reference(argument.get_ref<const std::string&>());
}

Answer get_attribute(const Evaluation& evaluation, const Json& argument, size_t depth) {
  std::string id;
  std::string name;
  if (argument.is_string()) {
    const auto& text = argument.get_ref<const std::string&>();
    const auto dot = text.find('.');
    if (dot == std::string::npos)
      return wrong("Fn::GetAtt", "two non-empty parameters, the resource name and the resource attribute");
    id = text.substr(0, dot);
    name = text.substr(dot + 1);
  } else if (argument.is_array() && argument.size() >= 2 && argument[0].is_string()) {
    id = argument[0].get<std::string>();
    for (size_t i = 1; i < argument.size(); ++i) {
      TRY(part, evaluation.text(argument[i], depth, "Fn::GetAtt"));
      name += (i > 1 ? "." : "") + part;
    }
  } else {
    return wrong("Fn::GetAtt", "two non-empty parameters, the resource name and the resource attribute");
  }
  TRY(found, evaluation.references.attribute(id, name));
  return std::optional(std::move(found));
}

Answer join(const Evaluation& evaluation, const Json& argument, size_t depth) {
  if (!argument.is_array() || argument.size() != 2) {
    return wrong("Fn::Join", "two parameters, (1) a string delimiter and (2) a list of strings to be joined");
  }
  TRY(delimiter, evaluation.text(argument[0], depth, "Fn::Join"));
  TRY(list, evaluation.required(argument[1], depth, "Fn::Join"));
  if (!list.is_array())
    return wrong("Fn::Join", "two parameters, (1) a string delimiter and (2) a list of strings to be joined");
  std::string joined;
  for (size_t i = 0; i < list.size(); ++i) {
    const auto part = scalar_text(list[i]);
    if (!part) return wrong("Fn::Join", "a list of strings to be joined");
    if (i > 0) joined += delimiter;
    joined += *part;
  }
  TRY(resolved, evaluation.resolve_dynamic(joined));
  return std::optional(std::move(resolved));
}

Answer split(const Evaluation& evaluation, const Json& argument, size_t depth) {
  if (!argument.is_array() || argument.size() != 2)
    return wrong("Fn::Split", "two parameters, (1) a string delimiter and (2) a string to be split");
  TRY(delimiter, evaluation.text(argument[0], depth, "Fn::Split"));
  TRY(whole, evaluation.text(argument[1], depth, "Fn::Split"));
  if (delimiter.empty()) return wrong("Fn::Split", "a delimiter that is not empty");
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
  if (!argument.is_array() || argument.size() != 2) return wrong("Fn::Select", "two non-null parameters, a list and an index");
  TRY(text, evaluation.text(argument[0], depth, "Fn::Select"));
  TRY(list, evaluation.required(argument[1], depth, "Fn::Select"));
  size_t index = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), index);
  if (error != std::errc() || end != text.data() + text.size()) return wrong("Fn::Select", "an index that is a number");
  if (!list.is_array() || index >= list.size()) {
    return fail(validation_error(fmt::format("Template error: Fn::Select cannot select nonexistent value at index {}", index)));
  }
  return std::optional(list[index]);
}

Answer if_(const Evaluation& evaluation, const Json& argument, size_t depth) {
  if (!argument.is_array() || argument.size() != 3 || !argument[0].is_string()) {
    return wrong("Fn::If", "three parameters: a condition's name and two values");
  }
  TRY(holds, evaluation.condition({{"Condition", argument[0]}}, depth + 1));
  return evaluation.value(argument[holds ? 1 : 2], depth + 1);
}

Answer find_in_map(const Evaluation& evaluation, const Json& argument, size_t depth) {
  if (!argument.is_array() || argument.size() < 3 || argument.size() > 4)
    return wrong("Fn::FindInMap", "three parameters: map, key and second key");
  std::array<std::string, 3> path;
  for (size_t i = 0; i < 3; ++i) {
    TRY(step, evaluation.text(argument[i], depth, "Fn::FindInMap"));
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
  return std::optional<Json>(aws::to_base64(text));
}

Answer substitute(const Evaluation& evaluation, const Json& argument, size_t depth) {
  if (argument.is_string()) {
    TRY(made, evaluation.substitute(argument.get<std::string>(), Json::object(), depth));
    TRY(resolved, evaluation.resolve_dynamic(made));
    return std::optional(std::move(resolved));
  }
  if (!argument.is_array() || argument.size() != 2 || !argument[0].is_string() || !argument[1].is_object()) {
    return wrong("Fn::Sub", "a string, or a string and a map of variables");
  }
  TRY(made, evaluation.substitute(argument[0].get<std::string>(), argument[1], depth));
  TRY(resolved, evaluation.resolve_dynamic(made));
  return std::optional(std::move(resolved));
}

Answer import_value(const Evaluation& evaluation, const Json& argument, size_t depth) {
  TRY(name, evaluation.text(argument, depth, "Fn::ImportValue"));
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
  if (!list.is_array()) return wrong("Fn::Length", "a list");
  return std::optional<Json>(list.size());
}

Answer to_json_string(const Evaluation& evaluation, const Json& argument, size_t depth) {
  TRY(value, evaluation.required(argument, depth, "Fn::ToJsonString"));
  return std::optional<Json>(value.dump());
}

/// RFC 4632 blocks: IPv4 only, as stacks without networks of their own need no more.
Answer cidr(const Evaluation& evaluation, const Json& argument, size_t depth) {
  if (!argument.is_array() || argument.size() != 3) return wrong("Fn::Cidr", "three parameters: ipBlock, count and cidrBits");
  TRY(block, evaluation.text(argument[0], depth, "Fn::Cidr"));
  TRY(count_text, evaluation.text(argument[1], depth, "Fn::Cidr"));
  TRY(bits_text, evaluation.text(argument[2], depth, "Fn::Cidr"));
  unsigned a = 0, b = 0, c = 0, d = 0, prefix = 0;
  const int read = std::sscanf(block.c_str(), "%3u.%3u.%3u.%3u/%2u", &a, &b, &c, &d, &prefix);
  const auto count = std::strtoul(count_text.c_str(), nullptr, 10);
  const auto bits = std::strtoul(bits_text.c_str(), nullptr, 10);
  if (read != 5 || a > 255 || b > 255 || c > 255 || d > 255 || prefix > 32 || count < 1 || count > 256 || bits < 1 ||
      bits > 32 - prefix || (count - 1) >> (32 - bits - prefix) != 0) {
    return fail(validation_error(
        fmt::format("Template error: Fn::Cidr cannot make {} blocks of {} bits in {}", count_text, bits_text, block)));
  }
  const uint64_t base = (uint64_t{a} << 24 | b << 16 | c << 8 | d) & ~((uint64_t{1} << (32 - prefix)) - 1);
  Json blocks = Json::array();
  for (uint64_t i = 0; i < count; ++i) {
    const uint64_t at = base + (i << bits);
    blocks.push_back(fmt::format("{}.{}.{}.{}/{}", at >> 24 & 255, at >> 16 & 255, at >> 8 & 255, at & 255, 32 - bits));
  }
  return std::optional(std::move(blocks));
}

Answer equals(const Evaluation& evaluation, const Json& argument, size_t depth) {
  if (!argument.is_array() || argument.size() != 2) return wrong("Fn::Equals", "a list of two string parameters");
  TRY(left, evaluation.required(argument[0], depth, "Fn::Equals"));
  TRY(right, evaluation.required(argument[1], depth, "Fn::Equals"));
  const auto left_text = scalar_text(left);
  const auto right_text = scalar_text(right);
  return std::optional<Json>(left_text && right_text ? *left_text == *right_text : left == right);
}

Answer all_or_any(const Evaluation& evaluation, const Json& argument, size_t depth, bool all) {
  if (!argument.is_array() || argument.empty() || argument.size() > 10) {
    return wrong(all ? "Fn::And" : "Fn::Or", "a list of at least 2 and at most 10 parameters");
  }
  bool holds = all;
  for (const auto& each : argument) {
    TRY(one, evaluation.condition(each, depth + 1));
    holds = all ? (holds && one) : (holds || one);
  }
  return std::optional<Json>(holds);
}

Answer and_(const Evaluation& evaluation, const Json& argument, size_t depth) {
  return all_or_any(evaluation, argument, depth, true);
}
Answer or_(const Evaluation& evaluation, const Json& argument, size_t depth) {
  return all_or_any(evaluation, argument, depth, false);
}

Answer not_(const Evaluation& evaluation, const Json& argument, size_t depth) {
  if (!argument.is_array() || argument.size() != 1) return wrong("Fn::Not", "a list of exactly one parameter");
  TRY(holds, evaluation.condition(argument[0], depth + 1));
  return std::optional<Json>(!holds);
}

Answer contains(const Evaluation& evaluation, const Json& argument, size_t depth) {
  if (!argument.is_array() || argument.size() != 2) return wrong("Fn::Contains", "a list of strings and a string");
  TRY(list, evaluation.required(argument[0], depth, "Fn::Contains"));
  TRY(item, evaluation.text(argument[1], depth, "Fn::Contains"));
  if (!list.is_array()) return wrong("Fn::Contains", "a list of strings and a string");
  return std::optional<Json>(std::ranges::any_of(list, [&](const Json& each) { return scalar_text(each) == item; }));
}

constexpr std::array<std::pair<std::string_view, Function>, 19> functions{{{"Ref", reference},
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
                                                                           {"Fn::Cidr", cidr},
                                                                           {"Fn::Equals", equals},
                                                                           {"Fn::And", and_},
                                                                           {"Fn::Or", or_},
                                                                           {"Fn::Not", not_},
                                                                           {"Fn::Contains", contains}}};

}  // namespace

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
  if (found == functions.end())
    return fail(validation_error(fmt::format("Template error: the function {} is not supported", name)));
  return found->second(evaluation, argument, depth + 1);
}

}  // namespace mastic::cloudformation
