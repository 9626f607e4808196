// Secrets and their versions. Thread-safe; writes are durable when they return.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/sqlite.h"

namespace mastic::secretsmanager {

using Tags = std::map<std::string, std::string>;

struct Secret {
  std::string name, arn, description, kms_key_id, policy;
  Instant created{}, changed{};
  std::optional<Instant> deletion;  // when it goes for good
  Tags tags;
};

struct Version {
  std::string id;
  bool binary = false;
  std::string value;  // as its owner gave it
  Instant created{};
  std::set<std::string> stages;
};

using Stages = std::map<std::string, std::string>;  // which version bears each staging label

/// A secret as one transaction sees it, and what it makes of it.
struct Entry {
  Secret secret;
  std::vector<Version> versions;  // oldest first; those added at the end are new
  Stages stages;
};

class Store {
 public:
  static Result<std::unique_ptr<Store>> open(const std::filesystem::path& folder, const Clock& clock);

  /// By name, ARN, or ARN without its six random characters.
  Result<std::optional<Secret>> find(std::string_view id);
  /// By name, all.
  Result<std::vector<Secret>> all();
  /// With its first version, which bears AWSCURRENT, when there is one. ResourceExistsException when the name is taken.
  Result<void> insert(const Secret& secret, const std::optional<Version>& version);
  /// Reads, changes and writes a secret in one transaction; nothing is written when `change` fails. Versions may be added,
  /// not changed. ResourceNotFoundException when the secret is gone.
  Result<Entry> change(std::string_view name, const std::function<Result<void>(Entry&)>& change);
  Result<void> erase(std::string_view name);

  /// Oldest first.
  Result<std::vector<Version>> versions(std::string_view name);
  Result<Stages> stages(std::string_view name);

 private:
  Store(std::unique_ptr<sqlite::Database> database, std::string key, const Clock& clock)
      : database_(std::move(database)), key_(std::move(key)), clock_(clock) {}
  Result<void> drop_deleted();
  Result<std::vector<Secret>> secrets_of(sqlite::Transaction& transaction, const sqlite::Rows& rows);
  Result<std::vector<Version>> versions_of(sqlite::Transaction& transaction, std::string_view name);
  Result<void> insert_version(sqlite::Transaction& transaction, std::string_view name, const Version& version);

  std::unique_ptr<sqlite::Database> database_;
  const std::string key_;
  const Clock& clock_;
};

}  // namespace mastic::secretsmanager
