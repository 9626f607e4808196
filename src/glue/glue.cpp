#include "glue/glue.h"

#include <fmt/format.h>

#include <mutex>

#include "aws/encoding.h"
#include "aws/json.h"
#include "aws/pages.h"
#include "aws/service.h"
#include "glue/catalog/watched_catalog.h"
#include "glue/codegen/pages.h"
#include "glue/crawler/classifiers.h"
#include "glue/crawler/crawlers.h"
#include "glue/crawler/dynamodb_source.h"
#include "glue/crawler/s3_source.h"
#include "glue/jobs/jobs.h"
#include "glue/operations.h"
#include "glue/orchestrate/glue_nodes.h"
#include "glue/orchestrate/orchestrator.h"
#include "glue/registry/registry.h"
#include "glue/schema.h"
#include "glue/sessions/sessions.h"
#include "glue/settings/records.h"
#include "glue/statistics/statistics_tasks.h"
#include "glue/statistics/task_settings.h"
#include "glue/tags.h"

namespace mastic::glue {

namespace {

/// What a callback of jobs::Runs, which outlives Glue, reaches the orchestrator through.
struct Gate {
  std::mutex mutex;
  orchestrate::Orchestrator* orchestrator = nullptr;
};

/// The detail of EventBridge's event.
std::string detail_of(const crawler::CrawlerChange& change) {
  std::string text;
  aws::JsonWriter writer(text);
  const auto member = [&](std::string_view name, std::string_view value) {
    writer.key(name);
    writer.text(value);
  };
  writer.open_object();
  member("crawlerName", change.crawler);
  member("state", change.state);
  member("severity", change.state == "Failed" ? "ERROR" : "INFO");
  member("message", change.state == "Started" ? "Crawler Started" : "Crawler " + change.state);
  member(change.state == "Started" ? "startTime" : "completionDate", aws::to_iso_time(change.time, false));
  if (change.state == "Failed") member("errorMessage", change.error_message);
  if (change.state == "Succeeded") {
    member("tablesCreated", std::to_string(change.tables_created));
    member("tablesUpdated", std::to_string(change.tables_updated));
    member("tablesDeleted", std::to_string(change.tables_deleted));
    member("warningMessage", "N/A");
    member("runningTime (sec)", std::to_string(change.running_seconds));
  }
  member("cloudWatchLogLink", fmt::format("{}:log-stream:{}", crawler::log_group, change.crawler));
  writer.close_object();
  return text;
}

}  // namespace

// In the order in which they need each other; they go in the opposite one.
struct Glue::State {
  std::unique_ptr<sqlite::Database> database;
  Tags tags;
  catalog::WatchedCatalog catalog;
  CatalogView view;
  crawler::DynamodbSource items;
  std::optional<crawler::S3Source> objects;
  crawler::ClassifierRecords classifiers;
  std::unique_ptr<crawler::Crawlers> crawlers;
  Jobs jobs;
  StatisticsTasks statistics_tasks;
  Records<StatisticsSettings::Entry> statistics_records;
  StatisticsSettings statistics_settings;
  registry::Registry registry;
  Sessions sessions;
  std::unique_ptr<orchestrate::GlueNodes> nodes;
  std::unique_ptr<orchestrate::Orchestrator> orchestrator;
  std::shared_ptr<Gate> gate;
  const Clock& clock;
  mastic::jobs::Runs& runs;
  Roles* const roles;
  const WriteObject write_object;
  const Permission permit;
  Records<aws::glue::Connection> connections;
  Records<aws::glue::SecurityConfiguration> security_configurations;
  Records<aws::glue::GetResourcePolicyResponse> policies;
  std::mutex policy_mutex;  // guards what follows: the catalog's policy, of the records' generation
  uint64_t policy_generation = 0;
  std::string policy;

  State(std::unique_ptr<sqlite::Database> opened, const Dependencies& dependencies)
      : database(std::move(opened)),
        tags(*database),
        catalog(*database, dependencies.clock, dependencies.announce),
        view(catalog),
        items(dependencies.dynamodb),
        classifiers(*database, "classifier"),
        jobs(*database, dependencies.clock, dependencies.runs, dependencies.read_object, dependencies.roles),
        statistics_tasks(catalog, dependencies.runs, dependencies.clock, dependencies.roles),
        statistics_records(*database, "statistics_settings"),
        statistics_settings(statistics_records, statistics_tasks, dependencies.clock),
        registry(*database, dependencies.clock),
        sessions(*database, dependencies.runs, dependencies.clock, dependencies.roles),
        clock(dependencies.clock),
        runs(dependencies.runs),
        roles(dependencies.roles),
        write_object(dependencies.write_object),
        permit(dependencies.permit),
        connections(*database, "connection"),
        security_configurations(*database, "security_configuration"),
        policies(*database, "resource_policy") {
    if (dependencies.objects != nullptr) objects.emplace(*dependencies.objects);
  }
};

namespace {

template <typename State>
crawler::FileSources file_sources(State& state, const std::vector<std::string>& classify_command) {
  crawler::FileSources files;
  files.objects = state.objects ? &*state.objects : nullptr;
  files.classifiers = [&state](const std::vector<std::string>& names) {
    return crawler::load_classifiers(state.classifiers, names);
  };
  files.inspector = [classify_command](std::vector<classify::Classifier> classifiers) {
    return classify_command.empty() ? classify::make_local_inspector(std::move(classifiers))
                                    : classify::make_helper_inspector(classify_command, std::move(classifiers));
  };
  return files;
}

}  // namespace

Glue::Glue(std::unique_ptr<State> state) : state_(std::move(state)) {}
// Orchestration ends first: nothing is to start for a trigger while the rest goes.
Glue::~Glue() {
  state_->orchestrator->end();
  const std::scoped_lock lock(state_->gate->mutex);
  state_->gate->orchestrator = nullptr;
}

Result<std::unique_ptr<Glue>> Glue::open(Dependencies dependencies) {
  TRY(database, open_database(dependencies.folder));
  auto state = std::make_unique<State>(std::move(database), dependencies);
  TRY(crawlers, crawler::Crawlers::open(*state->database, state->catalog, state->items, dependencies.clock, dependencies.log,
                                        dependencies.roles, file_sources(*state, dependencies.classify_command)));
  state->crawlers = std::move(crawlers);
  state->nodes = std::make_unique<orchestrate::GlueNodes>(state->jobs, *state->crawlers, state->statistics_settings);
  state->gate = std::make_shared<Gate>();
  state->orchestrator = std::make_unique<orchestrate::Orchestrator>(
      *state->database, dependencies.clock, *state->nodes,
      [log = dependencies.log](std::string_view trigger, std::string_view node, std::string_view why) {
        if (log) log("/aws-glue/triggers", trigger, fmt::format("{} could not be started: {}", node, why));
      });
  state->gate->orchestrator = state->orchestrator.get();
  // Behind the jobs' own look at an ended run, which may begin another attempt of it.
  dependencies.runs.on_change([gate = state->gate](const mastic::jobs::RunRecord& run) {
    const std::scoped_lock lock(gate->mutex);
    if (gate->orchestrator != nullptr && mastic::jobs::is_final(run.state)) gate->orchestrator->moved();
  });
  state->crawlers->on_change([announce = dependencies.announce](const crawler::CrawlerChange& change) {
    if (announce) announce("Glue Crawler State Change", {}, detail_of(change));
  });
  state->crawlers->on_notice(dependencies.on_crawl);
  state->crawlers->on_end([orchestrator = state->orchestrator.get()] { orchestrator->moved(); });
  return std::unique_ptr<Glue>(new Glue(std::move(state)));
}

Result<void> Glue::resume() {
  TRY_DO(state_->catalog.finish_partition_indexes());
  TRY_DO(state_->jobs.resume());
  state_->orchestrator->begin();
  return {};
}

Result<void> Glue::notify_event(std::string_view workflow, std::string_view event_id) {
  return state_->orchestrator->notify_event(workflow, event_id);
}

void Glue::clock_moved() { state_->orchestrator->moved(); }

CatalogView& Glue::catalog() { return state_->view; }

std::string Glue::resource_policy() {
  auto& state = *state_;
  const auto generation = state.policies.generation();
  const std::scoped_lock lock(state.policy_mutex);
  if (state.policy_generation == generation) return state.policy;
  const auto found = state.policies.find("catalog");
  if (!found) return {};
  state.policy = *found ? (*found)->policy_in_json.value_or("") : "";
  state.policy_generation = generation;
  return state.policy;
}

Result<std::vector<TaggedResource>> Glue::tagged_resources(std::string_view region, std::string_view account_id) {
  TRY(all, state_->tags.all());
  std::vector<TaggedResource> resources;
  for (auto& [name, tags] : all) resources.push_back({fmt::format("arn:aws:glue:{}:{}:{}", region, account_id, name), tags});
  return resources;
}

void Glue::add_pages(aws::Pages& pages) { codegen::add_pages(pages, state_->runs, state_->roles, state_->permit); }

aws::Service Glue::make_service() {
  aws::Service service("glue");
  add_database_operations(service, state_->catalog, state_->tags);
  add_table_operations(service, state_->catalog);
  add_table_version_operations(service, state_->catalog);
  add_partition_operations(service, state_->catalog);
  add_partition_batch_operations(service, state_->catalog);
  add_function_operations(service, state_->catalog);
  add_crawler_operations(service, *state_->crawlers, *state_->orchestrator, state_->tags, state_->classifiers);
  add_classifier_operations(service, state_->classifiers, state_->clock);
  add_crawler_schedule_operations(service, *state_->crawlers, *state_->orchestrator);
  add_trigger_operations(service, *state_->orchestrator, state_->tags);
  add_workflow_operations(service, *state_->orchestrator, state_->tags);
  add_workflow_run_operations(service, *state_->orchestrator, *state_->nodes);
  add_crawl_operations(service, *state_->crawlers);
  add_job_operations(service, state_->jobs, state_->tags, state_->write_object);
  add_job_run_operations(service, state_->jobs);
  add_tag_operations(service, state_->tags);
  add_connection_operations(service, state_->connections, state_->tags, state_->clock);
  add_security_configuration_operations(service, state_->security_configurations, state_->clock);
  add_resource_policy_operations(service, state_->policies, state_->clock);
  add_partition_index_operations(service, state_->catalog);
  add_column_statistics_operations(service, state_->catalog);
  add_statistics_task_operations(service, state_->statistics_tasks);
  add_statistics_settings_operations(service, state_->statistics_settings, *state_->orchestrator, state_->catalog);
  add_codegen_operations(service, state_->catalog);
  add_registry_operations(service, state_->registry, state_->tags);
  add_schema_operations(service, state_->registry, state_->tags);
  add_schema_version_operations(service, state_->registry);
  add_schema_metadata_operations(service, state_->registry);
  add_session_operations(service, state_->sessions, state_->tags);
  add_catalog_operations(service, state_->catalog);
  add_search_operations(service, state_->catalog);
  return service;
}

}  // namespace mastic::glue
