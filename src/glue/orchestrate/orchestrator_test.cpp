#include "glue/orchestrate/orchestrator.h"

#include <doctest/doctest.h>
#include <fmt/chrono.h>
#include <fmt/format.h>

#include <filesystem>
#include <set>

#include "base/identifiers.h"
#include "glue/orchestrate/chain.h"
#include "glue/schema.h"

namespace mastic::glue::orchestrate {
namespace {

/// Jobs and crawlers that end when the test says so.
class TestNodes final : public Nodes {
 public:
  Result<void> start_job(const wire::Action& action, const std::string& run_id, const Origin& origin) override {
    return start(*action.job_name, run_id, origin);
  }
  Result<void> start_crawler(const wire::Action& action, const std::string& crawl_id, const Origin& origin) override {
    return start(*action.crawler_name, crawl_id, origin);
  }
  Result<std::optional<std::string>> job_state(const std::string&, const std::string& id) override { return state(id); }
  Result<std::optional<std::string>> crawl_state(const std::string&, const std::string& id) override { return state(id); }
  Result<void> stop_job(const std::string&, const std::string& id) override {
    states[id] = "STOPPED";
    return {};
  }
  Result<void> stop_crawler(const std::string&, const std::string& id) override {
    states[id] = "CANCELLED";
    return {};
  }
  Result<bool> has_job(std::string_view) override { return true; }
  Result<bool> has_crawler(std::string_view) override { return true; }

  /// Ends what runs under this name.
  void end(const std::string& name, const std::string& state) {
    for (const auto& [id, node] : names)
      if (node == name && states[id] == "RUNNING") states[id] = state;
  }

  std::map<std::string, std::string> states;  // by id
  std::map<std::string, std::string> names;   // id → name
  std::vector<std::string> started;           // names, in order
  std::vector<Origin> origins;
  std::set<std::string> refused;

 private:
  Result<void> start(const std::string& name, const std::string& id, const Origin& origin) {
    if (refused.contains(name)) return fail(Error{"ConcurrentRunsExceededException", "Concurrent runs exceeded for " + name});
    CHECK_FALSE(states.contains(id));  // never twice
    started.push_back(name);
    origins.push_back(origin);
    names[id] = name;
    states[id] = "RUNNING";
    return {};
  }
  std::optional<std::string> state(const std::string& id) const {
    const auto found = states.find(id);
    return found == states.end() ? std::nullopt : std::optional(found->second);
  }
};

wire::Action start_job(const std::string& name) {
  wire::Action action;
  action.job_name = name;
  return action;
}
wire::Action start_crawler(const std::string& name) {
  wire::Action action;
  action.crawler_name = name;
  return action;
}
wire::Condition when_job(const std::string& name, const std::string& state = "SUCCEEDED") {
  wire::Condition condition;
  condition.job_name = name;
  condition.state = state;
  condition.logical_operator = "EQUALS";
  return condition;
}
wire::Condition when_crawler(const std::string& name) {
  wire::Condition condition;
  condition.crawler_name = name;
  condition.crawl_state = "SUCCEEDED";
  return condition;
}

struct Fixture {
  std::filesystem::path folder = std::filesystem::temp_directory_path() / ("mastic-orchestrate-" + random_hex(12));
  std::unique_ptr<sqlite::Database> database = std::move(open_database(folder)).value();
  // A Thursday.
  ManualClock clock{Instant{std::chrono::sys_days{std::chrono::year{2026} / 1 / 1}}};
  TestNodes nodes;
  std::unique_ptr<Orchestrator> orchestrator = std::make_unique<Orchestrator>(*database, clock, nodes);

  ~Fixture() {
    orchestrator.reset();
    database.reset();
    std::filesystem::remove_all(folder);
  }
  void restart() { orchestrator = std::make_unique<Orchestrator>(*database, clock, nodes); }

  void trigger(const std::string& name, const std::string& type, std::vector<wire::Action> actions,
               std::vector<wire::Condition> conditions = {}, const std::string& logical = "AND",
               const std::string& workflow = "", const std::string& schedule = "") {
    wire::Trigger trigger;
    trigger.name = name;
    trigger.type = type;
    trigger.actions = std::move(actions);
    if (!conditions.empty()) {
      trigger.predicate.emplace().conditions = std::move(conditions);
      trigger.predicate->logical = logical;
    }
    if (!workflow.empty()) trigger.workflow_name = workflow;
    if (!schedule.empty()) trigger.schedule = schedule;
    const auto created = orchestrator->create_trigger(std::move(trigger), type != "ON_DEMAND", {"eu-west-1", "000000000000"});
    REQUIRE_MESSAGE(created, (created ? "" : created.error().message));
  }
  void workflow(const std::string& name, std::optional<int32_t> most = std::nullopt) {
    wire::Workflow workflow;
    workflow.name = name;
    workflow.max_concurrent_runs = most;
    REQUIRE(orchestrator->create_workflow(std::move(workflow)));
  }
  void look() { REQUIRE(orchestrator->catch_up()); }
  std::string started() {
    look();
    std::string names;
    for (const auto& name : nodes.started) names += (names.empty() ? "" : " ") + name;
    nodes.started.clear();
    return names;
  }
  std::string ends(const std::string& name, const std::string& state = "SUCCEEDED") {
    nodes.end(name, state);
    return started();
  }
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "a month of a schedule fires each time once") {
  trigger("daily", "SCHEDULED", {start_job("report")}, {}, "AND", "", "cron(30 6 ? * MON-FRI *)");
  std::vector<std::string> days;
  for (int minute = 0; minute < 31 * 24 * 60; ++minute) {
    clock.advance(std::chrono::minutes(1));
    if (started() == "report") {
      days.push_back(fmt::format("{:%a %d %H:%M}", std::chrono::time_point_cast<std::chrono::seconds>(clock.now())));
      nodes.end("report", "SUCCEEDED");
    }
  }
  CHECK(days.size() == 22);
  CHECK(days.front() == "Thu 01 06:30");
  CHECK(days.back() == "Fri 30 06:30");
  CHECK(nodes.origins.front().trigger == "daily");
  CHECK(nodes.origins.front().region == "eu-west-1");
}

TEST_CASE_FIXTURE(Fixture, "what was due while nothing ran fires once") {
  trigger("hourly", "SCHEDULED", {start_job("a")}, {}, "AND", "", "rate(1 hour)");
  clock.advance(std::chrono::hours(10));
  restart();
  CHECK(started() == "a");
  CHECK(started().empty());
  clock.advance(std::chrono::hours(1));
  CHECK(started() == "a");
}

TEST_CASE_FIXTURE(Fixture, "a stopped schedule is quiet, a started one goes on") {
  trigger("hourly", "SCHEDULED", {start_job("a")}, {}, "AND", "", "rate(1 hour)");
  REQUIRE(orchestrator->stop_trigger("hourly"));
  clock.advance(std::chrono::hours(5));
  CHECK(started().empty());
  REQUIRE(orchestrator->start_trigger("hourly"));
  CHECK(started().empty());
  clock.advance(std::chrono::hours(1));
  CHECK(started() == "a");
}

TEST_CASE_FIXTURE(Fixture, "conditional triggers follow a chain, AND waits for all, ANY for one") {
  trigger("go", "ON_DEMAND", {start_job("a"), start_job("b")});
  trigger("both", "CONDITIONAL", {start_job("c")}, {when_job("a"), when_job("b")});
  trigger("either", "CONDITIONAL", {start_crawler("d")}, {when_job("a"), when_job("b", "FAILED")}, "ANY");
  REQUIRE(orchestrator->start_trigger("go"));
  CHECK(started() == "a b");
  CHECK(ends("a") == "d");
  CHECK(ends("b") == "c");
  CHECK(ends("c").empty());

  // Another chain begins anew; a failure does not satisfy SUCCEEDED.
  REQUIRE(orchestrator->start_trigger("go"));
  CHECK(started() == "a b");
  CHECK(ends("a") == "d");
  CHECK(ends("b", "FAILED").empty());
}

TEST_CASE_FIXTURE(Fixture, "a workflow: crawler, job, crawler, job") {
  workflow("pipeline");
  trigger("start", "ON_DEMAND", {start_crawler("raw")}, {}, "AND", "pipeline");
  trigger("clean-up", "CONDITIONAL", {start_job("clean")}, {when_crawler("raw")}, "AND", "pipeline");
  trigger("look-again", "CONDITIONAL", {start_crawler("cleaned")}, {when_job("clean")}, "AND", "pipeline");
  trigger("report", "CONDITIONAL", {start_job("report")}, {when_crawler("cleaned")}, "AND", "pipeline");
  const auto id = orchestrator->start_run("pipeline", {{"day", "monday"}});
  REQUIRE(id);
  CHECK(started() == "raw");
  CHECK(ends("raw") == "clean");
  CHECK(nodes.origins.back().workflow == "pipeline");
  CHECK(nodes.origins.back().workflow_run == *id);
  CHECK(orchestrator->get_run("pipeline", *id)->status == "RUNNING");
  CHECK(ends("clean") == "cleaned");
  CHECK(ends("cleaned") == "report");
  CHECK(ends("report").empty());
  const auto run = orchestrator->get_run("pipeline", *id);
  REQUIRE(run);
  CHECK(run->status == "COMPLETED");
  CHECK(run->completed_on.has_value());
  CHECK(run->statistics->total_actions == 4);
  CHECK(run->statistics->succeeded_actions == 4);
  CHECK(run->workflow_run_properties->at("day") == "monday");
}

TEST_CASE_FIXTURE(Fixture, "a workflow goes on after a restart at any step") {
  workflow("w");
  trigger("start", "ON_DEMAND", {start_job("a")}, {}, "AND", "w");
  trigger("then", "CONDITIONAL", {start_job("b")}, {when_job("a")}, "AND", "w");
  const auto id = orchestrator->start_run("w", {});
  restart();  // nothing had started yet
  CHECK(started() == "a");
  nodes.end("a", "SUCCEEDED");
  restart();  // it ended while the server was down
  CHECK(started() == "b");
  restart();
  CHECK(ends("b").empty());
  CHECK(orchestrator->get_run("w", *id)->status == "COMPLETED");
}

TEST_CASE_FIXTURE(Fixture, "an action that cannot start says why, and the run ends") {
  workflow("w");
  trigger("start", "ON_DEMAND", {start_job("a")}, {}, "AND", "w");
  nodes.refused.insert("a");
  const auto id = orchestrator->start_run("w", {});
  CHECK(started().empty());
  const auto run = orchestrator->get_run("w", *id);
  CHECK(run->status == "ERROR");
  CHECK(run->error_message == "a could not be started: Concurrent runs exceeded for a");
  CHECK(run->statistics->errored_actions == 1);
}

TEST_CASE_FIXTURE(Fixture, "concurrent runs are limited, stopping ends what runs") {
  workflow("w", 1);
  trigger("start", "ON_DEMAND", {start_job("a"), start_job("b")}, {}, "AND", "w");
  trigger("then", "CONDITIONAL", {start_job("c")}, {when_job("a", "STOPPED")}, "AND", "w");
  const auto id = orchestrator->start_run("w", {});
  CHECK(orchestrator->start_run("w", {}).error().code == "ConcurrentRunsExceededException");
  CHECK(started() == "a b");
  REQUIRE(orchestrator->stop_run("w", *id));
  CHECK(started().empty());
  CHECK(orchestrator->get_run("w", *id)->status == "STOPPED");
  CHECK(orchestrator->get_run("w", *id)->statistics->stopped_actions == 2);
  CHECK(orchestrator->stop_run("w", *id).error().code == "IllegalWorkflowStateException");
  CHECK(orchestrator->start_run("w", {}));
}

TEST_CASE_FIXTURE(Fixture, "a resumed run does the chosen nodes again and what follows, and nothing else") {
  workflow("w");
  trigger("start", "ON_DEMAND", {start_job("a"), start_job("b")}, {}, "AND", "w");
  trigger("then", "CONDITIONAL", {start_job("c")}, {when_job("a"), when_job("b")}, "AND", "w");
  const auto first = orchestrator->start_run("w", {{"k", "v"}});
  CHECK(started() == "a b");
  CHECK(orchestrator->resume_run("w", *first, {node_id("JOB", "b")}).error().code == "IllegalWorkflowStateException");
  CHECK(ends("a").empty());
  CHECK(ends("b", "FAILED").empty());
  CHECK(orchestrator->get_run("w", *first)->status == "COMPLETED");
  const auto second = orchestrator->resume_run("w", *first, {node_id("JOB", "b")});
  REQUIRE(second);
  CHECK(started() == "b");
  CHECK(ends("b") == "c");
  CHECK(ends("c").empty());
  const auto run = orchestrator->get_run("w", *second);
  CHECK(run->status == "COMPLETED");
  CHECK(run->previous_run_id == *first);
  CHECK(run->statistics->succeeded_actions == 3);
  CHECK(run->workflow_run_properties->at("k") == "v");
  CHECK(orchestrator->resume_run("w", *first, {"wnode_0"}).error().code == "InvalidInputException");
}

TEST_CASE_FIXTURE(Fixture, "definitions that make no sense are refused") {
  const auto refused = [&](const std::function<void(wire::Trigger&)>& change) {
    wire::Trigger trigger;
    trigger.name = "t";
    trigger.type = "ON_DEMAND";
    trigger.actions = std::vector{start_job("a")};
    change(trigger);
    const auto created = orchestrator->create_trigger(std::move(trigger), false, {});
    REQUIRE_FALSE(created);
    return created.error().code;
  };
  CHECK(refused([](auto& t) { t.actions->clear(); }) == "InvalidInputException");
  CHECK(refused([](auto& t) { t.schedule = "rate(1 hour)"; }) == "InvalidInputException");
  CHECK(refused([](auto& t) { t.type = "SCHEDULED"; }) == "InvalidInputException");
  CHECK(refused([](auto& t) { t.type = "CONDITIONAL"; }) == "InvalidInputException");
  CHECK(refused([](auto& t) { t.type = "EVENT"; }) == "InvalidInputException");
  CHECK(refused([](auto& t) { t.workflow_name = "none"; }) == "EntityNotFoundException");
  CHECK(refused([](auto& t) { t.actions->front().crawler_name = "c"; }) == "InvalidInputException");
  CHECK(orchestrator->start_trigger("none").error().code == "EntityNotFoundException");
  CHECK(orchestrator->start_run("none", {}).error().code == "EntityNotFoundException");
}

TEST_CASE_FIXTURE(Fixture, "events are collected until a batch is full or its window is over") {
  wire::Workflow workflow;
  workflow.name = "w";
  workflow.max_concurrent_runs = 1;
  REQUIRE(orchestrator->create_workflow(workflow));
  CHECK(orchestrator->notify_event("w", "e0").error().code == "EntityNotFoundException");
  wire::Trigger trigger;
  trigger.name = "t";
  trigger.type = "EVENT";
  trigger.workflow_name = "w";
  trigger.actions = std::vector{start_job("a")};
  trigger.event_batching_condition.emplace().batch_size = 3;
  trigger.event_batching_condition->batch_window = 60;
  REQUIRE(orchestrator->create_trigger(trigger, false, {}));

  REQUIRE(orchestrator->notify_event("w", "e1"));
  REQUIRE(orchestrator->notify_event("w", "e1"));  // delivered twice, counts once
  REQUIRE(orchestrator->notify_event("w", "e2"));
  REQUIRE(orchestrator->catch_up());
  CHECK(nodes.started.empty());
  restart();  // what was collected is kept
  REQUIRE(orchestrator->notify_event("w", "e3"));
  REQUIRE(orchestrator->catch_up());
  CHECK(nodes.started == std::vector<std::string>{"a"});
  auto run = orchestrator->runs("w", "", 1).value().at(0);
  CHECK(run.workflow_run_properties->at("aws:eventIds") == "[e1,e2,e3]");
  CHECK(run.starting_event_batch_condition->batch_size == 3);

  // One event alone: its window decides. The workflow is still busy, and the user sees why nothing ran.
  REQUIRE(orchestrator->notify_event("w", "e4"));
  clock.advance(std::chrono::seconds(59));
  REQUIRE(orchestrator->catch_up());
  CHECK(orchestrator->runs("w", "", 10).value().size() == 1);
  clock.advance(std::chrono::seconds(1));
  REQUIRE(orchestrator->catch_up());
  run = orchestrator->runs("w", "", 1).value().at(0);
  CHECK(run.status == "ERROR");
  CHECK(run.error_message == "Concurrent runs exceeded for workflow w");
  CHECK(run.workflow_run_properties->at("aws:eventIds") == "[e4]");

  nodes.end("a", "SUCCEEDED");
  REQUIRE(orchestrator->catch_up());
  REQUIRE(orchestrator->notify_event("w", "e5"));
  clock.advance(std::chrono::hours(5));  // due while the server was down: fires once
  restart();
  REQUIRE(orchestrator->catch_up());
  CHECK(nodes.started == std::vector<std::string>{"a", "a"});

  REQUIRE(orchestrator->stop_trigger("t"));
  CHECK(orchestrator->notify_event("w", "e6").error().code == "EntityNotFoundException");
}

TEST_CASE_FIXTURE(Fixture, "a schedule whose workflow cannot start leaves a run that says why") {
  wire::Workflow workflow;
  workflow.name = "w";
  workflow.max_concurrent_runs = 1;
  REQUIRE(orchestrator->create_workflow(workflow));
  trigger("t", "SCHEDULED", {start_job("a")}, {}, "AND", "w", "rate(5 minutes)");
  clock.advance(std::chrono::minutes(5));
  REQUIRE(orchestrator->catch_up());
  clock.advance(std::chrono::minutes(5));
  REQUIRE(orchestrator->catch_up());
  const auto runs = orchestrator->runs("w", "", 10).value();
  REQUIRE(runs.size() == 2);
  CHECK(runs[0].status == "ERROR");
  CHECK(runs[0].completed_on == runs[0].started_on);
  CHECK(runs[1].status == "RUNNING");
}

}  // namespace mastic::glue::orchestrate
