// A run's way: start → (wait in the queue) → jobs::Runs → perhaps another attempt.
#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "aws/json.h"
#include "base/identifiers.h"
#include "base/log.h"
#include "glue/errors.h"
#include "glue/jobs/job_definition.h"
#include "glue/jobs/jobs.h"

namespace mastic::glue {
namespace {

constexpr std::string_view concurrent_runs_exceeded = "ConcurrentRunsExceededException";

template <typename T>
void take_from(std::optional<T>& own, const std::optional<T>& of_job) {
  if (!own) own = of_job;
}

/// What the run takes from its job where the request said nothing.
Result<void> complete_run(wire::JobRun& run, const wire::Job& job) {
  if (run.security_configuration) return fail(error::unsupported("SecurityConfiguration"));
  if (run.worker_type.has_value() != run.number_of_workers.has_value() && !job.worker_type) {
    return fail(error::invalid_input("WorkerType and NumberOfWorkers must be set together."));
  }
  if (run.max_capacity && (run.worker_type || run.number_of_workers)) {
    return fail(error::invalid_input("Please do not set Max Capacity if using Worker Type and Number of Workers."));
  }
  if (!run.max_capacity) {
    take_from(run.worker_type, job.worker_type);
    take_from(run.number_of_workers, job.number_of_workers);
    if (run.worker_type && run.number_of_workers) {
      run.max_capacity = capacity_of(*run.worker_type, *run.number_of_workers);
    } else if (run.allocated_capacity) {
      run.max_capacity = *run.allocated_capacity;
    }
  }
  take_from(run.max_capacity, job.max_capacity);
  run.allocated_capacity = static_cast<int32_t>(run.max_capacity.value_or(0));
  take_from(run.timeout, job.timeout);
  take_from(run.job_run_queuing_enabled, job.job_run_queuing_enabled);
  take_from(run.execution_class, job.execution_class);
  take_from(run.notification_property, job.notification_property);
  run.job_mode = job.job_mode;
  run.glue_version = job.glue_version;
  run.maintenance_window = job.maintenance_window;
  run.log_group_name = "/aws-glue/jobs";
  return {};
}

bool is_waiting(const wire::JobRun& run) { return run.job_run_state == "WAITING"; }

}  // namespace

Result<std::string> Jobs::start(wire::JobRun run) {
  TRY(job, require(run.job_name.value_or("")));
  if (run.previous_run_id) {  // StartJobRun with JobRunId: that run again
    TRY(previous, get_run(run.job_name.value_or(""), *run.previous_run_id));
    take_from(run.arguments, previous.arguments);
    run.attempt = previous.attempt.value_or(0) + 1;
  }
  TRY_DO(complete_run(run, job));
  // It limits a session, and there are sessions only where rights are looked at.
  if (run.execution_role_session_policy && roles_ == nullptr) return fail(error::unsupported("ExecutionRoleSessionPolicy"));
  TRY_DO(check_runnable(job, run));
  const auto run_id = run.id ? *run.id : "jr_" + random_hex(64);
  run.id = run_id;
  if (!run.attempt) run.attempt = 0;
  run.started_on = clock_.now();
  run.last_modified_on = run.started_on;
  TRY_DO(launch(job, std::move(run)));
  return run_id;
}

Result<void> Jobs::launch(const wire::Job& job, wire::JobRun run) {
  const std::scoped_lock lock(launching_);
  const bool queueing = run.job_run_queuing_enabled.value_or(false);
  if (queueing) {
    // Behind those that wait already; the row of a waiting run is there before its turn is looked at.
    run.job_run_state = "WAITING";
    TRY_DO(hold(run));
    return launch_waiting(run.job_name.value_or(""));
  }
  auto request = make_run_request(job, run, read_object_, roles_);
  // As in Glue, a script that is not there is the run's failure, not the request's.
  if (!request) return end_held(std::move(run), "FAILED", request.error().message);
  auto started = submit(std::move(*request));
  if (started) return {};
  if (started.error().code == concurrent_runs_exceeded) {
    return fail(error::concurrent_runs_exceeded(run.job_name.value_or("")));
  }
  return fail(std::move(started).error());
}

Result<void> Jobs::submit(mastic::jobs::RunRequest request) {
  const auto access_key = request.access_key;
  auto started = runs_.start(std::move(request));
  if (started) return {};
  if (roles_ != nullptr && !access_key.empty()) roles_->end(access_key);
  return fail(std::move(started).error());
}

Result<void> Jobs::launch_waiting(std::string_view job_name) {
  const std::scoped_lock lock(launching_);
  TRY(job, find(job_name));
  if (!job) return {};
  TRY(held, list_held(job_name));
  for (auto& run : held) {
    if (!is_waiting(run)) continue;
    auto request = make_run_request(*job, run, read_object_, roles_);
    if (!request) {
      TRY_DO(end_held(std::move(run), "FAILED", request.error().message));
      continue;
    }
    const auto started = submit(std::move(*request));
    if (!started && started.error().code == concurrent_runs_exceeded) return {};
    if (!started && started.error().code == "ResourceNumberLimitExceededException") return {};
    // Accepted, now or before a crash took the row's removal.
    if (started || started.error().code == "AlreadyExistsException") {
      TRY_DO(forget_held(run.id.value_or("")));
      continue;
    }
    // Our own failure is no verdict on the run: it waits on.
    if (started.error().http_status >= 500) return fail(started.error());
    TRY_DO(end_held(std::move(run), "FAILED", started.error().message));
  }
  return {};
}

void Jobs::on_change(const mastic::jobs::RunRecord& run) {
  if (!mastic::jobs::is_final(run.state)) return;
  if (roles_ != nullptr && !run.access_key.empty()) roles_->end(run.access_key);
  if (const auto kept = collect_bookmark(run); !kept)
    log::error("glue", "the bookmark of run {} is not kept yet: {}", run.run_id, kept.error().message);
  if (run.state == mastic::jobs::State::failed) {
    if (const auto retried = retry(run); !retried) {
      log::error("glue", "run {} of {} cannot be tried again: {}", run.run_id, run.job_name, retried.error().message);
    }
  }
  if (const auto launched = launch_waiting(run.job_name); !launched) {
    log::error("glue", "the waiting runs of {} cannot be started: {}", run.job_name, launched.error().message);
  }
}

Result<void> Jobs::retry(const mastic::jobs::RunRecord& failed) {
  TRY(job, find(failed.job_name));
  if (!job || failed.attempt >= job->max_retries.value_or(0)) return {};
  TRY(run, aws::from_json<wire::JobRun>(failed.details));
  const auto first_id = failed.run_id.substr(0, failed.run_id.find("_attempt_"));
  run.attempt = failed.attempt + 1;
  run.id = fmt::format("{}_attempt_{}", first_id, *run.attempt);
  run.previous_run_id = failed.run_id;
  TRY(same, runs_.find(*run.id));
  if (same) return {};
  run.started_on = clock_.now();
  run.last_modified_on = run.started_on;
  run.job_run_queuing_enabled = true;  // another run of the job may have taken the place; the attempt waits for its turn
  return launch(*job, std::move(run));
}

Result<void> Jobs::resume() {
  TRY(jobs, database_.query("SELECT DISTINCT job_name FROM held_run WHERE state = 'WAITING'"));
  for (const auto& row : jobs) TRY_DO(launch_waiting(row.text(0)));
  // A run that failed as the server ended has its next attempt still before it.
  mastic::jobs::ListQuery newest;
  newest.limit = 200;
  TRY(runs, runs_.list(newest));
  const auto recently = clock_.now() - std::chrono::hours(1);
  for (const auto& run : runs) {
    if (run.state == mastic::jobs::State::failed && run.completed.value_or(Instant{}) > recently) TRY_DO(retry(run));
  }
  return {};
}

Result<wire::JobRun> Jobs::to_wire(const mastic::jobs::RunRecord& record) const {
  TRY(run, aws::from_json<wire::JobRun>(record.details));
  run.id = record.run_id;
  run.job_name = record.job_name;
  run.attempt = record.attempt;
  run.job_run_state = std::string(mastic::jobs::name_of(record.state));
  run.started_on = record.accepted;
  run.last_modified_on = record.modified;
  run.completed_on = record.completed;
  run.execution_time = static_cast<int32_t>(mastic::jobs::execution_seconds(record, clock_.now()));
  if (!record.error_message.empty()) run.error_message = record.error_message;
  return std::move(run);
}

Result<wire::JobRun> Jobs::get_run(std::string_view job_name, std::string_view run_id) {
  TRY_DO(require(job_name));
  TRY(record, runs_.find(run_id));
  if (record && record->job_name == job_name) return to_wire(*record);
  TRY(held, find_held(run_id));
  if (held && held->job_name == job_name) return std::move(*held);
  return fail(error::job_run_not_found(run_id));
}

Result<catalog::Page<wire::JobRun>> Jobs::list_runs(std::string_view job_name, const catalog::PageRequest& page) {
  TRY_DO(require(job_name));
  TRY(held, list_held(job_name));
  std::vector<wire::JobRun> runs;
  mastic::jobs::ListQuery query;
  query.job_name = job_name;
  // Without held runs one page of the others is the answer; else both are merged by time.
  query.after_run_id = held.empty() ? page.after : "";
  query.limit = held.empty() ? static_cast<uint32_t>(page.limit + 1) : 200;
  while (true) {
    TRY(records, runs_.list(query));
    for (const auto& record : records) {
      TRY(run, to_wire(record));
      runs.push_back(std::move(run));
    }
    if (held.empty() || records.size() < query.limit) break;
    query.after_run_id = records.back().run_id;
  }
  if (!held.empty()) {
    std::ranges::move(held, std::back_inserter(runs));
    std::ranges::stable_sort(runs, std::ranges::greater{}, [](const auto& run) { return std::tuple(run.started_on, run.id); });
    const auto after = std::ranges::find_if(runs, [&](const auto& run) { return run.id == page.after; });
    if (after != runs.end()) runs.erase(runs.begin(), after + 1);
  }
  catalog::Page<wire::JobRun> answer;
  if (runs.size() > page.limit) {
    runs.resize(page.limit);
    answer.last_key = runs.back().id.value_or("");
  }
  answer.entries = std::move(runs);
  return answer;
}

Result<void> Jobs::stop_run(std::string_view job_name, std::string_view run_id) {
  TRY_DO(get_run(job_name, run_id));
  {
    const std::scoped_lock lock(launching_);
    TRY(held, find_held(run_id));
    if (held && is_waiting(*held)) return end_held(std::move(*held), "STOPPED", "");
    if (held) return {};
  }
  // Without the lock: Runs::stop waits for the thread that calls on_change, which takes it.
  TRY_DO(runs_.stop(run_id));
  return {};
}

}  // namespace mastic::glue
