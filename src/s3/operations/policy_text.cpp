#include "s3/operations/policy_text.h"

#include <fmt/format.h>
#include <simdjson.h>

#include "s3/errors.h"

namespace mastic::s3 {
namespace {

using simdjson::dom::element;
using simdjson::dom::object;

constexpr std::size_t longest = 20 << 10;

/// Calls `visit` for a value, or for each of a list of them.
template <typename Visit>
Result<void> each(const element& value, Visit visit) {
  if (!value.is_array()) return visit(value);
  for (const auto& one : simdjson::dom::array(value.get_array().value_unsafe())) TRY_DO(visit(one));
  return {};
}

std::optional<element> member(const object& of, const char* name) {
  element found;
  if (of.at_key(name).get(found) != simdjson::SUCCESS) return std::nullopt;
  return found;
}

bool is_text(const element& value, std::string_view text) {
  std::string_view held;
  return value.get_string().get(held) == simdjson::SUCCESS && held == text;
}

/// `"*"`, or `{"AWS": "*"}`, alone or in a list.
bool is_everybody(const element& principal) {
  if (is_text(principal, "*")) return true;
  object kinds;
  if (principal.get_object().get(kinds) != simdjson::SUCCESS) return false;
  const auto aws = member(kinds, "AWS");
  if (!aws) return false;
  bool found = false;
  static_cast<void>(each(*aws, [&](const element& one) -> Result<void> {
    found = found || is_text(one, "*");
    return {};
  }));
  return found;
}

bool has_condition(const object& statement) {
  const auto condition = member(statement, "Condition");
  object operators;
  return condition && (condition->get_object().get(operators) != simdjson::SUCCESS || operators.size() > 0);
}

Result<void> check_resource(const element& resource, std::string_view bucket) {
  std::string_view arn;
  if (resource.get_string().get(arn) != simdjson::SUCCESS) return fail(errors::malformed_policy("Policy has invalid resource"));
  constexpr std::string_view head = "arn:aws:s3:::";
  if (arn == "*") return {};
  if (!arn.starts_with(head)) return fail(errors::malformed_policy("Policy has invalid resource"));
  const auto named = arn.substr(head.size());
  const auto of_bucket = named.substr(0, named.find('/'));
  if (of_bucket == bucket || of_bucket.find_first_of("*?$") != std::string_view::npos) return {};
  return fail(errors::malformed_policy("Policy has invalid resource"));
}

Result<void> check_statement(const element& value, std::string_view bucket, PolicyFacts& facts) {
  object statement;
  if (value.get_object().get(statement) != simdjson::SUCCESS)
    return fail(errors::malformed_policy("Policy has an invalid statement: it is no object"));
  const auto effect = member(statement, "Effect");
  if (!effect) return fail(errors::malformed_policy("Missing required field Effect"));
  const bool allows = is_text(*effect, "Allow");
  if (!allows && !is_text(*effect, "Deny")) return fail(errors::malformed_policy("Invalid effect: it is Allow or Deny"));
  const auto principal = member(statement, "Principal");
  const auto all_but = member(statement, "NotPrincipal");
  if (!principal && !all_but) return fail(errors::malformed_policy("Missing required field Principal"));
  if (!member(statement, "Action") && !member(statement, "NotAction"))
    return fail(errors::malformed_policy("Missing required field Action"));
  const auto resource = member(statement, "Resource");
  const auto other_resources = member(statement, "NotResource");
  if (!resource && !other_resources) return fail(errors::malformed_policy("Missing required field Resource"));
  if (resource) TRY_DO(each(*resource, [&](const element& one) { return check_resource(one, bucket); }));
  const bool everybody = (principal && is_everybody(*principal)) || all_but.has_value();
  if (allows && everybody && !has_condition(statement)) facts.is_public = true;
  return {};
}

}  // namespace

Result<PolicyFacts> parse_policy(std::string_view text, std::string_view bucket) {
  if (text.size() > longest) return fail(errors::malformed_policy("Policy exceeds the maximum allowed document size."));
  simdjson::dom::parser parser;
  object policy;
  if (parser.parse(simdjson::padded_string(text)).get_object().get(policy) != simdjson::SUCCESS)
    return fail(errors::malformed_policy("Policies must be valid JSON and the first byte must be '{'"));
  const auto version = member(policy, "Version");
  if (version && !is_text(*version, "2012-10-17") && !is_text(*version, "2008-10-17"))
    return fail(errors::malformed_policy("The policy must contain a valid version string"));
  const auto statements = member(policy, "Statement");
  if (!statements) return fail(errors::malformed_policy("Missing required field Statement"));
  PolicyFacts facts;
  TRY_DO(each(*statements, [&](const element& one) { return check_statement(one, bucket, facts); }));
  return facts;
}

}  // namespace mastic::s3
