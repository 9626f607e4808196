#include "iam/policy/document.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <optional>

#include "iam/errors.h"

namespace mastic::iam::policy {
namespace {

using Json = nlohmann::json;

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return out;
}

struct OperatorName {
  std::string_view name;  // lower-case
  Operator test;
};
constexpr auto operators = std::to_array<OperatorName>({
    {"stringequals", Operator::string_equals},
    {"stringnotequals", Operator::string_not_equals},
    {"stringequalsignorecase", Operator::string_equals_ignore_case},
    {"stringnotequalsignorecase", Operator::string_not_equals_ignore_case},
    {"stringlike", Operator::string_like},
    {"stringnotlike", Operator::string_not_like},
    {"numericequals", Operator::numeric_equals},
    {"numericnotequals", Operator::numeric_not_equals},
    {"numericlessthan", Operator::numeric_less_than},
    {"numericlessthanequals", Operator::numeric_less_than_equals},
    {"numericgreaterthan", Operator::numeric_greater_than},
    {"numericgreaterthanequals", Operator::numeric_greater_than_equals},
    {"dateequals", Operator::date_equals},
    {"datenotequals", Operator::date_not_equals},
    {"datelessthan", Operator::date_less_than},
    {"datelessthanequals", Operator::date_less_than_equals},
    {"dategreaterthan", Operator::date_greater_than},
    {"dategreaterthanequals", Operator::date_greater_than_equals},
    {"bool", Operator::boolean},
    {"ipaddress", Operator::ip_address},
    {"notipaddress", Operator::not_ip_address},
    {"arnequals", Operator::arn_equals},
    {"arnnotequals", Operator::arn_not_equals},
    {"arnlike", Operator::arn_like},
    {"arnnotlike", Operator::arn_not_like},
    {"null", Operator::null},
});

Error syntax() { return error::malformed_document("Syntax errors in policy."); }

std::optional<std::string> scalar(const Json& json) {
  if (json.is_string()) return json.get<std::string>();
  if (json.is_boolean()) return json.get<bool>() ? "true" : "false";
  if (json.is_number()) return json.dump();
  return std::nullopt;
}

/// One text, or a list of them.
Result<std::vector<std::string>> texts(const Json& json) {
  std::vector<std::string> list;
  if (!json.is_array()) {
    auto text = scalar(json);
    if (!text) return fail(syntax());
    list.push_back(std::move(*text));
    return list;
  }
  for (const auto& item : json) {
    auto text = scalar(item);
    if (!text) return fail(syntax());
    list.push_back(std::move(*text));
  }
  return list;
}

Result<void> read_actions(const Json& json, Statement& statement) {
  TRY(actions, texts(json));
  if (actions.empty()) return fail(error::malformed_document("Policy statement must contain actions."));
  for (const auto& action : actions) {
    const auto colon = action.find(':');
    if (action == "*") {
      statement.actions.push_back(action);
      continue;
    }
    if (colon == std::string::npos) {
      return fail(error::malformed_document("Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."));
    }
    if (action.find_first_of("*?") < colon) {
      return fail(error::malformed_document("Vendor " + action.substr(0, colon) + " is not valid"));
    }
    statement.actions.push_back(lower(action));
  }
  return {};
}

Result<void> read_resources(const Json& json, Statement& statement) {
  TRY(resources, texts(json));
  if (resources.empty()) return fail(error::malformed_document("Policy statement must contain resources."));
  for (const auto& resource : resources) {
    if (resource != "*" && !resource.starts_with("arn:") && !resource.starts_with("*") && !resource.starts_with("${")) {
      return fail(error::malformed_document("Resource " + resource + " must be in ARN format or \"*\"."));
    }
  }
  statement.resources = std::move(resources);
  return {};
}

Result<void> read_principals(const Json& json, Statement& statement) {
  using Type = PrincipalPattern::Type;
  if (json.is_string()) {
    if (json.get<std::string>() != "*") return fail(error::malformed_document("Invalid principal in policy."));
    statement.principals.push_back({Type::anyone, "*"});
    return {};
  }
  if (!json.is_object() || json.empty()) return fail(error::malformed_document("Invalid principal in policy."));
  for (const auto& [name, value] : json.items()) {
    Type type{};
    if (name == "AWS")
      type = Type::aws;
    else if (name == "Service")
      type = Type::service;
    else if (name == "Federated")
      type = Type::federated;
    else if (name == "CanonicalUser")
      type = Type::canonical_user;
    else
      return fail(error::malformed_document("Invalid principal in policy: \"" + name + "\""));
    TRY(values, texts(value));
    for (auto& one : values) statement.principals.push_back({type == Type::aws && one == "*" ? Type::anyone : type, one});
  }
  return {};
}

Result<Condition> read_operator(std::string_view spelled) {
  Condition condition;
  auto name = lower(spelled);
  if (name.starts_with("forallvalues:")) condition.quantifier = Quantifier::for_all_values;
  if (name.starts_with("foranyvalue:")) condition.quantifier = Quantifier::for_any_value;
  if (condition.quantifier != Quantifier::none) name.erase(0, name.find(':') + 1);
  if (name.ends_with("ifexists")) {
    condition.if_exists = true;
    name.resize(name.size() - 8);
  }
  const auto* const found = std::ranges::find(operators, name, &OperatorName::name);
  if (found == operators.end()) {
    return fail(error::malformed_document("Invalid Condition type : " + std::string(spelled)));
  }
  condition.test = found->test;
  return condition;
}

Result<void> read_conditions(const Json& json, Statement& statement) {
  if (!json.is_object()) return fail(syntax());
  for (const auto& [spelled, keys] : json.items()) {
    TRY(blank, read_operator(spelled));
    if (!keys.is_object()) return fail(syntax());
    for (const auto& [key, values] : keys.items()) {
      auto condition = blank;
      condition.key = lower(key);
      TRY(listed, texts(values));
      condition.values = std::move(listed);
      statement.conditions.push_back(std::move(condition));
    }
  }
  return {};
}

/// The rules on what a statement must and must not have, which depend on where its policy hangs.
Result<void> check(const Statement& statement, Kind kind) {
  if (statement.actions.empty()) return fail(error::malformed_document("Policy statement must contain actions."));
  if (kind == Kind::identity) {
    if (!statement.principals.empty()) {
      return fail(error::malformed_document("Policy document should not specify a principal."));
    }
    if (statement.resources.empty()) return fail(error::malformed_document("Policy statement must contain resources."));
  }
  if (kind == Kind::trust) {
    if (!statement.resources.empty()) return fail(error::malformed_document("Has prohibited field Resource"));
    if (statement.principals.empty()) return fail(error::malformed_document("AssumeRole policy must specify a principal"));
    for (const auto& action : statement.actions) {
      if (action != "*" && !action.starts_with("sts:")) {
        return fail(error::malformed_document("AssumeRole policy may only specify STS AssumeRole actions."));
      }
    }
  }
  return {};
}

Result<Statement> read_statement(const Json& json, Kind kind) {
  if (!json.is_object()) return fail(syntax());
  Statement statement;
  bool has_effect = false;
  for (const auto& [name, value] : json.items()) {
    if (name == "Sid") {
      statement.id = scalar(value).value_or("");
    } else if (name == "Effect") {
      if (value != "Allow" && value != "Deny") return fail(syntax());
      statement.allow = value == "Allow";
      has_effect = true;
    } else if (name == "Action" || name == "NotAction") {
      if (!statement.actions.empty()) return fail(syntax());
      statement.not_action = name == "NotAction";
      TRY_DO(read_actions(value, statement));
    } else if (name == "Resource" || name == "NotResource") {
      if (!statement.resources.empty()) return fail(syntax());
      statement.not_resource = name == "NotResource";
      TRY_DO(read_resources(value, statement));
    } else if (name == "Principal" || name == "NotPrincipal") {
      statement.not_principal = name == "NotPrincipal";
      TRY_DO(read_principals(value, statement));
    } else if (name == "Condition") {
      TRY_DO(read_conditions(value, statement));
    } else {
      return fail(syntax());
    }
  }
  if (!has_effect) return fail(syntax());
  TRY_DO(check(statement, kind));
  return statement;
}

}  // namespace

Result<Document> parse_document(std::string_view text, Kind kind) {
  const auto json = Json::parse(text, nullptr, false);
  if (json.is_discarded()) return fail(error::malformed_document("This policy contains invalid Json"));
  if (!json.is_object()) return fail(syntax());
  Document document;
  document.wants_resource_tags = lower(text).find(":resourcetag/") != std::string::npos;
  for (const auto& [name, value] : json.items()) {
    if (name == "Version") {
      if (value != "2012-10-17" && value != "2008-10-17") {
        return fail(error::malformed_document("The policy must contain a valid version string"));
      }
      document.version = value.get<std::string>();
    } else if (name == "Statement") {
      if (value.is_array()) {
        for (const auto& item : value) {
          TRY(statement, read_statement(item, kind));
          document.statements.push_back(std::move(statement));
        }
      } else {
        TRY(statement, read_statement(value, kind));
        document.statements.push_back(std::move(statement));
      }
    } else if (name != "Id") {
      return fail(syntax());
    }
  }
  if (document.statements.empty()) return fail(syntax());
  return document;
}

}  // namespace mastic::iam::policy
