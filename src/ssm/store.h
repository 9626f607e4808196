// Parameters and their versions. Thread-safe; writes are durable when they return.
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
#include "ssm/secure_text.h"

namespace mastic::ssm {

/// One version of a parameter.
struct Version {
  std::string name;
  int64_t number = 1;
  std::string type;   // String, StringList, SecureString
  std::string value;  // of a SecureString: sealed
  std::string description, allowed_pattern, tier, data_type, key_id, user;
  Instant modified{};
  std::set<std::string> labels;
};

class Store {
 public:
  static Result<std::unique_ptr<Store>> open(const std::filesystem::path& folder);

  /// Adds a version and gives its number. ParameterAlreadyExists unless `overwrite`; `tags` are those of a new parameter.
  Result<int64_t> put(Version version, bool overwrite, const std::map<std::string, std::string>& tags);
  Result<std::optional<Version>> latest(std::string_view name);
  Result<std::optional<Version>> numbered(std::string_view name, int64_t number);
  Result<std::optional<Version>> labelled(std::string_view name, std::string_view label);
  /// Oldest first.
  Result<std::vector<Version>> history(std::string_view name);
  /// In their order, those after `after`.
  Result<std::vector<std::string>> names(std::string_view after, size_t limit);
  Result<bool> erase(std::string_view name);
  /// Moves labels to this version, or takes them away from it. False: there is no such version.
  Result<bool> label(std::string_view name, int64_t number, const std::set<std::string>& labels);
  Result<bool> unlabel(std::string_view name, int64_t number, const std::set<std::string>& labels);

  Result<std::optional<std::map<std::string, std::string>>> tags(std::string_view name);
  Result<bool> set_tags(std::string_view name, const std::map<std::string, std::string>& tags);

  /// The value as its owner wrote it.
  [[nodiscard]] Result<std::string> plain_value(const Version& version) const;
  [[nodiscard]] const SecureText& secure_text() const { return secure_; }

 private:
  Store(std::unique_ptr<sqlite::Database> database, SecureText secure)
      : database_(std::move(database)), secure_(std::move(secure)) {}
  std::unique_ptr<sqlite::Database> database_;
  SecureText secure_;
};

}  // namespace mastic::ssm
