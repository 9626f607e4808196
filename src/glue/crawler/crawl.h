// One crawl: look at the targets, then write what was found into the catalog.
//
// Nothing is written before every target was read, so a crawl that fails or is stopped while it reads leaves the catalog
// as it was. Each table is then one transaction. Does NOT keep state of its own: `crawlers.h` does.
#pragma once

#include <stop_token>
#include <string>

#include "glue/crawler/catalog_writer.h"
#include "glue/crawler/surroundings.h"

namespace mastic::glue::crawler {

/// Fails with a message that names the target it could not crawl.
Result<CrawlChanges> crawl(const wire::Crawler& crawler, const CrawlSurroundings& surroundings, std::stop_token stop);

/// What this server cannot crawl: "JDBC target …"; empty when it can crawl all targets.
std::string unsupported_target(const wire::CrawlerTargets& targets);

}  // namespace mastic::glue::crawler
