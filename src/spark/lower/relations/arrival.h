// The order of rows that nobody asked for. Spark's order of small results follows from how it runs them: a join follows its
// streamed side, distinct and windows what lies in one partition. People read such results and write them into tests, so
// small inputs keep that order here; large ones come as the engine makes them.
#pragma once

#include <string>

#include "spark/lower/lowering.h"

namespace mastic::spark {

/// About how many bytes a relation yields, if that is known and small.
[[nodiscard]] std::optional<int64_t> small_size(const Relation& relation);

/// The block's rows with their number in a further column of this name.
[[nodiscard]] duckdb::unique_ptr<duckdb::TableRef> numbered(Block block, const std::vector<ColumnId>& columns,
                                                            const std::string& name);

}  // namespace mastic::spark
