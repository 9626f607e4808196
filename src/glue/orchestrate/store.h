// What orchestration keeps in `glue.db`: triggers, workflows and their runs, and what was started for whom.
//
// A chain is everything that follows from one start: a workflow run (the chain's id is the run's id), or a trigger outside
// of workflows that fired on demand or by schedule. A firing is one trigger's turn in a chain, at most one each; its
// actions are PENDING until they were started, ACTIVE until they ended, then in their node's last state, or ERROR with
// the reason when they could not be started.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aws/models/glue.h"
#include "base/clock.h"
#include "base/sqlite.h"

namespace mastic::glue::orchestrate {

namespace wire = mastic::aws::glue;

inline constexpr std::string_view pending = "PENDING";
inline constexpr std::string_view active = "ACTIVE";

struct StoredTrigger {
  wire::Trigger trigger;  // with its state
  std::string region;
  std::string account_id;
  Instant anchor;  // when it was activated: rates count from here
};

struct StoredAction {
  int64_t firing = 0;
  int64_t position = 0;
  std::string kind;  // JOB or CRAWLER
  std::string name;
  std::string id;  // of the run or the crawl
  std::string state;
  std::string message;
  std::string trigger;
  std::string chain;
  wire::Action action;
};

struct StoredRun {
  std::string id;
  std::string workflow;
  std::string status;
  std::string previous_id;
  std::string error_message;
  std::map<std::string, std::string> properties;
  std::optional<wire::StartingEventBatchCondition> batch = {};  // of a run that events started
  Instant started;
  std::optional<Instant> completed;
};

/// Reads and writes within one transaction; `Orchestrator` composes them.
class Store {
 public:
  explicit Store(sqlite::Transaction& transaction) : t_(transaction) {}

  Result<std::optional<StoredTrigger>> find_trigger(std::string_view name);
  /// By name, those behind `after`; `workflow` empty: all.
  Result<std::vector<StoredTrigger>> triggers(std::string_view workflow, std::string_view after, std::size_t limit);
  Result<void> save_trigger(const StoredTrigger& trigger, std::optional<Instant> due);
  Result<void> remove_trigger(std::string_view name);
  /// Activated, of kind CONDITIONAL, in this workflow (empty: in none).
  Result<std::vector<StoredTrigger>> conditional_triggers(std::string_view workflow);
  Result<std::vector<StoredTrigger>> due_triggers(Instant now);
  // Events that wait until a trigger of type EVENT has its batch.
  Result<void> add_event(std::string_view trigger, std::string_view event_id);
  /// In the order in which they came.
  Result<std::vector<std::string>> events_of(std::string_view trigger);
  Result<void> forget_events(std::string_view trigger);
  /// When the batch that is being collected is complete, however few it holds; nothing: none is.
  Result<void> set_batch_due(std::string_view trigger, std::optional<Instant> due);
  Result<std::vector<StoredTrigger>> due_batches(Instant now);

  /// When the next trigger or crawler is due.
  Result<std::optional<Instant>> next_due();

  Result<std::optional<wire::Workflow>> find_workflow(std::string_view name);
  Result<std::vector<wire::Workflow>> workflows(std::string_view after, std::size_t limit);
  Result<void> save_workflow(const wire::Workflow& workflow);
  Result<void> remove_workflow(std::string_view name);

  Result<void> add_run(const StoredRun& run);
  Result<void> save_run(const StoredRun& run);
  Result<std::optional<StoredRun>> find_run(std::string_view workflow, std::string_view id);
  Result<std::optional<StoredRun>> find_run(std::string_view id);
  /// The newest first, those before the run `before` (empty: from the start).
  Result<std::vector<StoredRun>> runs(std::string_view workflow, std::string_view before, std::size_t limit);
  Result<int64_t> unfinished_runs(std::string_view workflow);

  /// A trigger's turn in a chain with its actions; false when it had its turn.
  Result<bool> fire(const std::string& chain, const StoredTrigger& trigger, Instant now);
  /// As `fire`, with actions that are given, in whatever state they are.
  Result<bool> fire(const std::string& chain, std::string_view trigger, const std::vector<StoredAction>& actions, Instant now);
  Result<std::vector<StoredAction>> actions_in(std::string_view state);
  /// In the order in which they were fired.
  Result<std::vector<StoredAction>> actions_of(std::string_view chain);
  Result<void> set_action(const StoredAction& action, std::string_view state, std::string_view message);
  Result<bool> has_fired(std::string_view chain, std::string_view trigger);

  struct DueCrawler {
    std::string name;
    std::string expression;
    std::string region;
    std::string account_id;
    Instant anchor;
  };
  Result<void> schedule_crawler(const DueCrawler& crawler, std::optional<Instant> due);
  Result<void> unschedule_crawler(std::string_view name);
  Result<std::vector<DueCrawler>> due_crawlers(Instant now);

 private:
  sqlite::Transaction& t_;
};

/// The tables, as a migration of `glue.db`.
extern const std::string_view store_schema;

}  // namespace mastic::glue::orchestrate
