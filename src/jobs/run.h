// One run of one script: what is asked for, and what is known of it. Plain values.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"

namespace mastic::jobs {

/// The states of a run are those of a Glue job run, with its meanings.
enum class State {
  waiting,    // Accepted; the machine is full.
  starting,   // Accepted; its processes are being made.
  running,    // The script may have begun.
  stopping,   // A stop was asked for; processes are being ended.
  stopped,    // Ended because a stop was asked for.
  succeeded,  // The script ended with exit code 0.
  failed,     // The script raised, left with another code, or was killed.
  timed_out,  // Ended because it ran longer than its timeout.
  error,      // It could not be started.
};

/// `WAITING`, `STARTING`, `RUNNING`, `STOPPING`, `STOPPED`, `SUCCEEDED`, `FAILED`, `TIMEOUT`, `ERROR`.
std::string_view name_of(State state);
std::optional<State> parse_state(std::string_view name);
/// Whether a run in this state stays in it for ever.
bool is_final(State state);

/// A file that a run brings along besides its script.
struct ExtraFile {
  std::string name;  // A plain file name; a path is refused.
  std::string content;
};

struct RunRequest {
  std::string run_id;  // Unique for ever: "jr_" and 64 hexadecimal digits in Glue. Letters, digits, '_' and '-'.
  std::string job_name;
  int32_t attempt = 0;  // 0 for the first; who retries counts.

  std::string script_name;                         // The file name that tracebacks show: "claims.py".
  std::string script;                              // Its text.
  std::vector<std::string> arguments;              // sys.argv after the script's name, in order: {"--JOB_NAME", "x", …}.
  std::map<std::string, std::string> environment;  // Set in the driver, over what Runs sets itself.
  std::vector<ExtraFile> python_files;             // Modules, zips, eggs, wheels: importable by the script.
  std::vector<ExtraFile> files;                    // Put into the script's working folder.

  // A script on this machine that is run where it lies, in a folder of the user's, instead of a copy in scratch.
  std::string script_path;     // Empty: `script` is run.
  std::string working_folder;  // Empty: scratch.
  /// Only this process may run it: when it ends before the run began, the run is FAILED.
  bool is_bound_to_process = false;

  std::string glue_version;              // "4.0"; decides the engine's defaults (Spark 3.5 without or Spark 4 with ANSI).
  std::chrono::seconds timeout{0};       // From the script's begin; 0: none.
  uint64_t memory_limit_bytes = 0;       // Of the driver and of the engine, each; 0: the room's own limits.
  uint32_t concurrent_runs_maximum = 0;  // Of this job's unfinished runs, this one included; 0: no limit.

  std::string details;  // Kept and given back with the run, never looked at: what the caller wants to remember.
  /// Whose rights the run's engine has at the stores (see engine_tickets.h); the environment says it to the driver.
  std::string access_key;
};

struct RunRecord {
  std::string run_id;
  std::string job_name;
  int32_t attempt = 0;
  std::string script_name;
  std::vector<std::string> arguments;
  std::string glue_version;
  std::chrono::seconds timeout{0};
  uint64_t memory_limit_bytes = 0;
  std::string details;
  std::string access_key;

  State state = State::waiting;
  Instant accepted;                // Glue's StartedOn.
  std::optional<Instant> started;  // When the script could begin.
  std::optional<Instant> completed;
  Instant modified;
  std::string error_message;           // Of a run that did not succeed: the exception's line, or what ended it.
  std::optional<int32_t> exit_code;    // Of the driver, when it left by itself.
  std::optional<int32_t> exit_signal;  // Of the driver, when it was killed.
};

/// How full the room is.
struct PoolFigures {
  std::size_t waiting = 0;
  std::size_t running = 0;
  std::size_t running_maximum = 0;
  std::size_t engines_ready = 0;
  bool has_zygote = false;
};

/// Whole seconds from begin to end, or to `now` for a run that has not ended; 0 before it began.
int64_t execution_seconds(const RunRecord& run, Instant now);

}  // namespace mastic::jobs
