#include "glue/orchestrate/store.h"

#include "aws/json.h"
#include "base/identifiers.h"

namespace mastic::glue::orchestrate {

constinit const std::string_view store_schema = R"(
  CREATE TABLE trigger_definition(
    name TEXT PRIMARY KEY,
    workflow TEXT NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    body TEXT NOT NULL,
    region TEXT NOT NULL,
    account TEXT NOT NULL,
    anchor_us INTEGER NOT NULL,
    due_us INTEGER) WITHOUT ROWID;
  CREATE INDEX trigger_of_workflow ON trigger_definition(workflow, name);
  CREATE INDEX trigger_due ON trigger_definition(due_us) WHERE due_us IS NOT NULL;
  CREATE TABLE crawler_schedule(
    crawler TEXT PRIMARY KEY REFERENCES crawler(name) ON DELETE CASCADE,
    expression TEXT NOT NULL,
    region TEXT NOT NULL,
    account TEXT NOT NULL,
    anchor_us INTEGER NOT NULL,
    due_us INTEGER) WITHOUT ROWID;
  CREATE INDEX crawler_due ON crawler_schedule(due_us) WHERE due_us IS NOT NULL;
  CREATE TABLE workflow(name TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE workflow_run(
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    workflow TEXT NOT NULL REFERENCES workflow(name) ON DELETE CASCADE,
    status TEXT NOT NULL,
    properties TEXT NOT NULL,
    previous_id TEXT NOT NULL,
    error_message TEXT NOT NULL,
    started_us INTEGER NOT NULL,
    completed_us INTEGER);
  CREATE INDEX run_of_workflow ON workflow_run(workflow, number);
  CREATE TABLE firing(
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    chain TEXT NOT NULL,
    trigger TEXT NOT NULL,
    fired_us INTEGER NOT NULL,
    UNIQUE(chain, trigger));
  CREATE TABLE firing_action(
    firing INTEGER NOT NULL REFERENCES firing(number) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    id TEXT NOT NULL,
    state TEXT NOT NULL,
    message TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY(firing, position)) WITHOUT ROWID;
  CREATE INDEX unfinished_action ON firing_action(state) WHERE state IN ('PENDING', 'ACTIVE');
)";

namespace {

constexpr std::string_view trigger_columns = "SELECT body, state, region, account, anchor_us FROM trigger_definition ";
constexpr std::string_view run_columns =
    "SELECT id, workflow, status, properties, previous_id, error_message, started_us, completed_us FROM workflow_run ";
constexpr std::string_view action_columns =
    "SELECT a.firing, a.position, a.kind, a.name, a.id, a.state, a.message, a.body, f.trigger, f.chain "
    "FROM firing_action a JOIN firing f ON f.number = a.firing ";

Result<std::vector<StoredTrigger>> read_triggers(const sqlite::Rows& rows) {
  std::vector<StoredTrigger> triggers;
  for (const auto& row : rows) {
    TRY(trigger, aws::from_json<wire::Trigger>(row.text(0)));
    trigger.state = row.text(1);
    triggers.push_back({std::move(trigger), row.text(2), row.text(3), from_microseconds(row.integer(4))});
  }
  return triggers;
}

Result<std::vector<StoredRun>> read_runs(const sqlite::Rows& rows) {
  std::vector<StoredRun> runs;
  for (const auto& row : rows) {
    StoredRun run;
    run.id = row.text(0);
    run.workflow = row.text(1);
    run.status = row.text(2);
    // The properties are kept as a run's wire form has them.
    TRY(body, aws::from_json<wire::WorkflowRun>(row.text(3)));
    run.batch = body.starting_event_batch_condition;
    run.properties = body.workflow_run_properties.value_or(std::map<std::string, std::string>{});
    run.previous_id = row.text(4);
    run.error_message = row.text(5);
    run.started = from_microseconds(row.integer(6));
    if (!row.is_null(7)) run.completed = from_microseconds(row.integer(7));
    runs.push_back(std::move(run));
  }
  return runs;
}

std::string properties_text(const StoredRun& run) {
  wire::WorkflowRun body;
  body.workflow_run_properties = run.properties;
  body.starting_event_batch_condition = run.batch;
  return aws::to_json(body);
}

Result<std::vector<StoredAction>> read_actions(const sqlite::Rows& rows) {
  std::vector<StoredAction> actions;
  for (const auto& row : rows) {
    StoredAction action;
    action.firing = row.integer(0);
    action.position = row.integer(1);
    action.kind = row.text(2);
    action.name = row.text(3);
    action.id = row.text(4);
    action.state = row.text(5);
    action.message = row.text(6);
    TRY(body, aws::from_json<wire::Action>(row.text(7)));
    action.action = std::move(body);
    action.trigger = row.text(8);
    action.chain = row.text(9);
    actions.push_back(std::move(action));
  }
  return actions;
}

template <typename T>
std::optional<T> first_of(std::vector<T> list) {
  return list.empty() ? std::nullopt : std::optional(std::move(list.front()));
}

std::optional<int64_t> microseconds_of(const std::optional<Instant>& instant) {
  return instant ? std::optional(to_microseconds(*instant)) : std::nullopt;
}

}  // namespace

Result<std::optional<StoredTrigger>> Store::find_trigger(std::string_view name) {
  TRY(rows, t_.query(std::string(trigger_columns) + "WHERE name = ?", name));
  TRY(found, read_triggers(rows));
  return first_of(std::move(found));
}

Result<std::vector<StoredTrigger>> Store::triggers(std::string_view workflow, std::string_view after, std::size_t limit) {
  TRY(rows, workflow.empty() ? t_.query(std::string(trigger_columns) + "WHERE name > ? ORDER BY name LIMIT ?", after, limit)
                             : t_.query(std::string(trigger_columns) + "WHERE workflow = ? AND name > ? ORDER BY name LIMIT ?",
                                        workflow, after, limit));
  return read_triggers(rows);
}

Result<void> Store::save_trigger(const StoredTrigger& stored, std::optional<Instant> due) {
  const auto& trigger = stored.trigger;
  TRY_DO(t_.run(
      "INSERT INTO trigger_definition(name, workflow, kind, state, body, region, account, anchor_us, due_us) "
      "VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT(name) DO UPDATE SET workflow = excluded.workflow, "
      "kind = excluded.kind, state = excluded.state, body = excluded.body, region = excluded.region, "
      "account = excluded.account, anchor_us = excluded.anchor_us, due_us = excluded.due_us",
      trigger.name.value_or(""), trigger.workflow_name.value_or(""), trigger.type.value_or(""), trigger.state.value_or(""),
      aws::to_json(trigger), stored.region, stored.account_id, to_microseconds(stored.anchor), microseconds_of(due)));
  return {};
}

Result<void> Store::remove_trigger(std::string_view name) {
  TRY_DO(forget_events(name));
  TRY_DO(t_.run("DELETE FROM trigger_definition WHERE name = ?", name));
  TRY_DO(t_.run("DELETE FROM tag WHERE resource = ?", "trigger/" + std::string(name)));
  return {};
}

Result<std::vector<StoredTrigger>> Store::conditional_triggers(std::string_view workflow) {
  TRY(rows, t_.query(std::string(trigger_columns) +
                         "WHERE workflow = ? AND kind = 'CONDITIONAL' AND state = 'ACTIVATED' ORDER BY name",
                     workflow));
  return read_triggers(rows);
}

Result<std::vector<StoredTrigger>> Store::due_triggers(Instant now) {
  TRY(rows, t_.query(std::string(trigger_columns) + "WHERE due_us <= ? ORDER BY due_us LIMIT 500", to_microseconds(now)));
  return read_triggers(rows);
}

Result<void> Store::add_event(std::string_view trigger, std::string_view event_id) {
  TRY_DO(t_.run("INSERT INTO waiting_event(trigger, event_id) VALUES(?, ?) ON CONFLICT DO NOTHING", trigger, event_id));
  return {};
}

Result<std::vector<std::string>> Store::events_of(std::string_view trigger) {
  TRY(rows, t_.query("SELECT event_id FROM waiting_event WHERE trigger = ? ORDER BY number", trigger));
  std::vector<std::string> ids;
  for (const auto& row : rows) ids.push_back(row.text(0));
  return ids;
}

Result<void> Store::forget_events(std::string_view trigger) {
  TRY_DO(t_.run("DELETE FROM waiting_event WHERE trigger = ?", trigger));
  return set_batch_due(trigger, std::nullopt);
}

Result<void> Store::set_batch_due(std::string_view trigger, std::optional<Instant> due) {
  TRY_DO(t_.run("UPDATE trigger_definition SET batch_due_us = ? WHERE name = ?", microseconds_of(due), trigger));
  return {};
}

Result<std::vector<StoredTrigger>> Store::due_batches(Instant now) {
  TRY(rows,
      t_.query(std::string(trigger_columns) + "WHERE batch_due_us <= ? ORDER BY batch_due_us LIMIT 500", to_microseconds(now)));
  return read_triggers(rows);
}

Result<std::optional<Instant>> Store::next_due() {
  TRY(rows, t_.query("SELECT min(due) FROM (SELECT min(due_us) AS due FROM trigger_definition WHERE due_us IS NOT NULL "
                     "UNION ALL SELECT min(batch_due_us) FROM trigger_definition WHERE batch_due_us IS NOT NULL "
                     "UNION ALL SELECT min(due_us) FROM crawler_schedule WHERE due_us IS NOT NULL)"));
  if (rows.empty() || rows[0].is_null(0)) return std::nullopt;
  return std::optional(from_microseconds(rows[0].integer(0)));
}

Result<std::optional<wire::Workflow>> Store::find_workflow(std::string_view name) {
  TRY(rows, t_.query("SELECT body FROM workflow WHERE name = ?", name));
  if (rows.empty()) return std::nullopt;
  TRY(workflow, aws::from_json<wire::Workflow>(rows[0].text(0)));
  return std::optional(std::move(workflow));
}

Result<std::vector<wire::Workflow>> Store::workflows(std::string_view after, std::size_t limit) {
  TRY(rows, t_.query("SELECT body FROM workflow WHERE name > ? ORDER BY name LIMIT ?", after, limit));
  std::vector<wire::Workflow> workflows;
  for (const auto& row : rows) {
    TRY(workflow, aws::from_json<wire::Workflow>(row.text(0)));
    workflows.push_back(std::move(workflow));
  }
  return workflows;
}

Result<void> Store::save_workflow(const wire::Workflow& workflow) {
  TRY_DO(t_.run("INSERT INTO workflow(name, body) VALUES(?, ?) ON CONFLICT(name) DO UPDATE SET body = excluded.body",
                workflow.name.value_or(""), aws::to_json(workflow)));
  return {};
}

Result<void> Store::remove_workflow(std::string_view name) {
  // A workflow's triggers go with it, as in Glue; what its runs had started is forgotten too.
  TRY_DO(t_.run("DELETE FROM firing WHERE chain IN (SELECT id FROM workflow_run WHERE workflow = ?)", name));
  TRY_DO(t_.run("DELETE FROM waiting_event WHERE trigger IN (SELECT name FROM trigger_definition WHERE workflow = ?)", name));
  TRY_DO(t_.run("DELETE FROM trigger_definition WHERE workflow = ?", name));
  TRY_DO(t_.run("DELETE FROM workflow WHERE name = ?", name));
  TRY_DO(t_.run("DELETE FROM tag WHERE resource = ?", "workflow/" + std::string(name)));
  return {};
}

Result<void> Store::add_run(const StoredRun& run) {
  TRY_DO(
      t_.run("INSERT INTO workflow_run(id, workflow, status, properties, previous_id, error_message, started_us) "
             "VALUES(?, ?, ?, ?, ?, ?, ?)",
             run.id, run.workflow, run.status, properties_text(run), run.previous_id, run.error_message,
             to_microseconds(run.started)));
  return {};
}

Result<void> Store::save_run(const StoredRun& run) {
  TRY_DO(t_.run("UPDATE workflow_run SET status = ?, properties = ?, error_message = ?, completed_us = ? WHERE id = ?",
                run.status, properties_text(run), run.error_message, microseconds_of(run.completed), run.id));
  return {};
}

Result<std::optional<StoredRun>> Store::find_run(std::string_view workflow, std::string_view id) {
  TRY(rows, t_.query(std::string(run_columns) + "WHERE workflow = ? AND id = ?", workflow, id));
  TRY(found, read_runs(rows));
  return first_of(std::move(found));
}

Result<std::optional<StoredRun>> Store::find_run(std::string_view id) {
  TRY(rows, t_.query(std::string(run_columns) + "WHERE id = ?", id));
  TRY(found, read_runs(rows));
  return first_of(std::move(found));
}

Result<std::vector<StoredRun>> Store::runs(std::string_view workflow, std::string_view before, std::size_t limit) {
  TRY(rows, t_.query(std::string(run_columns) +
                         "WHERE workflow = ?1 AND (?2 = '' OR number < (SELECT number FROM workflow_run WHERE id = ?2)) "
                         "ORDER BY number DESC LIMIT ?3",
                     workflow, before, limit));
  return read_runs(rows);
}

Result<int64_t> Store::unfinished_runs(std::string_view workflow) {
  TRY(rows, t_.query("SELECT count(*) FROM workflow_run WHERE workflow = ? AND status IN ('RUNNING', 'STOPPING')", workflow));
  return rows[0].integer(0);
}

Result<bool> Store::fire(const std::string& chain, const StoredTrigger& trigger, Instant now) {
  std::vector<StoredAction> actions;
  for (const auto& action : trigger.trigger.actions.value_or(std::vector<wire::Action>{})) {
    StoredAction stored;
    const bool job = action.job_name.has_value();
    stored.kind = job ? "JOB" : "CRAWLER";
    stored.name = job ? *action.job_name : action.crawler_name.value_or("");
    stored.id = job ? "jr_" + random_hex(64) : random_uuid();
    stored.state = pending;
    stored.action = action;
    actions.push_back(std::move(stored));
  }
  return fire(chain, trigger.trigger.name.value_or(""), actions, now);
}

Result<bool> Store::fire(const std::string& chain, std::string_view trigger, const std::vector<StoredAction>& actions,
                         Instant now) {
  TRY(fired, t_.query("INSERT INTO firing(chain, trigger, fired_us) VALUES(?, ?, ?) ON CONFLICT DO NOTHING RETURNING number",
                      chain, trigger, to_microseconds(now)));
  if (fired.empty()) return false;
  for (std::size_t i = 0; i < actions.size(); ++i) {
    const auto& action = actions[i];
    TRY_DO(
        t_.run("INSERT INTO firing_action(firing, position, kind, name, id, state, message, body) "
               "VALUES(?, ?, ?, ?, ?, ?, ?, ?)",
               fired[0].integer(0), i, action.kind, action.name, action.id, action.state, action.message,
               aws::to_json(action.action)));
  }
  return true;
}

Result<std::vector<StoredAction>> Store::actions_in(std::string_view state) {
  // The text of the state stands in the statement, so that the index of unfinished actions serves it.
  TRY(rows,
      t_.query(std::string(action_columns) + (state == pending ? "WHERE a.state = 'PENDING' " : "WHERE a.state = 'ACTIVE' ") +
               "ORDER BY a.firing, a.position"));
  return read_actions(rows);
}

Result<std::vector<StoredAction>> Store::actions_of(std::string_view chain) {
  TRY(rows, t_.query(std::string(action_columns) + "WHERE f.chain = ? ORDER BY a.firing, a.position", chain));
  return read_actions(rows);
}

Result<void> Store::set_action(const StoredAction& action, std::string_view state, std::string_view message) {
  TRY_DO(t_.run("UPDATE firing_action SET state = ?, message = ? WHERE firing = ? AND position = ?", state, message,
                action.firing, action.position));
  return {};
}

Result<bool> Store::has_fired(std::string_view chain, std::string_view trigger) {
  TRY(rows, t_.query("SELECT 1 FROM firing WHERE chain = ? AND trigger = ?", chain, trigger));
  return !rows.empty();
}

Result<void> Store::schedule_crawler(const DueCrawler& crawler, std::optional<Instant> due) {
  TRY_DO(
      t_.run("INSERT INTO crawler_schedule(crawler, expression, region, account, anchor_us, due_us) VALUES(?, ?, ?, ?, ?, ?) "
             "ON CONFLICT(crawler) DO UPDATE SET expression = excluded.expression, region = excluded.region, "
             "account = excluded.account, anchor_us = excluded.anchor_us, due_us = excluded.due_us",
             crawler.name, crawler.expression, crawler.region, crawler.account_id, to_microseconds(crawler.anchor),
             microseconds_of(due)));
  return {};
}

Result<void> Store::unschedule_crawler(std::string_view name) {
  TRY_DO(t_.run("DELETE FROM crawler_schedule WHERE crawler = ?", name));
  return {};
}

Result<std::vector<Store::DueCrawler>> Store::due_crawlers(Instant now) {
  TRY(rows, t_.query("SELECT crawler, expression, region, account, anchor_us FROM crawler_schedule WHERE due_us <= ? "
                     "ORDER BY due_us LIMIT 500",
                     to_microseconds(now)));
  std::vector<DueCrawler> due;
  for (const auto& row : rows)
    due.push_back({row.text(0), row.text(1), row.text(2), row.text(3), from_microseconds(row.integer(4))});
  return due;
}

}  // namespace mastic::glue::orchestrate
