#include "spark/lower/ast.h"

#include <atomic>
#include <duckdb.hpp>
#include <duckdb/parser/expression/list.hpp>
#include <duckdb/parser/parsed_expression_iterator.hpp>
#include <duckdb/parser/parser.hpp>
#include <map>
#include <mutex>

namespace mastic::spark::ast {

using duckdb::ExpressionType;
using duckdb::make_uniq;

std::string column_name(ColumnId id) { return "c" + std::to_string(id); }
Expr column(ColumnId id) { return make_uniq<duckdb::ColumnRefExpression>(column_name(id)); }
Expr column(const std::string& name) { return make_uniq<duckdb::ColumnRefExpression>(name); }
Expr constant(duckdb::Value value) { return make_uniq<duckdb::ConstantExpression>(std::move(value)); }
Expr text(std::string_view value) { return constant(duckdb::Value(std::string(value))); }
Expr integer(int64_t value) {
  return constant(value >= INT32_MIN && value <= INT32_MAX ? duckdb::Value::INTEGER(static_cast<int32_t>(value))
                                                           : duckdb::Value::BIGINT(value));
}
Expr boolean(bool value) { return constant(duckdb::Value::BOOLEAN(value)); }
Expr null_of(const duckdb::LogicalType& type) { return cast(constant(duckdb::Value()), type); }
Expr call(const std::string& function, Exprs arguments) {
  return make_uniq<duckdb::FunctionExpression>(function, std::move(arguments));
}
Expr cast(Expr child, const duckdb::LogicalType& type, bool try_cast) {
  return make_uniq<duckdb::CastExpression>(type, std::move(child), try_cast);
}
Expr compare(ExpressionType type, Expr left, Expr right) {
  return make_uniq<duckdb::ComparisonExpression>(type, std::move(left), std::move(right));
}
Expr conjunction(Exprs parts, bool all) {
  if (parts.size() == 1) return std::move(parts[0]);
  return make_uniq<duckdb::ConjunctionExpression>(all ? ExpressionType::CONJUNCTION_AND : ExpressionType::CONJUNCTION_OR,
                                                  std::move(parts));
}
Expr negate(Expr child) { return make_uniq<duckdb::OperatorExpression>(ExpressionType::OPERATOR_NOT, std::move(child)); }
Expr is_null(Expr child) { return make_uniq<duckdb::OperatorExpression>(ExpressionType::OPERATOR_IS_NULL, std::move(child)); }
Expr is_not_null(Expr child) {
  return make_uniq<duckdb::OperatorExpression>(ExpressionType::OPERATOR_IS_NOT_NULL, std::move(child));
}
Expr case_when(Expr condition, Expr then, Expr otherwise) {
  auto node = make_uniq<duckdb::CaseExpression>();
  duckdb::CaseCheck check;
  check.when_expr = std::move(condition);
  check.then_expr = std::move(then);
  node->case_checks.push_back(std::move(check));
  node->else_expr = otherwise ? std::move(otherwise) : constant(duckdb::Value());
  return node;
}
Expr coalesce(Exprs arguments) {
  return make_uniq<duckdb::OperatorExpression>(ExpressionType::OPERATOR_COALESCE, std::move(arguments));
}
Expr list(Exprs elements) { return call("list_value", std::move(elements)); }
Expr lambda(std::vector<std::string> parameters, Expr body) {
  duckdb::vector<std::string> names(parameters.begin(), parameters.end());
  return make_uniq<duckdb::LambdaExpression>(std::move(names), std::move(body));
}
Expr field(Expr structure, int index) { return call("struct_extract_at", std::move(structure), integer(index + 1)); }

namespace {

void put_arguments(Expr& node, const Exprs& arguments) {
  if (node->GetExpressionClass() == duckdb::ExpressionClass::PARAMETER) {
    const auto& name = node->Cast<duckdb::ParameterExpression>().identifier;
    node = arguments.at(std::stoul(name) - 1)->Copy();
    return;
  }
  duckdb::ParsedExpressionIterator::EnumerateChildren(*node, [&](Expr& child) { put_arguments(child, arguments); });
}

void count_uses(duckdb::ParsedExpression& node, std::vector<int>& uses) {
  if (node.GetExpressionClass() == duckdb::ExpressionClass::PARAMETER) {
    ++uses.at(std::stoul(node.Cast<duckdb::ParameterExpression>().identifier) - 1);
    return;
  }
  duckdb::ParsedExpressionIterator::EnumerateChildren(node, [&](Expr& child) { count_uses(*child, uses); });
}

/// Whether each evaluation may give another value.
bool is_volatile(duckdb::ParsedExpression& node) {
  if (node.GetExpressionClass() == duckdb::ExpressionClass::FUNCTION) {
    const auto& name = node.Cast<duckdb::FunctionExpression>().function_name;
    if (name == "spark_rand" || name == "spark_randn" || name == "spark_shuffle" || name == "spark_randstr" ||
        name == "spark_uuid" || name == "uuid")
      return true;
  }
  bool found = false;
  duckdb::ParsedExpressionIterator::EnumerateChildren(node, [&](Expr& child) { found = found || is_volatile(*child); });
  return found;
}

}  // namespace

bool depends_on_place(duckdb::ParsedExpression& node) {
  if (node.GetExpressionClass() == duckdb::ExpressionClass::WINDOW || is_volatile(node)) return true;
  bool found = false;
  duckdb::ParsedExpressionIterator::EnumerateChildren(node, [&](Expr& child) { found = found || depends_on_place(*child); });
  return found;
}

Expr fill(const std::string& pattern, const Exprs& arguments) {
  static std::mutex mutex;
  static std::atomic<int64_t> bindings = 0;
  static std::map<std::string, Expr> parsed;
  Expr copy;
  {
    const std::scoped_lock lock(mutex);
    auto& known = parsed[pattern];
    if (!known) known = std::move(duckdb::Parser::ParseExpressionList(pattern).at(0));
    copy = known->Copy();
  }
  std::vector<int> uses(arguments.size());
  count_uses(*copy, uses);
  Exprs once;
  std::vector<std::pair<std::string, std::size_t>> bound;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const bool bind = uses[i] > 1 && is_volatile(*arguments[i]);
    if (bind) bound.emplace_back("once" + std::to_string(++bindings), i);
    once.push_back(bind ? column(bound.back().first) : arguments[i]->Copy());
  }
  put_arguments(copy, once);
  // A pattern that repeats rand() must see one value: the parameter of a lambda over a list of it holds it still.
  for (const auto& [name, argument] : bound) {
    Exprs one;
    one.push_back(arguments[argument]->Copy());
    copy = call("list_extract", call("list_transform", list(std::move(one)), lambda({name}, std::move(copy))), integer(1));
  }
  return copy;
}

}  // namespace mastic::spark::ast
