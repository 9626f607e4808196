// Makes OpenLineage events of what runs do, and keeps, writes and sends them.
//
//   begin(run)  ──▶ START        report(run, …)  ──▶ RUNNING        end(run, …)  ──▶ COMPLETE, FAIL or ABORT
//
// Each event goes into the store, as a line into `openlineage.ndjson`, and to the collector when there is one. The last
// event of a run repeats all its datasets, so it tells the run by itself. One thread does the work, in the order of the
// calls: those who call wait for nothing, and nothing here can fail a run; what cannot be kept is logged. Thread-safe.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <cstdio>
#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "base/clock.h"
#include "base/result.h"
#include "lineage/collector.h"
#include "lineage/openlineage.h"
#include "lineage/sink.h"
#include "lineage/store.h"

namespace mastic::lineage {

struct KeeperOptions {
  std::filesystem::path folder;      // lineage.db; created when missing. Empty: no store
  std::filesystem::path event_file;  // a line an event is appended. Empty: `openlineage.ndjson` in the folder
  std::optional<CollectorOptions> collector;
  std::chrono::days keep{0};  // Store::prune; 0: for ever
};

/// OPENLINEAGE_NAMESPACE, else `mastic`.
std::string namespace_of_environment();
/// OPENLINEAGE_PARENT_ID: `namespace/job/run`, as OpenLineage's Spark integration reads it.
std::optional<ParentRun> parent_of_environment();

class Keeper {
 public:
  /// `clock` outlives the keeper.
  static Result<std::unique_ptr<Keeper>> open(KeeperOptions options, const Clock& clock);
  /// Does what was asked for, then ends.
  ~Keeper();
  Keeper(const Keeper&) = delete;
  Keeper& operator=(const Keeper&) = delete;

  void begin(RunFacts run, Instant time);
  /// `report` is JSON text.
  void report(std::string run_key, std::string report, Instant time);
  /// A run that has ended already stays as it is.
  void end(std::string run_key, std::string type, Instant time, std::string error);
  /// Until everything so far is kept.
  void wait();

  /// Null: without a folder.
  [[nodiscard]] Store* store() { return store_.get(); }

 private:
  explicit Keeper(const Clock& clock) : clock_(clock) {}
  void put(std::function<Result<void>()> work);
  void run();
  Result<void> emit(const RunFacts& run, std::string_view type, Instant time, const nlohmann::json& report,
                    const std::string& error);

  /// Once a day: what is older than `keep` goes.
  Result<void> prune(Instant now);

  const Clock& clock_;
  std::chrono::days keep_{0};
  Instant pruned_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<Collector> collector_;
  std::FILE* file_ = nullptr;
  // Of a keeper without a store: its one run.
  std::optional<RunFacts> only_run_;
  std::string only_report_;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<Result<void>()>> queue_;
  uint64_t put_ = 0;
  uint64_t done_ = 0;
  bool ending_ = false;
  std::thread thread_;
};

/// An engine without a server behind it: its process is the run.
class OwnSink final : public Sink {
 public:
  OwnSink(Keeper& keeper, const Clock& clock, std::string run_key)
      : keeper_(keeper), clock_(clock), run_key_(std::move(run_key)) {}
  Result<void> record(const std::string& report) override {
    keeper_.report(run_key_, report, clock_.now());
    return {};
  }

 private:
  Keeper& keeper_;
  const Clock& clock_;
  const std::string run_key_;
};

}  // namespace mastic::lineage
