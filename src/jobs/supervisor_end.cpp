// From a driver's end, or the wish for it, to the run's final state.
#include <poll.h>
#include <signal.h>

#include <algorithm>

#include "base/log.h"
#include "jobs/errors.h"
#include "jobs/run_folder.h"
#include "jobs/supervisor.h"

namespace mastic::jobs {
namespace {

bool has_ended(const Descriptor& watched) {
  pollfd look{.fd = watched.get(), .events = POLLIN, .revents = 0};
  return poll(&look, 1, 0) == 1;
}

}  // namespace

void Supervisor::advance(Active& active) {
  if (active.engine) {
    active.engine->advance();
    if (active.engine->phase() == EngineProcess::Phase::ended && active.engine_status.empty()) {
      active.engine_status = describe_status(active.engine->status());
    }
  }
  if (active.driver.number == 0) return;

  const auto now = clock_.now();
  if (active.adopted) {
    active.ended = has_ended(active.watched);
  } else if (has_ended(active.watched)) {
    look_at_usage(active);  // while /proc still knows it
    active.status = reap(active.driver.number);
    active.ended = active.status.has_value();
  } else if (const auto status = reap(active.driver.number)) {
    active.status = status;
    active.ended = true;
  }
  if (active.ended) return finish(active);

  // Without its engine a script would retry its calls for minutes.
  if (!active.engine_status.empty()) end(active, Reason::engine_ended);
  if (active.run.timeout.count() > 0 && now >= *active.run.started + active.run.timeout) end(active, Reason::timed_out);
  if (active.kill_at && now >= *active.kill_at) {
    kill_session(active.driver.number);
    active.kill_at.reset();
  }
}

void Supervisor::end(Active& active, Reason reason) {
  if (active.reason != Reason::none) return;
  active.reason = reason;
  if (active.driver.number == 0) return;  // As soon as it has reported.
  // The whole group: what the script has started, too.
  kill(-active.driver.number, SIGTERM);
  active.kill_at = clock_.now() + options_.stop_grace;
}

void Supervisor::finish(Active& active) {
  auto& run = active.run;
  const auto folder = folder_of_run(options_.folder, run.run_id);
  if (active.driver.number > 0) kill_session(active.driver.number);
  output_->finish(run.run_id);
  judge(run, {.reason = active.reason,
              .status = active.status,
              .written = read_outcome(folder),
              .engine_status = active.engine_status});
  if (active.driver.number == 0 && active.reason == Reason::none) {
    run.state = State::error;
    run.error_message = "The run could not be started: the Python zygote ended each time it was asked for a driver";
  }
  run.completed = clock_.now();
  if (!active.status) look_at_usage(active);  // else it was looked at as it ended
  if (const auto kept = store_.set_usage(run.run_id, pack_usage(active.meter.usage())); !kept) {
    log::warn("jobs", "what run {} took could not be kept: {}", run.run_id, kept.error().message);
  }
  if (active.engine) dismiss(std::move(active.engine));
  remove_scratch(folder);
  active.ended = true;
  {
    const std::scoped_lock lock(mutex_);
    usages_.erase(run.run_id);
  }
  change(run);
}

void Supervisor::dismiss(std::unique_ptr<EngineProcess> engine) {
  if (options_.tickets != nullptr) options_.tickets->withdraw(engine->ticket());
  engine->ask_to_end();
  leaving_engines_.emplace_back(std::move(engine), clock_.now() + options_.stop_grace);
}

Result<RunRecord> Supervisor::stop_now(std::string_view run_id) {
  if (const auto found = active_.find(std::string(run_id)); found != active_.end() && !found->second->ended) {
    auto& active = *found->second;
    if (active.reason == Reason::none) {
      end(active, Reason::stop_asked);
      active.run.state = State::stopping;
      change(active.run);
    }
    return active.run;
  }
  const auto queued = std::ranges::find(queue_, run_id, &RunRecord::run_id);
  if (queued != queue_.end()) {
    auto run = std::move(*queued);
    queue_.erase(queued);
    run.state = State::stopped;
    run.completed = clock_.now();
    change(run);
    return run;
  }
  TRY(run, store_.find(run_id));
  if (!run) return fail(error::no_such_run(run_id));
  return std::move(*run);
}

}  // namespace mastic::jobs
