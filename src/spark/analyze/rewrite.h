// Walking and rebuilding expressions and relations.
#pragma once

#include <functional>
#include <unordered_map>
#include <vector>

#include "spark/plan/relation.h"

namespace mastic::spark {

/// Rebuilds a tree from the top: where `replace` answers an expression, that stands for the node, whole; elsewhere the
/// node's children are rebuilt. Untouched parts are shared.
using Replace = std::function<ExpressionPtr(const ExpressionPtr&)>;
[[nodiscard]] ExpressionPtr rewrite(const ExpressionPtr& expression, const Replace& replace);

/// Visits every node, parents first; `visit` answers whether to go below.
void walk(const ExpressionPtr& expression, const std::function<bool(const ExpressionPtr&)>& visit);

[[nodiscard]] std::vector<ExpressionPtr> children_of(const Expression& expression);
[[nodiscard]] bool contains_aggregate(const ExpressionPtr& expression);
[[nodiscard]] bool contains_window(const ExpressionPtr& expression);
/// Every outcome the same: no rand(), uuid(), …
[[nodiscard]] bool is_deterministic(const ExpressionPtr& expression);
[[nodiscard]] bool is_foldable(const ExpressionPtr& expression);
/// The ids of input columns that an expression reads.
[[nodiscard]] std::vector<ColumnId> columns_of(const ExpressionPtr& expression);
/// Equal by structure: the same columns, functions and constants. Names do not count.
[[nodiscard]] bool same_expression(const ExpressionPtr& left, const ExpressionPtr& right);

/// What a relation reads from: none, one, or a join's or set operation's two.
[[nodiscard]] std::vector<RelationPtr> inputs_of(const Relation& relation);

/// The plan with fresh column ids throughout, for a plan that is used more than once. `next` gives ids.
[[nodiscard]] RelationPtr with_fresh_ids(const RelationPtr& relation, const std::function<ColumnId()>& next);

}  // namespace mastic::spark
