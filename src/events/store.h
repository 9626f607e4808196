// Rules, their targets and tags. Thread-safe; what a call acknowledged is durable.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/sqlite.h"

namespace mastic::events {

struct StoredRule {
  std::string name;
  std::string pattern;
  std::string state;  // ENABLED or DISABLED
  std::string description;
  std::string role_arn;
};

struct StoredTarget {
  std::string id;
  std::string arn;
  std::string role_arn;
};

class Store {
 public:
  static Result<std::unique_ptr<Store>> open(const std::filesystem::path& folder);

  /// Makes the rule or takes the place of one of the name.
  Result<void> put(const StoredRule& rule);
  Result<std::optional<StoredRule>> find(std::string_view name);
  /// By name, those behind `after`.
  Result<std::vector<StoredRule>> list(std::string_view prefix, std::string_view after, std::size_t limit);
  Result<void> remove(std::string_view name);

  Result<void> put_target(std::string_view rule, const StoredTarget& target);
  /// False: there was none of the id.
  Result<bool> remove_target(std::string_view rule, std::string_view id);
  Result<std::vector<StoredTarget>> targets(std::string_view rule);

  Result<std::map<std::string, std::string>> tags(std::string_view rule);
  Result<void> tag(std::string_view rule, const std::map<std::string, std::string>& tags);
  Result<void> untag(std::string_view rule, const std::vector<std::string>& keys);

 private:
  explicit Store(std::unique_ptr<sqlite::Database> database) : database_(std::move(database)) {}
  std::unique_ptr<sqlite::Database> database_;
};

}  // namespace mastic::events
