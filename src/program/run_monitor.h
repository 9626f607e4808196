// Watches runs while they are under way: Glue's metrics of them into CloudWatch, events about their states.
//
// Every 30 seconds, and at its end, a run with `--enable-metrics` gives the metrics that Glue gives (namespace Glue). What is
// held in memory is of runs that have not ended. Once a day the files of runs that ended long ago go. Thread-safe. Owner: main;
// ends before what it was given.
#pragma once

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "announce/events.h"
#include "base/clock.h"
#include "cloudwatch/cloudwatch.h"
#include "jobs/jobs.h"

namespace mastic::program {

/// What an engine has written of its run so far (run_report.h).
struct EngineTotals {
  int64_t queries = 0, operators = 0, rows_in = 0, rows_out = 0, bytes_read = 0, bytes_written = 0, spilled_bytes = 0;
};
EngineTotals read_totals(const std::filesystem::path& run_folder);

class RunMonitor {
 public:
  RunMonitor(jobs::Runs& runs, cloudwatch::CloudWatch& metrics, announce::Events& events, const Clock& clock,
             std::chrono::days keep);
  ~RunMonitor();
  RunMonitor(const RunMonitor&) = delete;
  RunMonitor& operator=(const RunMonitor&) = delete;

  void begin();
  void end();
  /// Of all runs that are under way.
  [[nodiscard]] uint64_t memory_bytes() const;

 private:
  struct Watched {
    jobs::RunRecord run;
    bool has_metrics = false;
    std::optional<std::chrono::microseconds> notify_after;
    std::string notified_state;
    EngineTotals told;
    std::chrono::microseconds told_cpu{0};
    Instant told_at;
  };
  void on_change(const jobs::RunRecord& run);
  void loop();
  void publish(Watched& watched, Instant now);
  void notify(Watched& watched, Instant now);

  jobs::Runs& runs_;
  cloudwatch::CloudWatch& metrics_;
  announce::Events& events_;
  const Clock& clock_;
  const std::chrono::days keep_;  // 0: for ever
  Instant cleaned_;

  struct Gate;  // what the callback reaches this through: the runs know it for longer than it lives
  std::shared_ptr<Gate> gate_;
  mutable std::mutex mutex_;  // guards what follows
  std::condition_variable changed_;
  std::map<std::string, Watched> watched_;
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace mastic::program
