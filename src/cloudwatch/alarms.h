// Metric alarms: kept in SQLite, evaluated every ten seconds.
//
// An alarm looks at its last EvaluationPeriods whole periods: it is in ALARM when at least DatapointsToAlarm of them break the
// threshold, INSUFFICIENT_DATA when none has data (unless TreatMissingData says what that means), else OK. Its actions are
// kept and shown; what happens is that `on_change` is called. Thread-safe. Owner: CloudWatch.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "aws/models/cloudwatch.h"
#include "base/clock.h"
#include "base/result.h"
#include "cloudwatch/store.h"

namespace mastic::cloudwatch {

using Alarm = aws::cloudwatch::MetricAlarm;

class Alarms {
 public:
  /// Called after an alarm's state has changed, without locks held: the alarm as it is, and its state before.
  using Changed = std::function<void(const Alarm&, const std::string& before)>;

  static Result<std::unique_ptr<Alarms>> open(const std::filesystem::path& folder, Store& store, const Clock& clock);
  ~Alarms();
  Alarms(const Alarms&) = delete;
  Alarms& operator=(const Alarms&) = delete;

  void on_change(Changed changed) { changed_ = std::move(changed); }  // before `begin`
  void begin();

  /// Adds an alarm or replaces the one of its name, whose state stays.
  Result<void> put(Alarm alarm);
  Result<std::optional<Alarm>> find(std::string_view name);
  /// In the order of names, those behind `after`.
  Result<std::vector<Alarm>> list(std::string_view after = {});
  /// False: one of them is not there, and none was removed.
  Result<bool> remove(const std::vector<std::string>& names);
  Result<bool> set_state(std::string_view name, std::string_view state, std::string_view reason,
                         const std::optional<std::string>& reason_data);
  Result<void> set_actions(const std::vector<std::string>& names, bool enabled);

  /// Evaluates every alarm now.
  Result<void> evaluate();

 private:
  Alarms(std::unique_ptr<sqlite::Database> database, Store& store, const Clock& clock)
      : database_(std::move(database)), store_(store), clock_(clock) {}
  Result<void> keep(const Alarm& alarm);
  Result<void> evaluate(const Alarm& alarm);

  const std::unique_ptr<sqlite::Database> database_;
  Store& store_;
  const Clock& clock_;
  Changed changed_;
  std::mutex changing_;  // over reading an alarm and writing it back
  std::mutex mutex_;     // guards what follows
  std::condition_variable ended_;
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace mastic::cloudwatch
