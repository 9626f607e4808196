// Where a crawler reads items: DynamoDB's tables, behind an interface so that a crawl can be tested without them.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace mastic::glue::crawler {

struct SourceTable {
  std::string name;
  uint64_t item_count = 0;
  uint64_t size_bytes = 0;
};

/// Thread-safe.
class ItemSource {
 public:
  virtual ~ItemSource() = default;
  /// Nothing when there is no such table.
  virtual Result<std::optional<SourceTable>> find_table(std::string_view name) = 0;
  /// A consistent view of the table's items in `dynamodb/item_codec.h`'s encoding, until `receive` returns false.
  virtual Result<void> scan(std::string_view name, const std::function<bool(std::string_view item)>& receive) = 0;
};

}  // namespace mastic::glue::crawler
