// What a crawl works with and on: sources, catalog, log, rights. Owner: Crawlers; a crawl keeps references only.
#pragma once

#include <functional>
#include <initializer_list>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "classify/inspector.h"
#include "glue/catalog/catalog.h"
#include "glue/crawler/item_source.h"
#include "glue/crawler/object_source.h"

namespace mastic::glue::crawler {

namespace wire = mastic::aws::glue;

/// How files come to a crawl. Without objects, S3 targets are refused.
struct FileSources {
  ObjectSource* objects = nullptr;
  /// Classifiers by their names, in that order; fails for one that is not there.
  std::function<Result<std::vector<classify::Classifier>>(const std::vector<std::string>& names)> classifiers;
  /// Who looks into files, for one crawl.
  std::function<std::unique_ptr<classify::Inspector>(std::vector<classify::Classifier>)> inspector;
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
  FileSources files = {};

  [[nodiscard]] Result<void> require(std::string_view action, std::initializer_list<std::string> resources) const {
    if (!permit) return {};
    for (const auto& resource : resources) TRY_DO(permit(action, resource));
    return {};
  }
  /// The ARN of something in the catalog: "catalog", "database/x", "table/x/y".
  [[nodiscard]] std::string catalog_arn(std::string_view what) const {
    return "arn:aws:glue:" + region + ":" + account_id + ":" + std::string(what);
  }
};

/// The code of the failure with which a stopped crawl ends.
inline constexpr std::string_view crawl_stopped = "CrawlStopped";
inline Error stopped() { return {std::string(crawl_stopped), "The crawl was stopped."}; }

}  // namespace mastic::glue::crawler
