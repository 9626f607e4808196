// What follows from what, within one chain: an action's end may satisfy the predicates of conditional triggers, and when
// nothing is left to do a workflow run is over. Every step is taken inside of the transaction that records its cause, so
// that a crash loses none.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "glue/orchestrate/store.h"

namespace mastic::glue::orchestrate {

/// Records an action's end with its consequences. `message` says why it could not be started (state ERROR).
Result<void> end_action(Store& store, const StoredAction& action, std::string_view state, std::string_view message,
                        Instant now);

/// Fires what is satisfied in the chain by what has ended, and completes its workflow run when nothing is left.
Result<void> advance(Store& store, const std::string& chain, Instant now);

/// Whether a conditional trigger's predicate holds: each condition looks at its node's last action in the chain.
bool is_satisfied(const wire::Predicate& predicate, const std::vector<StoredAction>& actions);

/// A new run of a workflow, whose start trigger fires at once. Fails with ConcurrentRunsExceededException.
Result<StoredRun> start_run(Store& store, const wire::Workflow& workflow, std::map<std::string, std::string> properties,
                            Instant now, std::optional<wire::StartingEventBatchCondition> batch = {});

/// A run that could not begin, kept so that its user sees why: ended at once, in the state ERROR.
Result<void> record_refused_run(Store& store, const wire::Workflow& workflow, StoredRun run, std::string_view why, Instant now);

/// How many events make a batch, and how long one is collected at most: as the trigger says, or Glue's defaults.
wire::EventBatchingCondition batching_of(const wire::Trigger& trigger);

/// The run that a batch of events begins; one that cannot is recorded as refused.
Result<void> start_event_run(Store& store, const StoredTrigger& trigger, const wire::Workflow& workflow, Instant now);

/// A new run in which the nodes with these ids, and what follows from them, happen again; the rest counts as it ended.
Result<StoredRun> resume_run(Store& store, const wire::Workflow& workflow, const StoredRun& previous,
                             const std::vector<std::string>& node_ids, Instant now);

/// The id of a node in a workflow's graph: the same for as long as its name is.
std::string node_id(std::string_view kind, std::string_view name);

}  // namespace mastic::glue::orchestrate
