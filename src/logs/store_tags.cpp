#include "logs/errors.h"
#include "logs/store.h"

namespace mastic::logs {
namespace {

constexpr int64_t tags_max = 50;

Result<void> require_group(sqlite::Transaction& t, std::string_view group) {
  TRY(found, t.query("SELECT 1 FROM log_group WHERE name = ?", group));
  if (found.empty()) return fail(error::group_not_found());
  return {};
}

}  // namespace

Result<std::map<std::string, std::string>> Store::tags_of(std::string_view group) {
  std::map<std::string, std::string> tags;
  TRY_DO(database_->transaction([&](sqlite::Transaction& t) -> Result<void> {
    TRY_DO(require_group(t, group));
    TRY(rows, t.query("SELECT key, value FROM log_group_tag WHERE group_name = ?", group));
    for (const auto& row : rows) tags[row.text(0)] = row.text(1);
    return {};
  }));
  return tags;
}

Result<void> Store::add_tags(std::string_view group, const std::map<std::string, std::string>& tags) {
  return database_->transaction([&](sqlite::Transaction& t) -> Result<void> {
    TRY_DO(require_group(t, group));
    for (const auto& [key, value] : tags) {
      TRY_DO(
          t.run("INSERT INTO log_group_tag(group_name, key, value) VALUES(?, ?, ?) "
                "ON CONFLICT DO UPDATE SET value = excluded.value",
                group, key, value));
    }
    TRY(count, t.query("SELECT count(*) FROM log_group_tag WHERE group_name = ?", group));
    if (count.at(0).integer(0) > tags_max) return fail(error::too_many_tags());
    return {};
  });
}

Result<void> Store::remove_tags(std::string_view group, const std::vector<std::string>& keys) {
  return database_->transaction([&](sqlite::Transaction& t) -> Result<void> {
    TRY_DO(require_group(t, group));
    for (const auto& key : keys) TRY_DO(t.run("DELETE FROM log_group_tag WHERE group_name = ? AND key = ?", group, key));
    return {};
  });
}

Result<std::map<std::string, std::map<std::string, std::string>>> Store::all_tags() {
  TRY(rows,
      database_->query("SELECT g.name, t.key, t.value FROM log_group g LEFT JOIN log_group_tag t ON t.group_name = g.name"));
  std::map<std::string, std::map<std::string, std::string>> all;
  for (const auto& row : rows) {
    auto& tags = all[row.text(0)];
    if (!row.is_null(1)) tags[row.text(1)] = row.text(2);
  }
  return all;
}

Result<void> Store::set_kms_key(std::string_view group, const std::optional<std::string>& kms_key_id) {
  TRY(changed, database_->run("UPDATE log_group SET kms_key_id = ? WHERE name = ?", kms_key_id, group));
  if (changed == 0) return fail(error::group_not_found());
  return {};
}

}  // namespace mastic::logs
