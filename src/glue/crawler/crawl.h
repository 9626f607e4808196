// One crawl: look at the targets, then write what was found into the catalog.
//
// Nothing is written before every target was read, so a crawl that fails or is stopped while it reads leaves the catalog
// as it was. Each table is then one transaction. Does NOT keep state of its own: `crawlers.h` does.
#pragma once

#include <functional>
#include <initializer_list>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "glue/catalog/catalog.h"
#include "glue/crawler/item_source.h"

namespace mastic::glue::crawler {

namespace wire = mastic::aws::glue;

struct CrawlChanges {
  std::vector<std::string> created;
  std::vector<std::string> updated;
  std::vector<std::string> deleted;
};

struct CrawlSurroundings {
  catalog::Catalog& catalog;
  ItemSource& items;
  const Clock& clock;
  std::string region;
  std::string account_id;
  std::function<void(std::string_view line)> log;
  /// Asked before a resource is read or written: whether the crawler's role may. Null: everything is allowed.
  std::function<Result<void>(std::string_view action, std::string_view resource)> permit;

  [[nodiscard]] Result<void> require(std::string_view action, std::initializer_list<std::string> resources) const {
    if (!permit) return {};
    for (const auto& resource : resources) TRY_DO(permit(action, resource));
    return {};
  }
};

/// The code of the failure with which a stopped crawl ends.
inline constexpr std::string_view crawl_stopped = "CrawlStopped";

/// Fails with a message that names the target it could not crawl.
Result<CrawlChanges> crawl(const wire::Crawler& crawler, const CrawlSurroundings& surroundings, std::stop_token stop);

/// What this server cannot crawl: "S3 target s3://…"; empty when it can crawl all targets.
std::string unsupported_target(const wire::CrawlerTargets& targets);

}  // namespace mastic::glue::crawler
