#include "iam/decider.h"

#include <fmt/format.h>

#include <mutex>
#include <span>

#include "iam/iam.h"
#include "iam/managed.h"

namespace mastic::iam {
namespace {

using policy::Outcome;

/// What was kept was read before, so it can be read; a document that cannot grants nothing.
void add(Decider::Policies& policies, const std::string& document, std::string source) {
  auto read = policy::parse_document(document, policy::Kind::identity);
  if (!read) return;
  policies.wants_resource_tags = policies.wants_resource_tags || read->wants_resource_tags;
  policies.identity.push_back(std::move(*read));
  policies.sources.push_back(std::move(source));
}

std::shared_ptr<const ManagedPolicy> find_policy(const Store& store, std::string_view arn) {
  if (auto found = find_aws_managed_policy(arn)) return found;
  return store.find<ManagedPolicy>(Store::Kind::policy, arn);
}

/// Inline and attached.
void add_all(Decider::Policies& policies, const Principal& principal, const Store& store) {
  for (const auto& [name, document] : principal.inline_policies) add(policies, document, name);
  for (const auto& arn : principal.attached) {
    if (const auto found = find_policy(store, arn)) add(policies, found->document(), arn);
  }
}

/// Keys that every request of a principal has.
void add_keys(policy::Keys& keys, const Caller& caller, const Decider::Policies* policies) {
  if (caller.kind == Caller::Kind::anonymous) {
    keys["aws:principaltype"] = {"Anonymous"};
    keys["aws:userid"] = {"anonymous"};
    return;
  }
  // Of a session the role's own ARN, as AWS has it.
  keys["aws:principalarn"] = {caller.role_arn.empty() ? caller.arn : caller.role_arn};
  keys["aws:userid"] = {caller.id};
  keys["aws:principalaccount"] = {caller.account_id};
  switch (caller.kind) {
    case Caller::Kind::anonymous: break;
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

/// What a resource's policy gives to a caller.
struct Grant {
  bool denied = false;
  bool direct = false;      // by its own name, or to everyone
  bool to_role = false;     // to the role whose session it is
  bool to_account = false;  // to the account, whose own policies decide then
};

Grant grant_of(const policy::Document& document, const Caller& caller, policy::Question question) {
  const auto ask = [&](std::span<const std::string> arns) {
    const bool known = caller.kind != Caller::Kind::anonymous;
    const policy::Asker asker{
        .arns = arns, .account_id = known ? std::string_view(caller.account_id) : std::string_view("-"), .service = {}};
    question.asker = &asker;
    return policy::evaluate(document, question);
  };
  Grant grant;
  const std::vector<std::string> own{caller.arn};
  const auto by_name = ask(own);
  grant.denied = by_name == Outcome::denied;
  grant.direct = by_name == Outcome::allowed;
  grant.to_account = by_name == Outcome::delegated;
  if (caller.kind != Caller::Kind::role) return grant;
  // NotPrincipal names role and session together, so both are asked with.
  const std::vector<std::string> with_role{caller.arn, caller.role_arn};
  const auto by_role = ask(with_role);
  grant.denied = by_role == Outcome::denied;
  grant.to_role = by_role == Outcome::allowed;
  if (by_role == Outcome::delegated) grant.to_account = true;
  return grant;
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
  add_all(*policies, *principal, store_);
  for (const auto& name : principal->groups) {
    if (const auto group = store_.find<Principal>(Store::Kind::group, name)) add_all(*policies, *group, store_);
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

std::shared_ptr<const policy::Document> Decider::parsed(const std::string& text, policy::Kind kind) const {
  constexpr std::size_t documents_maximum = 1000;
  {
    const std::shared_lock lock(mutex_);
    if (const auto found = documents_.find(text); found != documents_.end()) return found->second;
  }
  auto read = policy::parse_document(text, kind);
  auto document = read ? std::make_shared<const policy::Document>(std::move(*read)) : nullptr;
  const std::scoped_lock lock(mutex_);
  if (documents_.size() >= documents_maximum) documents_.clear();
  documents_[text] = document;
  return document;
}

std::optional<std::string> Decider::refusal(const Caller& caller, std::string_view action, std::string_view resource,
                                            policy::Keys keys) const {
  std::shared_ptr<const policy::Document> attached;
  if (resources_ != nullptr) {
    const auto policy = resources_->policy_of(action, resource);
    const bool closed = policy.closed_to_public && caller.kind == Caller::Kind::anonymous;
    if (!policy.document.empty() && !closed) attached = parsed(policy.document, policy::Kind::resource);
  }
  // AWS lets the account itself always mend a bucket's policy.
  if (caller.kind == Caller::Kind::account && (!attached || action.ends_with("BucketPolicy"))) return std::nullopt;
  std::shared_ptr<const Policies> policies;
  if (caller.kind == Caller::Kind::user || caller.kind == Caller::Kind::role) {
    policies = policies_of(caller.kind == Caller::Kind::user ? Store::Kind::user : Store::Kind::role, caller.principal);
  }
  std::shared_ptr<const policy::Document> session;
  if (caller.session_policy) session = parsed(*caller.session_policy, policy::Kind::identity);

  add_keys(keys, caller, policies.get());
  const bool asks_for_tags = (policies && policies->wants_resource_tags) || (attached && attached->wants_resource_tags) ||
                             (session && session->wants_resource_tags);
  if (asks_for_tags && resources_ != nullptr) {
    const auto service = action.substr(0, action.find(':'));
    for (auto& [key, value] : resources_->tags_of(resource)) {
      keys[fmt::format("{}:resourcetag/{}", service, policy::lower(key))] = {value};
      keys["aws:resourcetag/" + policy::lower(key)] = {std::move(value)};
    }
  }
  const auto lowered = policy::lower(action);
  const policy::Question question{.action = lowered, .resource = resource, .keys = keys};

  // Silent where there is nothing; a document that cannot be read says no.
  const auto of = [&](bool there, const policy::Document* document) {
    if (!there) return Outcome::allowed;
    return document == nullptr ? Outcome::silent : policy::evaluate(*document, question);
  };
  const auto by_identity = policies ? policy::evaluate(policies->identity, question) : Outcome::silent;
  const auto by_boundary = policies && policies->boundary ? policy::evaluate(*policies->boundary, question) : Outcome::allowed;
  const auto by_session = of(caller.session_policy.has_value(), session.get());
  const auto grant = attached ? grant_of(*attached, caller, question) : Grant{};
  if (by_identity == Outcome::denied) return "with an explicit deny in an identity-based policy";
  if (grant.denied) return "with an explicit deny in a resource-based policy";
  if (by_boundary == Outcome::denied) return "with an explicit deny in a permissions boundary";
  if (by_session == Outcome::denied) return "with an explicit deny in a session policy";
  if (caller.kind == Caller::Kind::account || grant.direct) return std::nullopt;
  const bool key_decides = attached && action.starts_with("kms:");
  if (key_decides && !grant.to_role && !grant.to_account) {
    return fmt::format("because no resource-based policy allows the {} action", action);
  }
  if (by_identity != Outcome::allowed && !grant.to_role) {
    return fmt::format("because no identity-based policy allows the {} action", action);
  }
  if (by_boundary != Outcome::allowed) return fmt::format("because no permissions boundary allows the {} action", action);
  if (by_session != Outcome::allowed) return fmt::format("because no session policy allows the {} action", action);
  return std::nullopt;
}

}  // namespace mastic::iam
