// Small makers of DuckDB AST nodes, so that lowering code reads like the SQL it stands for.
#pragma once

#include <duckdb/common/types/value.hpp>
#include <duckdb/parser/parsed_expression.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "spark/plan/data_type.h"
#include "spark/plan/expression.h"

namespace mastic::spark::ast {

using Expr = duckdb::unique_ptr<duckdb::ParsedExpression>;
using Exprs = duckdb::vector<Expr>;

Expr column(ColumnId id);
Expr column(const std::string& name);
std::string column_name(ColumnId id);
Expr constant(duckdb::Value value);
Expr text(std::string_view value);
Expr integer(int64_t value);
Expr boolean(bool value);
Expr null_of(const duckdb::LogicalType& type);
Expr call(const std::string& function, Exprs arguments);
template <typename... Arguments>
Expr call(const std::string& function, Arguments... arguments) {
  Exprs list;
  (list.push_back(std::move(arguments)), ...);
  return call(function, std::move(list));
}
Expr cast(Expr child, const duckdb::LogicalType& type, bool try_cast = false);
Expr compare(duckdb::ExpressionType type, Expr left, Expr right);
Expr conjunction(Exprs parts, bool all);
Expr negate(Expr child);
Expr is_null(Expr child);
Expr is_not_null(Expr child);
Expr case_when(Expr condition, Expr then, Expr otherwise);
Expr coalesce(Exprs arguments);
Expr list(Exprs elements);
/// `body` may use `column(parameter)`.
Expr lambda(std::vector<std::string> parameters, Expr body);
/// A struct's field, by position from 0.
Expr field(Expr structure, int index);

/// Whether a row's value may follow from its place among the rows: a window function, a draw.
bool depends_on_place(duckdb::ParsedExpression& node);

/// An expression text with `$1`, `$2`… for the arguments: parsed once, its copies get the arguments put in. For fixed
/// texts in our own tables only, never for anything that a user wrote.
Expr fill(const std::string& pattern, const Exprs& arguments);

}  // namespace mastic::spark::ast
