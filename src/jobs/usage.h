// What a run's engine and driver take, with the processes that they start (workers for Python functions, subprocesses):
// processor time and memory, now and over its life.
//
// The supervisor looks at each running run every quarter of a second at first, and rarer the longer it runs: a run has at most
// 360 samples. Kept in jobs.db when the run ends.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"

namespace mastic::jobs {

struct ProcessUsage {
  std::chrono::microseconds cpu{0};
  uint64_t memory_bytes = 0;
};

/// Of one process alone; zeros when there is no such process.
ProcessUsage read_usage(pid_t process);

/// Who is whose child, as /proc has it at one moment.
class ProcessTable {
 public:
  static ProcessTable read();
  /// Of the process and what descends from it, those that have ended and been waited for included. Memory that a forked child
  /// shares with its parent counts once. Zeros when there is no such process.
  [[nodiscard]] ProcessUsage usage_of(pid_t process) const;

 private:
  std::multimap<pid_t, pid_t> children_;
};

struct UsageSample {
  std::chrono::milliseconds at{0};  // since the run could begin
  std::chrono::milliseconds cpu{0};
  uint64_t engine_memory_bytes = 0;
  uint64_t driver_memory_bytes = 0;
};

struct RunUsage {
  std::chrono::microseconds engine_cpu{0};
  std::chrono::microseconds driver_cpu{0};
  uint64_t memory_bytes = 0;       // now, or at the last look
  uint64_t peak_memory_bytes = 0;  // of both together, at any look
  std::vector<UsageSample> samples;

  [[nodiscard]] std::chrono::microseconds cpu() const { return engine_cpu + driver_cpu; }
};

/// Takes looks at a run's processes. One thread.
class UsageMeter {
 public:
  UsageMeter() = default;
  /// `before` is what the engine took before it had a run: it may have waited for one.
  UsageMeter(Instant begun, std::chrono::microseconds before) : begun_(begun), due_(begun), before_(before) {}
  /// When the next look is due.
  [[nodiscard]] Instant due() const { return due_; }
  /// Looks now, whatever is due. A process of number 0 is left out; processor time never shrinks.
  void look(pid_t engine, pid_t driver, Instant now);
  [[nodiscard]] const RunUsage& usage() const { return usage_; }

 private:
  Instant begun_;
  Instant due_;
  std::chrono::microseconds before_{0};
  std::chrono::milliseconds interval_{1000};  // of four looks
  RunUsage usage_;
};

/// As text for jobs.db, and back.
std::string pack_usage(const RunUsage& usage);
std::optional<RunUsage> unpack_usage(std::string_view text);

}  // namespace mastic::jobs
