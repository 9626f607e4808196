// Aggregate and Window.
#include <algorithm>
#include <duckdb.hpp>
#include <duckdb/parser/expression/list.hpp>
#include <duckdb/parser/parsed_expression_iterator.hpp>
#include <functional>
#include <ranges>
#include <set>

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

namespace {

/// What rows are partitioned and ordered by, as text to compare.
std::string keys_of(Lowering& lowering, const WindowCall& call) {
  std::string text;
  for (const auto& key : call.partition_by) text += lowering.expression(key)->ToString() + ",";
  for (const auto& order : call.order_by) text += "by " + lowering.order(order).ToString() + ",";
  return text;
}

/// The windows of a node, each once, in the order in which Spark computes them: the last one sorts last.
std::vector<const WindowCall*> windows_of(Lowering& lowering, const Window& node) {
  std::vector<const WindowCall*> windows;
  std::set<std::string> known{std::string()};  // A window over all rows as they are sorts nothing.
  for (const auto& named : node.expressions) {
    const auto* call = std::get_if<WindowCall>(&named.expression->node);
    if (call == nullptr) return {};
    if (known.insert(keys_of(lowering, *call)).second) windows.push_back(call);
  }
  return windows;
}

/// Window functions inside of window functions, as monotonically_increasing_id() becomes one: computed below, in columns of
/// their own. `above` refers to these then.
ast::Exprs take_nested(Lowering& lowering, ast::Exprs& above) {
  ast::Exprs below;
  const auto take = [&](ast::Expr& inner) {
    if (!inner || !inner->IsWindow()) return;
    const auto name = lowering.fresh_name("inner");
    inner->SetAlias(name);
    below.push_back(std::move(inner));
    inner = ast::column(name);
  };
  std::function<void(ast::Expr&)> visit = [&](ast::Expr& node) {
    if (!node) return;
    if (node->GetExpressionClass() == duckdb::ExpressionClass::WINDOW) {
      duckdb::ParsedExpressionIterator::EnumerateChildren(*node, take);
    } else {
      duckdb::ParsedExpressionIterator::EnumerateChildren(*node, visit);
    }
  };
  for (auto& item : above) visit(item);
  return below;
}

}  // namespace

Block lower_window(Lowering& lowering, const Relation& relation, const Window& node) {
  const auto columns = column_ids(*node.input);
  auto block = lowering.relation(*node.input);
  const auto windows = small_size(relation) ? windows_of(lowering, node) : std::vector<const WindowCall*>{};
  const bool sorted = !windows.empty();
  auto outer_arrival = std::exchange(lowering.window_arrival, sorted ? lowering.fresh_name("arrival") : std::string());
  if (sorted) {
    auto rows = numbered(std::move(block), columns, lowering.window_arrival);
    block = Block{};
    block.from = std::move(rows);
  } else if (block.projected || block.limited() || !block.orders.empty()) {
    // A window function sees the rows before an ORDER BY beside it.
    block = std::move(block).wrapped(columns);
  }
  ast::Exprs items;
  for (const auto& named : node.expressions) {
    items.push_back(lowering.expression(named.expression));
    items.back()->SetAlias(ast::column_name(named.id));
  }
  if (auto nested = take_nested(lowering, items); !nested.empty()) {
    auto select = duckdb::make_uniq<duckdb::SelectNode>();
    for (const auto id : columns) select->select_list.push_back(ast::column(id));
    if (sorted) select->select_list.push_back(ast::column(lowering.window_arrival));
    for (auto& inner : nested) select->select_list.push_back(std::move(inner));
    select->from_table = std::move(block).to_table(columns);
    block = Block{};
    block.from = subquery_table(std::move(select));
  }
  for (const auto id : columns) block.select.push_back(ast::column(id));
  for (auto& item : items) block.select.push_back(std::move(item));
  block.projected = true;
  // In one partition, Spark's rows come sorted by the window's keys, equal ones as they arrived.
  if (sorted) {
    for (const auto* call : windows | std::views::reverse) {
      for (const auto& key : call->partition_by) block.orders.push_back(lowering.order(SortOrder{key}));
      for (const auto& order : call->order_by) block.orders.push_back(lowering.order(order));
    }
    block.orders.emplace_back(duckdb::OrderType::ASCENDING, duckdb::OrderByNullType::NULLS_FIRST,
                              ast::column(lowering.window_arrival));
  }
  lowering.window_arrival = std::move(outer_arrival);
  return block;
}

}  // namespace mastic::spark
