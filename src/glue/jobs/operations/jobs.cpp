// CreateJob, GetJob, GetJobs, UpdateJob, DeleteJob, ListJobs, BatchGetJobs, GetJobBookmark, ResetJobBookmark.
#include "glue/jobs/jobs.h"

#include "aws/service.h"
#include "glue/errors.h"
#include "glue/jobs/job_definition.h"
#include "glue/jobs/visual_script.h"
#include "glue/operations.h"
#include "glue/paging.h"
#include "glue/tags.h"

namespace mastic::glue {
namespace {

using Context = aws::CallContext;

Result<wire::CreateJobResponse> create_job(const wire::CreateJobRequest& request, const Context& caller, Jobs& jobs, Tags& tags,
                                           const WriteObject& write_object) {
  auto job = job_from(request.name, request);
  TRY_DO(complete_definition(job));
  TRY_DO(script_of_nodes(job));
  TRY_DO(jobs.create(job));
  if (auto kept = keep_script_of_nodes(job, write_object, caller); !kept) {
    TRY_DO(jobs.remove(request.name));
    return fail(std::move(kept).error());
  }
  if (request.tags) TRY_DO(tags.add("job/" + request.name, *request.tags));
  wire::CreateJobResponse response;
  response.name = request.name;
  return response;
}

Result<wire::GetJobResponse> get_job(const wire::GetJobRequest& request, Jobs& jobs) {
  TRY(job, jobs.find(request.job_name));
  if (!job) return fail(error::job_not_found(request.job_name));
  wire::GetJobResponse response;
  response.job = std::move(job);
  return response;
}

Result<wire::GetJobsResponse> get_jobs(const wire::GetJobsRequest& request, Jobs& jobs) {
  TRY(after, page_key(request.next_token));
  TRY(page, jobs.list({after, static_cast<std::size_t>(request.max_results.value_or(100))}));
  wire::GetJobsResponse response;
  if (!page.last_key.empty()) response.next_token = page_token(page.last_key);
  response.jobs = std::move(page.entries);
  return response;
}

Result<wire::UpdateJobResponse> update_job(const wire::UpdateJobRequest& request, const Context& caller, Jobs& jobs,
                                           const WriteObject& write_object) {
  auto job = job_from(request.job_name, request.job_update);
  TRY_DO(complete_definition(job));
  TRY(known, jobs.find(request.job_name));
  if (!known) return fail(error::job_not_found(request.job_name));
  TRY_DO(keep_script_of_nodes(job, write_object, caller));
  TRY_DO(jobs.update(std::move(job)));
  wire::UpdateJobResponse response;
  response.job_name = request.job_name;
  return response;
}

Result<wire::DeleteJobResponse> delete_job(const wire::DeleteJobRequest& request, Jobs& jobs) {
  TRY_DO(jobs.remove(request.job_name));
  wire::DeleteJobResponse response;
  response.job_name = request.job_name;
  return response;
}

Result<wire::ListJobsResponse> list_jobs(const wire::ListJobsRequest& request, Jobs& jobs, Tags& tags) {
  TRY(after, page_key(request.next_token));
  TRY(page, jobs.list({after, static_cast<std::size_t>(request.max_results.value_or(100))}));
  wire::ListJobsResponse response;
  if (!page.last_key.empty()) response.next_token = page_token(page.last_key);
  response.job_names.emplace();
  for (const auto& job : page.entries) {
    const auto name = job.name.value_or("");
    TRY(wanted, tags.has("job/" + name, request.tags));
    if (wanted) response.job_names->push_back(name);
  }
  return response;
}

Result<wire::BatchGetJobsResponse> batch_get_jobs(const wire::BatchGetJobsRequest& request, Jobs& jobs) {
  wire::BatchGetJobsResponse response;
  response.jobs.emplace();
  response.jobs_not_found.emplace();
  for (const auto& name : request.job_names) {
    TRY(job, jobs.find(name));
    if (job) {
      response.jobs->push_back(std::move(*job));
    } else {
      response.jobs_not_found->push_back(name);
    }
  }
  return response;
}

Result<wire::GetJobBookmarkResponse> get_bookmark(const wire::GetJobBookmarkRequest& request, Jobs& jobs) {
  TRY(entry, jobs.bookmark(request.job_name, request.run_id.value_or("")));
  wire::GetJobBookmarkResponse response;
  response.job_bookmark_entry = std::move(entry);
  return response;
}

Result<wire::ResetJobBookmarkResponse> reset_bookmark(const wire::ResetJobBookmarkRequest& request, Jobs& jobs) {
  TRY(entry, jobs.reset_bookmark(request.job_name, request.run_id.value_or("")));
  wire::ResetJobBookmarkResponse response;
  response.job_bookmark_entry = std::move(entry);
  return response;
}

}  // namespace

void add_job_operations(aws::Service& service, Jobs& jobs, Tags& tags, const WriteObject& write_object) {
  service.on<wire::CreateJob>([&jobs, &tags, write_object](const auto& request, const Context& caller) {
    return create_job(request, caller, jobs, tags, write_object);
  });
  service.on<wire::GetJob>([&](const auto& request, const Context&) { return get_job(request, jobs); });
  service.on<wire::GetJobs>([&](const auto& request, const Context&) { return get_jobs(request, jobs); });
  service.on<wire::UpdateJob>([&jobs, write_object](const auto& request, const Context& caller) {
    return update_job(request, caller, jobs, write_object);
  });
  service.on<wire::DeleteJob>([&](const auto& request, const Context&) { return delete_job(request, jobs); });
  service.on<wire::ListJobs>([&](const auto& request, const Context&) { return list_jobs(request, jobs, tags); });
  service.on<wire::GetJobBookmark>([&](const auto& request, const Context&) { return get_bookmark(request, jobs); });
  service.on<wire::ResetJobBookmark>([&](const auto& request, const Context&) { return reset_bookmark(request, jobs); });
  service.on<wire::BatchGetJobs>([&](const auto& request, const Context&) { return batch_get_jobs(request, jobs); });
}

}  // namespace mastic::glue
