// What triggers start: jobs and crawlers, as orchestration needs to see them. `Glue` gives the real ones.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "aws/models/glue.h"
#include "base/result.h"

namespace mastic::glue::orchestrate {

namespace wire = mastic::aws::glue;

/// On whose behalf an action starts.
struct Origin {
  std::string trigger;
  std::string workflow;      // empty outside of workflows
  std::string workflow_run;  // "
  std::string region;
  std::string account_id;
};

/// Ids are given by the caller, before the start: after a crash it can ask whether the start had happened.
class Nodes {
 public:
  virtual ~Nodes() = default;
  virtual Result<void> start_job(const wire::Action& action, const std::string& run_id, const Origin& origin) = 0;
  virtual Result<void> start_crawler(const wire::Action& action, const std::string& crawl_id, const Origin& origin) = 0;
  /// The state of a run (of its last attempt) or a crawl as a predicate names it; nullopt: it was never started.
  virtual Result<std::optional<std::string>> job_state(const std::string& job, const std::string& run_id) = 0;
  virtual Result<std::optional<std::string>> crawl_state(const std::string& crawler, const std::string& crawl_id) = 0;
  virtual Result<void> stop_job(const std::string& job, const std::string& run_id) = 0;
  virtual Result<void> stop_crawler(const std::string& crawler, const std::string& crawl_id) = 0;
  virtual Result<bool> has_job(std::string_view name) = 0;
  virtual Result<bool> has_crawler(std::string_view name) = 0;
};

/// Whether a run or a crawl in this state has come to its end.
bool is_over(std::string_view state);

}  // namespace mastic::glue::orchestrate
