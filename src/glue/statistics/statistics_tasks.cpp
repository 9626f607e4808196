#include "glue/statistics/statistics_tasks.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "aws/json.h"
#include "base/identifiers.h"
#include "glue/errors.h"
#include "glue/jobs/run_plan.h"
#include "glue/names.h"

namespace mastic::glue {
namespace {

// Names of jobs are printable; the mark keeps these apart from all of them.
constexpr std::string_view mark = "\x01statistics/";

constexpr std::string_view script = "from mastic.column_statistics import main\n\nmain()\n";

std::string run_name(std::string_view database, std::string_view table) {
  return fmt::format("{}{}/{}", mark, lower_name(database), lower_name(table));
}

Error task_not_found(std::string_view id) {
  return {"EntityNotFoundException", fmt::format("Column statistics task run {} not found.", id)};
}

/// A run's state in the words of a task.
std::string status_of(mastic::jobs::State state) {
  using mastic::jobs::State;
  switch (state) {
    case State::waiting:
    case State::starting: return "STARTING";
    case State::running:
    case State::stopping: return "RUNNING";
    case State::stopped: return "STOPPED";
    case State::succeeded: return "SUCCEEDED";
    case State::failed:
    case State::timed_out:
    case State::error: return "FAILED";
  }
  std::unreachable();
}

Result<wire::ColumnStatisticsTaskRun> to_wire(const mastic::jobs::RunRecord& run) {
  TRY(task, aws::from_json<wire::ColumnStatisticsTaskRun>(run.details));
  task.status = status_of(run.state);
  task.creation_time = run.accepted;
  task.last_updated = run.modified;
  task.start_time = run.started;
  task.end_time = run.completed;
  if (!run.error_message.empty()) task.error_message = run.error_message;
  return std::move(task);
}

}  // namespace

Result<std::vector<std::string>> StatisticsTasks::columns_of(const wire::ColumnStatisticsTaskRun& task) {
  TRY(table, catalog_.find_table(*task.database_name, *task.table_name));
  if (!table) return fail(error::table_not_found(*task.table_name));
  std::vector<std::string> all;
  if (table->storage_descriptor && table->storage_descriptor->columns)
    for (const auto& column : *table->storage_descriptor->columns) all.push_back(lower_name(column.name));
  if (table->partition_keys)
    for (const auto& key : *table->partition_keys) all.push_back(lower_name(key.name));
  if (!task.column_name_list || task.column_name_list->empty()) return all;
  std::vector<std::string> wanted;
  for (const auto& name : *task.column_name_list) {
    if (std::ranges::find(all, lower_name(name)) == all.end())
      return fail(Error{"EntityNotFoundException", fmt::format("Column {} not found.", name)});
    wanted.push_back(lower_name(name));
  }
  return wanted;
}

Result<std::string> StatisticsTasks::start(wire::ColumnStatisticsTaskRun task) {
  TRY(columns, columns_of(task));
  wire::Job job;
  job.name = run_name(*task.database_name, *task.table_name);
  job.role = task.role;
  job.command.emplace().name = "glueetl";
  job.command->python_version = "3";
  job.command->script_location = "s3://mastic/column_statistics.py";
  job.execution_property.emplace().max_concurrent_runs = 1;
  wire::JobRun run;
  run.id = random_uuid();
  run.job_name = job.name;
  run.glue_version = "5.0";
  auto& arguments = run.arguments.emplace();
  arguments["--DATABASE"] = lower_name(*task.database_name);
  arguments["--TABLE"] = lower_name(*task.table_name);
  arguments["--COLUMNS"] = fmt::format("{}", fmt::join(columns, ","));
  arguments["--SAMPLE"] = fmt::format("{}", task.sample_size.value_or(100));
  TRY(request,
      make_run_request(
          job, run, [](std::string_view) -> Result<std::string> { return std::string(script); }, roles_, Script::of_the_house));
  task.column_statistics_task_run_id = run.id;
  task.column_name_list = columns;
  task.computation_type = "FULL";
  request.details = aws::to_json(task);
  const auto access_key = request.access_key;
  const auto started = runs_.start(std::move(request));
  if (started) return *run.id;
  if (roles_ != nullptr && !access_key.empty()) roles_->end(access_key);
  if (started.error().code == "ConcurrentRunsExceededException")
    return fail(Error{"ColumnStatisticsTaskRunningException",
                      fmt::format("A column statistics task of table {} is running already.", *task.table_name)});
  return fail(started.error());
}

Result<wire::ColumnStatisticsTaskRun> StatisticsTasks::find(std::string_view id) {
  TRY(run, runs_.find(id));
  if (!run || !run->job_name.starts_with(mark)) return fail(task_not_found(id));
  return to_wire(*run);
}

Result<catalog::Page<wire::ColumnStatisticsTaskRun>> StatisticsTasks::list(std::string_view database, std::string_view table,
                                                                           const catalog::PageRequest& page) {
  catalog::Page<wire::ColumnStatisticsTaskRun> answer;
  mastic::jobs::ListQuery query;
  if (!table.empty()) query.job_name = run_name(database, table);
  query.after_run_id = page.after;
  while (true) {
    TRY(runs, runs_.list(query));
    for (const auto& run : runs) {
      query.after_run_id = run.run_id;
      if (!run.job_name.starts_with(mark)) continue;
      if (answer.entries.size() == page.limit) {
        answer.last_key = answer.entries.back().column_statistics_task_run_id.value_or("");
        return answer;
      }
      TRY(task, to_wire(run));
      answer.entries.push_back(std::move(task));
    }
    if (runs.size() < query.limit) return answer;
  }
}

Result<void> StatisticsTasks::stop(std::string_view database, std::string_view table) {
  TRY(newest, list(database, table, {"", 1}));
  if (newest.entries.empty() || (newest.entries[0].status != "STARTING" && newest.entries[0].status != "RUNNING"))
    return fail(Error{"ColumnStatisticsTaskNotRunningException",
                      fmt::format("No column statistics task of table {} is running.", table)});
  TRY_DO(runs_.stop(*newest.entries[0].column_statistics_task_run_id));
  return {};
}

}  // namespace mastic::glue
