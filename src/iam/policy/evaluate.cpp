#include "iam/policy/evaluate.h"

#include <algorithm>

namespace mastic::iam::policy {
namespace {

bool action_applies(const Statement& statement, std::string_view action) {
  const bool listed = std::ranges::any_of(statement.actions, [&](const auto& one) { return matches(one, action); });
  return listed != statement.not_action;
}

bool resource_applies(const Statement& statement, const Question& question) {
  if (statement.resources.empty()) return true;
  bool listed = false;
  for (const auto& one : statement.resources) {
    if (one.find("${") == std::string::npos) {
      listed = matches(one, question.resource);
    } else if (const auto filled = substitute(one, question.keys)) {
      listed = matches(*filled, question.resource);
    }
    if (listed) break;
  }
  return listed != statement.not_resource;
}

enum class Named : uint8_t { no, by_account, by_name };

/// `arn:aws:iam::ACCOUNT:root` and the bare number mean everyone in the account, if their own policies allow it.
bool is_account(std::string_view pattern, std::string_view account_id) {
  if (pattern == account_id) return true;
  return pattern.starts_with("arn:aws:iam::") && pattern.ends_with(":root") &&
         pattern.substr(13, account_id.size()) == account_id && pattern.size() == 13 + account_id.size() + 5;
}

Named names(const PrincipalPattern& pattern, const Asker& asker) {
  using Type = PrincipalPattern::Type;
  switch (pattern.type) {
    case Type::anyone: return Named::by_name;
    case Type::service: return !asker.service.empty() && pattern.value == asker.service ? Named::by_name : Named::no;
    case Type::aws:
      if (!asker.service.empty()) return Named::no;
      // The principals' own ARNs hold no wildcards: AWS refuses them there.
      if (std::ranges::find(asker.arns, pattern.value) != asker.arns.end()) return Named::by_name;
      return is_account(pattern.value, asker.account_id) ? Named::by_account : Named::no;
    case Type::federated:
    case Type::canonical_user: return Named::no;
  }
  return Named::no;
}

Named principal_applies(const Statement& statement, const Question& question) {
  if (question.asker == nullptr || statement.principals.empty()) return Named::by_name;
  auto best = Named::no;
  for (const auto& pattern : statement.principals) best = std::max(best, names(pattern, *question.asker));
  if (!statement.not_principal) return best;
  return best == Named::no ? Named::by_name : Named::no;
}

bool conditions_hold(const Statement& statement, const Question& question) {
  return std::ranges::all_of(statement.conditions, [&](const auto& one) { return holds(one, question.keys); });
}

}  // namespace

bool speaks_of(const Statement& statement, const Question& question) {
  return action_applies(statement, question.action) && resource_applies(statement, question);
}

bool applies(const Statement& statement, const Question& question) {
  return speaks_of(statement, question) && principal_applies(statement, question) != Named::no &&
         conditions_hold(statement, question);
}

Outcome evaluate(const Document& document, const Question& question) {
  auto outcome = Outcome::silent;
  for (const auto& statement : document.statements) {
    if (!speaks_of(statement, question)) continue;
    const auto named = principal_applies(statement, question);
    if (named == Named::no) continue;
    if (!conditions_hold(statement, question)) continue;
    if (!statement.allow) return Outcome::denied;
    outcome = std::max(outcome, named == Named::by_account ? Outcome::delegated : Outcome::allowed);
  }
  return outcome;
}

Outcome evaluate(std::span<const Document> documents, const Question& question) {
  auto outcome = Outcome::silent;
  for (const auto& document : documents) outcome = std::max(outcome, evaluate(document, question));
  return outcome;
}

}  // namespace mastic::iam::policy
