// What a person or a program may see of the running server, below /_mastic.
//
//   health                            the process answers
//   ready                             200 or 503: stores, room on the disk, the pool of engines, each by name
//   metrics                           Prometheus' text
//   events                            server-sent events: every event, as it happens; ?after=N or Last-Event-ID goes on there
//   runs/JOB/RUN                      what a run took and did
//   runs/JOB/RUN/usage                the same as series over time
//   runs/JOB/RUN/queries              its queries, without their plans
//   runs/JOB/RUN/queries/N            one of them, with its plan: operators with rows and seconds
//
// health, ready and metrics are everybody's; the rest needs, with keys, a caller who may do glue:GetJobRun.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "announce/events.h"
#include "aws/pages.h"
#include "jobs/jobs.h"
#include "program/request_counts.h"
#include "program/run_monitor.h"

namespace mastic::program {

/// A store that can be asked whether it works.
struct StoreCheck {
  std::string name;
  std::function<Result<void>()> check;
};

struct Monitored {
  std::filesystem::path data;
  std::vector<StoreCheck> stores;
  jobs::Runs& runs;
  announce::Events& events;
  RunMonitor& run_monitor;
  const RequestCounts& requests;
  const Clock& clock;
};

/// What `monitored` refers to outlives the server.
void add_monitoring_pages(aws::Pages& pages, Monitored monitored);

/// Of the texts of `runs/…`: separate for tests.
Result<aws::PageAnswer> run_page(const jobs::Runs& runs, std::string_view rest);
std::string metrics_text(const Monitored& monitored);

}  // namespace mastic::program
