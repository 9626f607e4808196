// That a crawl has begun or ended, for those outside who follow crawls.
#pragma once

#include <string>

#include "base/clock.h"

namespace mastic::glue {

struct CrawlNotice {
  std::string crawler;
  std::string crawl_id;
  std::string state;     // RUNNING, COMPLETED, FAILED, STOPPED
  std::string database;  // whose tables it writes; only when it begins
  std::string error_message;
  Instant time;
};

}  // namespace mastic::glue
