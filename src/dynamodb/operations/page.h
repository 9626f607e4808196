// One page of a Query or Scan.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "dynamodb/expression/syntax.h"
#include "dynamodb/operations/operations.h"

namespace mastic::dynamodb {

constexpr std::size_t page_max_bytes = 1 << 20;

/// What a page is read from and what of it is answered.
struct PageRequest {
  const TableDefinition* table = nullptr;
  const Index* index = nullptr;  // Null: the table itself.
  key_codec::Range range;
  bool forward = true;
  std::optional<std::string> start;  // exclusive
  std::optional<int32_t> limit;      // of entries looked at
  std::optional<expression::Node> filter;
  std::optional<std::vector<expression::Path>> projection;
  bool count_only = false;
  bool whole_items = false;  // Fetch from the table what the index does not hold.
};

struct Page {
  WireItems items;
  int32_t count = 0;
  int32_t scanned_count = 0;
  std::optional<Item> last_evaluated_key;
  std::size_t read_bytes = 0;
};

/// Reads until the range ends, the limit is reached or the next entry would exceed 1 MB.
Result<Page> read_page(const Store& store, const PageRequest& request);

/// The index of a request; null when it names none. Fails when the table has no such index, or for a consistent read of a
/// global one.
Result<const Index*> find_index(const TableDefinition& table, const std::optional<std::string>& index_name,
                                bool consistent_read);

/// The store's key for an ExclusiveStartKey. Fails when it has not exactly the key attributes of the table and index.
Result<std::string> start_key(const TableDefinition& table, const Index* index, const Item& start);

/// Sets what Select and the projection ask for; fails when they contradict each other or the index.
Result<void> apply_select(PageRequest& page, const std::optional<std::string>& select);

}  // namespace mastic::dynamodb
