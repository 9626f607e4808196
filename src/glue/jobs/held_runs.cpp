// Runs that jobs::Runs has not got: those that wait, and those that ended before there was anything to execute.
#include "aws/json.h"
#include "glue/jobs/jobs.h"

namespace mastic::glue {

Result<void> Jobs::hold(const wire::JobRun& run) {
  TRY_DO(
      database_.run("INSERT INTO held_run(id, job_name, state, body) VALUES(?, ?, ?, ?) "
                    "ON CONFLICT(id) DO UPDATE SET state = excluded.state, body = excluded.body",
                    run.id, run.job_name, run.job_run_state, aws::to_json(run)));
  return {};
}

Result<std::optional<wire::JobRun>> Jobs::find_held(std::string_view run_id) {
  TRY(rows, database_.query("SELECT body FROM held_run WHERE id = ?", run_id));
  if (rows.empty()) return std::nullopt;
  TRY(run, aws::from_json<wire::JobRun>(rows[0].text(0)));
  return std::optional(std::move(run));
}

Result<std::vector<wire::JobRun>> Jobs::list_held(std::string_view job_name) {
  TRY(rows, database_.query("SELECT body FROM held_run WHERE job_name = ? ORDER BY number", job_name));
  std::vector<wire::JobRun> runs;
  for (const auto& row : rows) {
    TRY(run, aws::from_json<wire::JobRun>(row.text(0)));
    runs.push_back(std::move(run));
  }
  return runs;
}

Result<void> Jobs::end_held(wire::JobRun run, std::string state, std::string message) {
  run.job_run_state = std::move(state);
  if (!message.empty()) run.error_message = std::move(message);
  run.completed_on = clock_.now();
  run.last_modified_on = run.completed_on;
  run.execution_time = 0;
  return hold(run);
}

Result<void> Jobs::forget_held(std::string_view run_id) {
  TRY_DO(database_.run("DELETE FROM held_run WHERE id = ?", run_id));
  return {};
}

}  // namespace mastic::glue
