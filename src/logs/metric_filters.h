// Metric filters: patterns over a group's new events that give values for metrics.
//
// Kept in logs.db, compiled in memory (at most 100 a group). Looking at events of a group without filters costs one lookup
// under a shared lock. Thread-safe. Owner: Store.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "aws/models/logs.h"
#include "base/result.h"
#include "base/sqlite.h"
#include "logs/filter_pattern.h"
#include "logs/measurement.h"
#include "logs/stream_file.h"

namespace mastic::logs {

class MetricFilters {
 public:
  explicit MetricFilters(sqlite::Database& database) : database_(database) {}
  Result<void> load();
  void on_measured(Measured measured) { measured_ = std::move(measured); }  // before the first event

  /// Adds a filter or replaces the one of its name. The group is there.
  Result<void> put(const aws::logs::MetricFilter& filter);
  /// False when there is no such filter.
  Result<bool> remove(std::string_view group, std::string_view name);
  /// In the order of groups and names, those behind (after_group, after_name). Empty texts: any.
  struct Query {
    std::string group, name_prefix, metric_name, metric_namespace, after_group, after_name;
    std::size_t limit = 50;
  };
  Result<std::vector<aws::logs::MetricFilter>> list(const Query& query);
  [[nodiscard]] std::size_t count(std::string_view group) const;
  void forget_group(std::string_view group);

  /// Publishes what the group's filters find in new events.
  void look_at(std::string_view group, std::span<const NewEvent> events);

 private:
  struct Compiled;
  Result<std::shared_ptr<Compiled>> compile(aws::logs::MetricFilter filter) const;

  sqlite::Database& database_;
  Measured measured_;
  mutable std::shared_mutex mutex_;
  std::map<std::string, std::map<std::string, std::shared_ptr<Compiled>>, std::less<>> groups_;
};

}  // namespace mastic::logs
