// The orchestrator's triggers: what may be in one, and what starting and stopping one means.
#include <fmt/format.h>

#include "base/identifiers.h"
#include "glue/errors.h"
#include "glue/orchestrate/chain.h"
#include "glue/orchestrate/orchestrator.h"
#include "glue/orchestrate/schedule.h"

namespace mastic::glue::orchestrate {
namespace {

Error trigger_not_found(std::string_view name) {
  return {"EntityNotFoundException", fmt::format("Trigger {} not found.", name)};
}

Result<std::optional<Instant>> due_of(const wire::Trigger& trigger, Instant now) {
  if (trigger.type != "SCHEDULED" || trigger.state != "ACTIVATED") return std::optional<Instant>{};
  TRY(schedule, Schedule::parse(trigger.schedule.value_or("")));
  return schedule.next_after(now, now);
}

/// What the kind of a trigger asks for and rules out.
Result<void> check_kind(const wire::Trigger& trigger) {
  const auto type = trigger.type.value_or("");
  const bool has_predicate = trigger.predicate && trigger.predicate->conditions && !trigger.predicate->conditions->empty();
  if (type == "EVENT" && !trigger.workflow_name)
    return fail(error::invalid_input("A trigger of type EVENT needs a WorkflowName: events go to workflows."));
  if (type != "EVENT" && trigger.event_batching_condition)
    return fail(error::invalid_input(fmt::format("A trigger of type {} has no EventBatchingCondition.", type)));
  if (type == "SCHEDULED") {
    if (trigger.schedule.value_or("").empty())
      return fail(error::invalid_input("A trigger of type SCHEDULED needs a Schedule."));
    TRY_DO(Schedule::parse(*trigger.schedule));
  } else if (!trigger.schedule.value_or("").empty()) {
    return fail(error::invalid_input(fmt::format("A trigger of type {} has no Schedule.", type)));
  }
  if (type == "CONDITIONAL" && !has_predicate)
    return fail(error::invalid_input("A trigger of type CONDITIONAL needs a Predicate with conditions."));
  if (type != "CONDITIONAL" && has_predicate)
    return fail(error::invalid_input(fmt::format("A trigger of type {} has no Predicate.", type)));
  if (has_predicate && trigger.predicate->conditions->size() > 1 && !trigger.predicate->logical)
    return fail(error::invalid_input("Logical (AND or ANY) is needed for more than one condition."));
  return {};
}

}  // namespace

Result<void> Orchestrator::check(const wire::Trigger& trigger) {
  TRY_DO(check_kind(trigger));
  const auto actions = trigger.actions.value_or(std::vector<wire::Action>{});
  if (actions.empty()) return fail(error::invalid_input("A trigger needs at least one action."));
  for (const auto& action : actions) {
    if (action.job_name.has_value() == action.crawler_name.has_value())
      return fail(error::invalid_input("An action names either a job or a crawler."));
    if (action.job_name) {
      TRY(there, nodes_.has_job(*action.job_name));
      if (!there) return fail(error::job_not_found(*action.job_name));
    } else {
      TRY(there, nodes_.has_crawler(*action.crawler_name));
      if (!there) return fail(error::crawler_not_found(*action.crawler_name));
      if (action.arguments || action.timeout)
        return fail(error::invalid_input("An action that starts a crawler has no Arguments and no Timeout."));
    }
    if (action.security_configuration) return fail(error::unsupported("Actions.SecurityConfiguration"));
  }
  if (!trigger.predicate) return {};
  for (const auto& condition : trigger.predicate->conditions.value_or(std::vector<wire::Condition>{})) {
    if (condition.job_name.has_value() == condition.crawler_name.has_value())
      return fail(error::invalid_input("A condition names either a job or a crawler."));
    if (condition.job_name ? !condition.state : !condition.crawl_state)
      return fail(error::invalid_input(condition.job_name ? "A condition on a job needs a State."
                                                          : "A condition on a crawler needs a CrawlState."));
  }
  return {};
}

Result<void> Orchestrator::create_trigger(wire::Trigger trigger, bool start, const Owner& owner) {
  TRY_DO(check(trigger));
  const auto name = trigger.name.value_or("");
  if (start && trigger.type == "ON_DEMAND")
    return fail(error::invalid_input("StartOnCreation is not for triggers of type ON_DEMAND."));
  trigger.id = name;
  trigger.state = start ? "ACTIVATED" : "CREATED";
  const auto now = clock_.now();
  TRY_DO(database_.transaction([&](sqlite::Transaction& t) -> Result<void> {
    Store store(t);
    TRY(same, store.find_trigger(name));
    if (same) return fail(Error{"AlreadyExistsException", fmt::format("Trigger with name {} already exists", name)});
    if (trigger.workflow_name) {
      TRY(workflow, store.find_workflow(*trigger.workflow_name));
      if (!workflow)
        return fail(Error{"EntityNotFoundException", fmt::format("Workflow {} not found.", *trigger.workflow_name)});
      TRY(others, store.triggers(*trigger.workflow_name, "", 1000));
      for (const auto& other : others)
        if (trigger.type != "CONDITIONAL" && other.trigger.type != "CONDITIONAL")
          return fail(error::invalid_input(fmt::format("Workflow {} has a start trigger already: {}", *trigger.workflow_name,
                                                       other.trigger.name.value_or(""))));
    }
    TRY(due, due_of(trigger, now));
    return store.save_trigger({trigger, owner.region, owner.account_id, now}, due);
  }));
  moved();
  return {};
}

Result<std::optional<wire::Trigger>> Orchestrator::find_trigger(std::string_view name) {
  std::optional<wire::Trigger> found;
  TRY_DO(database_.transaction([&](sqlite::Transaction& t) -> Result<void> {
    TRY(stored, Store(t).find_trigger(name));
    if (stored) found = std::move(stored->trigger);
    return {};
  }));
  return found;
}

Result<std::vector<wire::Trigger>> Orchestrator::triggers(std::string_view workflow, std::string_view after,
                                                          std::size_t limit) {
  std::vector<wire::Trigger> list;
  TRY_DO(database_.transaction([&](sqlite::Transaction& t) -> Result<void> {
    TRY(stored, Store(t).triggers(workflow, after, limit));
    for (auto& one : stored) list.push_back(std::move(one.trigger));
    return {};
  }));
  return list;
}

Result<wire::Trigger> Orchestrator::update_trigger(std::string_view name, const wire::TriggerUpdate& update) {
  wire::Trigger changed;
  const auto now = clock_.now();
  TRY(before, find_trigger(name));
  if (!before) return fail(trigger_not_found(name));
  // As in Glue the update is the whole definition, but for the kind and the workflow.
  changed = std::move(*before);
  changed.description = update.description;
  if (update.schedule) changed.schedule = update.schedule;
  if (update.actions) changed.actions = update.actions;
  if (update.predicate) changed.predicate = update.predicate;
  if (update.event_batching_condition) changed.event_batching_condition = update.event_batching_condition;
  TRY_DO(check(changed));
  TRY_DO(database_.transaction([&](sqlite::Transaction& t) -> Result<void> {
    Store store(t);
    TRY(stored, store.find_trigger(name));
    if (!stored) return fail(trigger_not_found(name));
    changed.state = stored->trigger.state;
    stored->trigger = changed;
    stored->anchor = now;
    TRY(due, due_of(changed, now));
    return store.save_trigger(*stored, due);
  }));
  moved();
  return changed;
}

Result<void> Orchestrator::remove_trigger(std::string_view name) {
  return database_.transaction([&](sqlite::Transaction& t) { return Store(t).remove_trigger(name); });
}

Result<void> Orchestrator::start_trigger(std::string_view name) {
  const auto now = clock_.now();
  TRY_DO(database_.transaction([&](sqlite::Transaction& t) -> Result<void> {
    Store store(t);
    TRY(stored, store.find_trigger(name));
    if (!stored) return fail(trigger_not_found(name));
    if (stored->trigger.type == "ON_DEMAND") {
      // Its state stays CREATED. In a workflow it begins a run.
      if (!stored->trigger.workflow_name) {
        TRY_DO(store.fire(random_uuid(), *stored, now));
        return {};
      }
      TRY(workflow, store.find_workflow(*stored->trigger.workflow_name));
      if (!workflow) return fail(trigger_not_found(name));
      TRY_DO(orchestrate::start_run(store, *workflow, {}, now));
      return {};
    }
    if (stored->trigger.state == "ACTIVATED") return {};
    stored->trigger.state = "ACTIVATED";
    stored->anchor = now;
    TRY(due, due_of(stored->trigger, now));
    return store.save_trigger(*stored, due);
  }));
  moved();
  return {};
}

Result<void> Orchestrator::stop_trigger(std::string_view name) {
  return database_.transaction([&](sqlite::Transaction& t) -> Result<void> {
    Store store(t);
    TRY(stored, store.find_trigger(name));
    if (!stored) return fail(trigger_not_found(name));
    if (stored->trigger.type == "ON_DEMAND")
      return fail(error::invalid_input("A trigger of type ON_DEMAND cannot be stopped: it is never active."));
    stored->trigger.state = "DEACTIVATED";
    TRY_DO(store.forget_events(name));
    return store.save_trigger(*stored, std::nullopt);
  });
}

}  // namespace mastic::glue::orchestrate
