#include "cloudformation/template/evaluate.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "cloudformation/template/functions.h"
#include "cloudformation/template/mentions.h"

namespace mastic::cloudformation {
namespace {

constexpr size_t depth_limit = 200;
constexpr size_t made_limit = 16 * 1024 * 1024;  // bytes

/// About the memory that a value takes.
size_t weight(const Json& json) {
  size_t bytes = 16;
  if (json.is_string()) bytes += json.get_ref<const std::string&>().size();
  if (json.is_structured()) {
    for (const auto& member : json) bytes += weight(member);
  }
  return bytes;
}

/// In conditions and rules only parameters and pseudo parameters are known.
class NoReferences : public References {
 public:
  Result<Json> ref(std::string_view id) override { return unknown(id); }
  Result<Json> attribute(std::string_view id, std::string_view) override { return unknown(id); }
  Result<std::string> export_value(std::string_view) override {
    return fail(validation_error("Template validation error: Template error: Cannot use Fn::ImportValue in Conditions."));
  }
  Result<std::string> dynamic_reference(std::string_view service, std::string_view key) override {
    return fmt::format("{{{{resolve:{}:{}}}}}", service, key);
  }

 private:
  static std::unexpected<Error> unknown(std::string_view id) {
    return fail(
        validation_error(fmt::format("Template format error: Unresolved dependencies [{}]. Cannot reference resources in the "
                                     "Conditions block of the template",
                                     id)));
  }
};

Result<Json> no_value_removed(const Evaluation& evaluation, const Json& json, size_t depth) {
  if (json.is_array()) {
    Json list = Json::array();
    for (const auto& item : json) {
      TRY(value, evaluation.value(item, depth + 1));
      if (value) list.push_back(std::move(*value));
    }
    return list;
  }
  Json object = Json::object();
  for (const auto& [name, member] : json.items()) {
    TRY(value, evaluation.value(member, depth + 1));
    if (value) object[name] = std::move(*value);
  }
  return object;
}

}  // namespace

Result<std::optional<Json>> Evaluation::value(const Json& json, size_t depth) const {
  if (depth > depth_limit) return fail(validation_error("Template error: functions nest too deeply"));
  if (json.is_string()) {
    TRY(resolved, resolve_dynamic(json.get_ref<const std::string&>()));
    return std::optional(std::move(resolved));
  }
  if (!json.is_structured()) return std::optional(json);
  if (is_function(json)) {
    TRY(made, call_function(*this, json.begin().key(), json.begin().value(), depth));
    if (made) made_bytes += weight(*made);
    if (made_bytes > made_limit)
      return fail(validation_error("Template error: the functions of a resource make more than 16 MiB"));
    return std::move(made);
  }
  TRY(made, no_value_removed(*this, json, depth));
  return std::optional(std::move(made));
}

Result<Json> Evaluation::required(const Json& json, size_t depth, std::string_view function) const {
  TRY(found, value(json, depth + 1));
  if (!found) return fail(validation_error(fmt::format("Template error: {} cannot take AWS::NoValue", function)));
  return std::move(*found);
}

Result<std::string> Evaluation::text(const Json& json, size_t depth, std::string_view function) const {
  TRY(found, required(json, depth, function));
  const auto scalar = scalar_text(found);
  if (!scalar)
    return fail(validation_error(fmt::format("Template error: every {} object must have a string parameter.", function)));
  return *scalar;
}

Result<std::optional<Json>> Evaluation::reference(std::string_view name) const {
  if (name == "AWS::NoValue") return std::optional<Json>();
  if (name == "AWS::AccountId") return std::optional<Json>(environment.account_id);
  if (name == "AWS::Region") return std::optional<Json>(environment.region);
  if (name == "AWS::Partition") return std::optional<Json>(environment.partition);
  if (name == "AWS::URLSuffix") return std::optional<Json>(environment.url_suffix);
  if (name == "AWS::StackName") return std::optional<Json>(environment.stack_name);
  if (name == "AWS::StackId") return std::optional<Json>(environment.stack_id);
  if (name == "AWS::NotificationARNs") return std::optional<Json>(environment.notification_arns);
  if (const auto parameter = parameters.find(std::string(name)); parameter != parameters.end()) {
    return std::optional<Json>(parameter->second.value);
  }
  TRY(found, references.ref(name));
  return std::optional<Json>(std::move(found));
}

Result<bool> Evaluation::condition(const Json& json, size_t depth) const {
  if (depth > depth_limit) return fail(validation_error("Template error: conditions nest too deeply"));
  if (json.is_boolean()) return json.get<bool>();
  if (json.is_string() && (json == "true" || json == "false")) return json == "true";
  if (!json.is_object() || json.size() != 1) {
    return fail(validation_error("Template format error: Every Condition member must be a string or an intrinsic condition."));
  }
  const auto& name = json.begin().key();
  const auto& argument = json.begin().value();
  if (name == "Condition") {
    if (!argument.is_string()) return fail(validation_error("Template format error: Every Condition member must be a string."));
    if (const auto known = conditions.find(argument.get<std::string>()); known != conditions.end()) return known->second;
    return fail(
        validation_error(fmt::format("Template format error: Unresolved condition dependency {} in the Conditions block of the "
                                     "template",
                                     argument.get<std::string>())));
  }
  TRY(found, required(json, depth, name));
  if (found.is_boolean()) return found.get<bool>();
  return fail(validation_error(fmt::format("Template error: {} is no condition", name)));
}

Result<std::optional<Json>> Evaluator::evaluate(const Json& value, References& references) const {
  return Evaluation{source_, environment_, parameters_, conditions_, references}.value(value);
}

Result<Conditions> evaluate_conditions(const Template& source, const Environment& environment,
                                       const ParameterValues& parameters) {
  TRY(order, condition_order(source));
  NoReferences none;
  Conditions known;
  const Evaluation evaluation{source, environment, parameters, known, none};
  for (const auto& name : order) {
    TRY(holds, evaluation.condition(source.conditions.at(name), 0));
    known.emplace(name, holds);
  }
  return known;
}

Result<void> check_rules(const Template& source, const Environment& environment, const ParameterValues& parameters) {
  NoReferences none;
  TRY(conditions, evaluate_conditions(source, environment, parameters));
  const Evaluation evaluation{source, environment, parameters, conditions, none};
  for (const auto& [name, rule] : source.rules.items()) {
    if (!rule.is_object()) return fail(validation_error(fmt::format("Template format error: rule {} is malformed", name)));
    if (rule.contains("RuleCondition")) {
      TRY(applies, evaluation.condition(rule["RuleCondition"], 0));
      if (!applies) continue;
    }
    if (!rule.contains("Assertions") || !rule["Assertions"].is_array()) {
      return fail(validation_error(fmt::format("Template format error: rule {} needs a list of Assertions", name)));
    }
    for (const auto& assertion : rule["Assertions"]) {
      if (!assertion.is_object() || !assertion.contains("Assert")) continue;
      TRY(holds, evaluation.condition(assertion["Assert"], 0));
      if (holds) continue;
      const auto why = assertion.contains("AssertDescription") ? scalar_text(assertion["AssertDescription"]) : std::nullopt;
      return fail(validation_error(
          fmt::format("Template error: Rule {} failed: {}", name, why.value_or("the assertion does not hold"))));
    }
  }
  return {};
}

}  // namespace mastic::cloudformation
