#include "logs/store.h"

#include <algorithm>
#include <array>
#include <set>
#include <system_error>

#include "base/files.h"
#include "logs/errors.h"

namespace mastic::logs {
namespace {

constexpr std::array<std::string_view, 3> migrations = {
    R"(CREATE TABLE log_group(name TEXT PRIMARY KEY, created_ms INTEGER NOT NULL, retention_days INTEGER,
                              class TEXT NOT NULL) WITHOUT ROWID;
       CREATE TABLE log_stream(id INTEGER PRIMARY KEY AUTOINCREMENT,
                               group_name TEXT NOT NULL REFERENCES log_group(name) ON DELETE CASCADE,
                               name TEXT NOT NULL, created_ms INTEGER NOT NULL, UNIQUE(group_name, name));
       CREATE TABLE log_group_tag(group_name TEXT NOT NULL REFERENCES log_group(name) ON DELETE CASCADE,
                                  key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY(group_name, key)) WITHOUT ROWID;)",
    "ALTER TABLE log_group ADD COLUMN kms_key_id TEXT;",
    R"(CREATE TABLE metric_filter(group_name TEXT NOT NULL REFERENCES log_group(name) ON DELETE CASCADE, name TEXT NOT NULL,
                                 body TEXT NOT NULL, PRIMARY KEY(group_name, name)) WITHOUT ROWID;)"};

/// The smallest text that is greater than every text beginning with `prefix`, in byte order: an upper bound for a range.
std::string behind_prefix(std::string_view prefix) { return std::string(prefix) + "\xff"; }

Group group_from(const sqlite::Row& row) {
  return {row.text(0), row.integer(1), row.optional_integer(2), row.text(3), row.optional_text(4)};
}

}  // namespace

Store::Store(std::filesystem::path folder, std::unique_ptr<sqlite::Database> database, const Clock& clock)
    : folder_(std::move(folder)), database_(std::move(database)), filters_(*database_), clock_(clock) {}

Result<std::unique_ptr<Store>> Store::open(const std::filesystem::path& folder, const Clock& clock) {
  TRY_DO(make_folder(folder / "streams"));
  TRY(database, sqlite::Database::open(folder / "logs.db", migrations));
  std::unique_ptr<Store> store(new Store(folder, std::move(database), clock));
  TRY_DO(store->filters_.load());
  TRY_DO(store->remove_orphans());
  TRY_DO(store->expire());
  return store;
}

int64_t Store::now_ms() const { return to_microseconds(clock_.now()) / 1000; }

std::filesystem::path Store::path_of(int64_t stream_id) const {
  return folder_ / "streams" / (std::to_string(stream_id) + ".log");
}

Result<void> Store::remove_orphans() {
  TRY(rows, database_->query("SELECT id FROM log_stream"));
  std::set<std::string> known;
  for (const auto& row : rows) known.insert(path_of(row.integer(0)).filename());
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder_ / "streams", error)) {
    if (!known.contains(entry.path().filename())) std::filesystem::remove(entry.path(), error);
  }
  return {};
}

Result<void> Store::create_group(std::string_view name, std::string_view group_class,
                                 const std::map<std::string, std::string>& tags, const std::optional<std::string>& kms_key_id) {
  return database_->transaction([&](sqlite::Transaction& t) -> Result<void> {
    TRY(added, t.run("INSERT INTO log_group(name, created_ms, class, kms_key_id) VALUES(?, ?, ?, ?) ON CONFLICT DO NOTHING",
                     name, now_ms(), group_class, kms_key_id));
    if (added == 0) return fail(error::group_exists());
    for (const auto& [key, value] : tags) {
      TRY_DO(t.run("INSERT INTO log_group_tag(group_name, key, value) VALUES(?, ?, ?)", name, key, value));
    }
    return {};
  });
}

Result<void> Store::delete_group(std::string_view name) {
  std::vector<int64_t> gone;
  TRY_DO(database_->transaction([&](sqlite::Transaction& t) -> Result<void> {
    TRY(streams, t.query("SELECT id FROM log_stream WHERE group_name = ?", name));
    for (const auto& row : streams) gone.push_back(row.integer(0));
    TRY_DO(t.run("DELETE FROM log_stream WHERE group_name = ?", name));
    TRY(removed, t.run("DELETE FROM log_group WHERE name = ?", name));
    if (removed == 0) return fail(error::group_not_found());
    return {};
  }));
  filters_.forget_group(name);
  for (const auto id : gone) forget(id);
  return {};
}

Result<std::optional<Group>> Store::find_group(std::string_view name) {
  TRY(rows, database_->query("SELECT name, created_ms, retention_days, class, kms_key_id FROM log_group WHERE name = ?", name));
  if (rows.empty()) return std::nullopt;
  return group_from(rows[0]);
}

Result<std::vector<Group>> Store::list_groups(std::string_view prefix, std::string_view containing, std::string_view after,
                                              std::size_t limit) {
  TRY(rows, database_->query(
                "SELECT name, created_ms, retention_days, class, kms_key_id FROM log_group WHERE name > ? AND name >= ? AND "
                "name < ? AND instr(name, ?) > 0 ORDER BY name LIMIT ?",
                after, prefix, behind_prefix(prefix), containing, limit));
  std::vector<Group> groups;
  for (const auto& row : rows) groups.push_back(group_from(row));
  return groups;
}

Result<void> Store::set_retention(std::string_view group, std::optional<int64_t> days) {
  TRY(changed, database_->run("UPDATE log_group SET retention_days = ? WHERE name = ?", days, group));
  if (changed == 0) return fail(error::group_not_found());
  return expire();
}

Result<int64_t> Store::stored_bytes(std::string_view group) {
  TRY(rows, database_->query("SELECT id FROM log_stream WHERE group_name = ?", group));
  int64_t bytes = 0;
  for (const auto& row : rows) {
    std::error_code error;
    const auto size = std::filesystem::file_size(path_of(row.integer(0)), error);
    if (!error) bytes += static_cast<int64_t>(size);
  }
  return bytes;
}

Result<void> Store::create_stream(std::string_view group, std::string_view name) {
  return database_->transaction([&](sqlite::Transaction& t) -> Result<void> {
    TRY(groups, t.query("SELECT 1 FROM log_group WHERE name = ?", group));
    if (groups.empty()) return fail(error::group_not_found());
    TRY(added, t.run("INSERT INTO log_stream(group_name, name, created_ms) VALUES(?, ?, ?) ON CONFLICT DO NOTHING", group, name,
                     now_ms()));
    if (added == 0) return fail(error::stream_exists());
    return {};
  });
}

Result<void> Store::delete_stream(std::string_view group, std::string_view name) {
  TRY(id, require_stream(group, name));
  TRY_DO(database_->run("DELETE FROM log_stream WHERE id = ?", id));
  forget(id);
  return {};
}

Result<std::vector<Stream>> Store::list_streams(std::string_view group, std::string_view prefix) {
  TRY(found, find_group(group));
  if (!found) return fail(error::group_not_found());
  TRY(rows, database_->query("SELECT id, name, created_ms FROM log_stream WHERE group_name = ? AND name >= ? AND name < ? "
                             "ORDER BY name",
                             group, prefix, behind_prefix(prefix)));
  std::vector<Stream> streams;
  for (const auto& row : rows) streams.push_back({row.integer(0), row.text(1), row.integer(2), std::nullopt});
  return streams;
}

Result<void> Store::look_up_facts(Stream& stream) {
  // A listing goes over streams that nobody reads or writes: it does not open them for that.
  bool opened = false;
  {
    const std::scoped_lock lock(mutex_);
    opened = opened_.contains(stream.id);
  }
  if (!opened) {
    if (auto seen = StreamFile::glance(path_of(stream.id))) {
      stream.facts = *seen;
      return {};
    }
  }
  TRY(facts, file_of(stream.id)->facts());
  stream.facts = facts;
  return {};
}

Result<std::optional<int64_t>> Store::find_stream(std::string_view group, std::string_view stream) {
  std::pair<std::string, std::string> key(group, stream);
  {
    const std::scoped_lock lock(mutex_);
    if (const auto known = stream_ids_.find(key); known != stream_ids_.end()) return known->second;
  }
  TRY(rows, database_->query("SELECT id FROM log_stream WHERE group_name = ? AND name = ?", group, stream));
  if (rows.empty()) return std::nullopt;
  const std::scoped_lock lock(mutex_);
  if (stream_ids_.size() > 10'000) stream_ids_.clear();
  stream_ids_.emplace(std::move(key), rows[0].integer(0));
  return rows[0].integer(0);
}

Result<int64_t> Store::require_stream(std::string_view group, std::string_view stream) {
  TRY(id, find_stream(group, stream));
  if (id) return *id;
  TRY(found, find_group(group));
  return fail(found ? error::stream_not_found() : error::group_not_found());
}

Store::File Store::file_of(int64_t stream_id) {
  // Each open file holds an index; the ones not used for longest give theirs back. One that is in use stays: a file has
  // one StreamFile at a time.
  constexpr std::size_t opened_max = 64;
  const std::scoped_lock lock(mutex_);
  auto& opened = opened_[stream_id];
  if (!opened.file) opened.file = std::make_shared<StreamFile>(path_of(stream_id));
  opened.used = ++uses_;
  auto file = opened.file;
  if (opened_.size() <= opened_max) return file;
  auto oldest = opened_.end();
  for (auto at = opened_.begin(); at != opened_.end(); ++at) {
    if (at->second.file.use_count() == 1 && (oldest == opened_.end() || at->second.used < oldest->second.used)) oldest = at;
  }
  if (oldest != opened_.end()) opened_.erase(oldest);
  return file;
}

void Store::forget(int64_t stream_id) {
  const std::scoped_lock lock(mutex_);
  opened_.erase(stream_id);
  std::erase_if(stream_ids_, [&](const auto& entry) { return entry.second == stream_id; });
  std::error_code error;  // A file that stays is removed at the next opening: its number is never used again.
  std::filesystem::remove(path_of(stream_id), error);
}

}  // namespace mastic::logs
