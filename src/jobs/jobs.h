// A run's life: queue, processes, timeout, stop, outcome.
//
//   TRY(runs, jobs::Runs::open(std::move(options), clock, sink));
//   runs->on_change([](const jobs::RunRecord& run) { … });
//   TRY_DO(runs->begin({{"AWS_ENDPOINT_URL", endpoint}}));
//   TRY(run, runs->start({.run_id = "jr_…", .job_name = "claims", .script_name = "claims.py", .script = text}));
//
// A run is two processes: an engine (`mastic engine`, a Spark Connect server of its own) and a Python driver, forked
// from a zygote that has imported all it needs. A crash costs that run only. Both come from a small warm pool, which is
// filled when the first run (or `prepare`) asks for it and emptied after an idle time; without it a run starts cold.
//
// Durable: what start and stop acknowledged is in `jobs.db`. When this process dies, its engines and drivers die with it;
// the next `open` runs those that had not begun, takes the outcome of those that had ended, watches on those whose
// driver still lives, and marks the others FAILED. It never runs a script twice.
//
// Thread-safe. Owner: main; `clock` and `sink` must outlive it. Knows nothing of Glue's wire: retries, triggers,
// bookmarks and argument precedence are the caller's.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "jobs/engine_tickets.h"
#include "jobs/log_sink.h"
#include "jobs/run.h"
#include "jobs/usage.h"

namespace mastic::jobs {

struct Options {
  std::filesystem::path folder;  // jobs.db and runs/<run>/ live here. Created when missing.

  std::vector<std::string> engine_command;  // Prints `sc://HOST:PORT` as a line on stdout when it listens; ends with stdin.
  std::vector<std::string> zygote_command;  // `python -m mastic.zygote`; its socket is file descriptor 3.

  uint32_t running_maximum = 0;  // Runs at the same time; 0: as many as the machine has processors, at least 2.
  uint32_t waiting_maximum = 1000;
  uint32_t warm_engines = 1;             // Kept ready while the pool is warm; 0: every run starts cold.
  std::chrono::seconds idle{300};        // Without a run for so long, the pool is emptied; 0: never.
  std::chrono::seconds start_limit{60};  // For an engine or a zygote to become ready.
  std::chrono::seconds stop_grace{5};    // Between SIGTERM and SIGKILL.
  EngineTickets* tickets = nullptr;      // Outlives Runs. Null: engines get none.
};

struct ListQuery {
  std::string job_name;      // Empty: of every job.
  std::string after_run_id;  // Continue behind this run; empty: from the newest.
  uint32_t limit = 200;
};

class Supervisor;
class RunStore;

class Runs {
 public:
  /// Finds out what became of the runs of an earlier process. Starts nothing yet. One Runs at a time in a process: it makes
  /// the process the parent of its orphaned descendants and collects them.
  static Result<std::unique_ptr<Runs>> open(Options options, const Clock& clock, LogSink& sink);
  /// Ends every process. Runs that had begun are FAILED, their message says that the server was shut down; those that had
  /// not are run by the next Runs.
  ~Runs();
  Runs(const Runs&) = delete;
  Runs& operator=(const Runs&) = delete;

  /// Starts to work. `environment` is set in every driver (AWS_ENDPOINT_URL, …); a run's own goes over it.
  Result<void> begin(std::map<std::string, std::string> environment);

  /// Ends every process, as the destructor does; callbacks are called for the last time. What is accepted afterwards is run
  /// by the next Runs. For owners whose callbacks go before this object does.
  void end();

  /// Accepts a run; durable when it returns, in state STARTING or WAITING. Fails with `ConcurrentRunsExceededException`
  /// (concurrent_runs_maximum), `ResourceNumberLimitExceededException` (the queue is full), `AlreadyExistsException`
  /// (the run_id) or `InvalidInputException`.
  Result<RunRecord> start(RunRequest request);

  /// Asks a run to end: SIGTERM to its whole process group, SIGKILL after the grace. Returns at once, the run in state
  /// STOPPING, or STOPPED when it had not begun. A run that has ended is given back as it is. Fails with
  /// `EntityNotFoundException`.
  Result<RunRecord> stop(std::string_view run_id);

  [[nodiscard]] Result<std::optional<RunRecord>> find(std::string_view run_id) const;
  /// Newest first.
  [[nodiscard]] Result<std::vector<RunRecord>> list(const ListQuery& query) const;
  /// Runs of the job that have not ended.
  [[nodiscard]] Result<uint64_t> unfinished(std::string_view job_name) const;

  /// What the processes of a run have taken; nothing when it has not begun or is not known.
  [[nodiscard]] Result<std::optional<RunUsage>> usage(std::string_view run_id) const;
  [[nodiscard]] PoolFigures figures() const;
  /// Runs by state's name, those that were ever accepted and not forgotten.
  [[nodiscard]] Result<std::map<std::string, int64_t>> counts() const;

  /// Removes the files (plans, output, log) of runs that ended before then; the runs themselves stay listed.
  void forget_files(Instant before);
  /// Forgets the ended runs of a job, with their files.
  Result<void> forget(std::string_view job_name);

  /// Called after every durable change of a run's state, in order, from one thread of this room, without locks held: it
  /// may call start and stop. Set it before the first run; several may be set.
  void on_change(std::function<void(const RunRecord&)> callback);

  /// Blocks until the run has ended or `limit` (of real time) is over; then the record tells.
  Result<RunRecord> wait(std::string_view run_id, std::chrono::milliseconds limit);

  /// Fills the warm pool now, because a run is likely to come.
  void prepare();

  /// Where a run keeps `stdout` and `stderr`.
  [[nodiscard]] std::filesystem::path run_folder(std::string_view run_id) const;

  /// For tests with a clock of their own: look at timeouts and idle times now.
  void clock_moved();

 private:
  Runs(Options options, const Clock& clock);
  [[nodiscard]] Result<void> check(const RunRequest& request) const;
  Options options_;
  const Clock& clock_;
  std::unique_ptr<RunStore> store_;
  std::unique_ptr<Supervisor> supervisor_;
};

}  // namespace mastic::jobs
