#include "glue/orchestrate/chain.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "base/identifiers.h"
#include "glue/errors.h"
#include "glue/orchestrate/nodes.h"

namespace mastic::glue::orchestrate {
namespace {

using NodeName = std::pair<std::string, std::string>;  // kind, name

bool is_unfinished(const StoredAction& action) { return action.state == pending || action.state == active; }

NodeName node_of(const wire::Condition& condition) {
  return condition.job_name ? NodeName{"JOB", *condition.job_name} : NodeName{"CRAWLER", condition.crawler_name.value_or("")};
}

bool is_met(const wire::Condition& condition, const std::vector<StoredAction>& actions) {
  const auto node = node_of(condition);
  const auto wanted = condition.job_name ? condition.state.value_or("") : condition.crawl_state.value_or("");
  // The last one counts: a node may have been started by more than one trigger.
  for (auto action = actions.rbegin(); action != actions.rend(); ++action)
    if (action->kind == node.first && action->name == node.second) return action->state == wanted;
  return false;
}

const std::vector<wire::Condition>& conditions_of(const wire::Predicate& predicate) {
  static const std::vector<wire::Condition> none;
  return predicate.conditions ? *predicate.conditions : none;
}

Result<void> complete_when_over(Store& store, const std::string& chain, Instant now) {
  TRY(found, store.find_run(chain));
  if (!found || found->completed) return {};
  auto run = std::move(*found);
  TRY(actions, store.actions_of(chain));
  if (std::ranges::any_of(actions, is_unfinished)) return {};
  run.completed = now;
  const auto failed = std::ranges::find_if(actions, [](const StoredAction& action) { return !action.message.empty(); });
  if (failed != actions.end()) run.error_message = fmt::format("{} could not be started: {}", failed->name, failed->message);
  const bool none_began =
      !actions.empty() && std::ranges::all_of(actions, [](const StoredAction& action) { return !action.message.empty(); });
  run.status = run.status == "STOPPING" ? "STOPPED" : none_began ? "ERROR" : "COMPLETED";
  return store.save_run(run);
}

/// The trigger that a run begins with: the one that waits for no other node.
Result<StoredTrigger> start_trigger(Store& store, std::string_view workflow) {
  TRY(triggers, store.triggers(workflow, "", 1000));
  for (const auto& trigger : triggers)
    if (trigger.trigger.type != "CONDITIONAL") return trigger;
  return fail(error::invalid_input(
      fmt::format("Workflow {} has no start trigger: give it an ON_DEMAND, SCHEDULED or EVENT trigger.", workflow)));
}

Result<StoredRun> begin_run(Store& store, const wire::Workflow& workflow, std::map<std::string, std::string> properties,
                            std::string previous_id, Instant now) {
  const auto name = workflow.name.value_or("");
  TRY(unfinished, store.unfinished_runs(name));
  if (workflow.max_concurrent_runs && unfinished >= *workflow.max_concurrent_runs)
    return fail(Error{"ConcurrentRunsExceededException", fmt::format("Concurrent runs exceeded for workflow {}", name)});
  StoredRun run;
  run.id = "wr_" + random_hex(64);
  run.workflow = name;
  run.status = "RUNNING";
  run.previous_id = std::move(previous_id);
  run.properties = workflow.default_run_properties.value_or(std::map<std::string, std::string>{});
  for (auto& [key, value] : properties) run.properties[key] = std::move(value);
  run.started = now;
  TRY_DO(store.add_run(run));
  return run;
}

/// The nodes and everything that their ends can cause.
std::set<NodeName> with_consequences(std::set<NodeName> nodes, const std::vector<StoredTrigger>& triggers) {
  while (true) {
    const auto before = nodes.size();
    for (const auto& trigger : triggers) {
      const auto& predicate = trigger.trigger.predicate;
      if (!predicate) continue;
      const bool depends = std::ranges::any_of(
          conditions_of(*predicate), [&](const wire::Condition& condition) { return nodes.contains(node_of(condition)); });
      if (!depends) continue;
      for (const auto& action : trigger.trigger.actions.value_or(std::vector<wire::Action>{}))
        nodes.insert(action.job_name ? NodeName{"JOB", *action.job_name}
                                     : NodeName{"CRAWLER", action.crawler_name.value_or("")});
    }
    if (nodes.size() == before) return nodes;
  }
}

}  // namespace

bool is_over(std::string_view state) {
  return state == "SUCCEEDED" || state == "FAILED" || state == "STOPPED" || state == "TIMEOUT" || state == "ERROR" ||
         state == "EXPIRED" || state == "CANCELLED";
}

std::string node_id(std::string_view kind, std::string_view name) {
  // FNV-1a, twice: stable over restarts, and wide enough for names that people choose.
  const auto hash = [&](uint64_t value) {
    for (const auto text : {kind, std::string_view("/"), name})
      for (const unsigned char letter : text) value = (value ^ letter) * 1099511628211ULL;
    return value;
  };
  return fmt::format("wnode_{:016x}{:016x}", hash(14695981039346656037ULL), hash(1099511628211ULL));
}

bool is_satisfied(const wire::Predicate& predicate, const std::vector<StoredAction>& actions) {
  const auto& conditions = conditions_of(predicate);
  const auto met = [&](const wire::Condition& condition) { return is_met(condition, actions); };
  return predicate.logical == "ANY" ? std::ranges::any_of(conditions, met)
                                    : !conditions.empty() && std::ranges::all_of(conditions, met);
}

Result<void> advance(Store& store, const std::string& chain, Instant now) {
  TRY(run, store.find_run(chain));
  // A run that is being stopped starts nothing more.
  if (!run || run->status == "RUNNING") {
    TRY(actions, store.actions_of(chain));
    TRY(triggers, store.conditional_triggers(run ? run->workflow : ""));
    for (const auto& trigger : triggers) {
      if (!trigger.trigger.predicate || !is_satisfied(*trigger.trigger.predicate, actions)) continue;
      TRY_DO(store.fire(chain, trigger, now));
    }
  }
  return complete_when_over(store, chain, now);
}

Result<void> end_action(Store& store, const StoredAction& action, std::string_view state, std::string_view message,
                        Instant now) {
  TRY_DO(store.set_action(action, state, message));
  return advance(store, action.chain, now);
}

Result<StoredRun> start_run(Store& store, const wire::Workflow& workflow, std::map<std::string, std::string> properties,
                            Instant now, std::optional<wire::StartingEventBatchCondition> batch) {
  TRY(trigger, start_trigger(store, workflow.name.value_or("")));
  TRY(run, begin_run(store, workflow, std::move(properties), "", now));
  if (batch) {
    run.batch = batch;
    TRY_DO(store.save_run(run));
  }
  TRY_DO(store.fire(run.id, trigger, now));
  return run;
}

Result<void> record_refused_run(Store& store, const wire::Workflow& workflow, StoredRun run, std::string_view why,
                                Instant now) {
  run.id = "wr_" + random_hex(64);
  run.workflow = workflow.name.value_or("");
  run.status = "ERROR";
  run.error_message = std::string(why);
  run.started = now;
  TRY_DO(store.add_run(run));
  run.completed = now;
  return store.save_run(run);
}

Result<void> start_event_run(Store& store, const StoredTrigger& trigger, const wire::Workflow& workflow, Instant now) {
  const auto name = trigger.trigger.name.value_or("");
  TRY(events, store.events_of(name));
  TRY_DO(store.forget_events(name));
  if (events.empty()) return {};
  StoredRun run;
  run.batch.emplace();
  run.batch->batch_size = static_cast<int32_t>(events.size());
  run.batch->batch_window = batching_of(trigger.trigger).batch_window;
  // As Glue writes it: scripts take the brackets off and split at the commas.
  run.properties["aws:eventIds"] = fmt::format("[{}]", fmt::join(events, ","));
  const auto started = start_run(store, workflow, run.properties, now, run.batch);
  if (started) return {};
  if (started.error().http_status >= 500) return fail(started.error());
  return record_refused_run(store, workflow, std::move(run), started.error().message, now);
}

wire::EventBatchingCondition batching_of(const wire::Trigger& trigger) {
  constexpr int32_t window_default_seconds = 900;
  wire::EventBatchingCondition batching;
  batching.batch_size = 1;
  if (trigger.event_batching_condition) batching = *trigger.event_batching_condition;
  if (!batching.batch_window) batching.batch_window = window_default_seconds;
  return batching;
}

Result<StoredRun> resume_run(Store& store, const wire::Workflow& workflow, const StoredRun& previous,
                             const std::vector<std::string>& node_ids, Instant now) {
  if (!previous.completed)
    return fail(
        Error{"IllegalWorkflowStateException",
              fmt::format("Workflow run {} is {}; it can be resumed when it has ended.", previous.id, previous.status)});
  TRY(before, store.actions_of(previous.id));
  std::set<NodeName> chosen;
  for (const auto& id : node_ids) {
    const auto found =
        std::ranges::find_if(before, [&](const StoredAction& action) { return node_id(action.kind, action.name) == id; });
    if (found == before.end())
      return fail(error::invalid_input(fmt::format("Node {} is no job or crawler that run {} started.", id, previous.id)));
    chosen.insert({found->kind, found->name});
  }
  TRY(triggers, store.triggers(workflow.name.value_or(""), "", 1000));
  const auto again = with_consequences(chosen, triggers);
  TRY(run, begin_run(store, workflow, previous.properties, previous.id, now));
  // Trigger by trigger, as they had fired: what is not done again keeps its end, what was chosen starts, what only follows
  // from it is left to fire by itself.
  std::vector<std::string> order;
  for (const auto& action : before)
    if (std::ranges::find(order, action.trigger) == order.end()) order.push_back(action.trigger);
  for (const auto& trigger : order) {
    std::vector<StoredAction> actions;
    for (auto action : before) {
      if (action.trigger != trigger) continue;
      const NodeName node{action.kind, action.name};
      if (chosen.contains(node)) {
        action.id = action.kind == "JOB" ? "jr_" + random_hex(64) : random_uuid();
        action.state = pending;
        action.message.clear();
      } else if (again.contains(node)) {
        continue;
      }
      actions.push_back(std::move(action));
    }
    if (!actions.empty()) TRY_DO(store.fire(run.id, trigger, actions, now));
  }
  return run;
}

}  // namespace mastic::glue::orchestrate
