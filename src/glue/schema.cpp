#include "glue/schema.h"

#include <array>
#include <string_view>

#include "base/files.h"
#include "glue/orchestrate/store.h"

namespace mastic::glue {
namespace {

// `body` is always the JSON text of the generated structure that clients get; a column beside it is there because a
// query needs it. Ids tie versions and partitions to their table, so that a table made again starts without them.
const std::array<std::string_view, 3> migrations = {R"(
  CREATE TABLE catalog_database(name TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE catalog_table(
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    database_name TEXT NOT NULL REFERENCES catalog_database(name) ON DELETE CASCADE,
    name TEXT NOT NULL,
    version INTEGER NOT NULL,
    body TEXT NOT NULL,
    UNIQUE(database_name, name));
  CREATE TABLE catalog_table_version(
    table_id INTEGER NOT NULL REFERENCES catalog_table(id) ON DELETE CASCADE,
    version INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY(table_id, version)) WITHOUT ROWID;
  CREATE TABLE catalog_partition(
    table_id INTEGER NOT NULL REFERENCES catalog_table(id) ON DELETE CASCADE,
    key TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY(table_id, key)) WITHOUT ROWID;
  CREATE TABLE catalog_function(
    database_name TEXT NOT NULL REFERENCES catalog_database(name) ON DELETE CASCADE,
    name TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY(database_name, name)) WITHOUT ROWID;

  CREATE TABLE crawler(name TEXT PRIMARY KEY, state TEXT NOT NULL, body TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE crawl(
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    crawler_name TEXT NOT NULL REFERENCES crawler(name) ON DELETE CASCADE,
    state TEXT NOT NULL,
    started_us INTEGER NOT NULL,
    ended_us INTEGER,
    summary TEXT,
    error_message TEXT,
    tables_created INTEGER NOT NULL DEFAULT 0,
    tables_updated INTEGER NOT NULL DEFAULT 0,
    tables_deleted INTEGER NOT NULL DEFAULT 0);
  CREATE INDEX crawl_of_crawler ON crawl(crawler_name, number);

  CREATE TABLE job(name TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE held_run(
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    job_name TEXT NOT NULL REFERENCES job(name) ON DELETE CASCADE,
    state TEXT NOT NULL,
    body TEXT NOT NULL);
  CREATE INDEX held_run_of_job ON held_run(job_name, number);

  CREATE TABLE tag(resource TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY(resource, key)) WITHOUT ROWID;
)",
                                                    R"(
  CREATE TABLE record(kind TEXT NOT NULL, name TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY(kind, name)) WITHOUT ROWID;
)",
                                                    orchestrate::store_schema};

}  // namespace

Result<std::unique_ptr<sqlite::Database>> open_database(const std::filesystem::path& folder) {
  TRY_DO(make_folder(folder));
  return sqlite::Database::open(folder / "glue.db", migrations);
}

}  // namespace mastic::glue
