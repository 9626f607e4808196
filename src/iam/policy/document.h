// A policy document, read once: statements with their patterns and conditions.
//
// Actions compare without regard to case, resources with it; `*` stands for any text, `?` for one character, and
// `${aws:username}` in a resource or a condition's value for what the request says.
// Fails with MalformedPolicyDocument and AWS's sentence for the rule that is broken.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace mastic::iam::policy {

enum class Operator : uint8_t {
  string_equals,
  string_not_equals,
  string_equals_ignore_case,
  string_not_equals_ignore_case,
  string_like,
  string_not_like,
  numeric_equals,
  numeric_not_equals,
  numeric_less_than,
  numeric_less_than_equals,
  numeric_greater_than,
  numeric_greater_than_equals,
  date_equals,
  date_not_equals,
  date_less_than,
  date_less_than_equals,
  date_greater_than,
  date_greater_than_equals,
  boolean,
  ip_address,
  not_ip_address,
  arn_equals,
  arn_not_equals,
  arn_like,
  arn_not_like,
  null,
};

enum class Quantifier : uint8_t { none, for_all_values, for_any_value };

struct Condition {
  Operator test = Operator::string_equals;
  Quantifier quantifier = Quantifier::none;
  bool if_exists = false;
  std::string key;  // lower-case, as the request's keys are
  std::vector<std::string> values;
};

struct PrincipalPattern {
  enum class Type : uint8_t { anyone, aws, service, federated, canonical_user };
  Type type = Type::anyone;
  std::string value;
};

struct Statement {
  std::string id;
  bool allow = false;
  bool not_action = false, not_resource = false, not_principal = false;
  std::vector<std::string> actions;    // lower-case
  std::vector<std::string> resources;  // empty in trust policies
  std::vector<PrincipalPattern> principals;
  std::vector<Condition> conditions;
};

struct Document {
  std::string version;
  std::vector<Statement> statements;
  bool wants_resource_tags = false;  // mentions aws:ResourceTag/… or a service's own
};

/// identity: users' and roles' policies (no Principal); trust: a role's; resource: a bucket's.
enum class Kind : uint8_t { identity, trust, resource };

Result<Document> parse_document(std::string_view text, Kind kind);

}  // namespace mastic::iam::policy
