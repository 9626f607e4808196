// From a driver's end to a run's final state and a message that a person can act on. No side effects but reading a file.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "jobs/run.h"

namespace mastic::jobs {

/// What the driver wrote as the last thing it did.
struct WrittenOutcome {
  int32_t exit_code = 0;
  std::string error;  // "ValueError: x"
};
std::optional<WrittenOutcome> read_outcome(const std::filesystem::path& run_folder);

/// Why this process ended a driver, or expects its end.
enum class Reason { none, stop_asked, timed_out, engine_ended, shut_down };

struct DriverEnd {
  Reason reason = Reason::none;
  std::optional<int> status;              // waitpid's; nothing when it was not this process's child.
  std::optional<WrittenOutcome> written;  // Nothing when it was killed, or left through os._exit.
  std::string engine_status;              // Of an engine that ended by itself before the driver: "signal 9 (Killed)".
};

/// Sets state, message, exit code and signal of the run.
void judge(RunRecord& run, const DriverEnd& end);

}  // namespace mastic::jobs
