#include "kms/policy_text.h"

#include <fmt/format.h>
#include <simdjson.h>

#include "kms/errors.h"

namespace mastic::kms {
namespace {

using simdjson::dom::element;
using simdjson::dom::object;

Result<void> check_statement(const element& given) {
  object statement;
  if (given.get(statement) != simdjson::SUCCESS) return fail(error::malformed_policy("A statement must be a JSON object."));
  std::string_view effect;
  if (statement.at_key("Effect").get(effect) != simdjson::SUCCESS || (effect != "Allow" && effect != "Deny")) {
    return fail(error::malformed_policy("A statement's Effect must be Allow or Deny."));
  }
  const auto has = [&](std::string_view name) { return statement.at_key(name).error() == simdjson::SUCCESS; };
  if (!has("Action") && !has("NotAction")) return fail(error::malformed_policy("A statement must have Action or NotAction."));
  if (!has("Principal") && !has("NotPrincipal")) {
    return fail(error::malformed_policy("A statement of a key policy must have Principal or NotPrincipal."));
  }
  return {};
}

}  // namespace

Result<void> check_key_policy(std::string_view text) {
  simdjson::dom::parser parser;
  object policy;
  if (parser.parse(text.data(), text.size()).get(policy) != simdjson::SUCCESS) {
    return fail(error::malformed_policy("The policy is no JSON object."));
  }
  element statements;
  if (policy.at_key("Statement").get(statements) != simdjson::SUCCESS) {
    return fail(error::malformed_policy("The policy must have a Statement."));
  }
  simdjson::dom::array list;
  if (statements.get(list) != simdjson::SUCCESS) return check_statement(statements);
  for (const auto statement : list) TRY_DO(check_statement(statement));
  return {};
}

std::string default_key_policy(std::string_view account_id) {
  return fmt::format(R"({{
  "Version" : "2012-10-17",
  "Id" : "key-default-1",
  "Statement" : [ {{
    "Sid" : "Enable IAM User Permissions",
    "Effect" : "Allow",
    "Principal" : {{
      "AWS" : "arn:aws:iam::{}:root"
    }},
    "Action" : "kms:*",
    "Resource" : "*"
  }} ]
}})",
                     account_id);
}

}  // namespace mastic::kms
