// When column statistics are computed again: a table's settings, and their schedule.
//
// A schedule is one of the orchestrator's, as crawlers have them, under a name that no crawler can have: durable, and fired
// once for all that was missed. What became of the last try stands with the settings. Thread-safe.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "aws/models/glue.h"
#include "base/clock.h"
#include "base/result.h"
#include "glue/settings/records.h"
#include "glue/statistics/statistics_tasks.h"

namespace mastic::glue {

class StatisticsSettings {
 public:
  using Entry = aws::glue::ColumnStatisticsTaskSettings;

  StatisticsSettings(Records<Entry>& records, StatisticsTasks& tasks, const Clock& clock)
      : records_(records), tasks_(tasks), clock_(clock) {}

  /// The name of a table's schedule among the crawlers'.
  static std::string schedule_name(std::string_view database, std::string_view table);
  static bool is_schedule_name(std::string_view name);
  /// The schedule of this name is due: starts the task.
  Result<void> fire(std::string_view schedule_name, std::string_view account_id);

  /// AlreadyExistsException, EntityNotFoundException.
  Result<void> add(const Entry& entry);
  Result<Entry> find(std::string_view database, std::string_view table);
  Result<void> change(std::string_view database, std::string_view table, const std::function<void(Entry&)>& change);
  Result<void> remove(std::string_view database, std::string_view table);

 private:
  Records<Entry>& records_;
  StatisticsTasks& tasks_;
  const Clock& clock_;
};

}  // namespace mastic::glue
