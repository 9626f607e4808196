#include "kms/store.h"

#include <array>
#include <chrono>

#include "aws/encoding.h"
#include "base/files.h"
#include "base/sealing.h"

namespace mastic::kms {
namespace {

constexpr std::array<std::string_view, 1> migrations{R"(
CREATE TABLE key(id TEXT PRIMARY KEY, description TEXT NOT NULL, policy TEXT NOT NULL, managed INTEGER NOT NULL,
  enabled INTEGER NOT NULL, created INTEGER NOT NULL, deletion INTEGER, deletion_window INTEGER NOT NULL,
  rotation_days INTEGER NOT NULL, next_rotation INTEGER, material INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX key_deletion ON key(deletion) WHERE deletion IS NOT NULL;
CREATE INDEX key_rotation ON key(next_rotation) WHERE next_rotation IS NOT NULL;
CREATE TABLE material(key_id TEXT NOT NULL, number INTEGER NOT NULL, sealed TEXT NOT NULL, created INTEGER NOT NULL,
  kind TEXT NOT NULL, PRIMARY KEY(key_id, number)) WITHOUT ROWID;
CREATE TABLE alias(name TEXT PRIMARY KEY, key_id TEXT NOT NULL, created INTEGER NOT NULL, updated INTEGER NOT NULL)
  WITHOUT ROWID;
CREATE INDEX alias_key ON alias(key_id);
CREATE TABLE tag(key_id TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY(key_id, name)) WITHOUT ROWID;
)"};

constexpr std::string_view columns =
    "SELECT id, description, policy, managed, enabled, created, deletion, deletion_window, rotation_days, next_rotation, "
    "material FROM key ";
constexpr std::string_view first = "FIRST", automatic = "AUTOMATIC", on_demand = "ON_DEMAND";

std::optional<int64_t> microseconds(const std::optional<Instant>& instant) {
  return instant ? std::optional(to_microseconds(*instant)) : std::nullopt;
}
std::optional<Instant> instant(const std::optional<int64_t>& microseconds) {
  return microseconds ? std::optional(from_microseconds(*microseconds)) : std::nullopt;
}

/// What a material is bound to, so that no row can take the place of another.
std::string bound_to(std::string_view id, int64_t number) { return std::string(id) + '\n' + std::to_string(number); }

Key key_of(const sqlite::Row& row) {
  return {.id = row.text(0),
          .description = row.text(1),
          .policy = row.text(2),
          .managed_by_aws = row.integer(3) != 0,
          .enabled = row.integer(4) != 0,
          .created = from_microseconds(row.integer(5)),
          .deletion = instant(row.optional_integer(6)),
          .deletion_window_days = static_cast<int32_t>(row.integer(7)),
          .rotation_days = static_cast<int32_t>(row.integer(8)),
          .next_rotation = instant(row.optional_integer(9)),
          .material = row.integer(10),
          .tags = {}};
}

Alias alias_of(const sqlite::Row& row) {
  return {.name = row.text(0),
          .key_id = row.text(1),
          .created = from_microseconds(row.integer(2)),
          .updated = from_microseconds(row.integer(3))};
}

Result<void> write_tags(sqlite::Transaction& transaction, const Key& key) {
  TRY_DO(transaction.run("DELETE FROM tag WHERE key_id = ?", key.id));
  for (const auto& [name, value] : key.tags) TRY_DO(transaction.run("INSERT INTO tag VALUES(?, ?, ?)", key.id, name, value));
  return {};
}

Result<void> erase_key(sqlite::Transaction& transaction, std::string_view id) {
  TRY_DO(transaction.run("DELETE FROM key WHERE id = ?", id));
  for (const auto* table : {"material", "alias", "tag"}) {
    TRY_DO(transaction.run("DELETE FROM " + std::string(table) + " WHERE key_id = ?", id));
  }
  return {};
}

Result<void> update_key(sqlite::Transaction& transaction, const Key& key) {
  TRY_DO(
      transaction.run("UPDATE key SET description = ?, policy = ?, enabled = ?, deletion = ?, deletion_window = ?, "
                      "rotation_days = ?, next_rotation = ?, material = ? WHERE id = ?",
                      key.description, key.policy, key.enabled ? 1 : 0, microseconds(key.deletion), key.deletion_window_days,
                      key.rotation_days, microseconds(key.next_rotation), key.material, key.id));
  return write_tags(transaction, key);
}

Result<bool> add_alias(sqlite::Transaction& transaction, const Alias& alias) {
  TRY(added, transaction.run("INSERT OR IGNORE INTO alias VALUES(?, ?, ?, ?)", alias.name, alias.key_id,
                             to_microseconds(alias.created), to_microseconds(alias.updated)));
  return added == 1;
}

}  // namespace

Result<std::unique_ptr<Store>> Store::open(const std::filesystem::path& folder, const Clock& clock) {
  TRY_DO(make_folder(folder));
  TRY(root, read_or_make_key(folder / "kms.key"));
  TRY(database, sqlite::Database::open(folder / "kms.db", migrations));
  return std::unique_ptr<Store>(new Store(std::move(database), std::move(root), clock));
}

Result<void> Store::add_material(sqlite::Transaction& transaction, std::string_view id, int64_t number, std::string_view kind) {
  TRY(bytes, random_bytes(sealing_key_size));
  TRY(sealed, seal(root_, bytes, bound_to(id, number)));
  TRY_DO(transaction.run("INSERT INTO material VALUES(?, ?, ?, ?, ?)", id, number, aws::to_base64(sealed),
                         to_microseconds(clock_.now()), kind));
  return {};
}

Result<void> Store::insert_key(sqlite::Transaction& transaction, const Key& key, std::string_view alias) {
  TRY_DO(transaction.run("INSERT INTO key VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", key.id, key.description, key.policy,
                         key.managed_by_aws ? 1 : 0, key.enabled ? 1 : 0, to_microseconds(key.created),
                         microseconds(key.deletion), key.deletion_window_days, key.rotation_days,
                         microseconds(key.next_rotation), key.material));
  TRY_DO(add_material(transaction, key.id, key.material, first));
  TRY_DO(write_tags(transaction, key));
  if (alias.empty()) return {};
  TRY_DO(
      add_alias(transaction, {.name = std::string(alias), .key_id = key.id, .created = key.created, .updated = key.created}));
  return {};
}

Result<void> Store::insert(const Key& key, std::string_view alias) {
  return database_->transaction([&](sqlite::Transaction& transaction) { return insert_key(transaction, key, alias); });
}

Result<std::string> Store::find_or_insert(const Key& key, const std::string& alias) {
  std::string id = key.id;
  TRY_DO(database_->transaction([&](sqlite::Transaction& transaction) -> Result<void> {
    TRY(rows, transaction.query("SELECT key_id FROM alias WHERE name = ?", alias));
    if (rows.empty()) return insert_key(transaction, key, alias);
    id = rows.front().text(0);
    return {};
  }));
  return id;
}

Result<void> Store::settle() {
  const auto now = to_microseconds(clock_.now());
  TRY(due, database_->query("SELECT 1 FROM key WHERE deletion <= ?1 UNION ALL SELECT 1 FROM key WHERE next_rotation <= ?1 AND "
                            "enabled = 1 AND deletion IS NULL LIMIT 1",
                            now));
  if (due.empty()) return {};
  return database_->transaction([&](sqlite::Transaction& transaction) -> Result<void> {
    TRY(ended, transaction.query("SELECT id FROM key WHERE deletion <= ?", now));
    for (const auto& row : ended) TRY_DO(erase_key(transaction, row.text(0)));
    TRY(rotating, transaction.query("SELECT id, material, next_rotation, rotation_days FROM key WHERE next_rotation <= ? AND "
                                    "enabled = 1 AND deletion IS NULL",
                                    now));
    for (const auto& row : rotating) {
      const auto id = row.text(0);
      const auto number = row.integer(1) + 1;
      auto next = from_microseconds(row.integer(2));
      while (to_microseconds(next) <= now) next += std::chrono::days(std::max<int64_t>(row.integer(3), 1));
      TRY_DO(add_material(transaction, id, number, automatic));
      TRY_DO(transaction.run("UPDATE key SET material = ?, next_rotation = ? WHERE id = ?", number, to_microseconds(next), id));
    }
    return {};
  });
}

Result<std::vector<Key>> Store::keys_where(sqlite::Transaction& transaction, const std::string& where, std::string_view value) {
  TRY(rows, transaction.query(std::string(columns) + where, value));
  std::vector<Key> keys;
  for (const auto& row : rows) {
    auto key = key_of(row);
    TRY(tags, transaction.query("SELECT name, value FROM tag WHERE key_id = ?", key.id));
    for (const auto& tag : tags) key.tags.emplace(tag.text(0), tag.text(1));
    keys.push_back(std::move(key));
  }
  return keys;
}

Result<std::optional<Key>> Store::find(std::string_view id) {
  TRY_DO(settle());
  std::optional<Key> found;
  TRY_DO(database_->transaction([&](sqlite::Transaction& transaction) -> Result<void> {
    TRY(keys, keys_where(transaction, "WHERE id = ?", id));
    if (!keys.empty()) found = std::move(keys.front());
    return {};
  }));
  return found;
}

Result<std::vector<Key>> Store::all() {
  TRY_DO(settle());
  std::vector<Key> all;
  TRY_DO(database_->transaction([&](sqlite::Transaction& transaction) -> Result<void> {
    TRY(keys, keys_where(transaction, "WHERE id > ? ORDER BY id", ""));
    all = std::move(keys);
    return {};
  }));
  return all;
}

Result<std::optional<Key>> Store::change(std::string_view id, const std::function<Result<void>(Key&)>& change) {
  TRY_DO(settle());
  std::optional<Key> changed;
  TRY_DO(database_->transaction([&](sqlite::Transaction& transaction) -> Result<void> {
    TRY(keys, keys_where(transaction, "WHERE id = ?", id));
    if (keys.empty()) return {};
    auto& key = keys.front();
    TRY_DO(change(key));
    TRY_DO(update_key(transaction, key));
    changed = std::move(key);
    return {};
  }));
  return changed;
}

Result<std::optional<std::string>> Store::material(std::string_view id, int64_t number) {
  TRY(rows, database_->query("SELECT sealed FROM material WHERE key_id = ? AND number = ?", id, number));
  if (rows.empty()) return std::nullopt;
  const auto sealed = aws::from_base64(rows.front().text(0));
  auto bytes = sealed ? unseal(root_, *sealed, bound_to(id, number)) : std::nullopt;
  if (!bytes) return fail(Error::internal("a key's material cannot be read: its bytes or the key of the data folder changed"));
  return bytes;
}

Result<void> Store::rotate_on_demand(std::string_view id) {
  return database_->transaction([&](sqlite::Transaction& transaction) -> Result<void> {
    TRY(rows, transaction.query("SELECT material FROM key WHERE id = ?", id));
    if (rows.empty()) return {};
    const auto number = rows.front().integer(0) + 1;
    TRY_DO(add_material(transaction, id, number, on_demand));
    TRY_DO(transaction.run("UPDATE key SET material = ? WHERE id = ?", number, id));
    return {};
  });
}

Result<std::vector<Rotation>> Store::rotations(std::string_view id) {
  TRY(rows,
      database_->query("SELECT number, created, kind FROM material WHERE key_id = ? AND kind <> 'FIRST' ORDER BY number", id));
  std::vector<Rotation> rotations;
  for (const auto& row : rows) {
    rotations.push_back(
        {.material = row.integer(0), .at = from_microseconds(row.integer(1)), .on_demand = row.text(2) == on_demand});
  }
  return rotations;
}

Result<bool> Store::insert_alias(const Alias& alias) {
  bool added = false;
  TRY_DO(database_->transaction([&](sqlite::Transaction& transaction) -> Result<void> {
    TRY(done, add_alias(transaction, alias));
    added = done;
    return {};
  }));
  return added;
}

Result<bool> Store::move_alias(std::string_view name, std::string_view key_id, Instant now) {
  TRY(moved, database_->run("UPDATE alias SET key_id = ?, updated = ? WHERE name = ?", key_id, to_microseconds(now), name));
  return moved == 1;
}

Result<bool> Store::erase_alias(std::string_view name) {
  TRY(erased, database_->run("DELETE FROM alias WHERE name = ?", name));
  return erased == 1;
}

Result<std::optional<Alias>> Store::find_alias(std::string_view name) {
  TRY_DO(settle());
  TRY(rows, database_->query("SELECT name, key_id, created, updated FROM alias WHERE name = ?", name));
  return rows.empty() ? std::optional<Alias>() : std::optional(alias_of(rows.front()));
}

Result<std::vector<Alias>> Store::aliases() {
  TRY_DO(settle());
  TRY(rows, database_->query("SELECT name, key_id, created, updated FROM alias ORDER BY name"));
  std::vector<Alias> aliases;
  for (const auto& row : rows) aliases.push_back(alias_of(row));
  return aliases;
}

}  // namespace mastic::kms
