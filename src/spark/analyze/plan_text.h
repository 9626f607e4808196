// A resolved plan as compact text, for tests and for reading while debugging: one node a line, children indented.
//
//   project a#1 int, (b + 1)#3 bigint! = (cast(b#2 as bigint) + 1)
//     local a#1, b#2
//
// `!` marks what cannot be NULL. Every cast shows, implicit ones in lower case.
#pragma once

#include <string>

#include "spark/plan/relation.h"

namespace mastic::spark {

[[nodiscard]] std::string plan_text(const Relation& relation);
/// With ids and all casts: `cast(a#1 as bigint)`.
[[nodiscard]] std::string debug_text(const Expression& expression);

}  // namespace mastic::spark
