#include "glue/orchestrate/orchestrator.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/identifiers.h"
#include "base/log.h"
#include "glue/errors.h"
#include "glue/orchestrate/chain.h"
#include "glue/orchestrate/schedule.h"

namespace mastic::glue::orchestrate {
namespace {

Origin origin_of(const StoredAction& action, const std::optional<StoredRun>& run, const std::optional<StoredTrigger>& trigger) {
  Origin origin;
  origin.trigger = action.trigger;
  if (run) {
    origin.workflow = run->workflow;
    origin.workflow_run = run->id;
  }
  origin.region = trigger ? trigger->region : "us-east-1";
  origin.account_id = trigger ? trigger->account_id : "000000000000";
  return origin;
}

/// When a scheduled thing is due next, counted from now: what was missed is not made up for.
std::optional<Instant> next_time(std::string_view expression, Instant now, Instant anchor) {
  const auto schedule = Schedule::parse(expression);
  return schedule ? schedule->next_after(now, anchor) : std::nullopt;
}

}  // namespace

Orchestrator::Orchestrator(sqlite::Database& database, const Clock& clock, Nodes& nodes, OnRefusal on_refusal)
    : database_(database), clock_(clock), nodes_(nodes), on_refusal_(std::move(on_refusal)) {}

Orchestrator::~Orchestrator() { end(); }

void Orchestrator::begin() {
  thread_ = std::jthread([this](const std::stop_token& stop) { work(stop); });
}

void Orchestrator::end() {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
}

void Orchestrator::moved() {
  const std::scoped_lock lock(mutex_);
  moved_ = true;
  changed_.notify_all();
}

void Orchestrator::work(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    if (const auto done = catch_up(); !done)
      log::error("glue", "triggers and workflows cannot go on for now: {}", done.error().message);
    std::chrono::microseconds wait = std::chrono::minutes(1);
    std::optional<Instant> due;
    const auto looked = database_.transaction([&](sqlite::Transaction& t) -> Result<void> {
      TRY(next, Store(t).next_due());
      due = next;
      return {};
    });
    if (!looked) wait = std::chrono::seconds(1);
    if (due) wait = std::clamp<std::chrono::microseconds>(*due - clock_.now(), std::chrono::milliseconds(1), wait);
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, stop, wait, [this] { return moved_; });
    moved_ = false;
  }
}

Result<void> Orchestrator::catch_up() {
  const std::scoped_lock lock(stepping_);
  while (true) {
    TRY(progress, step());
    if (!progress) return {};
  }
}

Result<bool> Orchestrator::step() {
  TRY(fired, fire_due());
  TRY(batched, fire_batches());
  TRY(started, start_pending());
  TRY(ended, follow_active());
  return fired || batched || started || ended;
}

void Orchestrator::refused(std::string_view trigger, std::string_view node, std::string_view why) const {
  log::warn("glue", "trigger {} could not start {}: {}", trigger, node, why);
  if (on_refusal_) on_refusal_(trigger, node, why);
}

Result<bool> Orchestrator::fire_due() {
  const auto now = clock_.now();
  bool fired = false;
  std::vector<Store::DueCrawler> crawlers;
  struct Refusal {
    std::string trigger, node, why;
  };
  std::vector<Refusal> refusals;
  TRY_DO(database_.transaction([&](sqlite::Transaction& t) -> Result<void> {
    Store store(t);
    TRY(triggers, store.due_triggers(now));
    for (auto& due : triggers) {
      fired = true;
      const auto name = due.trigger.name.value_or("");
      TRY_DO(store.save_trigger(due, next_time(due.trigger.schedule.value_or(""), now, due.anchor)));
      const auto workflow_name = due.trigger.workflow_name.value_or("");
      if (workflow_name.empty()) {
        TRY_DO(store.fire(random_uuid(), due, now));
        continue;
      }
      TRY(workflow, store.find_workflow(workflow_name));
      if (!workflow) continue;
      const auto run = orchestrate::start_run(store, *workflow, {}, now);
      if (!run && run.error().http_status >= 500) return fail(run.error());
      if (!run) TRY_DO(record_refused_run(store, *workflow, {}, run.error().message, now));
      if (!run) refusals.push_back({name, workflow_name, run.error().message});
    }
    TRY(due, store.due_crawlers(now));
    for (const auto& crawler : due) TRY_DO(store.schedule_crawler(crawler, next_time(crawler.expression, now, crawler.anchor)));
    crawlers = std::move(due);
    return {};
  }));
  for (const auto& refusal : refusals) refused(refusal.trigger, refusal.node, refusal.why);
  for (const auto& crawler : crawlers) {
    wire::Action action;
    action.crawler_name = crawler.name;
    const auto started = nodes_.start_crawler(action, random_uuid(), {"", "", "", crawler.region, crawler.account_id});
    if (!started) refused("schedule of " + crawler.name, crawler.name, started.error().message);
  }
  return fired || !crawlers.empty();
}

Result<bool> Orchestrator::start_pending() {
  struct Waiting {
    StoredAction action;
    Origin origin;
  };
  std::vector<Waiting> waiting;
  TRY_DO(database_.transaction([&](sqlite::Transaction& t) -> Result<void> {
    Store store(t);
    TRY(actions, store.actions_in(pending));
    for (auto& action : actions) {
      TRY(run, store.find_run(action.chain));
      TRY(trigger, store.find_trigger(action.trigger));
      auto origin = origin_of(action, run, trigger);
      waiting.push_back({std::move(action), std::move(origin)});
    }
    return {};
  }));
  for (const auto& [action, origin] : waiting) {
    const bool job = action.kind == "JOB";
    // A crash may have come between the start and its record.
    TRY(known, job ? nodes_.job_state(action.name, action.id) : nodes_.crawl_state(action.name, action.id));
    Result<void> started;
    if (!known)
      started =
          job ? nodes_.start_job(action.action, action.id, origin) : nodes_.start_crawler(action.action, action.id, origin);
    if (!started && started.error().http_status >= 500) return fail(std::move(started).error());
    TRY_DO(database_.transaction([&](sqlite::Transaction& t) -> Result<void> {
      Store store(t);
      if (started) return store.set_action(action, active, "");
      return end_action(store, action, "ERROR", started.error().message, clock_.now());
    }));
    if (!started) refused(action.trigger, action.name, started.error().message);
  }
  return !waiting.empty();
}

Result<bool> Orchestrator::follow_active() {
  std::vector<StoredAction> running;
  TRY_DO(database_.transaction([&](sqlite::Transaction& t) -> Result<void> {
    TRY(actions, Store(t).actions_in(active));
    running = std::move(actions);
    return {};
  }));
  bool ended = false;
  for (const auto& action : running) {
    TRY(state, action.kind == "JOB" ? nodes_.job_state(action.name, action.id) : nodes_.crawl_state(action.name, action.id));
    // Its job or crawler was deleted with all that ran.
    const std::string now_in = state.value_or("ERROR");
    if (!is_over(now_in)) continue;
    ended = true;
    TRY_DO(database_.transaction([&](sqlite::Transaction& t) -> Result<void> {
      Store store(t);
      return end_action(store, action, now_in, state ? "" : action.name + " was deleted while it ran.", clock_.now());
    }));
  }
  return ended;
}

Result<void> Orchestrator::schedule_crawler(std::string_view crawler, std::string_view expression, const Owner& owner) {
  TRY(schedule, Schedule::parse(expression));
  const auto now = clock_.now();
  TRY_DO(database_.transaction([&](sqlite::Transaction& t) -> Result<void> {
    return Store(t).schedule_crawler({std::string(crawler), std::string(expression), owner.region, owner.account_id, now},
                                     schedule.next_after(now, now));
  }));
  moved();
  return {};
}

Result<void> Orchestrator::unschedule_crawler(std::string_view crawler) {
  return database_.transaction([&](sqlite::Transaction& t) { return Store(t).unschedule_crawler(crawler); });
}

}  // namespace mastic::glue::orchestrate
