// Ctrl-C and SIGTERM as something to wait for.
//
// Made first, before any thread: it blocks the signals for all of them. SIGPIPE is ignored from then on.
#pragma once

#include <signal.h>

#include <chrono>
#include <optional>

namespace mastic::program {

class StopSignal {
 public:
  StopSignal();
  /// Waits for the signal; nothing when the limit is over first.
  std::optional<int> wait(std::optional<std::chrono::milliseconds> limit = std::nullopt);
  /// From now on, a second signal ends the process at once.
  void end_at_once_from_now();

 private:
  sigset_t signals_;
};

}  // namespace mastic::program
