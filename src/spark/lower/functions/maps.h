// How lowering makes a map of a list of pairs.
#pragma once

#include "spark/lower/lowering.h"

namespace mastic::spark {

/// spark_map_of_entries under the session's rule for keys that come twice.
ast::Expr map_of_entries(const Lowering& lowering, ast::Expr entries);

}  // namespace mastic::spark
