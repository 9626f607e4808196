// Users, roles and policies for the rest of the house.
//
//   TRY(iam, iam::Iam::open(data / "iam", clock));
//   services.push_back(iam->make_service());
//   TRY(session, iam->start_session({.role = "AWSGlueServiceRole-Job", .name = "GlueJobRunnerSession"}));
//
// Owner: main; it outlives the services made from it. Thread-safe. What an operation answered for is durable, sessions too.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aws/key_store.h"
#include "base/clock.h"
#include "base/result.h"
#include "base/tagged_resource.h"

namespace mastic::aws {
class Service;
}

namespace mastic::iam {

class Store;
class Decider;

/// Who signs with a key.
struct Caller {
  enum class Kind : int { account, user, role, anonymous };
  Kind kind = Kind::account;
  std::string arn;        // arn:aws:iam::A:root, arn:aws:iam::A:user/x, arn:aws:sts::A:assumed-role/R/session
  std::string id;         // the account, AIDA…, AROA…:session
  std::string principal;  // the user's or role's name
  std::string session;    // the session's name, of roles
  std::string role_arn;   // of roles: arn:aws:iam::A:role/R
  std::string account_id;
  std::optional<std::string> session_policy;  // what the session is limited to
};

struct SessionRequest {
  std::string role;  // its name; empty: the account's, or `user`'s
  std::string name;  // the session's
  std::string user;
  std::optional<std::string> policy;  // the session may do no more than this document says
  std::chrono::seconds duration{3600};
};

struct SessionCredentials {
  std::string access_key, secret, token;
  Instant expires_at{};
};

/// What sts needs to know of a role.
struct RoleFacts {
  std::string name, arn, id, trust;
  std::chrono::seconds session_max{3600};
};

/// The policy that is attached to a resource, or to what it is part of: an object's is its bucket's.
struct AttachedPolicy {
  std::string document;           // empty: none
  bool closed_to_public = false;  // it lets in nobody without a name, whatever it says
};

/// What other rooms know of resources. Thread-safe; made by whoever knows the rooms.
class Resources {
 public:
  virtual ~Resources() = default;
  [[nodiscard]] virtual AttachedPolicy policy_of(std::string_view action, std::string_view resource) const = 0;
  [[nodiscard]] virtual std::map<std::string, std::string> tags_of(std::string_view resource) const = 0;
  /// Whole ARNs for those that a request spells shorter: a secret by its name, a key by its alias.
  virtual void complete(std::string& resource) const = 0;
};

class Iam final : public aws::KeyStore {
 public:
  /// Opens or creates the folder. `clock` must outlive the answer.
  static Result<std::unique_ptr<Iam>> open(const std::filesystem::path& folder, const Clock& clock);
  ~Iam() override;
  Iam(const Iam&) = delete;
  Iam& operator=(const Iam&) = delete;

  aws::Service make_service();

  /// Keys that IAM made and keys of sessions; an inactive key is none.
  [[nodiscard]] std::optional<aws::SecretKey> find(std::string_view access_key) const override;

  /// Whoever has the key; the account itself for a key that IAM did not make; nobody who may do anything for a session's
  /// that has ended.
  [[nodiscard]] Caller caller(std::string_view access_key, std::string_view account_id) const;
  [[nodiscard]] std::optional<RoleFacts> find_role(std::string_view name) const;
  /// Whether the role's trust policy, and where that names only the account the caller's own policies, let it in.
  [[nodiscard]] bool may_assume(const Caller& caller, const RoleFacts& role,
                                const std::optional<std::string>& external_id) const;
  /// Whether the role's trust policy lets a service ("glue.amazonaws.com") run as it.
  [[nodiscard]] bool trusts_service(const RoleFacts& role, std::string_view service) const;
  Result<SessionCredentials> start_session(const SessionRequest& request);
  /// A session that is not there is no failure.
  Result<void> end_session(std::string_view access_key);

  /// Without it no resource has a policy or tags. Set before the first request; outlives this object's use.
  void consult(const Resources& resources);
  /// Whether resources of this service ("s3") may have policies of their own.
  [[nodiscard]] bool consults(std::string_view service) const;
  /// Null before `consult`.
  [[nodiscard]] const Resources* resources() const;

  /// Why the caller may not do it, nothing when it may: "because no identity-based policy allows the … action".
  /// `keys` are the request's own condition keys, in lower case.
  [[nodiscard]] std::optional<std::string> refusal(const Caller& caller, std::string_view action, std::string_view resource,
                                                   std::map<std::string, std::vector<std::string>, std::less<>> keys) const;

  /// Users, roles and policies, those without tags too.
  [[nodiscard]] std::vector<TaggedResource> tagged_resources() const;

  [[nodiscard]] Store& store() { return *store_; }

 private:
  Iam(std::unique_ptr<Store> store, const Clock& clock);
  std::unique_ptr<Store> store_;
  std::unique_ptr<Decider> decider_;
  const Clock& clock_;
};

}  // namespace mastic::iam
