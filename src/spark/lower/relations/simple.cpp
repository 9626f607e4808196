// Project, Filter, Sort, Limit, Tail: the steps that share a block where that is safe.
#include <duckdb.hpp>
#include <duckdb/parser/expression/list.hpp>

#include "spark/lower/lowering.h"
#include "spark/lower/relations/inner_windows.h"

namespace mastic::spark {

Block lower_project(Lowering& lowering, const Relation&, const Project& node) {
  auto block = lowering.relation(*node.input);
  ast::Exprs items;
  bool by_place = false;  // and so after an ORDER BY, not before it
  for (const auto& named : node.expressions) {
    auto item = lowering.expression(named.expression);
    by_place = by_place || (!block.orders.empty() && ast::depends_on_place(*item));
    item->SetAlias(ast::column_name(named.id));
    items.push_back(std::move(item));
  }
  if (block.projected || block.limited() || by_place) block = std::move(block).wrapped(column_ids(*node.input));
  block.select = std::move(items);
  block.projected = true;
  return block;
}

Block lower_filter(Lowering& lowering, const Relation&, const Filter& node) {
  auto block = lowering.relation(*node.input);
  if (block.projected || block.limited()) block = std::move(block).wrapped(column_ids(*node.input));
  ast::Exprs conditions;
  conditions.push_back(lowering.expression(node.condition));
  block = with_inner_windows(lowering, std::move(block), column_ids(*node.input), conditions, true);
  block.where.push_back(std::move(conditions.front()));
  return block;
}

Block lower_sort(Lowering& lowering, const Relation&, const Sort& node) {
  auto block = lowering.relation(*node.input);
  if (block.projected || block.limited()) block = std::move(block).wrapped(column_ids(*node.input));
  block.orders.clear();
  for (const auto& order : node.orders) block.orders.push_back(lowering.order(order));
  return block;
}

namespace {

/// The plan with the limit also below the functions in Python that stand under it: they are called for those rows only. Null:
/// there are none.
RelationPtr limited_below(const RelationPtr& plan, int64_t rows) {
  if (const auto* project = std::get_if<Project>(&plan->node)) {
    auto input = limited_below(project->input, rows);
    if (input == nullptr) return nullptr;
    Project copy = *project;
    copy.input = std::move(input);
    return make_relation(plan->output, std::move(copy));
  }
  const auto* evaluated = std::get_if<PythonEvaluate>(&plan->node);
  if (evaluated == nullptr) return nullptr;
  PythonEvaluate copy = *evaluated;
  auto deeper = limited_below(copy.input, rows);
  copy.input =
      deeper ? std::move(deeper) : make_relation(copy.input->output, Limit{.input = copy.input, .limit = rows, .offset = 0});
  return make_relation(plan->output, std::move(copy));
}

}  // namespace

Block lower_limit(Lowering& lowering, const Relation&, const Limit& node) {
  RelationPtr below;
  if (node.limit && node.offset >= 0 && *node.limit < INT64_MAX - node.offset)
    below = limited_below(node.input, *node.limit + node.offset);
  auto block = lowering.relation(below ? *below : *node.input);
  if (block.limited()) block = std::move(block).wrapped(column_ids(*node.input));
  block.limit = node.limit;
  block.offset = node.offset;
  return block;
}

Block lower_tail(Lowering& lowering, const Relation&, const Tail& node) {
  // SELECT … FROM (SELECT *, row_number() OVER () AS r, count(*) OVER () AS n FROM …) WHERE r > n − limit ORDER BY r
  const auto columns = column_ids(*node.input);
  auto input = lowering.relation(*node.input);
  auto numbered = duckdb::make_uniq<duckdb::SelectNode>();
  numbered->from_table = std::move(input).to_table(columns);
  for (const auto id : columns) numbered->select_list.push_back(ast::column(id));
  const auto position = lowering.fresh_name("r");
  const auto count = lowering.fresh_name("n");
  auto number = ast::fill("row_number() OVER ()", {});
  number->SetAlias(position);
  auto total = ast::fill("count(*) OVER ()", {});
  total->SetAlias(count);
  numbered->select_list.push_back(std::move(number));
  numbered->select_list.push_back(std::move(total));
  Block block;
  block.from = subquery_table(std::move(numbered));
  ast::Exprs arguments;
  arguments.push_back(ast::column(position));
  arguments.push_back(ast::column(count));
  arguments.push_back(ast::constant(duckdb::Value::BIGINT(node.limit)));
  block.where.push_back(ast::fill("$1 > $2 - $3", arguments));
  block.orders.push_back(lowering.order_by(ast::column(position), true, true));
  return block;
}

}  // namespace mastic::spark
