#include "cloudformation/store/store.h"

#include <fmt/format.h>

#include <array>
#include <set>

#include "base/files.h"
#include "cloudformation/errors.h"

namespace mastic::cloudformation {
namespace {

constexpr std::array<std::string_view, 1> migrations = {
    R"(CREATE TABLE stack(id TEXT PRIMARY KEY, region TEXT NOT NULL, name TEXT NOT NULL, lives INTEGER NOT NULL,
                          created INTEGER NOT NULL, parent_id TEXT NOT NULL, record TEXT NOT NULL) WITHOUT ROWID;
       CREATE UNIQUE INDEX stack_name ON stack(region, name) WHERE lives = 1;
       CREATE INDEX stack_parent ON stack(parent_id);
       CREATE TABLE resource(stack_id TEXT NOT NULL, logical_id TEXT NOT NULL, record TEXT NOT NULL,
                             PRIMARY KEY(stack_id, logical_id)) WITHOUT ROWID;
       CREATE TABLE event(number INTEGER PRIMARY KEY AUTOINCREMENT, stack_id TEXT NOT NULL, record TEXT NOT NULL);
       CREATE INDEX event_stack ON event(stack_id, number);
       CREATE TABLE change_set(id TEXT PRIMARY KEY, stack_id TEXT NOT NULL, name TEXT NOT NULL, created INTEGER NOT NULL,
                               record TEXT NOT NULL, UNIQUE(stack_id, name)) WITHOUT ROWID;
       CREATE TABLE export(region TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, stack_id TEXT NOT NULL,
                           PRIMARY KEY(region, name)) WITHOUT ROWID;
       CREATE TABLE import(region TEXT NOT NULL, name TEXT NOT NULL, stack_id TEXT NOT NULL,
                           PRIMARY KEY(region, name, stack_id)) WITHOUT ROWID;)"};

std::string text_of(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

template <typename Record>
Record read(const sqlite::Row& row, std::size_t column = 0) {
  const auto json = Json::parse(row.text(column), nullptr, false);
  return json.is_object() ? json.get<Record>() : Record{};
}

template <typename Record>
Result<std::vector<Record>> read_all(Result<sqlite::Rows> rows) {
  if (!rows) return fail(std::move(rows).error());
  std::vector<Record> records;
  for (const auto& row : *rows) records.push_back(read<Record>(row));
  return records;
}

template <typename Record>
Result<std::optional<Record>> read_one(const Result<sqlite::Rows>& rows) {
  if (!rows) return fail(Error(rows.error()));
  if (rows->empty()) return std::nullopt;
  return read<Record>(rows->front());
}

Result<void> add_events(sqlite::Transaction& t, const Store::Events& events) {
  for (const auto& event : events) {
    TRY_DO(t.run("INSERT INTO event(stack_id, record) VALUES(?, ?)", event.stack_id, text_of(event)));
  }
  return {};
}

Result<std::vector<std::string>> importers(sqlite::Transaction& t, std::string_view region, std::string_view name) {
  TRY(rows, t.query("SELECT stack.name FROM import JOIN stack ON stack.id = import.stack_id WHERE import.region = ? AND "
                    "import.name = ? AND stack.lives = 1 ORDER BY stack.name",
                    region, name));
  std::vector<std::string> names;
  for (const auto& row : rows) names.push_back(row.text(0));
  return names;
}

}  // namespace

Result<std::unique_ptr<Store>> Store::open(const std::filesystem::path& folder) {
  TRY_DO(make_folder(folder));
  TRY(database, sqlite::Database::open(folder / "cloudformation.db", migrations));
  return std::unique_ptr<Store>(new Store(std::move(database)));
}

Result<void> Store::add_stack(const StackRecord& stack, const Events& events) {
  return database_->transaction([&](sqlite::Transaction& t) -> Result<void> {
    TRY(added, t.run("INSERT INTO stack(id, region, name, lives, created, parent_id, record) VALUES(?, ?, ?, 1, ?, ?, ?) ON "
                     "CONFLICT DO NOTHING",
                     stack.id, stack.region, stack.name, stack.created, stack.parent_id, text_of(stack)));
    if (added == 0) return fail(error::stack_exists(stack.name));
    return add_events(t, events);
  });
}

Result<StackRecord> Store::change_stack(std::string_view id, const std::function<Result<Events>(StackRecord&)>& body) {
  StackRecord stack;
  TRY_DO(database_->transaction([&](sqlite::Transaction& t) -> Result<void> {
    TRY(found, read_one<StackRecord>(t.query("SELECT record FROM stack WHERE id = ?", id)));
    if (!found) return fail(error::no_stack(id));
    stack = std::move(*found);
    TRY(events, body(stack));
    TRY_DO(t.run("UPDATE stack SET lives = ?, record = ? WHERE id = ?", stack.status == "DELETE_COMPLETE" ? 0 : 1,
                 text_of(stack), id));
    return add_events(t, events);
  }));
  return stack;
}

Result<void> Store::erase_stack(std::string_view id) {
  return database_->transaction([&](sqlite::Transaction& t) -> Result<void> {
    TRY_DO(t.run("DELETE FROM stack WHERE id = ?", id));
    TRY_DO(t.run("DELETE FROM event WHERE stack_id = ?", id));
    TRY_DO(t.run("DELETE FROM resource WHERE stack_id = ?", id));
    return {};
  });
}

Result<std::optional<StackRecord>> Store::find_stack(std::string_view region, std::string_view name_or_id) {
  if (name_or_id.starts_with("arn:")) {
    return read_one<StackRecord>(database_->query("SELECT record FROM stack WHERE id = ? AND region = ?", name_or_id, region));
  }
  return read_one<StackRecord>(
      database_->query("SELECT record FROM stack WHERE region = ? AND name = ? AND lives = 1", region, name_or_id));
}

Result<std::vector<StackRecord>> Store::stacks(std::string_view region) {
  return read_all<StackRecord>(database_->query("SELECT record FROM stack WHERE region = ? ORDER BY created DESC, id", region));
}

Result<std::vector<StackRecord>> Store::every_stack() {
  return read_all<StackRecord>(database_->query("SELECT record FROM stack WHERE lives = 1 ORDER BY created, id"));
}

Result<std::vector<StackRecord>> Store::children(std::string_view parent_id) {
  return read_all<StackRecord>(
      database_->query("SELECT record FROM stack WHERE parent_id = ? AND lives = 1 ORDER BY created, id", parent_id));
}

Result<void> Store::save(const ResourceRecord& resource, const Events& events) {
  return database_->transaction([&](sqlite::Transaction& t) -> Result<void> {
    TRY_DO(t.run("INSERT OR REPLACE INTO resource(stack_id, logical_id, record) VALUES(?, ?, ?)", resource.stack_id,
                 resource.logical_id, text_of(resource)));
    return add_events(t, events);
  });
}

Result<void> Store::erase(const ResourceRecord& resource, const Events& events) {
  return database_->transaction([&](sqlite::Transaction& t) -> Result<void> {
    TRY_DO(t.run("DELETE FROM resource WHERE stack_id = ? AND logical_id = ?", resource.stack_id, resource.logical_id));
    return add_events(t, events);
  });
}

Result<std::vector<ResourceRecord>> Store::resources(std::string_view stack_id) {
  return read_all<ResourceRecord>(
      database_->query("SELECT record FROM resource WHERE stack_id = ? ORDER BY logical_id", stack_id));
}

Result<std::vector<std::pair<int64_t, EventRecord>>> Store::events(std::string_view stack_id, int64_t before,
                                                                   std::size_t limit) {
  TRY(rows, database_->query("SELECT record, number FROM event WHERE stack_id = ? AND (? = 0 OR number < ?) ORDER BY number "
                             "DESC LIMIT ?",
                             stack_id, before, before, limit));
  std::vector<std::pair<int64_t, EventRecord>> events;
  for (const auto& row : rows) events.emplace_back(row.integer(1), read<EventRecord>(row));
  return events;
}

Result<void> Store::save(const ChangeSetRecord& set) {
  TRY_DO(database_->run("INSERT OR REPLACE INTO change_set(id, stack_id, name, created, record) VALUES(?, ?, ?, ?, ?)", set.id,
                        set.stack_id, set.name, set.created, text_of(set)));
  return {};
}

Result<void> Store::erase_change_set(std::string_view id) {
  TRY_DO(database_->run("DELETE FROM change_set WHERE id = ?", id));
  return {};
}

Result<void> Store::erase_change_sets(std::string_view stack_id) {
  TRY_DO(database_->run("DELETE FROM change_set WHERE stack_id = ?", stack_id));
  return {};
}

Result<std::optional<ChangeSetRecord>> Store::find_change_set(std::string_view id) {
  return read_one<ChangeSetRecord>(database_->query("SELECT record FROM change_set WHERE id = ?", id));
}

Result<std::optional<ChangeSetRecord>> Store::find_change_set(std::string_view stack_id, std::string_view name) {
  return read_one<ChangeSetRecord>(
      database_->query("SELECT record FROM change_set WHERE stack_id = ? AND name = ?", stack_id, name));
}

Result<std::vector<ChangeSetRecord>> Store::change_sets(std::string_view stack_id) {
  return read_all<ChangeSetRecord>(
      database_->query("SELECT record FROM change_set WHERE stack_id = ? ORDER BY created DESC, id", stack_id));
}

Result<std::optional<ExportRecord>> Store::find_export(std::string_view region, std::string_view name) {
  TRY(rows, database_->query("SELECT name, value, stack_id FROM export WHERE region = ? AND name = ?", region, name));
  if (rows.empty()) return std::nullopt;
  return ExportRecord{rows[0].text(0), rows[0].text(1), rows[0].text(2)};
}

Result<std::vector<ExportRecord>> Store::exports(std::string_view region) {
  TRY(rows, database_->query("SELECT name, value, stack_id FROM export WHERE region = ? ORDER BY name", region));
  std::vector<ExportRecord> exports;
  for (const auto& row : rows) exports.push_back({row.text(0), row.text(1), row.text(2)});
  return exports;
}

Result<void> Store::set_exports(const StackRecord& stack, const std::vector<OutputRecord>& outputs) {
  return database_->transaction([&](sqlite::Transaction& t) -> Result<void> {
    std::map<std::string, std::string> wanted;
    for (const auto& output : outputs) {
      if (!output.export_name.empty()) wanted[output.export_name] = output.value;
    }
    TRY(mine, t.query("SELECT name, value FROM export WHERE region = ? AND stack_id = ?", stack.region, stack.id));
    for (const auto& row : mine) {
      const auto at = wanted.find(row.text(0));
      if (at != wanted.end() && at->second == row.text(1)) continue;
      TRY(users, importers(t, stack.region, row.text(0)));
      if (users.empty()) continue;
      return fail(error::export_in_use(row.text(0), users, at == wanted.end()));
    }
    for (const auto& [name, value] : wanted) {
      TRY(others, t.query("SELECT stack.name FROM export JOIN stack ON stack.id = export.stack_id WHERE export.region = ? AND "
                          "export.name = ? AND export.stack_id <> ?",
                          stack.region, name, stack.id));
      if (!others.empty()) return fail(error::export_taken(name, others[0].text(0)));
    }
    TRY_DO(t.run("DELETE FROM export WHERE region = ? AND stack_id = ?", stack.region, stack.id));
    for (const auto& [name, value] : wanted) {
      TRY_DO(
          t.run("INSERT INTO export(region, name, value, stack_id) VALUES(?, ?, ?, ?)", stack.region, name, value, stack.id));
    }
    return {};
  });
}

Result<void> Store::set_imports(const StackRecord& stack, const std::vector<std::string>& names) {
  return database_->transaction([&](sqlite::Transaction& t) -> Result<void> {
    TRY_DO(t.run("DELETE FROM import WHERE region = ? AND stack_id = ?", stack.region, stack.id));
    for (const auto& name : std::set<std::string>(names.begin(), names.end())) {
      TRY_DO(t.run("INSERT INTO import(region, name, stack_id) VALUES(?, ?, ?)", stack.region, name, stack.id));
    }
    return {};
  });
}

Result<std::vector<std::string>> Store::imports(std::string_view region, std::string_view export_name) {
  std::vector<std::string> names;
  TRY_DO(database_->transaction([&](sqlite::Transaction& t) -> Result<void> {
    TRY(found, importers(t, region, export_name));
    names = found;
    return {};
  }));
  return names;
}

}  // namespace mastic::cloudformation
