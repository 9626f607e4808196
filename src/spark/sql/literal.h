// Literals: their text → Spark Connect's literal protos, by Spark's AstBuilder.
#pragma once

#include "spark/sql/grammar.h"

namespace mastic::spark::sql {

/// 12 → int, or bigint or decimal when it does not fit; 12L 12S 12Y 1.5 2BD 1e0 2D 2F. Errors: INVALID_NUMERIC_LITERAL_RANGE.
SparkResult<Expression> make_number(const Token& token, bool negative);

/// DATE '…', TIMESTAMP '…', TIMESTAMP_NTZ '…', TIMESTAMP_LTZ '…', TIME '…' as typed_literal(type, text), which analysis
/// reads because the session's zone matters; X'1F' as binary. Errors: INVALID_TYPED_LITERAL.
SparkResult<Expression> make_typed_literal(std::string_view type, const std::string& text);

/// One `quantity unit` of an interval in months, days and microseconds. `quantity` may have a fraction for seconds.
/// Nothing when the unit is unknown or the quantity does not fit.
struct IntervalParts {
  int64_t months = 0;
  int64_t days = 0;
  int64_t microseconds = 0;
};
std::optional<IntervalParts> interval_of(std::string_view quantity, std::string_view unit);

/// INTERVAL '…' FROM TO TO: `1-2` YEAR TO MONTH, `1 2:03:04.5` DAY TO SECOND and the like.
std::optional<IntervalParts> interval_range(std::string_view text, std::string_view from, std::string_view to);

}  // namespace mastic::spark::sql
