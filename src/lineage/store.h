// What is known of all runs, in `lineage.db`: runs, datasets and their other names, columns, edges, events.
//
// The edges of an output are kept once for each *shape*: a job that runs every hour and does the same adds a row a run, not
// its thousand edges again. Durable when a function returns. Thread-safe.
#pragma once

#include <filesystem>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/sqlite.h"
#include "lineage/openlineage.h"

namespace mastic::lineage {

struct RunRow {
  RunFacts facts;
  std::string state;  // START, COMPLETE, FAIL, ABORT
  Instant started;
  std::optional<Instant> ended;
  std::string message;
};

class Store {
 public:
  static Result<std::unique_ptr<Store>> open(const std::filesystem::path& file);

  /// A run that is known already is begun anew: its state, not what it said.
  Result<void> begin(const RunFacts& run, Instant time);
  Result<void> end(const std::string& run_key, std::string_view state, Instant time, const std::string& message);
  Result<std::optional<RunRow>> find(const std::string& run_key);
  /// Runs that have begun and not ended, the oldest first.
  Result<std::vector<RunRow>> unfinished();
  /// What an action of the run said. Fails for a run that was not begun.
  Result<void> add(const std::string& run_key, const nlohmann::json& report);
  /// All that the run's actions said, as one report.
  Result<nlohmann::json> report_of(const std::string& run_key);
  /// Keeps an event; of the oldest beyond twenty thousand nothing stays.
  Result<void> add_event(const std::string& run_key, Instant time, std::string_view type, const std::string& body);

  /// Forgets what is older: events, and runs that had ended by then, but for the last one that wrote each dataset. Where data
  /// comes from stays known as long as the data is what that run made of it.
  Result<void> prune(Instant before);

  [[nodiscard]] sqlite::Database& database() { return *database_; }

 private:
  explicit Store(std::unique_ptr<sqlite::Database> database) : database_(std::move(database)) {}
  std::unique_ptr<sqlite::Database> database_;
};

}  // namespace mastic::lineage
