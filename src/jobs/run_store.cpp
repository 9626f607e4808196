#include "jobs/run_store.h"

#include <array>

#include "base/sqlite.h"
#include "jobs/errors.h"
#include "jobs/packed.h"

namespace mastic::jobs {
namespace {

// `sequence` orders runs as they were accepted; times may be equal.
constexpr std::array<std::string_view, 3> migrations{
    R"(
CREATE TABLE run(
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,
  run_id TEXT NOT NULL UNIQUE,
  job_name TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  script_name TEXT NOT NULL,
  script TEXT NOT NULL,
  arguments BLOB NOT NULL,
  environment BLOB NOT NULL,
  script_path TEXT NOT NULL,
  working_folder TEXT NOT NULL,
  is_bound_to_process INTEGER NOT NULL,
  glue_version TEXT NOT NULL,
  timeout_seconds INTEGER NOT NULL,
  memory_limit_bytes INTEGER NOT NULL,
  details TEXT NOT NULL,
  state TEXT NOT NULL,
  accepted INTEGER NOT NULL,
  started INTEGER,
  completed INTEGER,
  modified INTEGER NOT NULL,
  error_message TEXT NOT NULL,
  exit_code INTEGER,
  exit_signal INTEGER,
  driver_number INTEGER,
  driver_start_ticks INTEGER
);
CREATE INDEX run_of_job ON run(job_name, sequence);
CREATE INDEX run_unfinished ON run(sequence) WHERE state IN ('WAITING', 'STARTING', 'RUNNING', 'STOPPING');
)",
    "ALTER TABLE run ADD COLUMN access_key TEXT NOT NULL DEFAULT '';",
    "ALTER TABLE run ADD COLUMN usage TEXT; CREATE INDEX run_state ON run(state);"};

constexpr std::string_view unfinished_states = "state IN ('WAITING', 'STARTING', 'RUNNING', 'STOPPING')";

constexpr std::string_view columns =
    "run_id, job_name, attempt, script_name, arguments, glue_version, timeout_seconds, memory_limit_bytes, details, state, "
    "accepted, started, completed, modified, error_message, exit_code, exit_signal, driver_number, driver_start_ticks, "
    "access_key";
constexpr std::size_t driver_column = 17;
constexpr std::size_t access_key_column = 19;

std::optional<Instant> optional_instant(const sqlite::Row& row, std::size_t column) {
  const auto value = row.optional_integer(column);
  return value ? std::optional(from_microseconds(*value)) : std::nullopt;
}

std::optional<int32_t> optional_number(const sqlite::Row& row, std::size_t column) {
  const auto value = row.optional_integer(column);
  return value ? std::optional(static_cast<int32_t>(*value)) : std::nullopt;
}

std::optional<int64_t> stored(const std::optional<Instant>& instant) {
  return instant ? std::optional(to_microseconds(*instant)) : std::nullopt;
}

Result<RunRecord> read_run(const sqlite::Row& row) {
  TRY(arguments, unpack(row.text(4)));
  const auto state = parse_state(row.text(9));
  if (!state) return fail(Error::internal("jobs.db holds an unknown state of a run: " + row.text(9)));
  return RunRecord{.run_id = row.text(0),
                   .job_name = row.text(1),
                   .attempt = static_cast<int32_t>(row.integer(2)),
                   .script_name = row.text(3),
                   .arguments = std::move(arguments),
                   .glue_version = row.text(5),
                   .timeout = std::chrono::seconds(row.integer(6)),
                   .memory_limit_bytes = static_cast<uint64_t>(row.integer(7)),
                   .details = row.text(8),
                   .access_key = row.text(access_key_column),
                   .state = *state,
                   .accepted = from_microseconds(row.integer(10)),
                   .started = optional_instant(row, 11),
                   .completed = optional_instant(row, 12),
                   .modified = from_microseconds(row.integer(13)),
                   .error_message = row.text(14),
                   .exit_code = optional_number(row, 15),
                   .exit_signal = optional_number(row, 16)};
}

std::string select(std::string_view rest) { return "SELECT " + std::string(columns) + " FROM run " + std::string(rest); }

std::vector<std::string> flattened(const std::map<std::string, std::string>& pairs) {
  std::vector<std::string> strings;
  for (const auto& [name, value] : pairs) {
    strings.push_back(name);
    strings.push_back(value);
  }
  return strings;
}

}  // namespace

RunStore::RunStore(std::unique_ptr<sqlite::Database> database) : database_(std::move(database)) {}
RunStore::~RunStore() = default;

Result<std::unique_ptr<RunStore>> RunStore::open(const std::filesystem::path& file) {
  TRY(database, sqlite::Database::open(file, migrations));
  return std::unique_ptr<RunStore>(new RunStore(std::move(database)));
}

Result<void> RunStore::insert(const RunRequest& request, const RunRecord& run, const Limits& limits) {
  return database_->transaction([&](sqlite::Transaction& t) -> Result<void> {
    TRY(same, t.query("SELECT 1 FROM run WHERE run_id = ?", run.run_id));
    if (!same.empty()) return fail(error::run_exists(run.run_id));
    TRY(of_job, t.query("SELECT count(*) FROM run WHERE job_name = ? AND " + std::string(unfinished_states), run.job_name));
    if (limits.of_job > 0 && of_job[0].integer(0) >= limits.of_job) {
      return fail(error::too_many_runs_of_job(run.job_name, limits.of_job));
    }
    TRY(waiting, t.query("SELECT count(*) FROM run WHERE state IN ('WAITING', 'STARTING')"));
    if (waiting[0].integer(0) >= limits.waiting) return fail(error::queue_full(limits.waiting));
    TRY_DO(
        t.run("INSERT INTO run(run_id, job_name, attempt, script_name, script, arguments, environment, script_path, "
              "working_folder, is_bound_to_process, glue_version, "
              "timeout_seconds, memory_limit_bytes, details, state, accepted, modified, error_message, access_key) "
              "VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', ?)",
              run.run_id, run.job_name, run.attempt, run.script_name, request.script, pack(run.arguments),
              pack(flattened(request.environment)), request.script_path, request.working_folder, request.is_bound_to_process,
              run.glue_version, run.timeout.count(), run.memory_limit_bytes, run.details, name_of(run.state),
              to_microseconds(run.accepted), to_microseconds(run.modified), run.access_key));
    return {};
  });
}

Result<void> RunStore::update(const RunRecord& run) {
  TRY_DO(
      database_->run("UPDATE run SET state = ?, started = ?, completed = ?, modified = ?, error_message = ?, exit_code = ?, "
                     "exit_signal = ? WHERE run_id = ?",
                     name_of(run.state), stored(run.started), stored(run.completed), to_microseconds(run.modified),
                     run.error_message, run.exit_code, run.exit_signal, run.run_id));
  return {};
}

Result<void> RunStore::set_driver(std::string_view run_id, const DriverProcess& driver) {
  TRY_DO(database_->run("UPDATE run SET driver_number = ?, driver_start_ticks = ? WHERE run_id = ?", driver.number,
                        driver.start_ticks, run_id));
  return {};
}

Result<void> RunStore::set_usage(std::string_view run_id, std::string_view usage) {
  TRY_DO(database_->run("UPDATE run SET usage = ? WHERE run_id = ?", usage, run_id));
  return {};
}

Result<std::optional<std::string>> RunStore::usage_of(std::string_view run_id) const {
  TRY(rows, database_->query("SELECT usage FROM run WHERE run_id = ?", run_id));
  if (rows.empty()) return std::optional<std::string>{};
  return rows[0].optional_text(0);
}

Result<std::map<std::string, int64_t>> RunStore::counts() const {
  TRY(rows, database_->query("SELECT state, count(*) FROM run GROUP BY state"));
  std::map<std::string, int64_t> counts;
  for (const auto& row : rows) counts.emplace(row.text(0), row.integer(1));
  return counts;
}

Result<std::vector<std::string>> RunStore::remove_ended(std::string_view job_name) {
  std::vector<std::string> removed;
  TRY_DO(database_->transaction([&](sqlite::Transaction& t) -> Result<void> {
    const auto ended = " FROM run WHERE job_name = ? AND NOT " + std::string(unfinished_states);
    TRY(rows, t.query("SELECT run_id" + ended, job_name));
    for (const auto& row : rows) removed.push_back(row.text(0));
    TRY_DO(t.run("DELETE" + ended, job_name));
    return {};
  }));
  return removed;
}

Result<std::optional<RunRecord>> RunStore::find(std::string_view run_id) const {
  TRY(rows, database_->query(select("WHERE run_id = ?"), run_id));
  if (rows.empty()) return std::optional<RunRecord>{};
  TRY(run, read_run(rows[0]));
  return std::optional(std::move(run));
}

Result<RunRequest> RunStore::request_of(const RunRecord& run) const {
  TRY(rows,
      database_->query("SELECT script, environment, script_path, working_folder, is_bound_to_process FROM run WHERE run_id = ?",
                       run.run_id));
  if (rows.empty()) return fail(error::no_such_run(run.run_id));
  RunRequest request{.run_id = run.run_id,
                     .job_name = run.job_name,
                     .attempt = run.attempt,
                     .script_name = run.script_name,
                     .script = rows[0].text(0),
                     .arguments = run.arguments,
                     .script_path = rows[0].text(2),
                     .working_folder = rows[0].text(3),
                     .is_bound_to_process = rows[0].integer(4) != 0,
                     .glue_version = run.glue_version,
                     .timeout = run.timeout,
                     .memory_limit_bytes = run.memory_limit_bytes,
                     .access_key = run.access_key};
  TRY(environment, unpack(rows[0].text(1)));
  for (std::size_t at = 0; at + 1 < environment.size(); at += 2) request.environment[environment[at]] = environment[at + 1];
  return request;
}

Result<std::vector<RunRecord>> RunStore::list(const ListQuery& query) const {
  TRY(rows, database_->query(select("WHERE (?1 = '' OR job_name = ?1) AND (?2 = '' OR sequence < "
                                    "(SELECT sequence FROM run WHERE run_id = ?2)) ORDER BY sequence DESC LIMIT ?3"),
                             query.job_name, query.after_run_id, query.limit));
  std::vector<RunRecord> runs;
  for (const auto& row : rows) {
    TRY(run, read_run(row));
    runs.push_back(std::move(run));
  }
  return runs;
}

Result<uint64_t> RunStore::unfinished_count(std::string_view job_name) const {
  TRY(rows, database_->query("SELECT count(*) FROM run WHERE job_name = ? AND " + std::string(unfinished_states), job_name));
  return static_cast<uint64_t>(rows[0].integer(0));
}

Result<std::vector<UnfinishedRun>> RunStore::unfinished() const {
  TRY(rows, database_->query(select("WHERE " + std::string(unfinished_states) + " ORDER BY sequence")));
  std::vector<UnfinishedRun> runs;
  for (const auto& row : rows) {
    TRY(run, read_run(row));
    std::optional<DriverProcess> driver;
    if (!row.is_null(driver_column)) {
      driver =
          DriverProcess{static_cast<pid_t>(row.integer(driver_column)), static_cast<uint64_t>(row.integer(driver_column + 1))};
    }
    runs.push_back({std::move(run), driver});
  }
  return runs;
}

}  // namespace mastic::jobs
