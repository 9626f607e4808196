// Join, SetOp, Deduplicate, Sample.
#include <duckdb.hpp>
#include <duckdb/parser/expression/list.hpp>
#include <duckdb/parser/query_node/set_operation_node.hpp>
#include <duckdb/parser/tableref/list.hpp>

#include "spark/lower/lowering.h"

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

}  // namespace

Block lower_join(Lowering& lowering, const Relation&, const Join& node) {
  auto join = duckdb::make_uniq<duckdb::JoinRef>();
  join->type = to_duckdb(node.type);
  join->left = lowering.relation(*node.left).to_table(column_ids(*node.left));
  join->right = lowering.relation(*node.right).to_table(column_ids(*node.right));
  const bool every_pair = !node.condition;
  if (every_pair && join->type == duckdb::JoinType::INNER) {
    join->ref_type = duckdb::JoinRefType::CROSS;
  } else {
    join->condition = every_pair ? ast::boolean(true) : lowering.expression(node.condition);
  }
  Block block;
  block.from = std::move(join);
  return block;
}

Block lower_set_operation(Lowering& lowering, const Relation& relation, const SetOp& node) {
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
  for (const auto& attribute : relation.output) Lowering::refuse_collation(attribute.type, "duplicates");
  const auto columns = column_ids(*node.input);
  auto select = lowering.relation(*node.input).wrapped(columns).to_node(column_ids(relation));
  auto distinct = duckdb::make_uniq<duckdb::DistinctModifier>();
  for (const auto key : node.keys) distinct->distinct_on_targets.push_back(ast::column(key));
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
  auto number = ast::call("spark_rand", ast::constant(duckdb::Value::BIGINT(seed)));
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
