// Secrets and their versions. Thread-safe; writes are durable when they return.
#pragma once

#include <filesystem>
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

class Store {
 public:
  static Result<std::unique_ptr<Store>> open(const std::filesystem::path& folder, const Clock& clock);

  /// By name, ARN, or ARN without its six random characters.
  Result<std::optional<Secret>> find(std::string_view id);
  /// By name, all.
  Result<std::vector<Secret>> all();
  Result<void> insert(const Secret& secret);
  /// All but its tags, versions and name.
  Result<void> update(const Secret& secret);
  Result<void> set_tags(std::string_view name, const Tags& tags);
  Result<void> erase(std::string_view name);

  /// Oldest first.
  Result<std::vector<Version>> versions(std::string_view name);
  /// A version comes, and these are the stages of all versions now (stage to version).
  Result<void> add_version(std::string_view name, const Version& version, const std::map<std::string, std::string>& stages);
  Result<void> set_stages(std::string_view name, const std::map<std::string, std::string>& stages);

 private:
  Store(std::unique_ptr<sqlite::Database> database, std::string key, const Clock& clock)
      : database_(std::move(database)), key_(std::move(key)), clock_(clock) {}
  Result<void> drop_deleted();
  Result<std::vector<Secret>> secrets_of(const sqlite::Rows& rows);

  std::unique_ptr<sqlite::Database> database_;
  const std::string key_;
  const Clock& clock_;
};

}  // namespace mastic::secretsmanager
