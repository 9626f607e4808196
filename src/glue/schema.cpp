#include "glue/schema.h"

#include <array>
#include <string_view>

#include "base/files.h"
#include "glue/orchestrate/store.h"

namespace mastic::glue {
namespace {

// `body` is always the JSON text of the generated structure that clients get; a column beside it is there because a
// query needs it. Ids tie versions and partitions to their table, so that a table made again starts without them.
const std::array<std::string_view, 5> migrations = {R"(
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
                                                    orchestrate::store_schema,
                                                    R"(
  CREATE TABLE catalog_partition_index(
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    table_id INTEGER NOT NULL REFERENCES catalog_table(id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    status TEXT NOT NULL,
    filled_to TEXT NOT NULL,
    body TEXT NOT NULL,
    UNIQUE(table_id, name));
  CREATE TABLE catalog_partition_index_entry(
    index_id INTEGER NOT NULL REFERENCES catalog_partition_index(id) ON DELETE CASCADE,
    entry TEXT NOT NULL,
    key TEXT NOT NULL,
    PRIMARY KEY(index_id, entry, key)) WITHOUT ROWID;
  CREATE TABLE catalog_statistics(
    table_id INTEGER NOT NULL REFERENCES catalog_table(id) ON DELETE CASCADE,
    key TEXT NOT NULL,
    column_name TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY(table_id, key, column_name)) WITHOUT ROWID;
  CREATE TABLE schema_registry(name TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE registry_schema(
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    registry TEXT NOT NULL REFERENCES schema_registry(name) ON DELETE CASCADE,
    name TEXT NOT NULL,
    body TEXT NOT NULL,
    UNIQUE(registry, name));
  CREATE TABLE registry_version(
    id TEXT PRIMARY KEY,
    schema_id INTEGER NOT NULL REFERENCES registry_schema(id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    body TEXT NOT NULL,
    UNIQUE(schema_id, number)) WITHOUT ROWID;
  CREATE TABLE registry_metadata(
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    version_id TEXT NOT NULL REFERENCES registry_version(id) ON DELETE CASCADE,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    created TEXT NOT NULL,
    UNIQUE(version_id, key, value));
  CREATE TABLE session(id TEXT PRIMARY KEY, run_id TEXT NOT NULL, body TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE job_bookmark(
    job_name TEXT NOT NULL REFERENCES job(name) ON DELETE CASCADE,
    version INTEGER NOT NULL,
    run_id TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY(job_name, version)) WITHOUT ROWID;
  ALTER TABLE trigger_definition ADD COLUMN batch_due_us INTEGER;
  CREATE INDEX trigger_batch_due ON trigger_definition(batch_due_us) WHERE batch_due_us IS NOT NULL;
  CREATE TABLE waiting_event(
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    trigger TEXT NOT NULL,
    event_id TEXT NOT NULL,
    UNIQUE(trigger, event_id));
)",
                                                    // Tables' column statistics have schedules beside the crawlers.
                                                    R"(
  CREATE TABLE own_schedule(
    crawler TEXT PRIMARY KEY,
    expression TEXT NOT NULL,
    region TEXT NOT NULL,
    account TEXT NOT NULL,
    anchor_us INTEGER NOT NULL,
    due_us INTEGER) WITHOUT ROWID;
  INSERT INTO own_schedule SELECT crawler, expression, region, account, anchor_us, due_us FROM crawler_schedule;
  DROP TABLE crawler_schedule;
  ALTER TABLE own_schedule RENAME TO crawler_schedule;
  CREATE INDEX crawler_due ON crawler_schedule(due_us) WHERE due_us IS NOT NULL;
  CREATE TRIGGER schedule_goes_with_crawler AFTER DELETE ON crawler BEGIN
    DELETE FROM crawler_schedule WHERE crawler = OLD.name;
  END;
)"};

}  // namespace

Result<std::unique_ptr<sqlite::Database>> open_database(const std::filesystem::path& folder) {
  TRY_DO(make_folder(folder));
  return sqlite::Database::open(folder / "glue.db", migrations);
}

}  // namespace mastic::glue
