#include "announce/outbox.h"

#include <array>

#include "base/files.h"

namespace mastic::announce {
namespace {

constexpr std::array<std::string_view, 1> migrations{
    "CREATE TABLE waiting(number INTEGER PRIMARY KEY AUTOINCREMENT, body TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0);"};

constexpr int64_t kept_max = 100'000;

}  // namespace

Result<std::unique_ptr<Outbox>> Outbox::open(const std::filesystem::path& folder) {
  TRY_DO(make_folder(folder));
  TRY(database, sqlite::Database::open(folder / "events.db", migrations));
  return std::unique_ptr<Outbox>(new Outbox(std::move(database)));
}

Result<int64_t> Outbox::add(std::string_view body) {
  int64_t removed = 0;
  TRY_DO(database_->transaction([&](sqlite::Transaction& t) -> Result<void> {
    TRY_DO(t.run("INSERT INTO waiting(body) VALUES(?)", body));
    // Numbers have no gaps but at the front: what lies so far behind the newest is more than is kept.
    TRY(gone, t.run("DELETE FROM waiting WHERE number <= (SELECT max(number) FROM waiting) - ?", kept_max));
    removed = gone;
    return {};
  }));
  return removed;
}

Result<std::optional<Waiting>> Outbox::first() {
  TRY(rows, database_->query("SELECT number, body, attempts FROM waiting ORDER BY number LIMIT 1"));
  if (rows.empty()) return std::optional<Waiting>{};
  return std::optional(Waiting{rows[0].integer(0), rows[0].text(1), rows[0].integer(2)});
}

Result<void> Outbox::note_attempt(int64_t number) {
  TRY_DO(database_->run("UPDATE waiting SET attempts = attempts + 1 WHERE number = ?", number));
  return {};
}

Result<void> Outbox::remove(int64_t number) {
  TRY_DO(database_->run("DELETE FROM waiting WHERE number = ?", number));
  return {};
}

Result<int64_t> Outbox::count() {
  TRY(rows, database_->query("SELECT count(*) FROM waiting"));
  return rows[0].integer(0);
}

}  // namespace mastic::announce
