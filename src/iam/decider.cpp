#include "iam/decider.h"

#include <fmt/format.h>

#include <mutex>

#include "iam/iam.h"
#include "iam/managed.h"

namespace mastic::iam {
namespace {

using policy::Outcome;

/// What was kept was read before, so it can be read; a document that cannot grants nothing.
void add(Decider::Policies& policies, const std::string& document, std::string source) {
  auto read = policy::parse_document(document, policy::Kind::identity);
  if (!read) return;
  policies.identity.push_back(std::move(*read));
  policies.sources.push_back(std::move(source));
}

std::shared_ptr<const ManagedPolicy> find_policy(const Store& store, std::string_view arn) {
  if (auto found = find_aws_managed_policy(arn)) return found;
  return store.find<ManagedPolicy>(Store::Kind::policy, arn);
}

/// Keys that every request of a principal has.
void add_keys(policy::Keys& keys, const Caller& caller, const Decider::Policies* policies) {
  keys["aws:principalarn"] = {caller.arn};
  keys["aws:userid"] = {caller.id};
  const auto at = caller.arn.find("::");
  if (at != std::string::npos) keys["aws:principalaccount"] = {caller.arn.substr(at + 2, 12)};
  switch (caller.kind) {
    case Caller::Kind::account: keys["aws:principaltype"] = {"Account"}; break;
    case Caller::Kind::user:
      keys["aws:principaltype"] = {"User"};
      keys["aws:username"] = {caller.principal};
      break;
    case Caller::Kind::role: keys["aws:principaltype"] = {"AssumedRole"}; break;
  }
  if (policies == nullptr) return;
  for (const auto& [key, value] : policies->tags) keys["aws:principaltag/" + policy::lower(key)] = {value};
}

}  // namespace

std::shared_ptr<const Decider::Policies> Decider::policies_of(Store::Kind kind, std::string_view name) const {
  const auto generation = store_.generation();
  std::pair<Store::Kind, std::string> key{kind, lower_case(name)};
  {
    const std::shared_lock lock(mutex_);
    const auto found = known_.find(key);
    if (found != known_.end() && found->second->generation == generation) return found->second;
  }
  const auto principal = store_.find<Principal>(kind, key.second);
  if (!principal) return nullptr;
  auto policies = std::make_shared<Policies>();
  policies->generation = generation;
  policies->tags = principal->tags;
  policies->id = principal->id;
  for (const auto& [policy_name, document] : principal->inline_policies) add(*policies, document, policy_name);
  for (const auto& arn : principal->attached) {
    if (const auto found = find_policy(store_, arn)) add(*policies, found->document(), arn);
  }
  if (principal->boundary) {
    // A boundary that is gone allows nothing.
    policies->boundary.emplace();
    if (const auto found = find_policy(store_, *principal->boundary)) {
      if (auto read = policy::parse_document(found->document(), policy::Kind::identity)) policies->boundary = std::move(*read);
    }
  }
  const std::scoped_lock lock(mutex_);
  known_[std::move(key)] = policies;
  return policies;
}

std::optional<std::string> Decider::refusal(const Caller& caller, std::string_view access_key, std::string_view action,
                                            std::string_view resource, policy::Keys keys) const {
  if (caller.kind == Caller::Kind::account) return std::nullopt;
  const auto kind = caller.kind == Caller::Kind::user ? Store::Kind::user : Store::Kind::role;
  const auto policies = policies_of(kind, caller.principal);
  if (!policies) return fmt::format("because no identity-based policy allows the {} action", action);
  add_keys(keys, caller, policies.get());
  const auto lowered = policy::lower(action);
  const policy::Question question{.action = lowered, .resource = resource, .keys = keys};

  std::optional<policy::Document> session;
  if (caller.kind == Caller::Kind::role) {
    const auto found = store_.find<Session>(Store::Kind::session, access_key);
    if (found && found->policy) {
      session.emplace();
      if (auto read = policy::parse_document(*found->policy, policy::Kind::identity)) session = std::move(*read);
    }
  }
  const auto by_identity = policy::evaluate(policies->identity, question);
  const auto by_boundary = policies->boundary ? policy::evaluate(*policies->boundary, question) : Outcome::allowed;
  const auto by_session = session ? policy::evaluate(*session, question) : Outcome::allowed;
  if (by_identity == Outcome::denied) return "with an explicit deny in an identity-based policy";
  if (by_boundary == Outcome::denied) return "with an explicit deny in a permissions boundary";
  if (by_session == Outcome::denied) return "with an explicit deny in a session policy";
  if (by_identity != Outcome::allowed) return fmt::format("because no identity-based policy allows the {} action", action);
  if (by_boundary != Outcome::allowed) return fmt::format("because no permissions boundary allows the {} action", action);
  if (by_session != Outcome::allowed) return fmt::format("because no session policy allows the {} action", action);
  return std::nullopt;
}

}  // namespace mastic::iam
