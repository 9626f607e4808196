// From a waiting run to a driver that has reported.
#include <signal.h>

#include <algorithm>

#include "base/log.h"
#include "jobs/run_folder.h"
#include "jobs/supervisor.h"

namespace mastic::jobs {
namespace {

/// A run whose zygote died before its driver reported is asked for again of the next one, so many times in all.
constexpr uint32_t launches_maximum = 3;

}  // namespace

void Supervisor::launch_waiting() {
  {
    const std::scoped_lock lock(mutex_);
    if (stopping_) return;  // What waits is found by the next process.
  }
  if (const auto failure = pool_.take_failure()) {
    if (queue_.empty() || room() == 0) {
      pool_.cool();  // Nobody waits for it: the next demand tries again.
    } else {
      auto run = std::move(queue_.front());
      queue_.pop_front();
      fail_to_start(std::move(run), "The run could not be started: " + *failure);
    }
  }
  for (std::size_t index = 0; index < std::min(queue_.size(), room()); ++index) {
    if (queue_[index].state != State::waiting) continue;
    queue_[index].state = State::starting;
    change(queue_[index]);
  }
  while (!queue_.empty() && room() > 0 && pool_.zygote() != nullptr && pool_.has_ready_engine()) {
    auto run = std::move(queue_.front());
    queue_.pop_front();
    if (const auto launched = launch(run); !launched) {
      fail_to_start(std::move(run), "The run could not be started: " + launched.error().message);
    }
  }
  for (auto& [_, active] : active_) {
    if (active->driver.number == 0 && !active->ended) relaunch(*active);
  }
}

Result<void> Supervisor::launch(RunRecord& run) {
  const auto folder = folder_of_run(options_.folder, run.run_id);
  TRY(request, store_.request_of(run));
  TRY_DO(prepare_run_folder(request, folder));
  TRY_DO(output_->follow(run.run_id, folder));

  auto active = std::make_unique<Active>();
  active->engine = pool_.take_engine();
  active->engine->move_log_to(folder / "engine.log");
  active->engine->serve(run.run_id, folder);
  if (options_.tickets != nullptr) options_.tickets->assign(active->engine->ticket(), run.access_key, run.run_id);
  if (run.memory_limit_bytes > 0) active->engine->limit_memory(run.memory_limit_bytes);
  // Kept before the script can begin: whatever happens from here on, it is not run a second time.
  run.state = State::running;
  run.started = clock_.now();
  change(run);
  active->run = run;
  active->meter = UsageMeter(*run.started, ProcessTable::read().usage_of(active->engine->process()).cpu);
  auto& kept = *(active_[run.run_id] = std::move(active));
  if (const auto asked = ask_zygote(kept, request); !asked) {
    log::warn("jobs", "{}", asked.error().message);
    pool_.drop_zygote();  // The run is asked for again of the next one.
  }
  return {};
}

Result<void> Supervisor::ask_zygote(Active& active, const RunRequest& request) {
  const auto folder = folder_of_run(options_.folder, request.run_id);
  Launch launch{
      .run_id = request.run_id,
      .folder = folder,
      .script =
          request.script_path.empty() ? folder / "script" / request.script_name : std::filesystem::path(request.script_path),
      .working_folder = request.working_folder.empty() ? folder / "work" : std::filesystem::path(request.working_folder),
      .memory_limit_bytes = request.memory_limit_bytes,
      .arguments = request.arguments,
      .python_path = python_path_of(folder),
      .environment = request.environment};
  // insert does not replace: what the run itself sets goes over what the server sets.
  for (const auto& [name, value] : std::map<std::string, std::string>{{"SPARK_REMOTE", active.engine->address()},
                                                                      {"MASTIC_RUN_ID", request.run_id},
                                                                      {"MASTIC_JOB_NAME", request.job_name},
                                                                      {"GLUE_VERSION", request.glue_version},
                                                                      {"TMPDIR", (folder / "tmp").string()}}) {
    launch.environment.emplace(name, value);
  }
  launch.environment.insert(environment_.begin(), environment_.end());
  ++active.launches;
  active.zygote = pool_.zygote()->process();
  return pool_.zygote()->launch(launch);
}

void Supervisor::relaunch(Active& active) {
  if (pool_.may_begin_by(active.zygote)) return;
  if (active.reason == Reason::none && active.launches < launches_maximum) {
    pool_.heat();
    if (pool_.zygote() == nullptr) return;
    const auto request = store_.request_of(active.run);
    if (request && ask_zygote(active, *request)) return;
  }
  // It never began.
  finish(active);
  wake();
}

void Supervisor::take_started() {
  for (const auto& [run_id, process] : pool_.take_started()) {
    const auto found = active_.find(run_id);
    if (found == active_.end()) {
      kill_session(process);
      continue;
    }
    auto& active = *found->second;
    active.driver = {process, start_ticks(process).value_or(0)};
    if (auto watched = watch(process)) active.watched = std::move(*watched);
    if (const auto kept = store_.set_driver(run_id, active.driver); !kept) {
      log::error("jobs", "the driver of run {} could not be noted: {}", run_id, kept.error().message);
    }
    if (active.reason != Reason::none) {
      kill(-process, SIGTERM);
      active.kill_at = clock_.now() + options_.stop_grace;
    }
  }
}

void Supervisor::fail_to_start(RunRecord run, const std::string& why) {
  run.state = State::error;
  run.error_message = why;
  run.completed = clock_.now();
  change(run);
}

}  // namespace mastic::jobs
