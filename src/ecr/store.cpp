#include "ecr/store.h"

#include <array>

#include "aws/json.h"
#include "base/files.h"

namespace mastic::ecr {
namespace {

// `body` is the JSON text of the structure that clients get, `tags` that of a ListTagsForResourceResponse.
constexpr std::array<std::string_view, 1> migrations = {
    "CREATE TABLE repository(name TEXT PRIMARY KEY, body TEXT NOT NULL, policy TEXT, lifecycle_policy TEXT, "
    "tags TEXT NOT NULL) WITHOUT ROWID;"};

std::string tags_text(const std::map<std::string, std::string>& tags) {
  aws::ecr::ListTagsForResourceResponse list;
  list.tags.emplace();
  for (const auto& [key, value] : tags) list.tags->push_back({key, value});
  return aws::to_json(list);
}

Result<Record> record_from(const sqlite::Row& row) {
  Record record;
  TRY(described, aws::from_json<aws::ecr::Repository>(row.text(0)));
  record.described = std::move(described);
  record.policy = row.optional_text(1);
  record.lifecycle_policy = row.optional_text(2);
  TRY(list, aws::from_json<aws::ecr::ListTagsForResourceResponse>(row.text(3)));
  if (list.tags) {
    for (const auto& tag : *list.tags) record.tags[tag.key] = tag.value;
  }
  return record;
}

}  // namespace

Result<std::unique_ptr<Store>> Store::open(const std::filesystem::path& folder) {
  TRY_DO(make_folder(folder));
  TRY(database, sqlite::Database::open(folder / "ecr.db", migrations));
  return std::unique_ptr<Store>(new Store(std::move(database)));
}

Result<bool> Store::create(const Record& record) {
  TRY(added,
      database_->run("INSERT INTO repository(name, body, tags) VALUES(?, ?, ?) ON CONFLICT DO NOTHING",
                     record.described.repository_name.value_or(""), aws::to_json(record.described), tags_text(record.tags)));
  return added > 0;
}

Result<std::optional<Record>> Store::find(std::string_view name) {
  TRY(rows, database_->query("SELECT body, policy, lifecycle_policy, tags FROM repository WHERE name = ?", name));
  if (rows.empty()) return std::nullopt;
  TRY(record, record_from(rows[0]));
  return record;
}

Result<std::vector<Record>> Store::list(std::string_view after, std::size_t limit) {
  TRY(rows, database_->query("SELECT body, policy, lifecycle_policy, tags FROM repository WHERE name > ? ORDER BY name LIMIT ?",
                             after, limit));
  std::vector<Record> records;
  for (const auto& row : rows) {
    TRY(record, record_from(row));
    records.push_back(std::move(record));
  }
  return records;
}

Result<std::optional<Record>> Store::change(std::string_view name, const std::function<Result<void>(Record&)>& change) {
  std::optional<Record> kept;
  TRY_DO(database_->transaction([&](sqlite::Transaction& t) -> Result<void> {
    TRY(rows, t.query("SELECT body, policy, lifecycle_policy, tags FROM repository WHERE name = ?", name));
    if (rows.empty()) return {};
    TRY(record, record_from(rows[0]));
    TRY_DO(change(record));
    TRY_DO(t.run("UPDATE repository SET body = ?, policy = ?, lifecycle_policy = ?, tags = ? WHERE name = ?",
                 aws::to_json(record.described), record.policy, record.lifecycle_policy, tags_text(record.tags), name));
    kept = std::move(record);
    return {};
  }));
  return kept;
}

Result<void> Store::remove(std::string_view name) {
  TRY_DO(database_->run("DELETE FROM repository WHERE name = ?", name));
  return {};
}

}  // namespace mastic::ecr
