#include "glue/glue.h"

#include <fmt/format.h>

#include <mutex>

#include "aws/service.h"
#include "glue/catalog/sqlite_catalog.h"
#include "glue/crawler/crawlers.h"
#include "glue/crawler/dynamodb_source.h"
#include "glue/jobs/jobs.h"
#include "glue/operations.h"
#include "glue/schema.h"
#include "glue/settings/records.h"
#include "glue/tags.h"

namespace mastic::glue {

// In the order in which they need each other; they go in the opposite one.
struct Glue::State {
  std::unique_ptr<sqlite::Database> database;
  Tags tags;
  catalog::SqliteCatalog catalog;
  CatalogView view;
  crawler::DynamodbSource items;
  std::unique_ptr<crawler::Crawlers> crawlers;
  Jobs jobs;
  const Clock& clock;
  Records<aws::glue::Connection> connections;
  Records<aws::glue::SecurityConfiguration> security_configurations;
  Records<aws::glue::GetResourcePolicyResponse> policies;
  std::mutex policy_mutex;  // guards what follows: the catalog's policy, of the records' generation
  uint64_t policy_generation = 0;
  std::string policy;

  State(std::unique_ptr<sqlite::Database> opened, const Dependencies& dependencies)
      : database(std::move(opened)),
        tags(*database),
        catalog(*database, dependencies.clock),
        view(catalog),
        items(dependencies.dynamodb),
        jobs(*database, dependencies.clock, dependencies.runs, dependencies.read_object, dependencies.roles),
        clock(dependencies.clock),
        connections(*database, "connection"),
        security_configurations(*database, "security_configuration"),
        policies(*database, "resource_policy") {}
};

Glue::Glue(std::unique_ptr<State> state) : state_(std::move(state)) {}
Glue::~Glue() = default;

Result<std::unique_ptr<Glue>> Glue::open(Dependencies dependencies) {
  TRY(database, open_database(dependencies.folder));
  auto state = std::make_unique<State>(std::move(database), dependencies);
  TRY(crawlers, crawler::Crawlers::open(*state->database, state->catalog, state->items, dependencies.clock, dependencies.log,
                                        dependencies.roles));
  state->crawlers = std::move(crawlers);
  return std::unique_ptr<Glue>(new Glue(std::move(state)));
}

Result<void> Glue::resume() { return state_->jobs.resume(); }

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

aws::Service Glue::make_service() {
  aws::Service service("glue");
  add_database_operations(service, state_->catalog, state_->tags);
  add_table_operations(service, state_->catalog);
  add_table_version_operations(service, state_->catalog);
  add_partition_operations(service, state_->catalog);
  add_partition_batch_operations(service, state_->catalog);
  add_function_operations(service, state_->catalog);
  add_crawler_operations(service, *state_->crawlers, state_->tags);
  add_crawl_operations(service, *state_->crawlers);
  add_job_operations(service, state_->jobs, state_->tags);
  add_job_run_operations(service, state_->jobs);
  add_tag_operations(service, state_->tags);
  add_connection_operations(service, state_->connections, state_->tags, state_->clock);
  add_security_configuration_operations(service, state_->security_configurations, state_->clock);
  add_resource_policy_operations(service, state_->policies, state_->clock);
  add_partition_index_operations(service, state_->catalog);
  return service;
}

}  // namespace mastic::glue
