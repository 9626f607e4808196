// A SELECT under construction: FROM … WHERE … ORDER BY … LIMIT, with or without a select list.
//
// Steps are put into the open block where SQL evaluates them in the right order anyway, else the block becomes a subquery
// of a new one:
//   filter   no limit, no select list
//   sort     no limit, no select list; replaces an order that is there
//   limit    no limit yet
//   project  no select list, and no limit (it would be computed for rows that the limit drops)
// Columns are always called c<id>, in the FROM as in the select list.
#pragma once

#include <duckdb/parser/query_node/select_node.hpp>
#include <duckdb/parser/result_modifier.hpp>
#include <duckdb/parser/statement/select_statement.hpp>
#include <duckdb/parser/tableref.hpp>
#include <optional>
#include <string>
#include <vector>

#include "spark/lower/ast.h"
#include "spark/plan/relation.h"

namespace mastic::spark {

struct Block {
  duckdb::unique_ptr<duckdb::TableRef> from;
  ast::Exprs where;
  duckdb::vector<duckdb::OrderByNode> orders;
  std::optional<int64_t> limit;
  int64_t offset = 0;
  ast::Exprs select;  // each with alias c<id>; used when `projected`
  bool projected = false;

  [[nodiscard]] bool limited() const { return limit.has_value() || offset > 0; }
  [[nodiscard]] bool bare() const { return where.empty() && orders.empty() && !limited() && !projected; }

  /// The block as a query that yields these columns in this order.
  duckdb::unique_ptr<duckdb::SelectNode> to_node(const std::vector<ColumnId>& columns) &&;
  /// The block as something to select from: its FROM alone when nothing else is there.
  duckdb::unique_ptr<duckdb::TableRef> to_table(const std::vector<ColumnId>& columns) &&;
  /// A block over this one, when this one can take no more.
  Block wrapped(const std::vector<ColumnId>& columns) &&;
};

std::vector<ColumnId> column_ids(const Relation& relation);
duckdb::unique_ptr<duckdb::TableRef> subquery_table(duckdb::unique_ptr<duckdb::QueryNode> node);

}  // namespace mastic::spark
