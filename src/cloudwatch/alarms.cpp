#include "cloudwatch/alarms.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "aws/json.h"
#include "base/files.h"
#include "base/log.h"
#include "cloudwatch/statistic.h"

namespace mastic::cloudwatch {
namespace {

constexpr std::array<std::string_view, 1> migrations{
    "CREATE TABLE alarm(name TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;"};

constexpr std::chrono::seconds evaluation_interval{10};

bool breaks(double value, std::string_view comparison, double threshold) {
  if (comparison == "GreaterThanOrEqualToThreshold") return value >= threshold;
  if (comparison == "GreaterThanThreshold") return value > threshold;
  if (comparison == "LessThanThreshold") return value < threshold;
  return value <= threshold;
}

struct Verdict {
  std::string state;  // empty: as it was
  std::string reason;
};

/// Of the values of the alarm's periods, the oldest first; nothing for a period without data.
Verdict judge(const Alarm& alarm, const std::vector<std::optional<double>>& values) {
  const auto missing = alarm.treat_missing_data.value_or("missing");
  const auto threshold = alarm.threshold.value_or(0);
  const auto wanted = static_cast<std::size_t>(alarm.datapoints_to_alarm.value_or(alarm.evaluation_periods.value_or(1)));
  std::size_t breaking = 0;
  std::size_t present = 0;
  std::string shown;
  for (const auto& value : values) {
    if (value) {
      ++present;
      shown += (shown.empty() ? "" : ", ") + fmt::format("{}", *value);
    }
    if (value ? breaks(*value, alarm.comparison_operator.value_or(""), threshold) : missing == "breaching") ++breaking;
  }
  const auto because = [&](std::string_view what) {
    return fmt::format("Threshold Crossed: {} of the last {} datapoints [{}] {} the threshold ({})", breaking, values.size(),
                       shown, what, threshold);
  };
  if (breaking >= wanted) return {"ALARM", because("crossed")};
  if (present > 0 || missing == "notBreaching" || missing == "breaching") return {"OK", because("crossed")};
  if (missing == "ignore") return {};
  return {"INSUFFICIENT_DATA", fmt::format("Insufficient Data: {} datapoints were unknown.", values.size())};
}

}  // namespace

Result<std::unique_ptr<Alarms>> Alarms::open(const std::filesystem::path& folder, Store& store, const Clock& clock) {
  TRY_DO(make_folder(folder));
  TRY(database, sqlite::Database::open(folder / "alarms.db", migrations));
  return std::unique_ptr<Alarms>(new Alarms(std::move(database), store, clock));
}

Alarms::~Alarms() {
  {
    const std::scoped_lock lock(mutex_);
    ending_ = true;
  }
  ended_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Alarms::begin() {
  thread_ = std::thread([this] {
    std::unique_lock lock(mutex_);
    while (!ended_.wait_for(lock, evaluation_interval, [this] { return ending_; })) {
      lock.unlock();
      if (const auto done = evaluate(); !done) log::error("cloudwatch", "alarms cannot be evaluated: {}", done.error().message);
      lock.lock();
    }
  });
}

Result<void> Alarms::keep(const Alarm& alarm) {
  TRY_DO(database_->run("INSERT OR REPLACE INTO alarm(name, body) VALUES(?, ?)", alarm.alarm_name.value_or(""),
                        aws::to_json(alarm)));
  return {};
}

Result<void> Alarms::put(Alarm alarm) {
  const std::scoped_lock lock(changing_);
  TRY(before, find(alarm.alarm_name.value_or("")));
  const auto now = clock_.now();
  alarm.alarm_configuration_updated_timestamp = now;
  alarm.state_value = before ? before->state_value : std::optional<std::string>("INSUFFICIENT_DATA");
  alarm.state_reason = before ? before->state_reason : std::optional<std::string>("Unchecked: Initial alarm creation");
  alarm.state_updated_timestamp = before ? before->state_updated_timestamp : now;
  alarm.state_transitioned_timestamp = before ? before->state_transitioned_timestamp : now;
  return keep(alarm);
}

Result<std::optional<Alarm>> Alarms::find(std::string_view name) {
  TRY(rows, database_->query("SELECT body FROM alarm WHERE name = ?", name));
  if (rows.empty()) return std::optional<Alarm>{};
  TRY(alarm, aws::from_json<Alarm>(rows[0].text(0)));
  return std::optional(std::move(alarm));
}

Result<std::vector<Alarm>> Alarms::list(std::string_view after) {
  TRY(rows, database_->query("SELECT body FROM alarm WHERE name > ? ORDER BY name", after));
  std::vector<Alarm> alarms;
  for (const auto& row : rows) {
    TRY(alarm, aws::from_json<Alarm>(row.text(0)));
    alarms.push_back(std::move(alarm));
  }
  return alarms;
}

Result<bool> Alarms::remove(const std::vector<std::string>& names) {
  bool all = true;
  TRY_DO(database_->transaction([&](sqlite::Transaction& t) -> Result<void> {
    for (const auto& name : names) {
      TRY(found, t.query("SELECT 1 FROM alarm WHERE name = ?", name));
      all = all && !found.empty();
    }
    for (const auto& name : names) {
      if (all) TRY_DO(t.run("DELETE FROM alarm WHERE name = ?", name));
    }
    return {};
  }));
  return all;
}

Result<bool> Alarms::set_state(std::string_view name, std::string_view state, std::string_view reason,
                               const std::optional<std::string>& reason_data) {
  std::optional<Alarm> alarm;
  std::string before;
  {
    const std::scoped_lock lock(changing_);
    TRY(found, find(name));
    if (!found) return false;
    alarm = std::move(found);
    before = alarm->state_value.value_or("");
    alarm->state_value = state;
    alarm->state_reason = reason;
    alarm->state_reason_data = reason_data;
    alarm->state_updated_timestamp = clock_.now();
    if (before != state) alarm->state_transitioned_timestamp = alarm->state_updated_timestamp;
    TRY_DO(keep(*alarm));
  }
  if (changed_ && before != state) changed_(*alarm, before);
  return true;
}

Result<void> Alarms::set_actions(const std::vector<std::string>& names, bool enabled) {
  const std::scoped_lock lock(changing_);
  for (const auto& name : names) {
    TRY(alarm, find(name));
    if (!alarm) continue;  // as AWS does
    alarm->actions_enabled = enabled;
    TRY_DO(keep(*alarm));
  }
  return {};
}

Result<void> Alarms::evaluate() {
  TRY(alarms, list());
  for (const auto& alarm : alarms) {
    if (const auto done = evaluate(alarm); !done) {
      log::warn("cloudwatch", "the alarm {} cannot be evaluated: {}", alarm.alarm_name.value_or(""), done.error().message);
    }
  }
  return {};
}

Result<void> Alarms::evaluate(const Alarm& alarm) {
  const int64_t period = alarm.period.value_or(60);
  const int64_t periods = alarm.evaluation_periods.value_or(1);
  const auto now = to_microseconds(clock_.now()) / 1'000'000;
  const auto end = now - now % period;
  const auto begin = end - periods * period;
  MetricKey key{alarm.namespace_.value_or(""), alarm.metric_name.value_or(""), {}};
  for (const auto& [name, value] : alarm.dimensions.value_or(std::vector<aws::cloudwatch::Dimension>{})) {
    key.dimensions.emplace_back(name, value);
  }
  std::ranges::sort(key.dimensions);
  TRY(statistic, Statistic::parse(alarm.statistic.value_or(alarm.extended_statistic.value_or("Average"))));
  TRY(data, store_.read(key, begin, end));
  std::vector<Distribution> found(static_cast<std::size_t>(periods));
  for (const auto& datum : data) {
    if (datum.resolution_seconds > period || (alarm.unit && datum.unit != *alarm.unit)) continue;
    found[static_cast<std::size_t>((datum.time_seconds - begin) / period)].add(datum.values);
  }
  std::vector<std::optional<double>> values;
  for (const auto& distribution : found) values.push_back(statistic.of(distribution));
  const auto [state, reason] = judge(alarm, values);
  if (state.empty() || state == alarm.state_value) return {};
  TRY_DO(set_state(alarm.alarm_name.value_or(""), state, reason, {}));
  return {};
}

}  // namespace mastic::cloudwatch
