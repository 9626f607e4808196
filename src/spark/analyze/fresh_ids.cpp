// with_fresh_ids: a plan copied under new column ids; inputs_of: its tree.
#include <unordered_map>

#include "spark/analyze/rewrite.h"

namespace mastic::spark {
namespace {

class Renumber {
 public:
  explicit Renumber(const std::function<ColumnId()>& next) : next_(next) {}

  RelationPtr relation(const RelationPtr& input) {
    if (!input) return input;
    Relation copy = *input;
    std::visit([&](auto& node) { change(node); }, copy.node);
    for (auto& attribute : copy.output) attribute.id = id(attribute.id);
    return std::make_shared<const Relation>(std::move(copy));
  }

 private:
  ColumnId id(ColumnId old) {
    const auto [found, added] = ids_.try_emplace(old, 0);
    if (added) found->second = next_();
    return found->second;
  }

  ExpressionPtr expression(const ExpressionPtr& input) {
    return rewrite(input, [&](const ExpressionPtr& node) -> ExpressionPtr {
      if (const auto* column = std::get_if<ColumnReference>(&node->node))
        return make_expression(node->type, node->nullable, ColumnReference{id(column->id), column->name});
      if (const auto* column = std::get_if<OuterReference>(&node->node))
        return make_expression(node->type, node->nullable, OuterReference{id(column->id), column->name});
      if (const auto* variable = std::get_if<LambdaVariable>(&node->node))
        return make_expression(node->type, node->nullable, LambdaVariable{id(variable->id), variable->name});
      if (const auto* lambda = std::get_if<Lambda>(&node->node)) {
        Lambda copy = *lambda;
        for (auto& parameter : copy.parameters) parameter = id(parameter);
        copy.body = expression(copy.body);
        return make_expression(node->type, node->nullable, std::move(copy));
      }
      if (const auto* subquery = std::get_if<SubqueryExpression>(&node->node)) {
        SubqueryExpression copy = *subquery;
        copy.plan = relation(copy.plan);
        for (auto& value : copy.values) value = expression(value);
        return make_expression(node->type, node->nullable, std::move(copy));
      }
      return nullptr;
    });
  }
  void list(std::vector<ExpressionPtr>& expressions) {
    for (auto& item : expressions) item = expression(item);
  }
  void orders(std::vector<SortOrder>& list) {
    for (auto& order : list) order.child = expression(order.child);
  }
  void named(std::vector<NamedExpression>& expressions) {
    for (auto& item : expressions) {
      item.expression = expression(item.expression);
      item.id = id(item.id);
    }
  }

  void change(OneRow&) {}
  void change(LocalData&) {}
  void change(RangeRows&) {}
  void change(ReadFiles&) {}
  void change(ReadItems&) {}
  void change(ReadCached&) {}
  void change(Project& node) {
    node.input = relation(node.input);
    named(node.expressions);
  }
  void change(Filter& node) {
    node.input = relation(node.input);
    node.condition = expression(node.condition);
  }
  void change(Sort& node) {
    node.input = relation(node.input);
    for (auto& order : node.orders) order.child = expression(order.child);
  }
  void change(Limit& node) { node.input = relation(node.input); }
  void change(Tail& node) { node.input = relation(node.input); }
  void change(Aggregate& node) {
    node.input = relation(node.input);
    named(node.groupings);
    named(node.aggregates);
  }
  void change(Join& node) {
    node.left = relation(node.left);
    node.right = relation(node.right);
    node.condition = expression(node.condition);
  }
  void change(SetOp& node) {
    node.left = relation(node.left);
    node.right = relation(node.right);
  }
  void change(Deduplicate& node) {
    node.input = relation(node.input);
    for (auto& key : node.keys) key = id(key);
  }
  void change(Window& node) {
    node.input = relation(node.input);
    named(node.expressions);
  }
  void change(Generate& node) {
    node.input = relation(node.input);
    list(node.arguments);
    for (auto& attribute : node.generated) attribute.id = id(attribute.id);
  }
  void change(Sample& node) { node.input = relation(node.input); }
  void change(Repartition& node) {
    node.input = relation(node.input);
    list(node.by);
    for (auto& order : node.ranges) order.child = expression(order.child);
  }
  void change(PythonTransform& node) {
    node.input = relation(node.input);
    for (auto* columns : {&node.columns, &node.other_columns})
      for (auto& column : *columns) column.id = id(column.id);
    list(node.grouping);
    orders(node.orders);
    node.other = relation(node.other);
    list(node.other_grouping);
    orders(node.other_orders);
  }
  void change(PythonEvaluate& node) {
    node.input = relation(node.input);
    named(node.calls);
  }
  void change(PythonAggregate& node) {
    node.input = relation(node.input);
    named(node.groupings);
    named(node.calls);
  }
  void change(PythonTable& node) {
    node.input = relation(node.input);
    for (auto* columns : {&node.kept, &node.generated})
      for (auto& column : *columns) column.id = id(column.id);
    list(node.arguments);
    orders(node.orders);
  }
  void change(PythonWindow& node) {
    node.input = relation(node.input);
    named(node.calls);
  }
  void change(Alias& node) { node.input = relation(node.input); }
  void change(Observe& node) {
    node.input = relation(node.input);
    node.metrics = relation(node.metrics);
  }

  const std::function<ColumnId()>& next_;
  std::unordered_map<ColumnId, ColumnId> ids_;
};

}  // namespace

RelationPtr with_fresh_ids(const RelationPtr& relation, const std::function<ColumnId()>& next) {
  return Renumber(next).relation(relation);
}

std::vector<RelationPtr> inputs_of(const Relation& relation) {
  return std::visit(
      []<typename Node>(const Node& node) -> std::vector<RelationPtr> {
        if constexpr (requires { node.left; }) {
          return {node.left, node.right};
        } else if constexpr (requires { node.input; }) {
          return {node.input};
        } else {
          return {};
        }
      },
      relation.node);
}

}  // namespace mastic::spark
