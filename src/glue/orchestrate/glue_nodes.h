// Glue's own jobs and crawlers as the nodes that triggers start; tasks for column statistics, whose schedules go by as
// crawlers'.
#pragma once

#include "glue/orchestrate/nodes.h"

namespace mastic::glue {
class Jobs;
class StatisticsSettings;
namespace crawler {
class Crawlers;
}
}  // namespace mastic::glue

namespace mastic::glue::orchestrate {

/// Thread-safe as what it stands on, which must outlive it.
class GlueNodes final : public Nodes {
 public:
  GlueNodes(Jobs& jobs, crawler::Crawlers& crawlers, StatisticsSettings& statistics)
      : jobs_(jobs), crawlers_(crawlers), statistics_(statistics) {}

  Result<void> start_job(const wire::Action& action, const std::string& run_id, const Origin& origin) override;
  Result<void> start_crawler(const wire::Action& action, const std::string& crawl_id, const Origin& origin) override;
  Result<std::optional<std::string>> job_state(const std::string& job, const std::string& run_id) override;
  Result<std::optional<std::string>> crawl_state(const std::string& crawler, const std::string& crawl_id) override;
  Result<void> stop_job(const std::string& job, const std::string& run_id) override;
  Result<void> stop_crawler(const std::string& crawler, const std::string& crawl_id) override;
  Result<bool> has_job(std::string_view name) override;
  Result<bool> has_crawler(std::string_view name) override;

  /// The last attempt of a run. Fails when it was never started.
  Result<wire::JobRun> job_run(const std::string& job, const std::string& run_id);
  Result<std::optional<wire::Crawl>> crawl(const std::string& crawler, const std::string& crawl_id);

 private:
  Jobs& jobs_;
  crawler::Crawlers& crawlers_;
  StatisticsSettings& statistics_;
};

}  // namespace mastic::glue::orchestrate
