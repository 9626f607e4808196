// Constants as Python pickles: what a table function's analyze() is told about its arguments.
#pragma once

#include <optional>
#include <string>

#include "spark/plan/expression.h"

namespace mastic::spark {

/// The constant in PySpark's internal form (a date is its days); nothing: not a constant of a kind that is known here.
[[nodiscard]] std::optional<std::string> to_pickle(const ExpressionPtr& constant);

}  // namespace mastic::spark
