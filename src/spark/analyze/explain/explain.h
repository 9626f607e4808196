// EXPLAIN: a resolved plan in the words of Spark's plans. Users and their tests look for `BroadcastHashJoin` or
// `Exchange rangepartitioning`; what they find is what Spark would plan by its rules, not how the engine runs the query.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "spark/plan/relation.h"

namespace mastic::spark {

/// A relation by this hint is one that cache() or persist() keeps.
inline constexpr std::string_view persisted_hint = "InMemoryRelation";

struct ExplainNode {
  std::string text;
  std::vector<ExplainNode> children;
  const Relation* relation = nullptr;
};

enum class PlanStage : unsigned char { parsed, analyzed, optimized };
[[nodiscard]] ExplainNode logical_tree(const RelationPtr& plan, PlanStage stage);

struct PhysicalSettings {
  bool adaptive = true;
  int64_t broadcast_bytes_max = 10L << 20U;  // spark.sql.autoBroadcastJoinThreshold
  int64_t shuffle_partitions = 200;
};
[[nodiscard]] ExplainNode physical_tree(const RelationPtr& plan, const PhysicalSettings& settings);

/// Lines with Spark's branches: `+- `, `:- `.
[[nodiscard]] std::string tree_text(const ExplainNode& node);
/// The whole text of df.explain(mode): simple, extended, cost, formatted (in any case).
[[nodiscard]] std::string explain_text(const RelationPtr& plan, std::string_view mode, const PhysicalSettings& settings);

/// Shared by both trees.
[[nodiscard]] std::string attribute_text(const Attribute& attribute);
[[nodiscard]] std::string attributes_text(const std::vector<Attribute>& attributes);
[[nodiscard]] std::string expression_with_ids(const ExpressionPtr& expression);
[[nodiscard]] std::string expressions_text(const std::vector<ExpressionPtr>& expressions);
[[nodiscard]] std::string named_text(const std::vector<NamedExpression>& expressions);
[[nodiscard]] std::string orders_text(const std::vector<SortOrder>& orders);
[[nodiscard]] std::string_view join_type_text(JoinType type);
/// Spark's guess at a plan's size, from what is known without reading.
[[nodiscard]] int64_t size_guess(const Relation& relation);

}  // namespace mastic::spark
