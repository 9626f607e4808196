// CreateCrawler, UpdateCrawler, DeleteCrawler, GetCrawler, GetCrawlers, ListCrawlers, BatchGetCrawlers.
#include "glue/crawler/crawlers.h"

#include "aws/models/glue.h"
#include "aws/service.h"
#include "glue/crawler/classifiers.h"
#include "glue/crawler/configuration.h"
#include "glue/crawler/exclusion.h"
#include "glue/crawler/s3_target.h"
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

Result<void> check_s3_targets(const wire::CrawlerTargets& targets) {
  for (const auto& target : targets.s3_targets.value_or(std::vector<wire::S3Target>{})) {
    const auto path = target.path.value_or("");
    if (!crawler::parse_s3_path(path))
      return fail(error::invalid_input("An S3 target needs a Path of the form s3://BUCKET/FOLDER, not: " + path));
    if (!target.event_queue_arn.value_or("").empty() || !target.dlq_event_queue_arn.value_or("").empty())
      return fail(error::unsupported("S3 targets with EventQueueArn"));
    constexpr int sample_size_max = 249;
    if (target.sample_size && (*target.sample_size < 1 || *target.sample_size > sample_size_max))
      return fail(error::invalid_input("SampleSize must be from 1 to 249."));
    TRY_DO(crawler::Exclusions::of(target.exclusions.value_or(std::vector<std::string>{})));
  }
  return {};
}

Result<void> check_catalog_targets(const wire::Crawler& crawler) {
  const auto& targets = *crawler.targets;
  const auto catalog_targets = count(targets.catalog_targets);
  if (catalog_targets == 0) return {};
  if (count(targets.s3_targets) + count(targets.dynamodb_targets) > 0)
    return fail(error::invalid_input("Catalog targets cannot be mixed with other targets."));
  if (crawler.schema_change_policy->delete_behavior != "LOG")
    return fail(error::invalid_input("A crawler with catalog targets can have only the DeleteBehavior LOG."));
  for (const auto& target : *targets.catalog_targets) {
    if (!target.event_queue_arn.value_or("").empty()) return fail(error::unsupported("catalog targets with EventQueueArn"));
  }
  return {};
}

Result<void> check_recrawl(const wire::Crawler& crawler) {
  const auto recrawl =
      crawler.recrawl_policy ? crawler.recrawl_policy->recrawl_behavior.value_or("CRAWL_EVERYTHING") : "CRAWL_EVERYTHING";
  if (recrawl == "CRAWL_EVENT_MODE") return fail(error::unsupported("RecrawlPolicy.RecrawlBehavior = CRAWL_EVENT_MODE"));
  if (recrawl != "CRAWL_NEW_FOLDERS_ONLY") return {};
  if (count(crawler.targets->s3_targets) == 0) return fail(error::invalid_input("CRAWL_NEW_FOLDERS_ONLY needs an S3 target."));
  const auto& policy = *crawler.schema_change_policy;
  if (policy.update_behavior != "LOG" || policy.delete_behavior != "LOG")
    return fail(
        error::invalid_input("The SchemaChangePolicy for \"Crawl new folders only\" Amazon S3 target can have only LOG "
                             "DeleteBehavior value and LOG UpdateBehavior value."));
  return {};
}

/// What a definition may not hold because this server would not act on it, and what Glue refuses.
Result<void> check(const wire::Crawler& crawler, crawler::ClassifierRecords& classifiers) {
  const auto targets = crawler.targets.value_or(wire::CrawlerTargets{});
  TRY_DO(check_targets(targets));
  if (const auto refused = crawler::unsupported_target(targets); !refused.empty())
    return fail(error::unsupported(refused + "; crawlers read S3, DynamoDB and the catalog's tables"));
  TRY_DO(check_s3_targets(targets));
  TRY_DO(check_catalog_targets(crawler));
  TRY_DO(check_recrawl(crawler));
  TRY_DO(crawler::parse_configuration(crawler.configuration.value_or("")));
  TRY_DO(crawler::load_classifiers(classifiers, crawler.classifiers.value_or(std::vector<std::string>{})));
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
                                                   Crawlers& crawlers, Orchestrator& orchestrator, Tags& tags,
                                                   crawler::ClassifierRecords& classifiers) {
  wire::Crawler crawler;
  crawler.name = request.name;
  crawler.role = request.role;
  crawler.targets = request.targets;
  apply(request, crawler);
  fill_defaults(crawler);
  TRY_DO(check(crawler, classifiers));
  TRY_DO(crawlers.create(std::move(crawler)));
  TRY_DO(keep_schedule(request.name, request.schedule, context, orchestrator));
  if (request.tags) TRY_DO(tags.add("crawler/" + request.name, *request.tags));
  return wire::CreateCrawlerResponse{};
}

Result<wire::UpdateCrawlerResponse> update_crawler(const wire::UpdateCrawlerRequest& request, const Context& context,
                                                   Crawlers& crawlers, Orchestrator& orchestrator,
                                                   crawler::ClassifierRecords& classifiers) {
  TRY_DO(crawlers.update(request.name, [&](wire::Crawler& crawler) -> Result<void> {
    if (request.role) crawler.role = request.role;
    if (request.targets) crawler.targets = request.targets;
    apply(request, crawler);
    fill_defaults(crawler);
    return check(crawler, classifiers);
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

void add_crawler_operations(aws::Service& service, Crawlers& crawlers, Orchestrator& o, Tags& tags,
                            crawler::ClassifierRecords& classifiers) {
  service.on<wire::CreateCrawler>([&](const auto& request, const Context& context) {
    return create_crawler(request, context, crawlers, o, tags, classifiers);
  });
  service.on<wire::UpdateCrawler>(
      [&](const auto& request, const Context& context) { return update_crawler(request, context, crawlers, o, classifiers); });
  service.on<wire::DeleteCrawler>([&](const auto& request, const Context&) { return delete_crawler(request, crawlers); });
  service.on<wire::GetCrawler>([&](const auto& request, const Context&) { return get_crawler(request, crawlers); });
  service.on<wire::GetCrawlers>([&](const auto& request, const Context&) { return get_crawlers(request, crawlers); });
  service.on<wire::ListCrawlers>([&](const auto& request, const Context&) { return list_crawlers(request, crawlers, tags); });
  service.on<wire::BatchGetCrawlers>(
      [&](const auto& request, const Context&) { return batch_get_crawlers(request, crawlers); });
}

}  // namespace mastic::glue
