// Expressions as Spark prints them (toPrettySQL): names of result columns, and what messages quote.
#pragma once

#include <string>
#include <string_view>

#include "spark/plan/expression.h"

namespace mastic::engine {
class TimeZone;
}

namespace mastic::spark {

/// `(a + 1)`, `count(1)`, `CASE WHEN (a = 1) THEN b END`. Implicit casts do not show.
[[nodiscard]] std::string text_of(const Expression& expression);
/// The same in double quotes: how messages quote an expression.
[[nodiscard]] std::string quoted_text(const Expression& expression);
/// `a`, or in backticks: a name as a message's identifier.
[[nodiscard]] std::string quoted_name(std::string_view name);
[[nodiscard]] std::string quoted_type(const DataType& type);
/// TIMESTAMP constants print in this zone on this thread, as long as the object lives.
class TextZone {
 public:
  explicit TextZone(std::string_view name);
  ~TextZone();
  TextZone(const TextZone&) = delete;
  TextZone& operator=(const TextZone&) = delete;

 private:
  const engine::TimeZone* before_;
};
/// A double as Java's Double.toString writes it.
[[nodiscard]] std::string java_double_text(double value, bool single);

}  // namespace mastic::spark
