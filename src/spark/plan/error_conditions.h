// Spark's error conditions: what users' code compares (`getCondition()`, `getSqlState()`) and people read.
#pragma once

#include <string_view>

namespace mastic::spark {

/// One condition. A condition of two parts (`A.B`) has a row for `A`, which gives the SQLSTATE and the first sentence, and
/// a row for `A.B` with the rest. `<name>` in a text stands for the parameter of that name.
struct ErrorCondition {
  std::string_view name;
  std::string_view sql_state;  // empty in rows of two parts
  std::string_view text;
};

/// Null: no such condition.
const ErrorCondition* find_error_condition(std::string_view name);

}  // namespace mastic::spark
