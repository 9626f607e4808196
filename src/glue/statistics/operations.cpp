// StartColumnStatisticsTaskRun, GetColumnStatisticsTaskRun, GetColumnStatisticsTaskRuns, ListColumnStatisticsTaskRuns,
// StopColumnStatisticsTaskRun.
#include "glue/operations.h"

#include "glue/catalog/operations/answers.h"
#include "glue/statistics/statistics_tasks.h"

namespace mastic::glue {
namespace {

using namespace catalog;
using Context = aws::CallContext;

Result<wire::StartColumnStatisticsTaskRunResponse> start(const wire::StartColumnStatisticsTaskRunRequest& request,
                                                         const Context& context, StatisticsTasks& tasks) {
  TRY_DO(check_catalog(request.catalog_id, context));
  if (request.security_configuration) return fail(error::unsupported("SecurityConfiguration"));
  wire::ColumnStatisticsTaskRun task;
  task.customer_id = context.account_id;
  task.catalog_id = context.account_id;
  task.database_name = request.database_name;
  task.table_name = request.table_name;
  task.column_name_list = request.column_name_list;
  task.role = request.role;
  task.sample_size = request.sample_size;
  TRY(id, tasks.start(std::move(task)));
  wire::StartColumnStatisticsTaskRunResponse response;
  response.column_statistics_task_run_id = id;
  return response;
}

Result<wire::GetColumnStatisticsTaskRunResponse> get(const wire::GetColumnStatisticsTaskRunRequest& request,
                                                     StatisticsTasks& tasks) {
  TRY(task, tasks.find(request.column_statistics_task_run_id));
  wire::GetColumnStatisticsTaskRunResponse response;
  response.column_statistics_task_run = std::move(task);
  return response;
}

Result<wire::GetColumnStatisticsTaskRunsResponse> get_all(const wire::GetColumnStatisticsTaskRunsRequest& request,
                                                          StatisticsTasks& tasks) {
  TRY(page, page_request(request.next_token, request.max_results, 100));
  TRY(found, tasks.list(request.database_name, request.table_name, page));
  wire::GetColumnStatisticsTaskRunsResponse response;
  response.next_token = next_token(found);
  response.column_statistics_task_runs = std::move(found.entries);
  return response;
}

Result<wire::ListColumnStatisticsTaskRunsResponse> list(const wire::ListColumnStatisticsTaskRunsRequest& request,
                                                        StatisticsTasks& tasks) {
  TRY(page, page_request(request.next_token, request.max_results, 100));
  TRY(found, tasks.list("", "", page));
  wire::ListColumnStatisticsTaskRunsResponse response;
  response.next_token = next_token(found);
  response.column_statistics_task_run_ids.emplace();
  for (const auto& task : found.entries)
    response.column_statistics_task_run_ids->push_back(task.column_statistics_task_run_id.value_or(""));
  return response;
}

}  // namespace

void add_statistics_task_operations(aws::Service& service, StatisticsTasks& tasks) {
  service.on<wire::StartColumnStatisticsTaskRun>(
      [&](const auto& request, const Context& context) { return start(request, context, tasks); });
  service.on<wire::GetColumnStatisticsTaskRun>([&](const auto& request, const Context&) { return get(request, tasks); });
  service.on<wire::GetColumnStatisticsTaskRuns>([&](const auto& request, const Context&) { return get_all(request, tasks); });
  service.on<wire::ListColumnStatisticsTaskRuns>([&](const auto& request, const Context&) { return list(request, tasks); });
  service.on<wire::StopColumnStatisticsTaskRun>([&](const wire::StopColumnStatisticsTaskRunRequest& request,
                                                    const Context&) -> Result<wire::StopColumnStatisticsTaskRunResponse> {
    TRY_DO(tasks.stop(request.database_name, request.table_name));
    return wire::StopColumnStatisticsTaskRunResponse{};
  });
}

}  // namespace mastic::glue
