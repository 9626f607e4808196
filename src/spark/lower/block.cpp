#include "spark/lower/block.h"

#include <duckdb.hpp>
#include <duckdb/parser/tableref/list.hpp>

#include "spark/plan/relation.h"

namespace mastic::spark {

std::vector<ColumnId> column_ids(const Relation& relation) {
  std::vector<ColumnId> ids;
  for (const auto& attribute : relation.output) ids.push_back(attribute.id);
  return ids;
}

duckdb::unique_ptr<duckdb::TableRef> subquery_table(duckdb::unique_ptr<duckdb::QueryNode> node) {
  auto statement = duckdb::make_uniq<duckdb::SelectStatement>();
  statement->node = std::move(node);
  return duckdb::make_uniq<duckdb::SubqueryRef>(std::move(statement));
}

duckdb::unique_ptr<duckdb::SelectNode> Block::to_node(const std::vector<ColumnId>& columns) && {
  auto node = duckdb::make_uniq<duckdb::SelectNode>();
  if (projected) {
    node->select_list = std::move(select);
  } else {
    for (const auto id : columns) node->select_list.push_back(ast::column(id));
  }
  // DuckDB wants at least one column; a relation without columns still has rows.
  if (node->select_list.empty()) node->select_list.push_back(ast::boolean(true));
  node->from_table = from ? std::move(from) : duckdb::make_uniq<duckdb::EmptyTableRef>();
  if (!where.empty()) node->where_clause = ast::conjunction(std::move(where), true);
  if (!orders.empty()) {
    auto order = duckdb::make_uniq<duckdb::OrderModifier>();
    order->orders = std::move(orders);
    node->modifiers.push_back(std::move(order));
  }
  if (limited()) {
    auto limiting = duckdb::make_uniq<duckdb::LimitModifier>();
    if (limit) limiting->limit = ast::constant(duckdb::Value::BIGINT(*limit));
    if (offset > 0) limiting->offset = ast::constant(duckdb::Value::BIGINT(offset));
    node->modifiers.push_back(std::move(limiting));
  }
  return node;
}

duckdb::unique_ptr<duckdb::TableRef> Block::to_table(const std::vector<ColumnId>& columns) && {
  if (bare() && from) return std::move(from);
  return subquery_table(std::move(*this).to_node(columns));
}

Block Block::wrapped(const std::vector<ColumnId>& columns) && {
  Block outer;
  outer.from = std::move(*this).to_table(columns);
  return outer;
}

}  // namespace mastic::spark
