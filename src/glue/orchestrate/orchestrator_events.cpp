// Triggers of type EVENT: events are collected in the database until a batch is full or its window is over. Nothing of a batch
// is lost by a crash, and no event counts twice.
#include <fmt/format.h>

#include "base/log.h"
#include "glue/orchestrate/chain.h"
#include "glue/orchestrate/orchestrator.h"

namespace mastic::glue::orchestrate {
namespace {

/// The workflow's trigger that takes events. Unlike schedules it need not be activated, but it can be stopped.
Result<std::optional<StoredTrigger>> listener(Store& store, std::string_view workflow) {
  TRY(triggers, store.triggers(workflow, "", 1000));
  for (auto& trigger : triggers)
    if (trigger.trigger.type == "EVENT" && trigger.trigger.state != "DEACTIVATED") return std::optional(std::move(trigger));
  return std::optional<StoredTrigger>{};
}

}  // namespace

Result<void> Orchestrator::notify_event(std::string_view workflow, std::string_view event_id) {
  TRY_DO(database_.transaction([&](sqlite::Transaction& t) -> Result<void> {
    Store store(t);
    TRY(trigger, listener(store, workflow));
    if (!trigger)
      return fail(Error{"EntityNotFoundException",
                        fmt::format("Workflow {} has no trigger of type EVENT that takes events.", workflow)});
    const auto name = trigger->trigger.name.value_or("");
    const auto batching = batching_of(trigger->trigger);
    TRY_DO(store.add_event(name, event_id));
    TRY(events, store.events_of(name));
    const auto now = clock_.now();
    // A full batch is due at once; it is the orchestrator's thread that starts its run.
    if (static_cast<int32_t>(events.size()) >= batching.batch_size) return store.set_batch_due(name, now);
    if (events.size() > 1) return {};
    return store.set_batch_due(name, now + std::chrono::seconds(*batching.batch_window));
  }));
  moved();
  return {};
}

Result<bool> Orchestrator::fire_batches() {
  const auto now = clock_.now();
  bool fired = false;
  TRY_DO(database_.transaction([&](sqlite::Transaction& t) -> Result<void> {
    Store store(t);
    TRY(due, store.due_batches(now));
    for (const auto& trigger : due) {
      fired = true;
      TRY(workflow, store.find_workflow(trigger.trigger.workflow_name.value_or("")));
      if (!workflow) {
        TRY_DO(store.forget_events(trigger.trigger.name.value_or("")));
        continue;
      }
      TRY_DO(start_event_run(store, trigger, *workflow, now));
    }
    return {};
  }));
  return fired;
}

}  // namespace mastic::glue::orchestrate
