// UpdateCrawlerSchedule, StartCrawlerSchedule, StopCrawlerSchedule.
#include <fmt/format.h>

#include "aws/service.h"
#include "glue/crawler/crawlers.h"
#include "glue/errors.h"
#include "glue/operations.h"
#include "glue/orchestrate/orchestrator.h"
#include "glue/orchestrate/schedule.h"

namespace mastic::glue {
namespace {

namespace wire = aws::glue;
using crawler::Crawlers;
using orchestrate::Orchestrator;
using Context = aws::CallContext;

std::string expression_of(const wire::Crawler& crawler) {
  return crawler.schedule ? crawler.schedule->schedule_expression.value_or("") : "";
}

Result<wire::Crawler> require(std::string_view name, Crawlers& crawlers) {
  TRY(crawler, crawlers.find(name));
  if (!crawler) return fail(error::crawler_not_found(name));
  return std::move(*crawler);
}

Result<void> set_state(std::string_view name, std::string_view state, Crawlers& crawlers) {
  return crawlers.change_schedule(name, [&](wire::Crawler& crawler) {
    if (crawler.schedule) crawler.schedule->state = std::string(state);
  });
}

Result<wire::StartCrawlerScheduleResponse> start_schedule(const wire::StartCrawlerScheduleRequest& request,
                                                          const Context& context, Crawlers& crawlers,
                                                          Orchestrator& orchestrator) {
  TRY(crawler, require(request.crawler_name, crawlers));
  const auto expression = expression_of(crawler);
  if (expression.empty())
    return fail(Error{"NoScheduleException", fmt::format("Crawler {} has no schedule.", request.crawler_name)});
  if (crawler.schedule->state == "SCHEDULED")
    return fail(Error{"SchedulerRunningException",
                      fmt::format("The schedule of crawler {} is running already.", request.crawler_name)});
  TRY_DO(orchestrator.schedule_crawler(request.crawler_name, expression, {context.region, context.account_id}));
  TRY_DO(set_state(request.crawler_name, "SCHEDULED", crawlers));
  return wire::StartCrawlerScheduleResponse{};
}

Result<wire::StopCrawlerScheduleResponse> stop_schedule(const wire::StopCrawlerScheduleRequest& request, Crawlers& crawlers,
                                                        Orchestrator& orchestrator) {
  TRY(crawler, require(request.crawler_name, crawlers));
  if (!crawler.schedule || crawler.schedule->state != "SCHEDULED")
    return fail(
        Error{"SchedulerNotRunningException", fmt::format("The schedule of crawler {} is not running.", request.crawler_name)});
  TRY_DO(orchestrator.unschedule_crawler(request.crawler_name));
  TRY_DO(set_state(request.crawler_name, "NOT_SCHEDULED", crawlers));
  return wire::StopCrawlerScheduleResponse{};
}

Result<wire::UpdateCrawlerScheduleResponse> update_schedule(const wire::UpdateCrawlerScheduleRequest& request,
                                                            const Context& context, Crawlers& crawlers,
                                                            Orchestrator& orchestrator) {
  TRY_DO(require(request.crawler_name, crawlers));
  const auto expression = request.schedule.value_or("");
  if (expression.empty()) {
    TRY_DO(orchestrator.unschedule_crawler(request.crawler_name));
    TRY_DO(crawlers.change_schedule(request.crawler_name, [](wire::Crawler& crawler) { crawler.schedule.reset(); }));
    return wire::UpdateCrawlerScheduleResponse{};
  }
  TRY_DO(orchestrator.schedule_crawler(request.crawler_name, expression, {context.region, context.account_id}));
  TRY_DO(crawlers.change_schedule(request.crawler_name, [&](wire::Crawler& crawler) {
    auto& schedule = crawler.schedule.emplace();
    schedule.schedule_expression = expression;
    schedule.state = "SCHEDULED";
  }));
  return wire::UpdateCrawlerScheduleResponse{};
}

}  // namespace

void add_crawler_schedule_operations(aws::Service& service, Crawlers& crawlers, Orchestrator& o) {
  service.on<wire::StartCrawlerSchedule>(
      [&](const auto& request, const Context& context) { return start_schedule(request, context, crawlers, o); });
  service.on<wire::StopCrawlerSchedule>(
      [&](const auto& request, const Context&) { return stop_schedule(request, crawlers, o); });
  service.on<wire::UpdateCrawlerSchedule>(
      [&](const auto& request, const Context& context) { return update_schedule(request, context, crawlers, o); });
}

}  // namespace mastic::glue
