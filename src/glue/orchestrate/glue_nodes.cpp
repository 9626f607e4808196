#include "glue/orchestrate/glue_nodes.h"

#include <fmt/format.h>

#include "glue/crawler/crawlers.h"
#include "glue/jobs/jobs.h"
#include "glue/statistics/task_settings.h"

namespace mastic::glue::orchestrate {

Result<void> GlueNodes::start_job(const wire::Action& action, const std::string& run_id, const Origin& origin) {
  wire::JobRun run;
  run.id = run_id;
  run.job_name = action.job_name;
  run.trigger_name = origin.trigger;
  run.arguments = action.arguments;
  run.timeout = action.timeout;
  run.notification_property = action.notification_property;
  if (!origin.workflow.empty()) {
    // As Glue tells a workflow's jobs where they belong: they ask for the run's properties with these.
    if (!run.arguments) run.arguments.emplace();
    (*run.arguments)["--WORKFLOW_NAME"] = origin.workflow;
    (*run.arguments)["--WORKFLOW_RUN_ID"] = origin.workflow_run;
  }
  TRY_DO(jobs_.start(std::move(run)));
  return {};
}

Result<void> GlueNodes::start_crawler(const wire::Action& action, const std::string& crawl_id, const Origin& origin) {
  const auto name = action.crawler_name.value_or("");
  if (StatisticsSettings::is_schedule_name(name)) return statistics_.fire(name, origin.account_id);
  return crawlers_.start(action.crawler_name.value_or(""), {origin.region, origin.account_id}, crawl_id);
}

Result<wire::JobRun> GlueNodes::job_run(const std::string& job, const std::string& run_id) {
  TRY(run, jobs_.get_run(job, run_id));
  for (int attempt = run.attempt.value_or(0) + 1;; ++attempt) {
    auto next = jobs_.get_run(job, fmt::format("{}_attempt_{}", run_id, attempt));
    if (!next) return std::move(run);
    run = std::move(*next);
  }
}

Result<std::optional<std::string>> GlueNodes::job_state(const std::string& job, const std::string& run_id) {
  auto run = job_run(job, run_id);
  if (run) return run->job_run_state;
  if (run.error().code == "EntityNotFoundException") return std::nullopt;
  return fail(std::move(run).error());
}

Result<std::optional<wire::Crawl>> GlueNodes::crawl(const std::string& crawler, const std::string& crawl_id) {
  TRY(record, crawlers_.find_crawl(crawl_id));
  if (!record) return std::nullopt;
  wire::Crawl crawl;
  crawl.state = record->state == "COMPLETED" ? "SUCCEEDED" : record->state == "STOPPED" ? "CANCELLED" : record->state;
  crawl.started_on = record->started;
  crawl.completed_on = record->ended;
  crawl.error_message = record->error_message;
  crawl.log_group = std::string(crawler::log_group);
  crawl.log_stream = crawler;
  return std::optional(std::move(crawl));
}

Result<std::optional<std::string>> GlueNodes::crawl_state(const std::string& crawler, const std::string& crawl_id) {
  TRY(found, crawl(crawler, crawl_id));
  return found ? found->state : std::nullopt;
}

Result<void> GlueNodes::stop_job(const std::string& job, const std::string& run_id) {
  TRY(run, job_run(job, run_id));
  return jobs_.stop_run(job, run.id.value_or(run_id));
}

Result<void> GlueNodes::stop_crawler(const std::string& crawler, const std::string&) { return crawlers_.stop(crawler); }

Result<bool> GlueNodes::has_job(std::string_view name) {
  TRY(job, jobs_.find(name));
  return job.has_value();
}

Result<bool> GlueNodes::has_crawler(std::string_view name) {
  TRY(found, crawlers_.find(name));
  return found.has_value();
}

}  // namespace mastic::glue::orchestrate
