#include "jobs/reconcile.h"

#include "base/log.h"
#include "jobs/outcome.h"
#include "jobs/run_folder.h"

namespace mastic::jobs {
namespace {

/// Nothing when the number belongs to no process, or to another one.
std::optional<Descriptor> find_living(const DriverProcess& driver) {
  // Watch first, then compare: the number cannot be given to another process behind the descriptor's back.
  auto watched = watch(driver.number);
  if (!watched || start_ticks(driver.number) != driver.start_ticks) return std::nullopt;
  return std::move(*watched);
}

/// When the driver wrote its outcome, else now.
Instant end_of(const std::filesystem::path& folder, const Clock& clock) {
  std::error_code failed;
  const auto written = std::filesystem::last_write_time(folder / "outcome", failed);
  if (failed) return clock.now();
  return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::file_clock::to_sys(written));
}

}  // namespace

Result<Reconciled> reconcile(RunStore& store, const std::filesystem::path& jobs_folder, const Clock& clock) {
  Reconciled result;
  TRY(unfinished, store.unfinished());
  for (auto& [run, driver] : unfinished) {
    if (run.state == State::waiting || run.state == State::starting) {
      TRY(request, store.request_of(run));
      if (!request.is_bound_to_process) {
        result.to_run.push_back(std::move(run));
        continue;
      }
    }
    if (driver) {
      if (auto watched = find_living(*driver)) {
        log::info("jobs", "run {} goes on: its driver, process {}, lives", run.run_id, driver->number);
        result.living.push_back({std::move(run), *driver, std::move(*watched)});
        continue;
      }
      // The leader is gone, so the number can only be its session's while somebody of that session lives.
      if (!start_ticks(driver->number)) kill_session(driver->number);
    }
    const auto folder = folder_of_run(jobs_folder, run.run_id);
    judge(run, {.reason = run.state == State::stopping ? Reason::stop_asked : Reason::none, .written = read_outcome(folder)});
    run.completed = run.modified = end_of(folder, clock);
    TRY_DO(store.update(run));
    log::info("jobs", "run {} had ended while there was no server: {}", run.run_id, name_of(run.state));
    result.ended.push_back(std::move(run));
  }
  return result;
}

}  // namespace mastic::jobs
