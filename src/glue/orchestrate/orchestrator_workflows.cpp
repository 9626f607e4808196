// The orchestrator's workflows and their runs.
#include <fmt/format.h>

#include <algorithm>

#include "base/log.h"
#include "glue/errors.h"
#include "glue/orchestrate/chain.h"
#include "glue/orchestrate/orchestrator.h"

namespace mastic::glue::orchestrate {
namespace {

Error workflow_not_found(std::string_view name) {
  return {"EntityNotFoundException", fmt::format("Workflow {} not found.", name)};
}

wire::WorkflowRunStatistics statistics_of(const std::vector<StoredAction>& actions) {
  wire::WorkflowRunStatistics statistics;
  const auto count = [&](std::initializer_list<std::string_view> states) {
    return static_cast<int32_t>(std::ranges::count_if(actions, [&](const StoredAction& action) {
      return std::ranges::find(states, std::string_view(action.state)) != states.end();
    }));
  };
  statistics.total_actions = static_cast<int32_t>(actions.size());
  statistics.timeout_actions = count({"TIMEOUT"});
  statistics.failed_actions = count({"FAILED"});
  statistics.stopped_actions = count({"STOPPED", "CANCELLED"});
  statistics.succeeded_actions = count({"SUCCEEDED"});
  statistics.running_actions = count({active});
  statistics.errored_actions = count({"ERROR", "EXPIRED"});
  statistics.waiting_actions = count({pending});
  return statistics;
}

Result<wire::WorkflowRun> to_wire(Store& store, const StoredRun& stored) {
  wire::WorkflowRun run;
  run.name = stored.workflow;
  run.workflow_run_id = stored.id;
  if (!stored.previous_id.empty()) run.previous_run_id = stored.previous_id;
  run.workflow_run_properties = stored.properties;
  run.started_on = stored.started;
  run.completed_on = stored.completed;
  run.status = stored.status;
  if (!stored.error_message.empty()) run.error_message = stored.error_message;
  run.starting_event_batch_condition = stored.batch;
  TRY(actions, store.actions_of(stored.id));
  run.statistics = statistics_of(actions);
  return run;
}

Result<void> with_last_run(Store& store, wire::Workflow& workflow) {
  TRY(newest, store.runs(workflow.name.value_or(""), "", 1));
  if (newest.empty()) return {};
  TRY(run, to_wire(store, newest.front()));
  workflow.last_run = std::move(run);
  return {};
}

}  // namespace

Result<StoredRun> Orchestrator::require_run(Store& store, std::string_view workflow, std::string_view run) {
  TRY(known, store.find_workflow(workflow));
  if (!known) return fail(workflow_not_found(workflow));
  TRY(found, store.find_run(workflow, run));
  if (!found) return fail(Error{"EntityNotFoundException", fmt::format("Run {} of workflow {} not found.", run, workflow)});
  return std::move(*found);
}

Result<void> Orchestrator::create_workflow(wire::Workflow workflow) {
  const auto name = workflow.name.value_or("");
  workflow.created_on = clock_.now();
  workflow.last_modified_on = workflow.created_on;
  return database_.transaction([&](sqlite::Transaction& t) -> Result<void> {
    Store store(t);
    TRY(same, store.find_workflow(name));
    if (same) return fail(Error{"AlreadyExistsException", fmt::format("Workflow with name {} already exists", name)});
    return store.save_workflow(workflow);
  });
}

Result<std::optional<wire::Workflow>> Orchestrator::find_workflow(std::string_view name) {
  std::optional<wire::Workflow> found;
  TRY_DO(database_.transaction([&](sqlite::Transaction& t) -> Result<void> {
    Store store(t);
    TRY(workflow, store.find_workflow(name));
    if (workflow) TRY_DO(with_last_run(store, *workflow));
    found = std::move(workflow);
    return {};
  }));
  return found;
}

Result<std::vector<wire::Workflow>> Orchestrator::workflows(std::string_view after, std::size_t limit) {
  std::vector<wire::Workflow> list;
  TRY_DO(database_.transaction([&](sqlite::Transaction& t) -> Result<void> {
    TRY(found, Store(t).workflows(after, limit));
    list = std::move(found);
    return {};
  }));
  return list;
}

Result<void> Orchestrator::update_workflow(std::string_view name, const std::function<void(wire::Workflow&)>& change) {
  return database_.transaction([&](sqlite::Transaction& t) -> Result<void> {
    Store store(t);
    TRY(workflow, store.find_workflow(name));
    if (!workflow) return fail(workflow_not_found(name));
    change(*workflow);
    workflow->last_modified_on = clock_.now();
    return store.save_workflow(*workflow);
  });
}

Result<void> Orchestrator::remove_workflow(std::string_view name) {
  return database_.transaction([&](sqlite::Transaction& t) { return Store(t).remove_workflow(name); });
}

Result<std::string> Orchestrator::start_run(std::string_view workflow, std::map<std::string, std::string> properties) {
  std::string id;
  TRY_DO(database_.transaction([&](sqlite::Transaction& t) -> Result<void> {
    Store store(t);
    TRY(known, store.find_workflow(workflow));
    if (!known) return fail(workflow_not_found(workflow));
    TRY(run, orchestrate::start_run(store, *known, properties, clock_.now()));
    id = run.id;
    return {};
  }));
  moved();
  return id;
}

Result<std::string> Orchestrator::resume_run(std::string_view workflow, std::string_view run,
                                             const std::vector<std::string>& node_ids) {
  std::string id;
  TRY_DO(database_.transaction([&](sqlite::Transaction& t) -> Result<void> {
    Store store(t);
    TRY(previous, require_run(store, workflow, run));
    TRY(known, store.find_workflow(workflow));
    TRY(resumed, orchestrate::resume_run(store, *known, previous, node_ids, clock_.now()));
    id = resumed.id;
    return {};
  }));
  moved();
  return id;
}

Result<void> Orchestrator::stop_run(std::string_view workflow, std::string_view run) {
  std::vector<StoredAction> running;
  const auto now = clock_.now();
  TRY_DO(database_.transaction([&](sqlite::Transaction& t) -> Result<void> {
    Store store(t);
    TRY(stored, require_run(store, workflow, run));
    if (stored.status != "RUNNING")
      return fail(Error{"IllegalWorkflowStateException",
                        fmt::format("Workflow run {} is {}; only a running one can be stopped.", run, stored.status)});
    stored.status = "STOPPING";
    TRY_DO(store.save_run(stored));
    TRY(actions, store.actions_of(run));
    for (const auto& action : actions) {
      if (action.state == active) running.push_back(action);
      if (action.state == pending) TRY_DO(end_action(store, action, "STOPPED", "", now));
    }
    return advance(store, std::string(run), now);
  }));
  for (const auto& action : running) {
    const auto stopped =
        action.kind == "JOB" ? nodes_.stop_job(action.name, action.id) : nodes_.stop_crawler(action.name, action.id);
    // It may have ended by itself in between: the next look finds out.
    if (!stopped) log::info("glue", "{} of workflow run {} was not stopped: {}", action.name, run, stopped.error().message);
  }
  moved();
  return {};
}

Result<wire::WorkflowRun> Orchestrator::get_run(std::string_view workflow, std::string_view run) {
  wire::WorkflowRun answer;
  TRY_DO(database_.transaction([&](sqlite::Transaction& t) -> Result<void> {
    Store store(t);
    TRY(stored, require_run(store, workflow, run));
    TRY(made, to_wire(store, stored));
    answer = std::move(made);
    return {};
  }));
  return answer;
}

Result<std::vector<wire::WorkflowRun>> Orchestrator::runs(std::string_view workflow, std::string_view before,
                                                          std::size_t limit) {
  std::vector<wire::WorkflowRun> list;
  TRY_DO(database_.transaction([&](sqlite::Transaction& t) -> Result<void> {
    Store store(t);
    TRY(known, store.find_workflow(workflow));
    if (!known) return fail(workflow_not_found(workflow));
    TRY(stored, store.runs(workflow, before, limit));
    for (const auto& one : stored) {
      TRY(run, to_wire(store, one));
      list.push_back(std::move(run));
    }
    return {};
  }));
  return list;
}

Result<std::map<std::string, std::string>> Orchestrator::run_properties(std::string_view workflow, std::string_view run) {
  std::map<std::string, std::string> properties;
  TRY_DO(database_.transaction([&](sqlite::Transaction& t) -> Result<void> {
    Store store(t);
    TRY(stored, require_run(store, workflow, run));
    properties = std::move(stored.properties);
    return {};
  }));
  return properties;
}

Result<void> Orchestrator::put_run_properties(std::string_view workflow, std::string_view run,
                                              const std::map<std::string, std::string>& properties) {
  return database_.transaction([&](sqlite::Transaction& t) -> Result<void> {
    Store store(t);
    TRY(stored, require_run(store, workflow, run));
    for (const auto& [key, value] : properties) stored.properties[key] = value;
    return store.save_run(stored);
  });
}

Result<std::vector<StoredAction>> Orchestrator::actions_of(std::string_view run) {
  std::vector<StoredAction> list;
  TRY_DO(database_.transaction([&](sqlite::Transaction& t) -> Result<void> {
    TRY(actions, Store(t).actions_of(run));
    list = std::move(actions);
    return {};
  }));
  return list;
}

}  // namespace mastic::glue::orchestrate
