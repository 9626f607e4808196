// Where in an order of partitions those lie that an expression can hold for.
//
// Two orders are kept: that of partition keys (`partition_rows.h`, as text, the table's first key first), and for each
// partition index that of its entries: the values of the index's keys as their types order them. A range may hold more than
// is asked for, never less; who reads it asks the expression again.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "glue/catalog/partition_expression.h"

namespace mastic::glue::catalog {

/// From the first text (included) to the second (excluded).
struct Range {
  std::string from;
  std::string to;
};

/// A partition index: the positions of its keys among the table's.
using IndexKeys = std::vector<std::size_t>;

/// A partition's place in an index. Values that their type cannot read count as null.
std::string index_entry(std::span<const std::string> values, const IndexKeys& keys, std::span<const PartitionKey> table_keys);

/// Nothing when the expression says nothing of the index's first key.
std::optional<Range> index_range(std::span<const KeyBounds> bounds, const IndexKeys& keys);

/// The same in the order of partition keys; only texts order there as their type does.
std::optional<Range> key_range(std::span<const KeyBounds> bounds);

}  // namespace mastic::glue::catalog
