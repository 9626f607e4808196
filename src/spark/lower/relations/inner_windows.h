// Window functions where SQL takes none: inside of a window function, or in WHERE. monotonically_increasing_id() is one.
#pragma once

#include "spark/lower/lowering.h"

namespace mastic::spark {

/// Replaces the window functions inside of each expression, which stand below another window function or, with
/// `everywhere`, anywhere, by columns that the block below then yields beside its own `columns`.
Block with_inner_windows(Lowering& lowering, Block block, const std::vector<ColumnId>& columns, ast::Exprs& expressions,
                         bool everywhere);

}  // namespace mastic::spark
