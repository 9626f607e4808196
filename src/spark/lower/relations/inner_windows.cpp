#include "spark/lower/relations/inner_windows.h"

#include <duckdb.hpp>
#include <duckdb/parser/expression/window_expression.hpp>
#include <duckdb/parser/parsed_expression_iterator.hpp>

namespace mastic::spark {
namespace {

void pull(Lowering& lowering, ast::Expr& expression, bool inside, ast::Exprs& pulled) {
  const bool window = expression->GetExpressionClass() == duckdb::ExpressionClass::WINDOW;
  if (window && inside) {
    const auto name = lowering.fresh_name("w");
    expression->SetAlias(name);
    pulled.push_back(std::exchange(expression, ast::column(name)));
    return;
  }
  duckdb::ParsedExpressionIterator::EnumerateChildren(
      *expression, [&](ast::Expr& child) { pull(lowering, child, inside || window, pulled); });
}

}  // namespace

Block with_inner_windows(Lowering& lowering, Block block, const std::vector<ColumnId>& columns, ast::Exprs& expressions,
                         bool everywhere) {
  ast::Exprs pulled;
  for (auto& expression : expressions) pull(lowering, expression, everywhere, pulled);
  if (pulled.empty()) return block;
  auto select = duckdb::make_uniq<duckdb::SelectNode>();
  select->from_table = std::move(block).to_table(columns);
  for (const auto id : columns) select->select_list.push_back(ast::column(id));
  for (auto& column : pulled) select->select_list.push_back(std::move(column));
  Block result;
  result.from = subquery_table(std::move(select));
  return result;
}

}  // namespace mastic::spark
