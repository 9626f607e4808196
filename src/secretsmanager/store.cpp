#include "secretsmanager/store.h"

#include <array>

#include "aws/encoding.h"
#include "base/files.h"
#include "base/sealing.h"
#include "secretsmanager/errors.h"

namespace mastic::secretsmanager {
namespace {

constexpr std::array<std::string_view, 1> migrations{R"(
CREATE TABLE secret(name TEXT PRIMARY KEY, arn TEXT NOT NULL, description TEXT NOT NULL, kms_key_id TEXT NOT NULL,
  policy TEXT NOT NULL, created INTEGER NOT NULL, changed INTEGER NOT NULL, deletion INTEGER) WITHOUT ROWID;
CREATE UNIQUE INDEX secret_arn ON secret(arn);
CREATE TABLE version(name TEXT NOT NULL, id TEXT NOT NULL, is_binary INTEGER NOT NULL, value TEXT NOT NULL,
  created INTEGER NOT NULL, PRIMARY KEY(name, id));
CREATE TABLE stage(name TEXT NOT NULL, stage TEXT NOT NULL, id TEXT NOT NULL, PRIMARY KEY(name, stage)) WITHOUT ROWID;
CREATE TABLE tag(name TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY(name, key)) WITHOUT ROWID;
)"};

constexpr std::array<std::string_view, 4> tables{"secret", "version", "stage", "tag"};
constexpr std::string_view columns =
    "SELECT name, arn, description, kms_key_id, policy, created, changed, deletion FROM secret ";

Result<void> write_stages(sqlite::Transaction& transaction, std::string_view name,
                          const std::map<std::string, std::string>& stages) {
  TRY_DO(transaction.run("DELETE FROM stage WHERE name = ?", name));
  for (const auto& [stage, id] : stages) TRY_DO(transaction.run("INSERT INTO stage VALUES(?, ?, ?)", name, stage, id));
  return {};
}

Result<void> write_tags(sqlite::Transaction& transaction, std::string_view name, const Tags& tags) {
  TRY_DO(transaction.run("DELETE FROM tag WHERE name = ?", name));
  for (const auto& [key, value] : tags) TRY_DO(transaction.run("INSERT INTO tag VALUES(?, ?, ?)", name, key, value));
  return {};
}

Result<void> erase_from(sqlite::Transaction& transaction, std::string_view name) {
  for (const auto table : tables) TRY_DO(transaction.run("DELETE FROM " + std::string(table) + " WHERE name = ?", name));
  return {};
}

std::optional<int64_t> microseconds(const std::optional<Instant>& instant) {
  return instant ? std::optional(to_microseconds(*instant)) : std::nullopt;
}

/// What a value is bound to, so that no row can take the place of another.
std::string bound_to(std::string_view name, std::string_view id) { return std::string(name) + '\n' + std::string(id); }

}  // namespace

Result<std::unique_ptr<Store>> Store::open(const std::filesystem::path& folder, const Clock& clock) {
  TRY_DO(make_folder(folder));
  TRY(key, read_or_make_key(folder / "secrets.key"));
  TRY(database, sqlite::Database::open(folder / "secretsmanager.db", migrations));
  return std::unique_ptr<Store>(new Store(std::move(database), std::move(key), clock));
}

Result<void> Store::drop_deleted() {
  const auto now = to_microseconds(clock_.now());
  TRY(due, database_->query("SELECT 1 FROM secret WHERE deletion <= ? LIMIT 1", now));
  if (due.empty()) return {};
  return database_->transaction([&](sqlite::Transaction& transaction) -> Result<void> {
    TRY(rows, transaction.query("SELECT name FROM secret WHERE deletion <= ?", now));
    for (const auto& row : rows) TRY_DO(erase_from(transaction, row.text(0)));
    return {};
  });
}

Result<std::vector<Secret>> Store::secrets_of(sqlite::Transaction& transaction, const sqlite::Rows& rows) {
  std::vector<Secret> secrets;
  for (const auto& row : rows) {
    const auto deletion = row.optional_integer(7);
    Secret secret{.name = row.text(0),
                  .arn = row.text(1),
                  .description = row.text(2),
                  .kms_key_id = row.text(3),
                  .policy = row.text(4),
                  .created = from_microseconds(row.integer(5)),
                  .changed = from_microseconds(row.integer(6)),
                  .deletion = deletion ? std::optional(from_microseconds(*deletion)) : std::nullopt,
                  .tags = {}};
    TRY(tags, transaction.query("SELECT key, value FROM tag WHERE name = ?", secret.name));
    for (const auto& tag : tags) secret.tags.emplace(tag.text(0), tag.text(1));
    secrets.push_back(std::move(secret));
  }
  return secrets;
}

Result<std::optional<Secret>> Store::find(std::string_view id) {
  TRY_DO(drop_deleted());
  const std::string where =
      id.starts_with("arn:") ? "WHERE arn = ?1 OR substr(arn, 1, length(arn) - 7) = ?1" : "WHERE name = ?1";
  std::optional<Secret> found;
  TRY_DO(database_->transaction([&](sqlite::Transaction& transaction) -> Result<void> {
    TRY(rows, transaction.query(std::string(columns) + where, id));
    TRY(secrets, secrets_of(transaction, rows));
    if (!secrets.empty()) found = std::move(secrets.front());
    return {};
  }));
  return found;
}

Result<std::vector<Secret>> Store::all() {
  TRY_DO(drop_deleted());
  std::vector<Secret> all;
  TRY_DO(database_->transaction([&](sqlite::Transaction& transaction) -> Result<void> {
    TRY(rows, transaction.query(std::string(columns) + "ORDER BY name"));
    TRY(secrets, secrets_of(transaction, rows));
    all = std::move(secrets);
    return {};
  }));
  return all;
}

Result<void> Store::insert_version(sqlite::Transaction& transaction, std::string_view name, const Version& version) {
  TRY(sealed, seal(key_, version.value, bound_to(name, version.id)));
  TRY_DO(transaction.run("INSERT INTO version VALUES(?, ?, ?, ?, ?)", name, version.id, version.binary ? 1 : 0,
                         aws::to_base64(sealed), to_microseconds(version.created)));
  return {};
}

Result<void> Store::insert(const Secret& secret, const std::optional<Version>& version) {
  return database_->transaction([&](sqlite::Transaction& transaction) -> Result<void> {
    TRY(found, transaction.query("SELECT 1 FROM secret WHERE name = ?", secret.name));
    if (!found.empty()) return fail(error::exists(secret.name));
    TRY_DO(transaction.run("INSERT INTO secret VALUES(?, ?, ?, ?, ?, ?, ?, ?)", secret.name, secret.arn, secret.description,
                           secret.kms_key_id, secret.policy, to_microseconds(secret.created), to_microseconds(secret.changed),
                           microseconds(secret.deletion)));
    TRY_DO(write_tags(transaction, secret.name, secret.tags));
    if (!version) return {};
    TRY_DO(insert_version(transaction, secret.name, *version));
    return write_stages(transaction, secret.name, {{"AWSCURRENT", version->id}});
  });
}

Result<Entry> Store::change(std::string_view name, const std::function<Result<void>(Entry&)>& change) {
  TRY_DO(drop_deleted());
  Entry entry;
  TRY_DO(database_->transaction([&](sqlite::Transaction& transaction) -> Result<void> {
    TRY(rows, transaction.query(std::string(columns) + "WHERE name = ?", name));
    TRY(secrets, secrets_of(transaction, rows));
    if (secrets.empty()) return fail(error::no_secret());
    TRY(versions, versions_of(transaction, name));
    entry = {.secret = std::move(secrets.front()), .versions = std::move(versions), .stages = {}};
    for (const auto& version : entry.versions) {
      for (const auto& stage : version.stages) entry.stages[stage] = version.id;
    }
    const auto known = entry.versions.size();
    TRY_DO(change(entry));
    const auto& secret = entry.secret;
    TRY_DO(transaction.run(
        "UPDATE secret SET description = ?, kms_key_id = ?, policy = ?, changed = ?, deletion = ? WHERE name = ?",
        secret.description, secret.kms_key_id, secret.policy, to_microseconds(secret.changed), microseconds(secret.deletion),
        secret.name));
    TRY_DO(write_tags(transaction, secret.name, secret.tags));
    for (auto at = known; at < entry.versions.size(); ++at) TRY_DO(insert_version(transaction, name, entry.versions[at]));
    return write_stages(transaction, name, entry.stages);
  }));
  return entry;
}

Result<void> Store::erase(std::string_view name) {
  return database_->transaction([&](sqlite::Transaction& transaction) { return erase_from(transaction, name); });
}

Result<std::vector<Version>> Store::versions_of(sqlite::Transaction& transaction, std::string_view name) {
  TRY(rows, transaction.query("SELECT id, is_binary, value, created FROM version WHERE name = ? ORDER BY rowid", name));
  std::vector<Version> versions;
  for (const auto& row : rows) {
    Version version{
        .id = row.text(0), .binary = row.integer(1) != 0, .created = from_microseconds(row.integer(3)), .stages = {}};
    const auto raw = aws::from_base64(row.text(2));
    auto plain = raw ? unseal(key_, *raw, bound_to(name, version.id)) : std::nullopt;
    if (!plain) {
      return fail(Error::internal("a secret's value cannot be decrypted: its bytes or the key of the data folder changed"));
    }
    version.value = std::move(*plain);
    TRY(stages, transaction.query("SELECT stage FROM stage WHERE name = ? AND id = ?", name, version.id));
    for (const auto& stage : stages) version.stages.insert(stage.text(0));
    versions.push_back(std::move(version));
  }
  return versions;
}

Result<std::vector<Version>> Store::versions(std::string_view name) {
  std::vector<Version> versions;
  TRY_DO(database_->transaction([&](sqlite::Transaction& transaction) -> Result<void> {
    TRY(found, versions_of(transaction, name));
    versions = std::move(found);
    return {};
  }));
  return versions;
}

Result<Stages> Store::stages(std::string_view name) {
  TRY(rows, database_->query("SELECT stage, id FROM stage WHERE name = ?", name));
  Stages stages;
  for (const auto& row : rows) stages.emplace(row.text(0), row.text(1));
  return stages;
}

}  // namespace mastic::secretsmanager
