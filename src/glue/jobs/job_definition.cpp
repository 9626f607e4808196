#include "glue/jobs/job_definition.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "glue/errors.h"
#include "glue/jobs/arguments.h"

namespace mastic::glue {
namespace {

// `glue-etl` is no name that Glue documents; a published CDK stack deploys with it.
constexpr auto command_names =
    std::to_array<std::string_view>({"glueetl", "glue-etl", "pythonshell", "gluestreaming", "glueray"});

struct Worker {
  std::string_view type;
  double capacity;
};
constexpr auto workers = std::to_array<Worker>({
    {"Standard", 1},
    {"G.025X", 0.25},
    {"G.1X", 1},
    {"G.2X", 2},
    {"G.4X", 4},
    {"G.8X", 8},
    {"G.12X", 12},
    {"G.16X", 16},
    {"R.1X", 1},
    {"R.2X", 2},
    {"R.4X", 4},
    {"R.8X", 8},
    {"Z.2X", 2},
});

constexpr int32_t timeout_minutes_max = 7 * 24 * 60;
constexpr std::size_t arguments_bytes_max = 260U * 1024U;

Result<void> check_command(const aws::glue::JobCommand& command) {
  const auto name = command.name.value_or("");
  if (std::ranges::find(command_names, name) == command_names.end()) {
    return fail(error::invalid_input("Command.Name must be glueetl, pythonshell, gluestreaming or glueray, not: " + name));
  }
  if (command.script_location.value_or("").empty()) return fail(error::invalid_input("Command.ScriptLocation is missing."));
  return {};
}

Result<void> check_arguments(const aws::glue::Job& job) {
  std::size_t bytes = 0;
  for (const auto* arguments : {&job.default_arguments, &job.non_overridable_arguments}) {
    if (!*arguments) continue;
    for (const auto& [name, value] : **arguments) bytes += name.size() + value.size();
  }
  if (bytes > arguments_bytes_max) return fail(error::invalid_input("The job's arguments are larger than 260 KB."));
  return {};
}

Result<void> complete_capacity(aws::glue::Job& job) {
  if (job.worker_type.has_value() != job.number_of_workers.has_value()) {
    return fail(error::invalid_input("WorkerType and NumberOfWorkers must be set together."));
  }
  if (job.worker_type && job.max_capacity) {
    return fail(error::invalid_input("Please do not set Max Capacity if using Worker Type and Number of Workers."));
  }
  if (job.number_of_workers && *job.number_of_workers < 1)
    return fail(error::invalid_input("NumberOfWorkers must be at least 1."));
  if (job.worker_type) {
    job.max_capacity = capacity_of(*job.worker_type, *job.number_of_workers);
  } else if (!job.max_capacity) {
    const bool shell = job.command->name == "pythonshell";
    job.max_capacity = job.allocated_capacity ? *job.allocated_capacity : (shell ? 0.0625 : 10.0);
  }
  job.allocated_capacity = static_cast<int32_t>(*job.max_capacity);
  return {};
}

}  // namespace

double capacity_of(const std::string& worker_type, int32_t count) {
  const auto* worker = std::ranges::find(workers, worker_type, &Worker::type);
  return (worker == workers.end() ? 1 : worker->capacity) * count;
}

int32_t default_timeout_minutes(std::string_view glue_version) {
  int major = 0;
  std::from_chars(glue_version.data(), glue_version.data() + glue_version.size(), major);
  return major == 0 || major >= 5 ? 480 : 2880;  // "auto" is the newest
}

Result<void> complete_definition(aws::glue::Job& job) {
  if (job.role.value_or("").empty()) return fail(error::invalid_input("Role is missing."));
  if (!job.command) return fail(error::invalid_input("Command is missing."));
  TRY_DO(check_command(*job.command));
  TRY_DO(check_arguments(job));
  if (job.security_configuration) return fail(error::unsupported("SecurityConfiguration"));
  if (!job.glue_version) job.glue_version = "6.0";
  if (!job.timeout) job.timeout = default_timeout_minutes(*job.glue_version);
  if (*job.timeout > timeout_minutes_max) return fail(error::invalid_input("Timeout must be at most 10080 minutes (7 days)."));
  if (!job.max_retries) job.max_retries = 0;
  if (*job.max_retries < 0 || *job.max_retries > 10) return fail(error::invalid_input("MaxRetries must be between 0 and 10."));
  if (!job.execution_property) job.execution_property.emplace();
  auto& concurrent_runs = job.execution_property->max_concurrent_runs;
  if (!concurrent_runs) concurrent_runs = 1;
  if (*concurrent_runs < 1) return fail(error::invalid_input("ExecutionProperty.MaxConcurrentRuns must be at least 1."));
  return complete_capacity(job);
}

}  // namespace mastic::glue
