// Join, SetOp, Deduplicate, Sample.
#include <duckdb.hpp>
#include <duckdb/parser/common_table_expression_info.hpp>
#include <duckdb/parser/expression/list.hpp>
#include <duckdb/parser/query_node/recursive_cte_node.hpp>
#include <duckdb/parser/query_node/set_operation_node.hpp>
#include <duckdb/parser/statement/select_statement.hpp>
#include <duckdb/parser/tableref/list.hpp>
#include <map>

#include "spark/lower/collations.h"
#include "spark/lower/lowering.h"
#include "spark/lower/relations/arrival.h"

namespace mastic::spark {
namespace {

duckdb::JoinType to_duckdb(JoinType type) {
  switch (type) {
    case JoinType::left: return duckdb::JoinType::LEFT;
    case JoinType::right: return duckdb::JoinType::RIGHT;
    case JoinType::full: return duckdb::JoinType::OUTER;
    case JoinType::semi: return duckdb::JoinType::SEMI;
    case JoinType::anti: return duckdb::JoinType::ANTI;
    default: return duckdb::JoinType::INNER;
  }
}

// Spark builds a table of the smaller side, the right one when in doubt, and passes the other side's rows along it.
bool streams_right(const Join& node) {
  if (node.type == JoinType::right) return true;
  if (node.type != JoinType::inner && node.type != JoinType::cross) return false;
  return small_size(*node.left).value_or(0) * 2 < small_size(*node.right).value_or(0);
}

}  // namespace

Block lower_join(Lowering& lowering, const Relation& relation, const Join& node) {
  auto join = duckdb::make_uniq<duckdb::JoinRef>();
  join->type = to_duckdb(node.type);
  auto left = lowering.relation(*node.left);
  lowering.subqueries += node.lateral ? 1 : 0;
  auto right = lowering.relation(*node.right);
  lowering.subqueries -= node.lateral ? 1 : 0;
  const bool semi = node.type == JoinType::semi || node.type == JoinType::anti;
  std::vector<std::string> order;
  if (node.type != JoinType::full && small_size(relation)) {
    order = {lowering.fresh_name("l"), lowering.fresh_name("r")};
    join->left = numbered(std::move(left), column_ids(*node.left), order[0]);
    join->right = semi ? std::move(right).to_table(column_ids(*node.right))
                       : numbered(std::move(right), column_ids(*node.right), order[1]);
    if (semi) order.pop_back();
    if (streams_right(node)) std::swap(order[0], order[1]);
  } else {
    join->left = std::move(left).to_table(column_ids(*node.left));
    join->right = std::move(right).to_table(column_ids(*node.right));
  }
  const bool every_pair = !node.condition;
  if (every_pair && join->type == duckdb::JoinType::INNER) {
    join->ref_type = duckdb::JoinRefType::CROSS;
  } else {
    join->condition = every_pair ? ast::boolean(true) : lowering.expression(node.condition);
  }
  Block block;
  block.from = std::move(join);
  for (const auto& key : order) block.orders.push_back(lowering.order_by(ast::column(key), true, true));
  return block;
}

namespace {

// WITH RECURSIVE rows AS (start, 0 UNION ALL step, one more than the level of the rows that the step read)
Block lower_recursion(Lowering& lowering, const Relation& relation, const SetOp& node, const Alias& again) {
  const auto& rows_name = again.hint_arguments.at(0);
  const auto level = lowering.fresh_name("v");
  auto recursion = duckdb::make_uniq<duckdb::RecursiveCTENode>();
  recursion->ctename = rows_name;
  recursion->union_all = true;
  auto start = lowering.relation(*node.left).to_node(column_ids(*node.left));
  auto step = lowering.relation(*node.right).to_node(column_ids(*node.right));
  const auto counted = [&](duckdb::unique_ptr<duckdb::SelectNode> rows, const std::vector<ColumnId>& columns, ast::Expr count) {
    auto select = duckdb::make_uniq<duckdb::SelectNode>();
    select->from_table = subquery_table(std::move(rows));
    for (const auto id : columns) select->select_list.push_back(ast::column(id));
    count->SetAlias(level);
    select->select_list.push_back(std::move(count));
    return select;
  };
  recursion->left = counted(std::move(start), column_ids(*node.left), ast::cast(ast::integer(0), duckdb::LogicalType::BIGINT));
  // The rows that the step read are all of one level.
  auto before = duckdb::make_uniq<duckdb::SelectNode>();
  auto table = duckdb::make_uniq<duckdb::BaseTableRef>();
  table->table_name = rows_name;
  before->from_table = std::move(table);
  ast::Exprs facts;
  facts.push_back(ast::call("max", ast::column(level)));
  facts.push_back(ast::call("count_star"));
  facts.push_back(ast::constant(duckdb::Value::BIGINT(std::stoll(again.hint_arguments.at(1)))));
  facts.push_back(ast::constant(duckdb::Value::BIGINT(std::stoll(again.hint_arguments.at(2)))));
  before->select_list.push_back(ast::call("spark_next_level", std::move(facts)));
  auto statement = duckdb::make_uniq<duckdb::SelectStatement>();
  statement->node = std::move(before);
  auto next = duckdb::make_uniq<duckdb::SubqueryExpression>();
  next->subquery_type = duckdb::SubqueryType::SCALAR;
  next->subquery = std::move(statement);
  recursion->right = counted(std::move(step), column_ids(*node.right), std::move(next));
  duckdb::vector<std::string> names;
  for (const auto& attribute : relation.output) names.push_back(ast::column_name(attribute.id));
  names.push_back(level);
  recursion->aliases = names;

  auto table_info = duckdb::make_uniq<duckdb::CommonTableExpressionInfo>();
  table_info->aliases = names;
  table_info->query = duckdb::make_uniq<duckdb::SelectStatement>();
  table_info->query->node = std::move(recursion);
  auto select = duckdb::make_uniq<duckdb::SelectNode>();
  select->cte_map.map[rows_name] = std::move(table_info);
  auto rows = duckdb::make_uniq<duckdb::BaseTableRef>();
  rows->table_name = rows_name;
  select->from_table = std::move(rows);
  for (const auto& attribute : relation.output) select->select_list.push_back(ast::column(attribute.id));
  Block block;
  block.from = subquery_table(std::move(select));
  return block;
}

}  // namespace

Block lower_set_operation(Lowering& lowering, const Relation& relation, const SetOp& node) {
  if (const auto* again = std::get_if<Alias>(&node.right->node); again != nullptr && again->hint == "recursion")
    return lower_recursion(lowering, relation, node, *again);
  if (node.operation != SetOperation::union_ || !node.all) {
    for (const auto& attribute : relation.output) Lowering::refuse_collation(attribute.type, "set operations");
  }
  auto operation = duckdb::make_uniq<duckdb::SetOperationNode>();
  operation->setop_type = node.operation == SetOperation::union_      ? duckdb::SetOperationType::UNION
                          : node.operation == SetOperation::intersect ? duckdb::SetOperationType::INTERSECT
                                                                      : duckdb::SetOperationType::EXCEPT;
  operation->setop_all = node.all;
  operation->children.push_back(lowering.relation(*node.left).to_node(column_ids(*node.left)));
  operation->children.push_back(lowering.relation(*node.right).to_node(column_ids(*node.right)));
  Block block;
  block.from = subquery_table(std::move(operation));
  block.from->alias = lowering.fresh_name("u");
  for (const auto& attribute : relation.output) block.from->column_name_alias.push_back(ast::column_name(attribute.id));
  return block;
}

Block lower_deduplicate(Lowering& lowering, const Relation& relation, const Deduplicate& node) {
  bool collated = false;
  std::map<ColumnId, DataType> types;
  for (const auto& attribute : node.input->output) {
    if (has_nested_collation(attribute.type)) Lowering::refuse_collation(attribute.type, "duplicates");
    collated |= !attribute.type.collation.empty();
    types.emplace(attribute.id, attribute.type);
  }
  const auto key_of = [&](ColumnId id) { return collation_key(ast::column(id), types.at(id)); };
  const auto columns = column_ids(*node.input);
  auto distinct = duckdb::make_uniq<duckdb::DistinctModifier>();
  for (const auto key : node.keys) distinct->distinct_on_targets.push_back(key_of(key));
  if (small_size(*node.input) && !columns.empty()) {
    // DISTINCT ON takes the first by the order.
    const auto number = lowering.fresh_name("n");
    Block rows;
    rows.from = numbered(lowering.relation(*node.input), columns, number);
    auto select = std::move(rows).to_node(columns);
    select->select_list.push_back(ast::column(number));
    if (node.keys.empty())
      for (const auto id : columns) distinct->distinct_on_targets.push_back(key_of(id));
    select->modifiers.push_back(std::move(distinct));
    auto order = duckdb::make_uniq<duckdb::OrderModifier>();
    order->orders.push_back(lowering.order_by(ast::column(number), true, true));
    select->modifiers.push_back(std::move(order));
    Block block;
    block.from = subquery_table(std::move(select));
    block.orders.push_back(lowering.order_by(ast::column(number), true, true));
    return block;
  }
  if (node.keys.empty() && collated)
    for (const auto id : columns) distinct->distinct_on_targets.push_back(key_of(id));
  auto select = lowering.relation(*node.input).wrapped(columns).to_node(column_ids(relation));
  select->modifiers.push_back(std::move(distinct));
  Block block;
  block.from = subquery_table(std::move(select));
  return block;
}

Block lower_sample(Lowering& lowering, const Relation& relation, const Sample& node) {
  if (node.with_replacement) not_lowered("sample with replacement");
  const auto columns = column_ids(*node.input);
  auto input = lowering.relation(*node.input).wrapped(columns);
  // The draw is computed once per row, below the condition that uses it.
  auto drawn = duckdb::make_uniq<duckdb::SelectNode>();
  drawn->from_table = std::move(input.from);
  for (const auto id : columns) drawn->select_list.push_back(ast::column(id));
  const auto draw = lowering.fresh_name("d");
  const int64_t seed = node.seed.value_or(lowering.now_microseconds());
  auto number = ast::call("spark_rand", ast::constant(duckdb::Value::BIGINT(seed)), ast::constant(duckdb::Value::INTEGER(0)),
                          ast::null_of(duckdb::LogicalType::BIGINT));
  number->SetAlias(draw);
  drawn->select_list.push_back(std::move(number));
  Block block;
  block.from = subquery_table(std::move(drawn));
  ast::Exprs arguments;
  arguments.push_back(ast::column(draw));
  arguments.push_back(ast::constant(duckdb::Value::DOUBLE(node.lower_bound)));
  arguments.push_back(ast::constant(duckdb::Value::DOUBLE(node.upper_bound)));
  block.where.push_back(ast::fill("$1 >= $2 AND $1 < $3", arguments));
  static_cast<void>(relation);
  return block;
}

}  // namespace mastic::spark
