// A job's definition: what may be in it, and what Glue fills in.
//
// Lenient where published stacks are: the command name `glue-etl` and Python `3.9` are taken. A job that this server
// cannot run is still a job; StartJobRun refuses by name (`run_plan.h`).
#pragma once

#include <string>

#include "aws/models/glue.h"
#include "base/result.h"

namespace mastic::glue {

/// The members that CreateJobRequest, JobUpdate and Job share.
template <typename Source>
aws::glue::Job job_from(const std::string& name, const Source& source) {
  aws::glue::Job job;
  job.name = name;
  job.job_mode = source.job_mode;
  job.job_run_queuing_enabled = source.job_run_queuing_enabled;
  job.description = source.description;
  job.log_uri = source.log_uri;
  job.role = source.role;
  job.execution_property = source.execution_property;
  job.command = source.command;
  job.default_arguments = source.default_arguments;
  job.non_overridable_arguments = source.non_overridable_arguments;
  job.connections = source.connections;
  job.max_retries = source.max_retries;
  job.allocated_capacity = source.allocated_capacity;
  job.timeout = source.timeout;
  job.max_capacity = source.max_capacity;
  job.security_configuration = source.security_configuration;
  job.notification_property = source.notification_property;
  job.glue_version = source.glue_version;
  job.number_of_workers = source.number_of_workers;
  job.worker_type = source.worker_type;
  job.code_gen_configuration_nodes = source.code_gen_configuration_nodes;
  job.execution_class = source.execution_class;
  job.source_control_details = source.source_control_details;
  job.maintenance_window = source.maintenance_window;
  return job;
}

/// Checks a definition and fills in Glue's defaults.
Result<void> complete_definition(aws::glue::Job& job);

/// Glue's data processing units for these workers.
double capacity_of(const std::string& worker_type, int32_t workers);

/// The timeout in minutes that Glue gives a job of this version without one.
int32_t default_timeout_minutes(std::string_view glue_version);

}  // namespace mastic::glue
