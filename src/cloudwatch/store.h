// Metrics and their data in SQLite. Thread-safe; what `put` returned for is durable. Owner: CloudWatch.
// Does NOT know the wire: limits of requests, tokens and rounding of times are the operations'.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/sqlite.h"
#include "cloudwatch/metric.h"

namespace mastic::cloudwatch {

/// What was measured in one second, minute, five minutes or hour.
struct Datum {
  int64_t time_seconds = 0;
  int64_t resolution_seconds = 60;
  std::string unit;
  Distribution values;
};

struct ListedMetric {
  int64_t id = 0;
  MetricKey key;
};

class Store {
 public:
  static Result<std::unique_ptr<Store>> open(const std::filesystem::path& folder, const Clock& clock);

  Result<void> put(std::string_view name_space, std::span<const Sample> samples);
  /// In the order of time, from `from` until before `until`; nothing when there is no such metric.
  Result<std::vector<Datum>> read(const MetricKey& metric, int64_t from_seconds, int64_t until_seconds);

  struct ListQuery {
    std::string name_space, name;                                                // empty: any
    std::vector<std::pair<std::string, std::optional<std::string>>> dimensions;  // each must be there
    int64_t seen_since_seconds = 0;
    int64_t after_id = 0;
    std::size_t limit = 500;
  };
  /// In the order in which the metrics were first seen.
  Result<std::vector<ListedMetric>> list(const ListQuery& query);

  /// Rolls up and removes what AWS's retention no longer keeps so fine. Happens by itself once an hour of the clock.
  Result<void> roll_up();

 private:
  Store(std::unique_ptr<sqlite::Database> database, const Clock& clock) : database_(std::move(database)), clock_(clock) {}
  [[nodiscard]] int64_t now_seconds() const;
  void roll_up_when_due();
  Result<bool> roll_up_some(int64_t resolution_seconds, int64_t older_than_seconds, int64_t into_seconds);

  const std::unique_ptr<sqlite::Database> database_;
  const Clock& clock_;
  std::atomic<int64_t> roll_up_due_seconds_ = 0;
};

}  // namespace mastic::cloudwatch
