// window(ts, …) and session_window(ts, gap) put rows in windows of time; rows without a time are in none. As in Spark a
// window becomes a column of the input, `window` or `session_window`, which other expressions may name.
#pragma once

#include <vector>

#include "spark/analyze/state.h"

namespace mastic::spark {

/// `input` with a column for each window that the items hold, which stands for it in them afterwards. A sliding window
/// gives a row for each window that the time is in. `keys`: what else rows are grouped by; sessions are of one group.
SparkResult<RelationPtr> with_windows(AnalyzerState& state, const RelationPtr& input, const std::vector<Item>& keys,
                                      std::vector<std::vector<Item>*> items);

/// The windows among GROUP BY's expressions, so that the select list may name them.
SparkResult<std::vector<Item>> grouping_windows(AnalyzerState& state, const Scope& scope, const proto::Aggregate& aggregate);

}  // namespace mastic::spark
