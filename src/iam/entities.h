// What IAM keeps. Plain values; ARNs are made once, with the account of whoever created the thing.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"

namespace mastic::iam {

using Tags = std::map<std::string, std::string>;

/// A user, a role, a group or an instance profile.
struct Principal {
  std::string name, id, path, arn;
  Instant created_at{};
  Tags tags;
  std::map<std::string, std::string> inline_policies;  // name → document
  std::vector<std::string> attached;                   // ARNs, in the order of attachment
  std::optional<std::string> boundary;                 // ARN
  std::vector<std::string> groups;                     // of users: names in lower case
  std::string role;                                    // of instance profiles: its name in lower case; empty: none yet
  // Of roles alone.
  std::string trust;
  std::optional<std::string> description;
  int32_t session_seconds_max = 3600;
};

struct PolicyVersion {
  std::string document;
  Instant created_at{};
};

struct ManagedPolicy {
  std::string name, id, path, arn;
  std::optional<std::string> description;
  Instant created_at{};
  Instant updated_at{};
  Tags tags;
  int32_t default_version = 1;
  int32_t newest_version = 1;
  std::map<int32_t, PolicyVersion> versions;

  [[nodiscard]] const std::string& document() const { return versions.at(default_version).document; }
};

struct AccessKey {
  std::string id, secret, user;
  bool active = true;
  Instant created_at{};
};

/// Temporary credentials: of an assumed role, or (`role` empty) of the account or a user.
struct Session {
  std::string key, secret, token;
  std::string role, name, user;
  std::optional<std::string> policy;  // of AssumeRole: what the session is limited to
  Instant expires_at{};
};

}  // namespace mastic::iam
