// Expression nodes. Calls, casts, aggregates and windows have files of their own.
#include <duckdb.hpp>
#include <duckdb/common/types/hugeint.hpp>
#include <duckdb/parser/expression/list.hpp>

#include "base/stack.h"
#include "spark/lower/collations.h"
#include "spark/lower/lowering.h"
#include "spark/lower/types.h"

namespace mastic::spark {
namespace {

duckdb::Value literal_value(const Literal& literal, const DataType& type) {
  using duckdb::Value;
  const auto target = to_duckdb_type(type);
  return std::visit(
      [&]<typename T>(const T& value) -> Value {
        if constexpr (std::is_same_v<T, std::monostate>) {
          return Value(target);
        } else if constexpr (std::is_same_v<T, bool>) {
          return Value::BOOLEAN(value);
        } else if constexpr (std::is_same_v<T, int64_t>) {
          switch (type.kind) {
            case TypeKind::date: return Value::DATE(duckdb::date_t(static_cast<int32_t>(value)));
            case TypeKind::timestamp: return Value::TIMESTAMPTZ(duckdb::timestamp_tz_t(value));
            case TypeKind::timestamp_ntz: return Value::TIMESTAMP(duckdb::timestamp_t(value));
            case TypeKind::time: return Value::TIME(duckdb::dtime_t(value));
            default: return Value::Numeric(target, value);
          }
        } else if constexpr (std::is_same_v<T, double>) {
          return type.is(TypeKind::float_) ? Value::FLOAT(static_cast<float>(value)) : Value::DOUBLE(value);
        } else if constexpr (std::is_same_v<T, Literal::Interval>) {
          return Value::INTERVAL(value.months, value.days, value.microseconds);
        } else {
          if (type.is(TypeKind::binary)) return Value::BLOB(duckdb::const_data_ptr_cast(value.data()), value.size());
          if (type.is(TypeKind::decimal)) return Value(value).DefaultCastAs(target);
          return Value(value);
        }
      },
      literal.value);
}

/// What an expression's DuckDB type may differ from; these are never cast.
bool has_exact_type(const DataType& type) { return type.is(TypeKind::boolean) || type.is(TypeKind::null_); }

ast::Expr with_type(ast::Expr lowered, const DataType& type) {
  if (has_exact_type(type)) return lowered;
  return ast::cast(std::move(lowered), to_duckdb_type(type));
}

}  // namespace

ast::Exprs Lowering::expressions(const std::vector<ExpressionPtr>& list) {
  ast::Exprs lowered;
  for (const auto& one : list) lowered.push_back(expression(*one));
  return lowered;
}

duckdb::OrderByNode Lowering::order_by(ast::Expr key, bool ascending, bool nulls_first) const {
  return {ascending ? duckdb::OrderType::ASCENDING : duckdb::OrderType::DESCENDING,
          nulls_first ? duckdb::OrderByNullType::NULLS_FIRST : duckdb::OrderByNullType::NULLS_LAST, std::move(key)};
}

duckdb::OrderByNode Lowering::order(const SortOrder& order) {
  if (has_nested_collation(order.child->type)) refuse_collation(order.child->type, "the order");
  auto key = collation_key(expression(*order.child), order.child->type);
  // An integer constant would mean a column's position, and any constant orders nothing.
  if (key->GetExpressionClass() == duckdb::ExpressionClass::CONSTANT) key = ast::null_of(duckdb::LogicalType::INTEGER);
  return order_by(std::move(key), order.ascending, order.nulls_first);
}

ast::Expr Lowering::expression(const Expression& whole) {
  if (stack_is_low()) not_lowered("so deeply nested an expression");
  return std::visit(
      [&]<typename Node>(const Node& node) -> ast::Expr {
        if constexpr (std::is_same_v<Node, Literal>) {
          if (std::holds_alternative<std::monostate>(node.value)) return ast::null_of(to_duckdb_type(whole.type));
          auto constant = ast::constant(literal_value(node, whole.type));
          // DuckDB gives bare integers the smallest fitting type when it chooses a function.
          const bool plain = whole.type.is(TypeKind::integer) || !whole.type.is_integral();
          return plain ? std::move(constant) : ast::cast(std::move(constant), to_duckdb_type(whole.type));
        } else if constexpr (std::is_same_v<Node, ColumnReference>) {
          const auto grouping = grouping_columns.find(node.id);
          return ast::column(grouping == grouping_columns.end() ? node.id : grouping->second);
        } else if constexpr (std::is_same_v<Node, OuterReference>) {
          return ast::column(node.id);
        } else if constexpr (std::is_same_v<Node, Call>) {
          return with_type(call(node, whole), whole.type);
        } else if constexpr (std::is_same_v<Node, CaseWhen>) {
          auto lowered = duckdb::make_uniq<duckdb::CaseExpression>();
          for (const auto& [when, then] : node.branches) {
            duckdb::CaseCheck check;
            check.when_expr = expression(*when);
            check.then_expr = expression(*then);
            lowered->case_checks.push_back(std::move(check));
          }
          lowered->else_expr = node.otherwise ? expression(*node.otherwise) : ast::null_of(to_duckdb_type(whole.type));
          return with_type(std::move(lowered), whole.type);
        } else if constexpr (std::is_same_v<Node, Cast>) {
          return cast(expression(*node.child), node.child->type, whole.type, node.mode);
        } else if constexpr (std::is_same_v<Node, FieldAccess>) {
          return ast::field(expression(*node.child), node.field);
        } else if constexpr (std::is_same_v<Node, Lambda>) {
          std::vector<std::string> parameters;
          for (const auto id : node.parameters) parameters.push_back("v" + std::to_string(id));
          return ast::lambda(std::move(parameters), expression(*node.body));
        } else if constexpr (std::is_same_v<Node, LambdaVariable>) {
          return ast::column("v" + std::to_string(node.id));
        } else if constexpr (std::is_same_v<Node, AggregateCall>) {
          return with_type(aggregate(node, whole.type), whole.type);
        } else if constexpr (std::is_same_v<Node, WindowCall>) {
          return with_type(window(node, whole.type), whole.type);
        } else if constexpr (std::is_same_v<Node, SubqueryExpression>) {
          return subquery(node);
        } else {
          not_lowered("Python functions");
        }
      },
      whole.node);
}

ast::Expr Lowering::subquery(const SubqueryExpression& node) {
  auto lowered = duckdb::make_uniq<duckdb::SubqueryExpression>();
  auto statement = duckdb::make_uniq<duckdb::SelectStatement>();
  ++subqueries;
  statement->node = relation(*node.plan).to_node(column_ids(*node.plan));
  --subqueries;
  lowered->subquery = std::move(statement);
  switch (node.kind) {
    case SubqueryExpression::Kind::scalar: lowered->subquery_type = duckdb::SubqueryType::SCALAR; break;
    case SubqueryExpression::Kind::exists: lowered->subquery_type = duckdb::SubqueryType::EXISTS; break;
    case SubqueryExpression::Kind::in:
      lowered->subquery_type = duckdb::SubqueryType::ANY;
      lowered->comparison_type = duckdb::ExpressionType::COMPARE_EQUAL;
      lowered->child = node.values.size() == 1 ? expression(*node.values[0]) : ast::call("row", expressions(node.values));
      break;
  }
  ast::Expr result = std::move(lowered);
  return node.negated ? ast::negate(std::move(result)) : std::move(result);
}

}  // namespace mastic::spark
