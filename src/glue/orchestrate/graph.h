// A workflow as a graph: triggers, jobs and crawlers as nodes, what starts what and what waits for what as edges.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "aws/models/glue.h"
#include "glue/orchestrate/store.h"

namespace mastic::glue::orchestrate {

/// How a run's nodes look up what they show; null: a workflow without a run.
struct RunDetails {
  const std::vector<StoredAction>& actions;
  std::function<Result<wire::JobRun>(const std::string& job, const std::string& run_id)> job_run;
  std::function<Result<std::optional<wire::Crawl>>(const std::string& crawler, const std::string& crawl_id)> crawl;
};

Result<wire::WorkflowGraph> graph_of(const std::vector<wire::Trigger>& triggers, const RunDetails* details);

}  // namespace mastic::glue::orchestrate
