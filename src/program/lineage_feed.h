// Runs and crawls, as the keeper of lineage is told of them.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <string>

#include "glue/crawler/crawl_notice.h"
#include "jobs/jobs.h"
#include "lineage/keeper.h"

namespace mastic::glue {
class CatalogView;
}

namespace mastic::program {

/// Thread-safe. `keeper` outlives this object.
class LineageFeed {
 public:
  explicit LineageFeed(lineage::Keeper& keeper) : keeper_(keeper) {}

  void run_changed(const jobs::RunRecord& run);
  /// Ends what an earlier process began and did not see the end of.
  void catch_up(const jobs::Runs& runs, Instant now);
  /// At a crawl's end the catalog says what it wrote: the tables of its database that carry its name. `catalog` may be null
  /// while the house closes.
  void crawl_changed(const glue::CrawlNotice& crawl, glue::CatalogView* catalog);

 private:
  lineage::Keeper& keeper_;
  std::mutex mutex_;
  std::map<std::string, std::string> databases_;  // of crawls that run, by id
};

}  // namespace mastic::program
