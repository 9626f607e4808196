// Which columns of the files that a plan reads are wanted by anything above: Spark's column pruning, where it shows. A reader
// judges a record only by these (see relations/read_records.cpp).
#pragma once

#include <unordered_map>
#include <unordered_set>

#include "spark/plan/relation.h"

namespace mastic::spark {

using ColumnSet = std::unordered_set<ColumnId>;

/// For each ReadFiles of the plan the columns of its output that are required, when all of the root's are.
std::unordered_map<const Relation*, ColumnSet> required_columns(const Relation& root);

}  // namespace mastic::spark
