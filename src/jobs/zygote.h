// The zygote: a child process that forks a driver for each run (`python/mastic/zygote.py`).
//
// A driver becomes a child of this process, not of the zygote. Owned by the supervisor's thread; nothing blocks but
// `launch`, for as long as the zygote takes to read a request, and the destructor, which kills.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "jobs/process.h"

namespace mastic::jobs {

struct Launch {
  std::string run_id;
  std::filesystem::path folder;
  std::filesystem::path script;
  std::filesystem::path working_folder;
  uint64_t memory_limit_bytes = 0;
  std::vector<std::string> arguments;
  std::vector<std::string> python_path;
  std::map<std::string, std::string> environment;
};

struct StartedDriver {
  std::string run_id;
  pid_t process = 0;
};

class Zygote {
 public:
  enum class Phase { starting, ready, ended };

  static Result<std::unique_ptr<Zygote>> start(const std::vector<std::string>& command,
                                               const std::map<std::string, std::string>& environment,
                                               std::filesystem::path log_file, Instant now);
  ~Zygote();
  Zygote(const Zygote&) = delete;
  Zygote& operator=(const Zygote&) = delete;

  /// Takes in what has happened since the last call.
  void advance();
  /// `ended` means that no driver will be reported any more: what was launched and not reported never begins.
  [[nodiscard]] Phase phase() const { return phase_; }
  [[nodiscard]] pid_t process() const { return process_; }
  [[nodiscard]] Instant started() const { return started_; }
  [[nodiscard]] const std::filesystem::path& log_file() const { return log_file_; }
  void add_descriptors(std::vector<int>& into) const;

  Result<void> launch(const Launch& launch);
  /// Drivers that have reported since the last call.
  std::vector<StartedDriver> take_started();

 private:
  Zygote() = default;
  void take_message(const std::vector<std::string>& strings);

  pid_t process_ = -1;
  bool process_ended_ = false;
  Phase phase_ = Phase::starting;
  Instant started_;
  Descriptor socket_;
  Descriptor watch_;
  std::string received_;
  std::vector<StartedDriver> reported_;
  std::filesystem::path log_file_;
};

}  // namespace mastic::jobs
