#include "events/store.h"

#include <array>

#include "base/files.h"

namespace mastic::events {
namespace {

constexpr std::array<std::string_view, 1> migrations{R"(
CREATE TABLE rule(name TEXT PRIMARY KEY, pattern TEXT NOT NULL, state TEXT NOT NULL, description TEXT NOT NULL,
  role_arn TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE target(rule TEXT NOT NULL REFERENCES rule(name) ON DELETE CASCADE, id TEXT NOT NULL, arn TEXT NOT NULL,
  role_arn TEXT NOT NULL, PRIMARY KEY(rule, id)) WITHOUT ROWID;
CREATE TABLE tag(rule TEXT NOT NULL REFERENCES rule(name) ON DELETE CASCADE, key TEXT NOT NULL, value TEXT NOT NULL,
  PRIMARY KEY(rule, key)) WITHOUT ROWID;
)"};

StoredRule rule_of(const sqlite::Row& row) { return {row.text(0), row.text(1), row.text(2), row.text(3), row.text(4)}; }

}  // namespace

Result<std::unique_ptr<Store>> Store::open(const std::filesystem::path& folder) {
  TRY_DO(make_folder(folder));
  TRY(database, sqlite::Database::open(folder / "events.db", migrations));
  return std::unique_ptr<Store>(new Store(std::move(database)));
}

Result<void> Store::put(const StoredRule& rule) {
  TRY_DO(
      database_->run("INSERT INTO rule(name, pattern, state, description, role_arn) VALUES(?, ?, ?, ?, ?) "
                     "ON CONFLICT DO UPDATE SET pattern = excluded.pattern, state = excluded.state, "
                     "description = excluded.description, role_arn = excluded.role_arn",
                     rule.name, rule.pattern, rule.state, rule.description, rule.role_arn));
  return {};
}

Result<std::optional<StoredRule>> Store::find(std::string_view name) {
  TRY(rows, database_->query("SELECT name, pattern, state, description, role_arn FROM rule WHERE name = ?", name));
  return rows.empty() ? std::nullopt : std::optional(rule_of(rows[0]));
}

Result<std::vector<StoredRule>> Store::list(std::string_view prefix, std::string_view after, std::size_t limit) {
  TRY(rows, database_->query("SELECT name, pattern, state, description, role_arn FROM rule "
                             "WHERE substr(name, 1, length(?1)) = ?1 AND name > ?2 ORDER BY name LIMIT ?3",
                             prefix, after, limit));
  std::vector<StoredRule> rules;
  for (const auto& row : rows) rules.push_back(rule_of(row));
  return rules;
}

Result<void> Store::remove(std::string_view name) {
  TRY_DO(database_->run("DELETE FROM rule WHERE name = ?", name));
  return {};
}

Result<void> Store::put_target(std::string_view rule, const StoredTarget& target) {
  TRY_DO(
      database_->run("INSERT INTO target(rule, id, arn, role_arn) VALUES(?, ?, ?, ?) "
                     "ON CONFLICT DO UPDATE SET arn = excluded.arn, role_arn = excluded.role_arn",
                     rule, target.id, target.arn, target.role_arn));
  return {};
}

Result<bool> Store::remove_target(std::string_view rule, std::string_view id) {
  TRY(removed, database_->run("DELETE FROM target WHERE rule = ? AND id = ?", rule, id));
  return removed > 0;
}

Result<std::vector<StoredTarget>> Store::targets(std::string_view rule) {
  TRY(rows, database_->query("SELECT id, arn, role_arn FROM target WHERE rule = ? ORDER BY id", rule));
  std::vector<StoredTarget> targets;
  for (const auto& row : rows) targets.push_back({row.text(0), row.text(1), row.text(2)});
  return targets;
}

Result<std::map<std::string, std::string>> Store::tags(std::string_view rule) {
  TRY(rows, database_->query("SELECT key, value FROM tag WHERE rule = ?", rule));
  std::map<std::string, std::string> tags;
  for (const auto& row : rows) tags[row.text(0)] = row.text(1);
  return tags;
}

Result<void> Store::tag(std::string_view rule, const std::map<std::string, std::string>& tags) {
  return database_->transaction([&](sqlite::Transaction& t) -> Result<void> {
    for (const auto& [key, value] : tags)
      TRY_DO(t.run("INSERT INTO tag(rule, key, value) VALUES(?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value", rule,
                   key, value));
    return {};
  });
}

Result<void> Store::untag(std::string_view rule, const std::vector<std::string>& keys) {
  return database_->transaction([&](sqlite::Transaction& t) -> Result<void> {
    for (const auto& key : keys) TRY_DO(t.run("DELETE FROM tag WHERE rule = ? AND key = ?", rule, key));
    return {};
  });
}

}  // namespace mastic::events
