// Triggers that fire and workflows that run: the thread that starts what is due and follows what was started.
//
// Durable: what is to be started is in the database before it starts, under the id that it will have, so that after a crash
// nothing is started twice and nothing is forgotten. What was due while the server was down fires once, when it is up again.
// Thread-safe. Owner: Glue; what is handed in outlives it. All time from the clock; `moved` makes it look again.
#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/sqlite.h"
#include "glue/orchestrate/nodes.h"
#include "glue/orchestrate/store.h"

namespace mastic::glue::orchestrate {

/// Who calls: what starts for a trigger names ARNs of this region and account.
struct Owner {
  std::string region;
  std::string account_id;
};

/// Told of what a trigger could not start, and why; where a workflow run is concerned it says so itself.
using OnRefusal = std::function<void(std::string_view trigger, std::string_view node, std::string_view why)>;

class Orchestrator {
 public:
  Orchestrator(sqlite::Database& database, const Clock& clock, Nodes& nodes, OnRefusal on_refusal = {});
  ~Orchestrator();
  Orchestrator(const Orchestrator&) = delete;
  Orchestrator& operator=(const Orchestrator&) = delete;

  /// Starts the thread; first it catches up with what an earlier process left.
  void begin();
  /// Ends the thread; nothing starts any more.
  void end();
  /// Something that may matter has happened: a run or a crawl has ended, the clock was moved.
  void moved();
  /// Does what is to be done now, in the caller's thread; for tests with a clock of their own.
  Result<void> catch_up();

  // --- triggers
  Result<void> create_trigger(wire::Trigger trigger, bool start, const Owner& owner);
  Result<std::optional<wire::Trigger>> find_trigger(std::string_view name);
  Result<std::vector<wire::Trigger>> triggers(std::string_view workflow, std::string_view after, std::size_t limit);
  Result<wire::Trigger> update_trigger(std::string_view name, const wire::TriggerUpdate& update);
  Result<void> remove_trigger(std::string_view name);
  /// ON_DEMAND: fires. Others: become ACTIVATED.
  Result<void> start_trigger(std::string_view name);
  Result<void> stop_trigger(std::string_view name);
  /// An event for a workflow: its trigger of type EVENT fires when a batch is full or its window over. Fails with
  /// EntityNotFoundException for a workflow without one that listens.
  Result<void> notify_event(std::string_view workflow, std::string_view event_id);

  // --- workflows
  Result<void> create_workflow(wire::Workflow workflow);
  /// With its newest run.
  Result<std::optional<wire::Workflow>> find_workflow(std::string_view name);
  Result<std::vector<wire::Workflow>> workflows(std::string_view after, std::size_t limit);
  Result<void> update_workflow(std::string_view name, const std::function<void(wire::Workflow&)>& change);
  Result<void> remove_workflow(std::string_view name);
  Result<std::string> start_run(std::string_view workflow, std::map<std::string, std::string> properties);
  Result<std::string> resume_run(std::string_view workflow, std::string_view run, const std::vector<std::string>& node_ids);
  Result<void> stop_run(std::string_view workflow, std::string_view run);
  /// With statistics.
  Result<wire::WorkflowRun> get_run(std::string_view workflow, std::string_view run);
  Result<std::vector<wire::WorkflowRun>> runs(std::string_view workflow, std::string_view before, std::size_t limit);
  Result<std::map<std::string, std::string>> run_properties(std::string_view workflow, std::string_view run);
  Result<void> put_run_properties(std::string_view workflow, std::string_view run,
                                  const std::map<std::string, std::string>& properties);
  /// What a run has started, in order.
  Result<std::vector<StoredAction>> actions_of(std::string_view run);

  // --- crawlers' own schedules
  Result<void> schedule_crawler(std::string_view crawler, std::string_view expression, const Owner& owner);
  Result<void> unschedule_crawler(std::string_view crawler);

 private:
  void work(const std::stop_token& stop);
  /// One look at everything; says whether something was done.
  Result<bool> step();
  Result<bool> fire_due();
  Result<bool> fire_batches();
  void refused(std::string_view trigger, std::string_view node, std::string_view why) const;
  Result<bool> start_pending();
  Result<bool> follow_active();
  Result<void> check(const wire::Trigger& trigger);
  Result<StoredRun> require_run(Store& store, std::string_view workflow, std::string_view run);

  sqlite::Database& database_;
  const Clock& clock_;
  Nodes& nodes_;
  const OnRefusal on_refusal_;
  std::mutex stepping_;  // one step at a time: the thread's, or a test's
  std::mutex mutex_;
  std::condition_variable_any changed_;
  bool moved_ = true;
  std::jthread thread_;
};

}  // namespace mastic::glue::orchestrate
