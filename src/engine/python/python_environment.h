// Where a worker runs. Workers are shared among evaluations of equal environments only.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <string>

namespace mastic::engine {

struct PythonEnvironment {
  std::string session;                           // no worker serves two sessions
  std::string files_folder;                      // the session's artifacts; empty: none
  uint64_t files_version = 0;                    // a worker sees the files that were there when it began
  std::map<std::string, std::string> variables;  // put over the engine's own
  auto operator<=>(const PythonEnvironment&) const = default;
};

/// When a worker is given up, and what it tells of a crash.
struct WorkerLimits {
  int idle_timeout_seconds = 0;  // without a sign of the worker; 0: none
  bool kill_on_idle_timeout = false;
  bool fault_handler = false;
};

}  // namespace mastic::engine
