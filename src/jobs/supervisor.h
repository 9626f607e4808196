// The one thread that starts, watches and ends the processes of runs.
//
// It sleeps until a descriptor is readable (a process ended, a message came, somebody called) or a deadline is near, then
// looks at everything once (`tick`): each look takes in what has happened and moves each run a step on. Nothing else
// writes the state of a run that has been accepted, so no two writers meet.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "jobs/jobs.h"
#include "jobs/outcome.h"
#include "jobs/output.h"
#include "jobs/pool.h"
#include "jobs/process.h"
#include "jobs/run_store.h"
#include "jobs/usage.h"

namespace mastic::jobs {

class Supervisor {
 public:
  Supervisor(const Options& options, const Clock& clock, RunStore& store, std::unique_ptr<OutputFollower> output);
  ~Supervisor();

  /// Before `begin`: a run that an earlier process has left waiting, or whose driver still lives.
  void requeue(RunRecord run);
  void adopt(RunRecord run, const DriverProcess& driver, Descriptor watched);

  Result<void> begin(std::map<std::string, std::string> environment);

  /// Ends every process and the thread.
  void end_work();

  /// These may be called by any thread, the supervisor's own included.
  void submit(RunRecord run);
  Result<RunRecord> stop(std::string_view run_id);
  void on_change(std::function<void(const RunRecord&)> callback);
  void heat();
  void wake();
  /// Whether a run that is accepted now is started at once.
  [[nodiscard]] bool has_room() const;
  /// Waits until some run has changed since `seen`, or until the limit; gives the count of changes to wait on next.
  /// Of a run that is under way.
  [[nodiscard]] std::optional<RunUsage> usage(std::string_view run_id) const;
  [[nodiscard]] PoolFigures figures() const;
  uint64_t wait_for_change(uint64_t seen, std::chrono::steady_clock::time_point limit);

 private:
  struct Active {
    RunRecord run;
    std::unique_ptr<EngineProcess> engine;  // None for an adopted run.
    DriverProcess driver;                   // number 0: launched, not reported yet.
    Descriptor watched;
    bool adopted = false;
    pid_t zygote = 0;  // The one that was asked for the driver.
    uint32_t launches = 0;
    Reason reason = Reason::none;
    std::string engine_status;
    std::optional<Instant> kill_at;
    UsageMeter meter;
    std::optional<int> status;
    bool ended = false;
  };
  struct StopRequest;

  void loop();
  void tick();
  void take_calls();
  void take_started();
  void advance(Active& active);
  void finish(Active& active);
  void launch_waiting();
  Result<void> launch(RunRecord& run);
  Result<void> ask_zygote(Active& active, const RunRequest& request);
  void relaunch(Active& active);
  void end(Active& active, Reason reason);
  void fail_to_start(RunRecord run, const std::string& why);
  Result<RunRecord> stop_now(std::string_view run_id);
  void dismiss(std::unique_ptr<EngineProcess> engine);
  void look_at_usage(Active& active);
  void look_at_idleness();
  [[nodiscard]] std::size_t room() const;
  void change(RunRecord& run);
  void announce(const RunRecord& run);
  void reap_strays_if_safe();
  [[nodiscard]] std::optional<Instant> next_deadline() const;
  void sleep();

  const Options& options_;
  const Clock& clock_;
  RunStore& store_;
  std::unique_ptr<OutputFollower> output_;
  Pool pool_;
  std::map<std::string, std::string> environment_;

  // The supervisor's thread only.
  std::deque<RunRecord> queue_;  // Accepted, in state STARTING or WAITING.
  std::map<std::string, std::unique_ptr<Active>> active_;
  std::vector<std::pair<std::unique_ptr<EngineProcess>, Instant>> leaving_engines_;  // With the time to kill them.
  Instant last_use_;

  // Shared, under the mutex.
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  uint64_t changes_ = 0;
  std::vector<RunRecord> submitted_;
  std::vector<StopRequest*> stops_;
  std::vector<std::function<void(const RunRecord&)>> callbacks_;
  std::size_t occupied_ = 0;                             // Runs that are active or queued.
  std::map<std::string, RunUsage, std::less<>> usages_;  // Of active runs.
  PoolFigures figures_;
  bool heat_ = false;
  bool stopping_ = false;

  Descriptor wake_;
  std::thread thread_;
};

}  // namespace mastic::jobs
