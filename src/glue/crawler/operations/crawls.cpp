// StartCrawler, StopCrawler, ListCrawls, GetCrawlerMetrics.
#include <charconv>
#include <limits>

#include "aws/models/glue.h"
#include "aws/service.h"
#include "glue/crawler/crawlers.h"
#include "glue/errors.h"
#include "glue/operations.h"
#include "glue/paging.h"

namespace mastic::glue {
namespace {

namespace wire = aws::glue;
using crawler::Crawlers;
using crawler::CrawlRecord;
using Context = aws::CallContext;

template <typename Number>
std::optional<Number> read_number(std::string_view text) {
  Number number{};
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

template <typename T>
bool compare(std::string_view comparison, const T& left, const T& right) {
  if (comparison == "GT") return left > right;
  if (comparison == "GE") return left >= right;
  if (comparison == "LT") return left < right;
  if (comparison == "LE") return left <= right;
  if (comparison == "NE") return left != right;
  return left == right;
}

/// Whether a crawl passes one of ListCrawls' filters. Times are milliseconds since 1970; no crawl here costs DPU hours.
Result<bool> passes(const wire::CrawlsFilter& filter, const CrawlRecord& crawl) {
  const auto field = filter.field_name.value_or("");
  const auto comparison = filter.filter_operator.value_or("EQ");
  const auto value = filter.field_value.value_or("");
  if (field == "CRAWL_ID") return compare(comparison, crawl.id, value);
  if (field == "STATE") return compare(comparison, crawl.state, value);
  const auto wanted = read_number<double>(value);
  if (!wanted) return fail(error::invalid_input("FieldValue must be a number for the field " + field));
  if (field == "DPU_HOUR") return compare(comparison, 0.0, *wanted);
  if (field == "END_TIME" && !crawl.ended) return false;
  const auto time = field == "END_TIME" ? *crawl.ended : crawl.started;
  return compare(comparison, static_cast<double>(to_microseconds(time) / 1000), *wanted);
}

wire::CrawlerHistory history_of(const CrawlRecord& crawl, const std::string& crawler_name) {
  wire::CrawlerHistory history;
  history.crawl_id = crawl.id;
  history.state = crawl.state;
  history.start_time = crawl.started;
  history.end_time = crawl.ended;
  history.summary = crawl.summary;
  history.error_message = crawl.error_message;
  history.log_group = std::string(crawler::log_group);
  history.log_stream = crawler_name;
  history.message_prefix = crawl.id;
  history.dpu_hour = 0;
  return history;
}

Result<wire::StartCrawlerResponse> start_crawler(const wire::StartCrawlerRequest& request, const Context& context,
                                                 Crawlers& crawlers) {
  TRY_DO(crawlers.start(request.name, {context.region, context.account_id}));
  return wire::StartCrawlerResponse{};
}

Result<wire::StopCrawlerResponse> stop_crawler(const wire::StopCrawlerRequest& request, Crawlers& crawlers) {
  TRY_DO(crawlers.stop(request.name));
  return wire::StopCrawlerResponse{};
}

Result<wire::ListCrawlsResponse> list_crawls(const wire::ListCrawlsRequest& request, Crawlers& crawlers) {
  TRY(key, page_key(request.next_token));
  const auto before = key.empty() ? std::numeric_limits<int64_t>::max() : read_number<int64_t>(key).value_or(0);
  const auto limit = static_cast<std::size_t>(request.max_results.value_or(20));
  TRY(crawls, crawlers.history(request.crawler_name, before));
  wire::ListCrawlsResponse response;
  response.crawls.emplace();
  int64_t last = 0;
  for (const auto& crawl : crawls) {
    bool wanted = true;
    for (const auto& filter : request.filters.value_or(std::vector<wire::CrawlsFilter>{})) {
      TRY(passed, passes(filter, crawl));
      wanted = wanted && passed;
    }
    if (!wanted) continue;
    if (response.crawls->size() == limit) {
      response.next_token = page_token(std::to_string(last));
      break;
    }
    response.crawls->push_back(history_of(crawl, request.crawler_name));
    last = crawl.number;
  }
  return response;
}

Result<wire::GetCrawlerMetricsResponse> get_metrics(const wire::GetCrawlerMetricsRequest& request, Crawlers& crawlers) {
  std::vector<std::string> names = request.crawler_name_list.value_or(std::vector<std::string>{});
  wire::GetCrawlerMetricsResponse response;
  if (names.empty()) {
    TRY(after, page_key(request.next_token));
    TRY(page, crawlers.list({after, static_cast<std::size_t>(request.max_results.value_or(100))}));
    if (!page.last_key.empty()) response.next_token = page_token(page.last_key);
    for (const auto& crawler : page.entries) names.push_back(crawler.name.value_or(""));
  }
  response.crawler_metrics_list.emplace();
  for (const auto& name : names) {
    const auto found = crawlers.metrics(name);
    if (!found && found.error().code == "EntityNotFoundException") continue;  // the operation has no such failure
    if (!found) return fail(found.error());
    wire::CrawlerMetrics metrics;
    metrics.crawler_name = name;
    metrics.time_left_seconds = 0;
    metrics.still_estimating = found->running;
    metrics.last_runtime_seconds = found->last_runtime_seconds;
    metrics.median_runtime_seconds = found->median_runtime_seconds;
    metrics.tables_created = static_cast<int32_t>(found->tables_created);
    metrics.tables_updated = static_cast<int32_t>(found->tables_updated);
    metrics.tables_deleted = static_cast<int32_t>(found->tables_deleted);
    response.crawler_metrics_list->push_back(std::move(metrics));
  }
  return response;
}

}  // namespace

void add_crawl_operations(aws::Service& service, Crawlers& crawlers) {
  service.on<wire::StartCrawler>(
      [&](const auto& request, const Context& context) { return start_crawler(request, context, crawlers); });
  service.on<wire::StopCrawler>([&](const auto& request, const Context&) { return stop_crawler(request, crawlers); });
  service.on<wire::ListCrawls>([&](const auto& request, const Context&) { return list_crawls(request, crawlers); });
  service.on<wire::GetCrawlerMetrics>([&](const auto& request, const Context&) { return get_metrics(request, crawlers); });
}

}  // namespace mastic::glue
