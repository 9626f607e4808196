// The order of rows that nobody asked for. Spark's order of small results follows from how it runs them: a join follows its
// streamed side, groups come as their first rows do, distinct and windows follow what lies in one partition. People read such
// results and write them into tests, so small inputs keep that order here; large ones come as the engine makes them.
#pragma once

#include <string>

#include "spark/lower/lowering.h"

namespace mastic::spark {

/// About how many bytes a relation yields, if that is known and small.
[[nodiscard]] std::optional<int64_t> small_size(const Relation& relation);

/// The block's rows with their number in a further column of this name.
[[nodiscard]] duckdb::unique_ptr<duckdb::TableRef> numbered(Block block, const std::vector<ColumnId>& columns,
                                                            const std::string& name);

/// How Spark comes to the order of a small input's groups: its rows lie in slices, one after another; each slice's groups
/// are spread by the hash of their keys, and read slice by slice. Without a hash they come as their first rows do: the rows
/// of a group lie together already.
struct GroupOrder {
  bool by_hash = true;
  int64_t slices = 1;
};
/// `keys`: the input's columns that are grouped by as they are.
[[nodiscard]] GroupOrder group_order(const Relation& input, const std::vector<ColumnId>& keys);

}  // namespace mastic::spark
