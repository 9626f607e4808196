// One S3 target of a crawl: its objects listed, looked at, and grouped to tables. Writes nothing.
#pragma once

#include <functional>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

#include "glue/crawler/configuration.h"
#include "glue/crawler/grouping.h"
#include "glue/crawler/surroundings.h"

namespace mastic::glue::crawler {

/// `s3://bucket/folder/`: bucket and prefix, which is empty or ends with / unless it is one object's key.
struct S3Place {
  std::string bucket;
  std::string prefix;
};
/// Nothing for what is no such path. `bucket/folder`, without the scheme, is one too.
std::optional<S3Place> parse_s3_path(std::string_view path);

struct S3Look {
  S3Place place;
  std::vector<FoundTable> tables;
  std::vector<std::string> unreadable;  // keys of objects that could not be looked at
  uint64_t objects = 0;
};

struct S3LookOptions {
  GroupingOptions grouping;
  /// Folders, as `s3://bucket/folder/`, that are in the catalog already and are not looked at again.
  std::set<std::string, std::less<>> known_folders;
  /// Prefixes of partitioned tables that are in the catalog: what is new below one is a part of it.
  std::vector<std::string> known_roots;
};

/// Fails when the bucket does not exist, when it may not be listed, and when it is stopped. An object that cannot be read
/// is written to the log by its key and left out.
Result<S3Look> look_at_s3(const wire::S3Target& target, const S3LookOptions& options, const CrawlSurroundings& around,
                          classify::Inspector& inspector, const std::stop_token& stop);

}  // namespace mastic::glue::crawler
