// Runs in SQLite: what was asked for, the state, and which process drives it. Every call that changes something is one
// transaction and durable when it returns. Thread-safe.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "jobs/jobs.h"
#include "jobs/run.h"

namespace mastic::sqlite {
class Database;
}

namespace mastic::jobs {

/// The driver as the kernel knows it; the start tells it from a later process of the same number.
struct DriverProcess {
  pid_t number = 0;
  uint64_t start_ticks = 0;
};

/// A run that had not ended, as a restart finds it.
struct UnfinishedRun {
  RunRecord run;
  std::optional<DriverProcess> driver;
};

class RunStore {
 public:
  static Result<std::unique_ptr<RunStore>> open(const std::filesystem::path& file);
  ~RunStore();

  struct Limits {
    uint32_t of_job = 0;   // Unfinished runs of the job, the new one included; 0: no limit.
    uint32_t waiting = 0;  // Runs in state WAITING or STARTING.
  };
  /// Fails with the errors that Runs::start names.
  Result<void> insert(const RunRequest& request, const RunRecord& run, const Limits& limits);
  /// Replaces what changes in a run's life.
  Result<void> update(const RunRecord& run);
  Result<void> set_driver(std::string_view run_id, const DriverProcess& driver);
  /// usage.h's text.
  Result<void> set_usage(std::string_view run_id, std::string_view usage);
  [[nodiscard]] Result<std::optional<std::string>> usage_of(std::string_view run_id) const;
  /// Runs in each state that any run is in.
  [[nodiscard]] Result<std::map<std::string, int64_t>> counts() const;
  Result<std::vector<std::string>> remove_ended(std::string_view job_name);

  [[nodiscard]] Result<std::optional<RunRecord>> find(std::string_view run_id) const;
  /// What a run was asked to do, with its script; without the extra files, which lie in its folder.
  [[nodiscard]] Result<RunRequest> request_of(const RunRecord& run) const;
  [[nodiscard]] Result<std::vector<RunRecord>> list(const ListQuery& query) const;
  [[nodiscard]] Result<uint64_t> unfinished_count(std::string_view job_name) const;
  /// Oldest first.
  [[nodiscard]] Result<std::vector<UnfinishedRun>> unfinished() const;

 private:
  explicit RunStore(std::unique_ptr<sqlite::Database> database);
  std::unique_ptr<sqlite::Database> database_;
};

}  // namespace mastic::jobs
