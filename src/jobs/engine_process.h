// One engine: a child process that serves Spark Connect for one run, from its start to its end.
//
// Its standard input is a pipe that only this process holds: it ends when that closes, however this process ends. On
// standard output it prints one line, its address, when it is ready. Standard error goes to a file.
// Owned by the supervisor's thread; nothing blocks but the destructor, which kills.
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
#include "base/result.h"
#include "jobs/process.h"

namespace mastic::jobs {

class EngineProcess {
 public:
  enum class Phase { starting, ready, ended };

  static Result<std::unique_ptr<EngineProcess>> start(const std::vector<std::string>& command,
                                                      const std::map<std::string, std::string>& environment,
                                                      std::filesystem::path log_file, Instant now, std::string ticket = {});
  ~EngineProcess();
  EngineProcess(const EngineProcess&) = delete;
  EngineProcess& operator=(const EngineProcess&) = delete;

  /// Takes in what has happened since the last call.
  void advance();
  [[nodiscard]] Phase phase() const { return phase_; }
  [[nodiscard]] const std::string& address() const { return address_; }  // sc://127.0.0.1:PORT, once it is ready.
  [[nodiscard]] pid_t process() const { return process_; }
  [[nodiscard]] Instant started() const { return started_; }
  [[nodiscard]] int status() const { return status_; }  // waitpid's, once it has ended.
  [[nodiscard]] const std::filesystem::path& log_file() const { return log_file_; }
  [[nodiscard]] const std::string& ticket() const { return ticket_; }  // Empty: it has none.
  /// Become readable when `advance` has something to do.
  void add_descriptors(std::vector<int>& into) const;

  /// Limits its memory; before a run uses it.
  void limit_memory(uint64_t bytes) const;
  /// Tells it which run it serves from now on, and where the run's folder is: one line on its standard input.
  void serve(const std::string& run_id, const std::filesystem::path& folder) const;
  /// Asks it to end: closes its standard input.
  void ask_to_end();
  /// Puts the log file elsewhere.
  void move_log_to(const std::filesystem::path& path);

 private:
  EngineProcess() = default;
  pid_t process_ = -1;
  Phase phase_ = Phase::starting;
  Instant started_;
  Descriptor input_;
  Descriptor output_;
  Descriptor watch_;
  std::string printed_;
  std::string address_;
  int status_ = 0;
  std::filesystem::path log_file_;
  std::string ticket_;
};

/// The last lines of a log, to say why a process did not come up.
std::string last_lines(const std::filesystem::path& log_file);

}  // namespace mastic::jobs
