// Python worker processes: forked from one warm process, kept for the next query of the same environment.
//
//   WorkerPool pool(options);
//   auto worker = pool.take(environment);      // milliseconds when the warm process is up, else a second
//   … speak with worker->socket() …
//   pool.give_back(std::move(worker));         // only when it ended its task in order; else let it be destroyed: killed
//
// WorkerPool: thread-safe. Worker: one thread at a time. Failures are exceptions (duckdb::IOException), as everywhere below
// a DuckDB operator, but for ask(). No worker outlives the pool, nor this process.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "engine/failure.h"
#include "engine/python/python_environment.h"

namespace mastic::engine {

/// How Python is found.
struct PythonOptions {
  std::string executable;   // empty: no Python here, each use fails by name
  std::string module_path;  // where `mastic.worker` lies
};

class Worker {
 public:
  Worker(PythonEnvironment environment, int socket, pid_t process, int process_handle);
  ~Worker();  // kills the process
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  [[nodiscard]] int socket() const { return socket_; }
  [[nodiscard]] pid_t process() const { return process_; }
  [[nodiscard]] const PythonEnvironment& environment() const { return environment_; }
  void kill() const;
  [[nodiscard]] bool has_ended() const;

 private:
  const PythonEnvironment environment_;
  const int socket_;
  const pid_t process_;
  const int process_handle_;  // a pidfd: the number alone may mean another process later
};

class WorkerPool {
 public:
  explicit WorkerPool(PythonOptions options);
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  [[nodiscard]] std::unique_ptr<Worker> take(const PythonEnvironment& environment);
  void give_back(std::unique_ptr<Worker> worker);
  /// Has a fresh worker run the `main` of one of PySpark's planning helpers (`pyspark.sql.worker.…`) over the request, and
  /// gives all that it writes. Looks at `interrupted` while it waits.
  [[nodiscard]] EngineResult<std::string> ask(const PythonEnvironment& environment, const std::string& module,
                                              const std::string& request, const WorkerLimits& limits,
                                              const std::function<bool()>& interrupted);
  /// Ends the idle workers of a session.
  void forget(const std::string& session);
  /// Where workers leave the stack of a crash, one file a process.
  [[nodiscard]] const std::string& fault_folder() const { return fault_folder_; }

 private:
  struct Idle {
    std::unique_ptr<Worker> worker;
    std::chrono::steady_clock::time_point since;
  };
  class WarmProcess;
  std::unique_ptr<Worker> start(const PythonEnvironment& environment);
  static std::string converse(const Worker& worker, const std::string& request, const WorkerLimits& limits,
                              const std::function<bool()>& interrupted);
  void drop_old();  // needs the lock

  const PythonOptions options_;
  std::string fault_folder_;
  std::mutex mutex_;
  std::vector<Idle> idle_;
  std::mutex starting_;
  std::unique_ptr<WarmProcess> warm_;
};

/// The failure of a query whose worker's process ended before its task, with the stack that it left if it had to leave one.
[[noreturn]] void throw_worker_died(const std::string& fault_folder, pid_t process, bool fault_handler);
/// … and of one whose worker was ended because it gave no sign.
[[noreturn]] void throw_idle_too_long(int seconds);

}  // namespace mastic::engine
