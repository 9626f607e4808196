// CreateCrawler, UpdateCrawler, DeleteCrawler, GetCrawler, GetCrawlers, ListCrawlers, BatchGetCrawlers.
#include "glue/crawler/crawlers.h"

#include <simdjson.h>

#include "aws/models/glue.h"
#include "aws/service.h"
#include "glue/errors.h"
#include "glue/operations.h"
#include "glue/orchestrate/orchestrator.h"
#include "glue/orchestrate/schedule.h"
#include "glue/paging.h"
#include "glue/tags.h"

namespace mastic::glue {
namespace {

namespace wire = aws::glue;
using crawler::Crawlers;
using orchestrate::Orchestrator;
using Context = aws::CallContext;

template <typename List>
std::size_t count(const std::optional<List>& list) {
  return list ? list->size() : 0;
}

Result<void> check_targets(const wire::CrawlerTargets& targets) {
  const auto all = count(targets.dynamodb_targets) + count(targets.s3_targets) + count(targets.jdbc_targets) +
                   count(targets.mongodb_targets) + count(targets.catalog_targets) + count(targets.delta_targets) +
                   count(targets.iceberg_targets) + count(targets.hudi_targets);
  if (all == 0) return fail(error::invalid_input("Crawler targets: at least one target must be specified."));
  for (const auto& target : targets.dynamodb_targets.value_or(std::vector<wire::DynamoDBTarget>{})) {
    if (!target.path || target.path->empty())
      return fail(error::invalid_input("A DynamoDB target needs a Path: the name of the table."));
    if (target.scan_rate && (*target.scan_rate < 0.1 || *target.scan_rate > 1.5)) {
      return fail(error::invalid_input("scanRate must be null or between 0.1 and 1.5."));
    }
  }
  return {};
}

Result<void> check_configuration(const std::string& configuration) {
  if (configuration.empty()) return {};
  simdjson::dom::parser parser;
  simdjson::dom::object document;
  if (parser.parse(configuration).get(document) != simdjson::SUCCESS) {
    return fail(error::invalid_input("Configuration is not a JSON object."));
  }
  double version = 0;
  if (document["Version"].get(version) != simdjson::SUCCESS || version != 1.0) {
    return fail(error::invalid_input("Configuration needs \"Version\": 1.0."));
  }
  return {};
}

/// What a definition may not hold because this server would not act on it, and what Glue refuses.
Result<void> check(const wire::Crawler& crawler) {
  TRY_DO(check_targets(crawler.targets.value_or(wire::CrawlerTargets{})));
  TRY_DO(check_configuration(crawler.configuration.value_or("")));
  if (count(crawler.classifiers) > 0) return fail(error::classifier_not_found(crawler.classifiers->front()));
  if (crawler.schedule) TRY_DO(orchestrate::Schedule::parse(crawler.schedule->schedule_expression.value_or("")));
  if (crawler.lineage_configuration && crawler.lineage_configuration->crawler_lineage_settings == "ENABLE") {
    return fail(error::unsupported("LineageConfiguration.CrawlerLineageSettings = ENABLE"));
  }
  if (crawler.lake_formation_configuration &&
      crawler.lake_formation_configuration->use_lake_formation_credentials.value_or(false)) {
    return fail(error::unsupported("LakeFormationConfiguration.UseLakeFormationCredentials"));
  }
  if (!crawler.crawler_security_configuration.value_or("").empty())
    return fail(error::unsupported("CrawlerSecurityConfiguration"));
  const auto recrawl =
      crawler.recrawl_policy ? crawler.recrawl_policy->recrawl_behavior.value_or("CRAWL_EVERYTHING") : "CRAWL_EVERYTHING";
  if (recrawl != "CRAWL_EVERYTHING") return fail(error::unsupported("RecrawlPolicy.RecrawlBehavior = " + recrawl));
  return {};
}

/// What Glue shows for what was not given.
void fill_defaults(wire::Crawler& crawler) {
  if (!crawler.schema_change_policy) crawler.schema_change_policy.emplace();
  auto& policy = *crawler.schema_change_policy;
  if (!policy.update_behavior) policy.update_behavior = "UPDATE_IN_DATABASE";
  if (!policy.delete_behavior) policy.delete_behavior = "DEPRECATE_IN_DATABASE";
  if (!crawler.recrawl_policy) crawler.recrawl_policy.emplace().recrawl_behavior = "CRAWL_EVERYTHING";
  if (!crawler.lineage_configuration) crawler.lineage_configuration.emplace().crawler_lineage_settings = "DISABLE";
  if (!crawler.classifiers) crawler.classifiers.emplace();
}

/// The members that CreateCrawler and UpdateCrawler share; an update changes those that are given.
template <typename Request>
void apply(const Request& request, wire::Crawler& crawler) {
  const auto set = [](auto& into, const auto& given) {
    if (given) into = *given;
  };
  set(crawler.database_name, request.database_name);
  set(crawler.description, request.description);
  set(crawler.classifiers, request.classifiers);
  set(crawler.table_prefix, request.table_prefix);
  set(crawler.schema_change_policy, request.schema_change_policy);
  set(crawler.recrawl_policy, request.recrawl_policy);
  set(crawler.lineage_configuration, request.lineage_configuration);
  set(crawler.lake_formation_configuration, request.lake_formation_configuration);
  set(crawler.configuration, request.configuration);
  set(crawler.crawler_security_configuration, request.crawler_security_configuration);
  if (!request.schedule) return;
  crawler.schedule.reset();
  if (request.schedule->empty()) return;
  crawler.schedule.emplace().schedule_expression = *request.schedule;
  crawler.schedule->state = "SCHEDULED";
}

/// A definition's schedule is what the orchestrator goes by.
Result<void> keep_schedule(const std::string& name, const std::optional<std::string>& given, const Context& context,
                           Orchestrator& orchestrator) {
  if (!given) return {};
  if (given->empty()) return orchestrator.unschedule_crawler(name);
  return orchestrator.schedule_crawler(name, *given, {context.region, context.account_id});
}

Result<wire::CreateCrawlerResponse> create_crawler(const wire::CreateCrawlerRequest& request, const Context& context,
                                                   Crawlers& crawlers, Orchestrator& orchestrator, Tags& tags) {
  wire::Crawler crawler;
  crawler.name = request.name;
  crawler.role = request.role;
  crawler.targets = request.targets;
  apply(request, crawler);
  fill_defaults(crawler);
  TRY_DO(check(crawler));
  TRY_DO(crawlers.create(std::move(crawler)));
  TRY_DO(keep_schedule(request.name, request.schedule, context, orchestrator));
  if (request.tags) TRY_DO(tags.add("crawler/" + request.name, *request.tags));
  return wire::CreateCrawlerResponse{};
}

Result<wire::UpdateCrawlerResponse> update_crawler(const wire::UpdateCrawlerRequest& request, const Context& context,
                                                   Crawlers& crawlers, Orchestrator& orchestrator) {
  TRY_DO(crawlers.update(request.name, [&](wire::Crawler& crawler) -> Result<void> {
    if (request.role) crawler.role = request.role;
    if (request.targets) crawler.targets = request.targets;
    apply(request, crawler);
    fill_defaults(crawler);
    return check(crawler);
  }));
  TRY_DO(keep_schedule(request.name, request.schedule, context, orchestrator));
  return wire::UpdateCrawlerResponse{};
}

Result<wire::DeleteCrawlerResponse> delete_crawler(const wire::DeleteCrawlerRequest& request, Crawlers& crawlers) {
  TRY_DO(crawlers.remove(request.name));
  return wire::DeleteCrawlerResponse{};
}

Result<wire::GetCrawlerResponse> get_crawler(const wire::GetCrawlerRequest& request, Crawlers& crawlers) {
  TRY(crawler, crawlers.find(request.name));
  if (!crawler) return fail(error::crawler_not_found(request.name));
  wire::GetCrawlerResponse response;
  response.crawler = std::move(crawler);
  return response;
}

Result<wire::GetCrawlersResponse> get_crawlers(const wire::GetCrawlersRequest& request, Crawlers& crawlers) {
  TRY(after, page_key(request.next_token));
  TRY(page, crawlers.list({after, static_cast<std::size_t>(request.max_results.value_or(100))}));
  wire::GetCrawlersResponse response;
  if (!page.last_key.empty()) response.next_token = page_token(page.last_key);
  response.crawlers = std::move(page.entries);
  return response;
}

Result<wire::ListCrawlersResponse> list_crawlers(const wire::ListCrawlersRequest& request, Crawlers& crawlers, Tags& tags) {
  TRY(after, page_key(request.next_token));
  TRY(page, crawlers.list({after, static_cast<std::size_t>(request.max_results.value_or(100))}));
  wire::ListCrawlersResponse response;
  if (!page.last_key.empty()) response.next_token = page_token(page.last_key);
  response.crawler_names.emplace();
  for (const auto& crawler : page.entries) {
    const auto name = crawler.name.value_or("");
    TRY(wanted, tags.has("crawler/" + name, request.tags));
    if (wanted) response.crawler_names->push_back(name);
  }
  return response;
}

Result<wire::BatchGetCrawlersResponse> batch_get_crawlers(const wire::BatchGetCrawlersRequest& request, Crawlers& crawlers) {
  wire::BatchGetCrawlersResponse response;
  response.crawlers.emplace();
  response.crawlers_not_found.emplace();
  for (const auto& name : request.crawler_names) {
    TRY(crawler, crawlers.find(name));
    if (crawler) {
      response.crawlers->push_back(std::move(*crawler));
    } else {
      response.crawlers_not_found->push_back(name);
    }
  }
  return response;
}

}  // namespace

void add_crawler_operations(aws::Service& service, Crawlers& crawlers, Orchestrator& o, Tags& tags) {
  service.on<wire::CreateCrawler>(
      [&](const auto& request, const Context& context) { return create_crawler(request, context, crawlers, o, tags); });
  service.on<wire::UpdateCrawler>(
      [&](const auto& request, const Context& context) { return update_crawler(request, context, crawlers, o); });
  service.on<wire::DeleteCrawler>([&](const auto& request, const Context&) { return delete_crawler(request, crawlers); });
  service.on<wire::GetCrawler>([&](const auto& request, const Context&) { return get_crawler(request, crawlers); });
  service.on<wire::GetCrawlers>([&](const auto& request, const Context&) { return get_crawlers(request, crawlers); });
  service.on<wire::ListCrawlers>([&](const auto& request, const Context&) { return list_crawlers(request, crawlers, tags); });
  service.on<wire::BatchGetCrawlers>(
      [&](const auto& request, const Context&) { return batch_get_crawlers(request, crawlers); });
}

}  // namespace mastic::glue
