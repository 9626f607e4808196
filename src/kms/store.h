// Keys, the materials that they encrypt with, aliases and tags. Thread-safe; writes are durable when they return.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/sqlite.h"

namespace mastic::kms {

using Tags = std::map<std::string, std::string>;

struct Key {
  std::string id, description, policy;
  bool managed_by_aws = false;
  bool enabled = true;
  Instant created{};
  std::optional<Instant> deletion;  // when it goes for good
  int32_t deletion_window_days = 0;
  int32_t rotation_days = 0;  // 0: it does not rotate by itself
  std::optional<Instant> next_rotation;
  int64_t material = 1;  // which one it encrypts with
  Tags tags;
};

/// One rotation: a material that took the place of another.
struct Rotation {
  int64_t material = 0;
  Instant at{};
  bool on_demand = false;
};

struct Alias {
  std::string name;  // "alias/…"
  std::string key_id;
  Instant created{}, updated{};
};

class Store {
 public:
  static Result<std::unique_ptr<Store>> open(const std::filesystem::path& folder, const Clock& clock);

  /// A new key, with its first material and, where `alias` is not empty, an alias.
  Result<void> insert(const Key& key, std::string_view alias = {});
  /// Inserts the key with this alias, unless the alias is there already: gives the id of the alias's key.
  Result<std::string> find_or_insert(const Key& key, const std::string& alias);
  Result<std::optional<Key>> find(std::string_view id);
  /// By id, all.
  Result<std::vector<Key>> all();
  /// Reads, changes and writes a key in one transaction; nothing is written when `change` fails. Nothing when it is not there.
  Result<std::optional<Key>> change(std::string_view id, const std::function<Result<void>(Key&)>& change);

  /// A material's bytes; nothing when there is none of that number.
  Result<std::optional<std::string>> material(std::string_view id, int64_t number);
  /// A new material takes the place of the present one.
  Result<void> rotate_on_demand(std::string_view id);
  /// Oldest first.
  Result<std::vector<Rotation>> rotations(std::string_view id);

  /// False when there is one of that name.
  Result<bool> insert_alias(const Alias& alias);
  /// False when there is none of that name.
  Result<bool> move_alias(std::string_view name, std::string_view key_id, Instant now);
  Result<bool> erase_alias(std::string_view name);
  Result<std::optional<Alias>> find_alias(std::string_view name);
  /// By name, all.
  Result<std::vector<Alias>> aliases();

 private:
  Store(std::unique_ptr<sqlite::Database> database, std::string root, const Clock& clock)
      : database_(std::move(database)), root_(std::move(root)), clock_(clock) {}
  /// Deletions and rotations that are due.
  Result<void> settle();
  Result<void> add_material(sqlite::Transaction& transaction, std::string_view id, int64_t number, std::string_view kind);
  Result<void> insert_key(sqlite::Transaction& transaction, const Key& key, std::string_view alias);
  Result<std::vector<Key>> keys_where(sqlite::Transaction& transaction, const std::string& where, std::string_view value);

  std::unique_ptr<sqlite::Database> database_;
  const std::string root_;  // seals the materials
  const Clock& clock_;
};

}  // namespace mastic::kms
