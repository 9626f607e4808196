// Where a crawler reads objects: S3's store, behind an interface so that a crawl can be tested without it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace mastic::glue::crawler {

struct SourceObject {
  std::string key;
  uint64_t size_bytes = 0;
  std::string storage_class;  // empty: STANDARD
  std::string file;           // a file that holds the body, readable for some minutes; empty: `bytes` are the body
  std::string bytes;
};

/// Thread-safe.
class ObjectSource {
 public:
  virtual ~ObjectSource() = default;
  virtual Result<bool> bucket_exists(std::string_view bucket) = 0;
  /// In the order of keys, those behind `after`; fewer than `limit` when there are no more.
  virtual Result<std::vector<SourceObject>> list(std::string_view bucket, std::string_view prefix, std::string_view after,
                                                 std::size_t limit) = 0;
};

}  // namespace mastic::glue::crawler
