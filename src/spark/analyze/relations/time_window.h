// window(ts, …) puts rows in windows; rows without a time are in none.
#pragma once

#include <vector>

#include "spark/analyze/state.h"

namespace mastic::spark {

/// `input` without the rows whose time is NULL, for each window() in the expressions that may see one.
RelationPtr rows_in_windows(const RelationPtr& input, const std::vector<Item>& items);

}  // namespace mastic::spark
