#include "ssm/store.h"

#include <array>

#include "base/files.h"
#include "ssm/errors.h"

namespace mastic::ssm {
namespace {

constexpr std::array<std::string_view, 1> migrations{R"(
CREATE TABLE parameter(name TEXT PRIMARY KEY, newest INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE version(name TEXT NOT NULL, number INTEGER NOT NULL, type TEXT NOT NULL, value TEXT NOT NULL,
  description TEXT NOT NULL, allowed_pattern TEXT NOT NULL, tier TEXT NOT NULL, data_type TEXT NOT NULL, key_id TEXT NOT NULL,
  user TEXT NOT NULL, modified INTEGER NOT NULL, PRIMARY KEY(name, number)) WITHOUT ROWID;
CREATE TABLE label(name TEXT NOT NULL, label TEXT NOT NULL, number INTEGER NOT NULL, PRIMARY KEY(name, label)) WITHOUT ROWID;
CREATE TABLE tag(name TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY(name, key)) WITHOUT ROWID;
)"};

constexpr int64_t versions_kept = 100;  // AWS drops the oldest beyond this
constexpr std::string_view columns =
    "SELECT version.name, version.number, type, value, description, allowed_pattern, tier, data_type, key_id, user, modified "
    "FROM version ";

Version version_of(const sqlite::Row& row) {
  return {.name = row.text(0),
          .number = row.integer(1),
          .type = row.text(2),
          .value = row.text(3),
          .description = row.text(4),
          .allowed_pattern = row.text(5),
          .tier = row.text(6),
          .data_type = row.text(7),
          .key_id = row.text(8),
          .user = row.text(9),
          .modified = from_microseconds(row.integer(10)),
          .labels = {}};
}

Result<std::vector<Version>> versions_of(sqlite::Database& database, const sqlite::Rows& rows) {
  std::vector<Version> versions;
  for (const auto& row : rows) {
    auto version = version_of(row);
    TRY(labels, database.query("SELECT label FROM label WHERE name = ? AND number = ?", version.name, version.number));
    for (const auto& label : labels) version.labels.insert(label.text(0));
    versions.push_back(std::move(version));
  }
  return versions;
}

Result<std::optional<Version>> only(Result<std::vector<Version>> found) {
  if (!found) return fail(std::move(found).error());
  return found->empty() ? std::optional<Version>() : std::optional(std::move(found->front()));
}

/// The oldest version beyond the limit goes; one that bears a label may not.
Result<void> drop_oldest(sqlite::Transaction& transaction, const std::string& name, int64_t newest) {
  if (newest <= versions_kept) return {};
  const auto oldest = newest - versions_kept;
  TRY(labelled, transaction.query("SELECT 1 FROM label WHERE name = ? AND number <= ?", name, oldest));
  if (!labelled.empty()) return fail(error::too_many_versions(name, oldest));
  TRY_DO(transaction.run("DELETE FROM version WHERE name = ? AND number <= ?", name, oldest));
  return {};
}

}  // namespace

Result<std::unique_ptr<Store>> Store::open(const std::filesystem::path& folder) {
  TRY_DO(make_folder(folder));
  TRY(secure, SecureText::open(folder));
  TRY(database, sqlite::Database::open(folder / "ssm.db", migrations));
  return std::unique_ptr<Store>(new Store(std::move(database), std::move(secure)));
}

Result<int64_t> Store::put(Version version, bool overwrite, const std::map<std::string, std::string>& tags) {
  TRY_DO(database_->transaction([&](sqlite::Transaction& transaction) -> Result<void> {
    TRY(found, transaction.query("SELECT newest FROM parameter WHERE name = ?", version.name));
    if (!found.empty() && !overwrite) return fail(error::parameter_exists());
    version.number = found.empty() ? 1 : found[0].integer(0) + 1;
    TRY_DO(transaction.run("INSERT OR REPLACE INTO parameter(name, newest) VALUES(?, ?)", version.name, version.number));
    TRY_DO(transaction.run("INSERT INTO version VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", version.name, version.number,
                           version.type, version.value, version.description, version.allowed_pattern, version.tier,
                           version.data_type, version.key_id, version.user, to_microseconds(version.modified)));
    for (const auto& [key, value] : tags) {
      TRY_DO(transaction.run("INSERT OR REPLACE INTO tag VALUES(?, ?, ?)", version.name, key, value));
    }
    return drop_oldest(transaction, version.name, version.number);
  }));
  return version.number;
}

Result<std::optional<Version>> Store::latest(std::string_view name) {
  TRY(rows, database_->query(std::string(columns) + "JOIN parameter ON parameter.name = version.name AND parameter.newest = "
                                                    "version.number WHERE version.name = ?",
                             name));
  return only(versions_of(*database_, rows));
}

Result<std::optional<Version>> Store::numbered(std::string_view name, int64_t number) {
  TRY(rows, database_->query(std::string(columns) + "WHERE name = ? AND number = ?", name, number));
  return only(versions_of(*database_, rows));
}

Result<std::optional<Version>> Store::labelled(std::string_view name, std::string_view label) {
  TRY(rows, database_->query(std::string(columns) + "JOIN label ON label.name = version.name AND label.number = version.number "
                                                    "WHERE version.name = ? AND label.label = ?",
                             name, label));
  return only(versions_of(*database_, rows));
}

Result<std::vector<Version>> Store::history(std::string_view name) {
  TRY(rows, database_->query(std::string(columns) + "WHERE name = ? ORDER BY number", name));
  return versions_of(*database_, rows);
}

Result<std::vector<std::string>> Store::names(std::string_view after, size_t limit) {
  TRY(rows, database_->query("SELECT name FROM parameter WHERE name > ? ORDER BY name LIMIT ?", after, limit));
  std::vector<std::string> names;
  for (const auto& row : rows) names.push_back(row.text(0));
  return names;
}

Result<bool> Store::erase(std::string_view name) {
  bool found = false;
  TRY_DO(database_->transaction([&](sqlite::Transaction& transaction) -> Result<void> {
    TRY(erased, transaction.run("DELETE FROM parameter WHERE name = ?", name));
    found = erased > 0;
    for (const std::string_view table : {"version", "label", "tag"}) {
      TRY_DO(transaction.run("DELETE FROM " + std::string(table) + " WHERE name = ?", name));
    }
    return {};
  }));
  return found;
}

Result<bool> Store::label(std::string_view name, int64_t number, const std::set<std::string>& labels) {
  TRY(version, numbered(name, number));
  if (!version) return false;
  TRY_DO(database_->transaction([&](sqlite::Transaction& transaction) -> Result<void> {
    for (const auto& label : labels) {
      TRY_DO(transaction.run("INSERT OR REPLACE INTO label VALUES(?, ?, ?)", name, label, number));
    }
    TRY(kept, transaction.query("SELECT COUNT(*) FROM label WHERE name = ? AND number = ?", name, number));
    if (kept[0].integer(0) > 10) return fail(error::too_many_labels());
    return {};
  }));
  return true;
}

Result<bool> Store::unlabel(std::string_view name, int64_t number, const std::set<std::string>& labels) {
  TRY(version, numbered(name, number));
  if (!version) return false;
  for (const auto& label : labels) {
    TRY_DO(database_->run("DELETE FROM label WHERE name = ? AND label = ? AND number = ?", name, label, number));
  }
  return true;
}

Result<std::optional<std::map<std::string, std::string>>> Store::tags(std::string_view name) {
  TRY(found, database_->query("SELECT 1 FROM parameter WHERE name = ?", name));
  if (found.empty()) return std::optional<std::map<std::string, std::string>>();
  TRY(rows, database_->query("SELECT key, value FROM tag WHERE name = ?", name));
  std::map<std::string, std::string> tags;
  for (const auto& row : rows) tags.emplace(row.text(0), row.text(1));
  return std::optional(std::move(tags));
}

Result<bool> Store::set_tags(std::string_view name, const std::map<std::string, std::string>& tags) {
  TRY(found, this->tags(name));
  if (!found) return false;
  TRY_DO(database_->transaction([&](sqlite::Transaction& transaction) -> Result<void> {
    TRY_DO(transaction.run("DELETE FROM tag WHERE name = ?", name));
    for (const auto& [key, value] : tags) TRY_DO(transaction.run("INSERT INTO tag VALUES(?, ?, ?)", name, key, value));
    return {};
  }));
  return true;
}

Result<std::string> Store::plain_value(const Version& version) const {
  if (version.type != "SecureString") return version.value;
  return secure_.unseal(version.value, version.name);
}

}  // namespace mastic::ssm
