// StartJobRun, GetJobRun, GetJobRuns, BatchStopJobRun.
#include "aws/service.h"
#include "glue/catalog/operations/answers.h"
#include "glue/errors.h"
#include "glue/jobs/jobs.h"
#include "glue/operations.h"
#include "glue/paging.h"

namespace mastic::glue {
namespace {

using Context = aws::CallContext;

Result<wire::StartJobRunResponse> start_job_run(const wire::StartJobRunRequest& request, Jobs& jobs) {
  wire::JobRun run;
  run.job_name = request.job_name;
  run.job_run_queuing_enabled = request.job_run_queuing_enabled;
  run.previous_run_id = request.job_run_id;
  run.arguments = request.arguments;
  run.allocated_capacity = request.allocated_capacity;
  run.timeout = request.timeout;
  run.max_capacity = request.max_capacity;
  run.security_configuration = request.security_configuration;
  run.notification_property = request.notification_property;
  run.worker_type = request.worker_type;
  run.number_of_workers = request.number_of_workers;
  run.execution_class = request.execution_class;
  run.execution_role_session_policy = request.execution_role_session_policy;
  TRY(run_id, jobs.start(std::move(run)));
  wire::StartJobRunResponse response;
  response.job_run_id = run_id;
  return response;
}

Result<wire::GetJobRunResponse> get_job_run(const wire::GetJobRunRequest& request, Jobs& jobs) {
  TRY(run, jobs.get_run(request.job_name, request.run_id));
  wire::GetJobRunResponse response;
  response.job_run = std::move(run);
  return response;
}

Result<wire::GetJobRunsResponse> get_job_runs(const wire::GetJobRunsRequest& request, Jobs& jobs) {
  TRY(after, page_key(request.next_token));
  TRY(page, jobs.list_runs(request.job_name, {after, static_cast<std::size_t>(request.max_results.value_or(200))}));
  wire::GetJobRunsResponse response;
  if (!page.last_key.empty()) response.next_token = page_token(page.last_key);
  response.job_runs = std::move(page.entries);
  return response;
}

Result<wire::BatchStopJobRunResponse> batch_stop_job_run(const wire::BatchStopJobRunRequest& request, Jobs& jobs) {
  wire::BatchStopJobRunResponse response;
  response.successful_submissions.emplace();
  response.errors.emplace();
  for (const auto& run_id : request.job_run_ids) {
    const auto stopped = jobs.stop_run(request.job_name, run_id);
    if (stopped) {
      wire::BatchStopJobRunSuccessfulSubmission submission;
      submission.job_name = request.job_name;
      submission.job_run_id = run_id;
      response.successful_submissions->push_back(std::move(submission));
      continue;
    }
    if (stopped.error().http_status >= 500) return fail(stopped.error());
    wire::BatchStopJobRunError error;
    error.job_name = request.job_name;
    error.job_run_id = run_id;
    error.error_detail = catalog::error_detail(stopped.error());
    response.errors->push_back(std::move(error));
  }
  return response;
}

}  // namespace

void add_job_run_operations(aws::Service& service, Jobs& jobs) {
  service.on<wire::StartJobRun>([&](const auto& request, const Context&) { return start_job_run(request, jobs); });
  service.on<wire::GetJobRun>([&](const auto& request, const Context&) { return get_job_run(request, jobs); });
  service.on<wire::GetJobRuns>([&](const auto& request, const Context&) { return get_job_runs(request, jobs); });
  service.on<wire::BatchStopJobRun>([&](const auto& request, const Context&) { return batch_stop_job_run(request, jobs); });
}

}  // namespace mastic::glue
