// Strings of a collation, compared by their keys.
#pragma once

#include "spark/lower/ast.h"

namespace mastic::spark {

/// What compares and sorts as the string does by its type's collation; of UTF8_BINARY the string itself.
ast::Expr collation_key(ast::Expr text, const DataType& type);
/// The first string met of those that are equal by the collation: in groups and duplicates it stands for all of them.
ast::Expr collation_representative(ast::Expr text, const DataType& type);
/// Whether nested in the type there is a collation: arrays and structs of such strings have no key here.
bool has_nested_collation(const DataType& type);

}  // namespace mastic::spark
