// The functions of metric math, as one table.
#pragma once

#include <string_view>
#include <vector>

#include "cloudwatch/math/series.h"

namespace mastic::cloudwatch {

/// Calls the function of that name (in capitals). The message of a failure is a sentence without the expression.
Result<MathValue> call_function(std::string_view name, std::vector<MathValue> arguments, MathScope& scope);

/// `operation(left, right)` over numbers, or point by point where both series have one.
Result<MathValue> combine(const MathValue& left, const MathValue& right, double (*operation)(double, double));

}  // namespace mastic::cloudwatch
