#include "spark/lower/relations/arrival.h"

#include <algorithm>
#include <duckdb.hpp>
#include <duckdb/parser/expression/list.hpp>

namespace mastic::spark {
namespace {

constexpr int64_t small_bytes = 256 * 1024;

std::optional<int64_t> bounded(int64_t bytes) { return bytes <= small_bytes ? std::optional(bytes) : std::nullopt; }

struct Size {
  std::optional<int64_t> operator()(const OneRow&) const { return 8; }
  std::optional<int64_t> operator()(const LocalData& node) const {
    return bounded(node.arrow_stream ? static_cast<int64_t>(node.arrow_stream->size()) : 0);
  }
  std::optional<int64_t> operator()(const RangeRows& node) const {
    const double rows = (static_cast<double>(node.end) - static_cast<double>(node.start)) / static_cast<double>(node.step);
    return rows * 8 < static_cast<double>(small_bytes) ? std::optional(static_cast<int64_t>(rows * 8)) : std::nullopt;
  }
  std::optional<int64_t> operator()(const Join& node) const {
    const auto left = small_size(*node.left);
    const auto right = small_size(*node.right);
    if (!left || !right || node.lateral) return std::nullopt;
    return bounded(node.condition ? *left + *right : *left * *right / 64);
  }
  std::optional<int64_t> operator()(const SetOp& node) const {
    const auto left = small_size(*node.left);
    const auto right = small_size(*node.right);
    return left && right ? bounded(*left + *right) : std::nullopt;
  }
  template <typename Node>
  std::optional<int64_t> operator()(const Node& node) const {
    constexpr bool passes = std::is_same_v<Node, Project> || std::is_same_v<Node, Filter> || std::is_same_v<Node, Sort> ||
                            std::is_same_v<Node, Limit> || std::is_same_v<Node, Tail> || std::is_same_v<Node, Aggregate> ||
                            std::is_same_v<Node, Deduplicate> || std::is_same_v<Node, Window> ||
                            std::is_same_v<Node, Repartition> || std::is_same_v<Node, Observe> || std::is_same_v<Node, Alias> ||
                            std::is_same_v<Node, Generate> || std::is_same_v<Node, Sample> ||
                            std::is_same_v<Node, PythonEvaluate> || std::is_same_v<Node, PythonWindow> ||
                            std::is_same_v<Node, PythonAggregate>;
    if constexpr (passes) return small_size(*node.input);
    return std::nullopt;
  }
};

}  // namespace

std::optional<int64_t> small_size(const Relation& relation) { return std::visit(Size{}, relation.node); }

duckdb::unique_ptr<duckdb::TableRef> numbered(Block block, const std::vector<ColumnId>& columns, const std::string& name) {
  auto select = duckdb::make_uniq<duckdb::SelectNode>();
  select->from_table = std::move(block).to_table(columns);
  for (const auto id : columns) select->select_list.push_back(ast::column(id));
  auto number = ast::fill("row_number() OVER ()", {});
  number->SetAlias(name);
  select->select_list.push_back(std::move(number));
  return subquery_table(std::move(select));
}

namespace {

/// What Spark cuts local rows into, on a machine of a few processors.
constexpr int64_t usual_slices = 4;

struct Slices {
  const std::vector<ColumnId>& keys;

  GroupOrder operator()(const LocalData&) const { return {true, usual_slices}; }
  GroupOrder operator()(const Limit&) const { return {false, 1}; }
  GroupOrder operator()(const Tail&) const { return {false, 1}; }
  GroupOrder operator()(const Repartition& node) const { return {node.partitions != 1, 1}; }
  GroupOrder operator()(const Join& node) const { return group_order(*node.left, keys); }
  GroupOrder operator()(const Project& node) const {
    std::vector<ColumnId> below;
    for (const auto& item : node.expressions) {
      const auto* column = std::get_if<ColumnReference>(&item.expression->node);
      if (column != nullptr && std::ranges::find(keys, item.id) != keys.end()) below.push_back(column->id);
    }
    return group_order(*node.input, below);
  }
  template <typename Node>
  GroupOrder operator()(const Node& node) const {
    constexpr bool passes = std::is_same_v<Node, Filter> || std::is_same_v<Node, Sort> || std::is_same_v<Node, Observe> ||
                            std::is_same_v<Node, Alias> || std::is_same_v<Node, Generate> || std::is_same_v<Node, Sample> ||
                            std::is_same_v<Node, PythonEvaluate>;
    if constexpr (passes) return group_order(*node.input, keys);
    return {true, 1};
  }
};

}  // namespace

GroupOrder group_order(const Relation& input, const std::vector<ColumnId>& keys) {
  if (const auto* range = std::get_if<RangeRows>(&input.node)) {
    // A range's groups lie together when its numbers are among the keys.
    if (std::ranges::find(keys, input.output.at(0).id) != keys.end()) return {false, 1};
    return {true, range->partitions > 1 ? range->partitions : usual_slices};
  }
  return std::visit(Slices{keys}, input.node);
}

}  // namespace mastic::spark
