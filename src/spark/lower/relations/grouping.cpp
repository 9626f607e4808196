// Aggregate and Window.
#include <algorithm>
#include <duckdb.hpp>
#include <duckdb/parser/expression/list.hpp>

#include "spark/lower/collations.h"
#include "spark/lower/lowering.h"
#include "spark/lower/relations/arrival.h"
#include "spark/lower/relations/inner_windows.h"

namespace mastic::spark {

Block lower_aggregate(Lowering& lowering, const Relation&, const Aggregate& node) {
  const auto columns = column_ids(*node.input);
  auto block = lowering.relation(*node.input);
  if (block.projected || block.limited() || !block.orders.empty()) block = std::move(block).wrapped(columns);
  // Groupings that are not columns get one, so that the outputs can name them.
  bool computed = false;
  for (const auto& grouping : node.groupings) {
    const auto* column = std::get_if<ColumnReference>(&grouping.expression->node);
    if (has_nested_collation(grouping.expression->type)) Lowering::refuse_collation(grouping.expression->type, "groups");
    computed = computed || !grouping.expression->type.collation.empty() || column == nullptr ||
               (column->id != grouping.id && node.has_grouping_sets);
  }
  // The groups of a small input come in Spark's order.
  const bool ordered =
      !node.groupings.empty() && !node.has_grouping_sets && lowering.subqueries == 0 && small_size(*node.input);
  std::string arrival;
  std::string total;
  if (ordered) {
    arrival = lowering.fresh_name("arrival");
    total = lowering.fresh_name("total");
    auto select = duckdb::make_uniq<duckdb::SelectNode>();
    select->from_table = std::move(block).to_table(columns);
    for (const auto id : columns) select->select_list.push_back(ast::column(id));
    for (const auto& [name, number] : {std::pair(&arrival, "row_number() OVER ()"), std::pair(&total, "count(*) OVER ()")}) {
      auto column = ast::fill(number, {});
      column->SetAlias(*name);
      select->select_list.push_back(std::move(column));
    }
    block = Block{};
    block.from = subquery_table(std::move(select));
  }
  auto outer_columns = lowering.grouping_columns;
  if (computed) {
    // One string of each group by a collation stands for the others.
    const auto is_collated_grouping = [&](ColumnId id) {
      return std::ranges::any_of(node.groupings, [&](const auto& grouping) {
        return grouping.id == id && !grouping.expression->type.collation.empty();
      });
    };
    for (const auto id : columns)
      if (!is_collated_grouping(id)) block.select.push_back(ast::column(id));
    if (ordered) {
      block.select.push_back(ast::column(arrival));
      block.select.push_back(ast::column(total));
    }
    for (const auto& grouping : node.groupings) {
      const auto* column = std::get_if<ColumnReference>(&grouping.expression->node);
      if (column != nullptr && column->id == grouping.id && !is_collated_grouping(grouping.id)) continue;
      auto item = collation_representative(lowering.expression(grouping.expression), grouping.expression->type);
      item->SetAlias(ast::column_name(grouping.id));
      block.select.push_back(std::move(item));
    }
    block.projected = true;
    block = std::move(block).wrapped(columns);
  }
  auto select = duckdb::make_uniq<duckdb::SelectNode>();
  for (const auto& grouping : node.groupings) {
    ColumnId id = grouping.id;
    if (!computed) {
      id = std::get<ColumnReference>(grouping.expression->node).id;
      lowering.grouping_columns[grouping.id] = id;
    }
    select->groups.group_expressions.push_back(ast::column(id));
  }
  for (const auto& named : node.aggregates) {
    auto item = lowering.expression(named.expression);
    item->SetAlias(ast::column_name(named.id));
    select->select_list.push_back(std::move(item));
  }
  lowering.grouping_columns = std::move(outer_columns);
  if (node.has_grouping_sets) {
    for (const auto& indexes : node.grouping_sets) {
      duckdb::GroupingSet set;
      for (const int index : indexes) set.insert(static_cast<duckdb::idx_t>(index));
      select->groups.grouping_sets.push_back(std::move(set));
    }
  } else if (!node.groupings.empty()) {
    duckdb::GroupingSet all;
    for (std::size_t i = 0; i < node.groupings.size(); ++i) all.insert(i);
    select->groups.grouping_sets.push_back(std::move(all));
  } else {
    // No groups at all: one row even for no input, which an aggregate must be there for.
    select->aggregate_handling = duckdb::AggregateHandling::STANDARD_HANDLING;
    if (select->select_list.empty()) select->select_list.push_back(ast::fill("count(*)", {}));
  }
  select->from_table = block.from ? std::move(block.from) : nullptr;
  if (!select->from_table) select->from_table = subquery_table(Block{}.to_node({}));
  if (!block.where.empty()) select->where_clause = ast::conjunction(std::move(block.where), true);
  if (ordered) {
    auto order = duckdb::make_uniq<duckdb::OrderModifier>();
    const auto add = [&](ast::Expr key) { order->orders.push_back(lowering.order_by(std::move(key), true, true)); };
    std::vector<ColumnId> plain;
    for (const auto& grouping : node.groupings) {
      const auto* column = std::get_if<ColumnReference>(&grouping.expression->node);
      if (column != nullptr) plain.push_back(column->id);
    }
    const auto how = group_order(*node.input, plain);
    if (how.by_hash) {
      ast::Exprs places;
      places.push_back(ast::column(arrival));
      places.push_back(ast::column(total));
      places.push_back(ast::constant(duckdb::Value::BIGINT(how.slices)));
      add(ast::fill("min(($1 * $3 - 1) // $2)", places));
      ast::Exprs keys;
      for (const auto& key : select->groups.group_expressions) keys.push_back(key->Copy());
      ast::Exprs hash;
      hash.push_back(duckdb::make_uniq<duckdb::FunctionExpression>("spark_hash", std::move(keys)));
      add(ast::fill("(($1 % 200) + 200) % 200", hash));
    }
    ast::Exprs number;
    number.push_back(ast::column(arrival));
    add(ast::fill("min($1)", number));
    select->modifiers.push_back(std::move(order));
  }
  Block result;
  result.from = subquery_table(std::move(select));
  return result;
}

Block lower_window(Lowering& lowering, const Relation& relation, const Window& node) {
  const auto columns = column_ids(*node.input);
  auto block = lowering.relation(*node.input);
  // A window function sees the rows before an ORDER BY beside it.
  if (block.projected || block.limited() || !block.orders.empty()) block = std::move(block).wrapped(columns);
  ast::Exprs items;
  for (const auto& named : node.expressions) {
    items.push_back(lowering.expression(named.expression));
    items.back()->SetAlias(ast::column_name(named.id));
  }
  block = with_inner_windows(lowering, std::move(block), columns, items, false);
  for (const auto id : columns) block.select.push_back(ast::column(id));
  for (auto& item : items) block.select.push_back(std::move(item));
  block.projected = true;
  // In one partition, Spark's rows come sorted by the window's keys.
  if (const auto* call = std::get_if<WindowCall>(&node.expressions.front().expression->node);
      call != nullptr && (!call->partition_by.empty() || !call->order_by.empty()) && small_size(relation)) {
    block.orders.clear();
    for (const auto& key : call->partition_by) block.orders.push_back(lowering.order(SortOrder{key}));
    for (const auto& order : call->order_by) block.orders.push_back(lowering.order(order));
  }
  return block;
}

}  // namespace mastic::spark
