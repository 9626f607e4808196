// What metric math computes with: numbers, time series, and lists of series.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"

namespace mastic::cloudwatch {

struct Series {
  std::string label;
  int64_t period_seconds = 60;
  std::map<int64_t, double> points;  // by the period's begin, in seconds
};
using SeriesList = std::vector<Series>;
using MathValue = std::variant<double, Series, SeriesList, std::string>;

/// Looks up what an expression names. Lives as long as the evaluation; one thread.
class MathScope {
 public:
  virtual ~MathScope() = default;
  /// The value of the query with this id; fails when there is none, or it depends on itself.
  virtual Result<MathValue> value_of(const std::string& id) = 0;
  /// The metrics (not the expressions) of the request whose ids contain the text.
  virtual Result<SeriesList> metrics(std::string_view containing) = 0;
  /// The times at which a series without gaps has values.
  [[nodiscard]] virtual std::vector<int64_t> times(int64_t period_seconds) const = 0;
  [[nodiscard]] virtual int64_t period_seconds() const = 0;
};

/// Evaluates one expression. Fails with ValidationException that quotes it; functions that CloudWatch has and this does not
/// (SEARCH, ANOMALY_DETECTION_BAND, …) are refused by name.
Result<MathValue> evaluate(std::string_view expression, MathScope& scope);

}  // namespace mastic::cloudwatch
