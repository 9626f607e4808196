// Columns that a relation does not pass on, passed on after all: for ORDER BY and HAVING, and for hidden columns.
#include <algorithm>

#include "spark/analyze/file_metadata.h"
#include "spark/analyze/rewrite.h"
#include "spark/analyze/state.h"

namespace mastic::spark {
namespace {

bool yields(const std::vector<Attribute>& columns, ColumnId id) {
  return std::ranges::any_of(columns, [&](const Attribute& column) { return column.id == id; });
}

// The relation with the missing columns of its inputs added to its output.
struct Keeper {
  const std::vector<ColumnId>& missing;
  Relation& copy;

  void pass(RelationPtr& input, bool nullable = false) const {
    input = keep_columns(input, missing);
    for (auto column : input->output) {
      if (std::ranges::find(missing, column.id) == missing.end() || yields(copy.output, column.id)) continue;
      column.nullable |= nullable;
      copy.output.push_back(std::move(column));
    }
  }

  void operator()(Project& node) const {
    node.input = keep_columns(node.input, missing);
    for (const auto& column : node.input->output) {
      if (std::ranges::find(missing, column.id) == missing.end() || yields(copy.output, column.id)) continue;
      node.expressions.push_back({column.id, column.name, reference(column), column.metadata_json});
      copy.output.push_back(column);
    }
  }
  void operator()(ReadFiles& node) const {
    if (const auto column = metadata_column(copy, node); std::ranges::find(missing, column.id) != missing.end())
      copy.output.push_back(column);
  }
  void operator()(Join& node) const {
    pass(node.left, node.type == JoinType::right || node.type == JoinType::full);
    if (node.type != JoinType::semi && node.type != JoinType::anti)
      pass(node.right, node.type == JoinType::left || node.type == JoinType::full);
  }
  void operator()(Deduplicate& node) const {
    if (!node.keys.empty()) pass(node.input);
  }
  template <typename Node>
  void operator()(Node& node) const {
    constexpr bool passes = std::is_same_v<Node, Filter> || std::is_same_v<Node, Sort> || std::is_same_v<Node, Limit> ||
                            std::is_same_v<Node, Tail> || std::is_same_v<Node, Window> || std::is_same_v<Node, Generate> ||
                            std::is_same_v<Node, Sample> || std::is_same_v<Node, Repartition> || std::is_same_v<Node, Alias> ||
                            std::is_same_v<Node, Observe>;
    if constexpr (passes) pass(node.input);
  }
};

}  // namespace

RelationPtr keep_columns(const RelationPtr& plan, const std::vector<ColumnId>& ids) {
  std::vector<ColumnId> missing;
  for (const auto id : ids)
    if (!yields(plan->output, id)) missing.push_back(id);
  if (missing.empty()) return plan;
  Relation copy = *plan;
  copy.plan_id.reset();
  const auto before = copy.output.size();
  std::visit(Keeper{missing, copy}, copy.node);
  if (copy.output.size() == before) return plan;
  return std::make_shared<const Relation>(std::move(copy));
}

RelationPtr with_hidden(const RelationPtr& plan, const std::vector<ExpressionPtr>& expressions) {
  std::vector<ColumnId> ids;
  for (const auto& expression : expressions)
    for (const auto id : columns_of(expression)) ids.push_back(id);
  return keep_columns(plan, ids);
}

RelationPtr with_hidden(const RelationPtr& plan, const std::vector<Item>& items) {
  std::vector<ExpressionPtr> expressions;
  for (const auto& item : items) expressions.push_back(item.expression);
  return with_hidden(plan, expressions);
}

}  // namespace mastic::spark
