// Engines and a zygote, kept warm while there is demand.
//
// Cold: no process. Demand (a run that waits, or `heat`) makes it warm: one zygote, `warm_engines` ready engines, and
// further engines for as many runs as wait. Idle for long enough, it is cold again. An engine serves one run and is never
// given back. Owned by the supervisor's thread.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "jobs/engine_process.h"
#include "jobs/zygote.h"

namespace mastic::jobs {

struct PoolOptions {
  std::filesystem::path log_folder;
  std::vector<std::string> engine_command;
  std::vector<std::string> zygote_command;
  uint32_t warm_engines = 1;
  std::chrono::seconds start_limit{60};
  bool with_tickets = false;
};

class Pool {
 public:
  Pool(PoolOptions options, const Clock& clock);

  void heat() { warm_ = true; }
  /// Ends what is not in use.
  void cool();
  [[nodiscard]] bool is_warm() const { return warm_; }

  /// Takes in what has happened, and starts and ends processes: for `waiting` runs, and to stay warm. An engine taken by
  /// a run that has just begun is replaced a little later, so that the two do not fight for the processor.
  void advance(std::size_t waiting);
  void add_descriptors(std::vector<int>& into) const;
  void add_processes(std::vector<pid_t>& into) const;
  /// When `advance` should be called again even if no descriptor is readable.
  [[nodiscard]] std::optional<Instant> next_look() const;

  /// The zygote, when it is ready.
  [[nodiscard]] Zygote* zygote() const;
  [[nodiscard]] bool has_ready_engine() const;
  [[nodiscard]] std::size_t ready_engines() const;
  std::unique_ptr<EngineProcess> take_engine();
  /// Drivers that any zygote of this pool has reported.
  std::vector<StartedDriver> take_started();
  /// Whether a run that this zygote was asked for and that has not been reported can still begin.
  [[nodiscard]] bool may_begin_by(pid_t zygote) const { return zygote_ && zygote_->process() == zygote; }
  /// Kills the zygote: it does not do what it is asked to.
  void drop_zygote();

  /// Why processes do not come up, when they have failed twice in a row. The next attempt is made on the next demand.
  std::optional<std::string> take_failure();

 private:
  void advance_zygote();
  void advance_engines(std::size_t waiting);
  void note_failure(uint32_t& count, std::string what, const std::filesystem::path& log_file);

  PoolOptions options_;
  const Clock& clock_;
  bool warm_ = false;
  std::unique_ptr<Zygote> zygote_;
  std::vector<std::unique_ptr<EngineProcess>> engines_;
  std::vector<StartedDriver> reported_;
  std::optional<Instant> refill_;
  uint64_t engine_number_ = 0;
  uint32_t zygote_failures_ = 0;  // In a row.
  uint32_t engine_failures_ = 0;
  std::optional<std::string> failure_;
};

}  // namespace mastic::jobs
