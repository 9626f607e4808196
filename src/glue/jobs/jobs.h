// Jobs and their runs, as Glue sees them. What executes is `src/jobs`; this is definitions, arguments, concurrency,
// queueing and retries.
//
// Where a run is kept: from the moment it is handed to jobs::Runs, there, with the JobRun as it was asked for among its
// details. A run that never got so far (it waits for another run of its job to end, its script cannot be read) is held
// here, in `glue.db`. A run is in one of the two: its row here goes when Runs has accepted it.
//
// Durable: what a call acknowledged is in a database. Thread-safe. Owner: Glue; all that is handed in must outlive it.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aws/models/glue.h"
#include "base/clock.h"
#include "base/sqlite.h"
#include "glue/catalog/catalog.h"
#include "glue/jobs/run_plan.h"
#include "jobs/jobs.h"

namespace mastic::glue {

namespace wire = mastic::aws::glue;

class Jobs {
 public:
  Jobs(sqlite::Database& database, const Clock& clock, mastic::jobs::Runs& runs, ReadObject read_object,
       Roles* roles = nullptr);
  ~Jobs();
  Jobs(const Jobs&) = delete;
  Jobs& operator=(const Jobs&) = delete;

  /// Goes on with what a restart interrupted: waiting runs, retries that are due.
  Result<void> resume();

  /// `job` is complete but for its times. The same definition again is the same job, as in Glue; another one under the
  /// name is IdempotentParameterMismatchException.
  Result<void> create(wire::Job job);
  Result<std::optional<wire::Job>> find(std::string_view name);
  Result<catalog::Page<wire::Job>> list(const catalog::PageRequest& page);
  /// Replaces the whole definition.
  Result<void> update(wire::Job job);
  /// Removes it with its ended runs; one that is not there is no failure, as in Glue.
  Result<void> remove(std::string_view name);

  /// `run` holds what the request gave, perhaps the id that it is to have; the answer is its id.
  Result<std::string> start(wire::JobRun run);
  Result<wire::JobRun> get_run(std::string_view job_name, std::string_view run_id);
  /// The newest first, behind the run `after`.
  Result<catalog::Page<wire::JobRun>> list_runs(std::string_view job_name, const catalog::PageRequest& page);
  Result<void> stop_run(std::string_view job_name, std::string_view run_id);

  /// What the job has read so far; with `run_id`, after that run. Fails with EntityNotFoundException when nothing is kept.
  Result<wire::JobBookmarkEntry> bookmark(std::string_view job_name, std::string_view run_id);
  /// The next run begins anew, or with `run_id` where that run had ended.
  Result<wire::JobBookmarkEntry> reset_bookmark(std::string_view job_name, std::string_view run_id);

 private:
  struct Gate;

  Result<wire::Job> require(std::string_view name);
  Result<void> launch(const wire::Job& job, wire::JobRun run);
  /// Hands it over; on failure its session is ended.
  Result<void> submit(mastic::jobs::RunRequest request);
  Result<void> launch_waiting(std::string_view job_name);
  Result<void> retry(const mastic::jobs::RunRecord& failed);
  void on_change(const mastic::jobs::RunRecord& run);
  Result<wire::JobRun> to_wire(const mastic::jobs::RunRecord& record) const;

  // Bookmarks; see bookmarks.cpp.
  /// Takes over what runs have committed since it was last looked at.
  Result<void> collect_bookmarks(std::string_view job_name);
  Result<void> collect_bookmark(const mastic::jobs::RunRecord& run);

  // Runs that are held here; see held_runs.cpp.
  Result<void> hold(const wire::JobRun& run);
  Result<std::optional<wire::JobRun>> find_held(std::string_view run_id);
  Result<std::vector<wire::JobRun>> list_held(std::string_view job_name);
  Result<void> end_held(wire::JobRun run, std::string state, std::string message);
  Result<void> forget_held(std::string_view run_id);

  sqlite::Database& database_;
  const Clock& clock_;
  mastic::jobs::Runs& runs_;
  const ReadObject read_object_;
  Roles* const roles_;
  const std::shared_ptr<Gate> gate_;
  std::recursive_mutex launching_;  // a job's concurrency and its queue are looked at and changed by one at a time
};

}  // namespace mastic::glue
