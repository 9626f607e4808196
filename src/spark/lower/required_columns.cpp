#include "spark/lower/required_columns.h"

namespace mastic::spark {
namespace {

ColumnSet all_of(const Relation& relation) {
  ColumnSet ids;
  for (const auto& column : relation.output) ids.insert(column.id);
  return ids;
}

class Pruner {
 public:
  std::unordered_map<const Relation*, ColumnSet> files;

  void relation(const RelationPtr& plan, const ColumnSet& required) { relation(*plan, required); }
  void relation(const Relation& plan, const ColumnSet& required) {
    std::visit([&](const auto& node) { below(plan, node, required); }, plan.node);
  }

 private:
  // What an expression reads.
  void read(const ExpressionPtr& expression, ColumnSet& into) {
    if (expression) std::visit([&](const auto& node) { read_node(node, into); }, expression->node);
  }
  void read(const std::vector<ExpressionPtr>& expressions, ColumnSet& into) {
    for (const auto& expression : expressions) read(expression, into);
  }
  void read(const std::vector<SortOrder>& orders, ColumnSet& into) {
    for (const auto& order : orders) read(order.child, into);
  }
  void read(const std::vector<NamedExpression>& expressions, ColumnSet& into) {
    for (const auto& each : expressions) read(each.expression, into);
  }
  void read_wanted(const std::vector<NamedExpression>& expressions, const ColumnSet& required, ColumnSet& into) {
    for (const auto& each : expressions)
      if (required.contains(each.id)) read(each.expression, into);
  }

  void read_node(const Literal&, ColumnSet&) {}
  void read_node(const LambdaVariable&, ColumnSet&) {}
  void read_node(const ColumnReference& node, ColumnSet& into) { into.insert(node.id); }
  void read_node(const OuterReference& node, ColumnSet& into) {
    into.insert(node.id);
    outer_.insert(node.id);
  }
  void read_node(const Call& node, ColumnSet& into) { read(node.arguments, into); }
  void read_node(const CaseWhen& node, ColumnSet& into) {
    for (const auto& [condition, value] : node.branches) {
      read(condition, into);
      read(value, into);
    }
    read(node.otherwise, into);
  }
  void read_node(const Cast& node, ColumnSet& into) { read(node.child, into); }
  void read_node(const FieldAccess& node, ColumnSet& into) { read(node.child, into); }
  void read_node(const Lambda& node, ColumnSet& into) { read(node.body, into); }
  void read_node(const AggregateCall& node, ColumnSet& into) {
    read(node.arguments, into);
    read(node.filter, into);
    read(node.within_group, into);
  }
  void read_node(const WindowCall& node, ColumnSet& into) {
    read(node.arguments, into);
    read(node.filter, into);
    read(node.partition_by, into);
    read(node.order_by, into);
    read(node.lower.offset, into);
    read(node.upper.offset, into);
  }
  void read_node(const SubqueryExpression& node, ColumnSet& into) {
    read(node.values, into);
    relation(node.plan, node.kind == SubqueryExpression::Kind::exists ? ColumnSet{} : all_of(*node.plan));
    into.insert(outer_.begin(), outer_.end());
  }
  void read_node(const PythonCall& node, ColumnSet& into) { read(node.arguments, into); }

  // What a relation asks of its inputs.
  void below(const Relation& plan, const ReadFiles&, const ColumnSet& required) {
    auto& known = files[&plan];
    for (const auto& column : plan.output)
      if (required.contains(column.id)) known.insert(column.id);
  }
  void below(const Relation&, const OneRow&, const ColumnSet&) {}
  void below(const Relation&, const LocalData&, const ColumnSet&) {}
  void below(const Relation&, const RangeRows&, const ColumnSet&) {}
  void below(const Relation&, const ReadItems&, const ColumnSet&) {}
  void below(const Relation&, const ReadCached&, const ColumnSet&) {}
  void below(const Relation&, const Project& node, const ColumnSet& required) {
    ColumnSet wanted;
    read_wanted(node.expressions, required, wanted);
    relation(node.input, wanted);
  }
  void below(const Relation&, const Filter& node, ColumnSet required) {
    read(node.condition, required);
    relation(node.input, required);
  }
  void below(const Relation&, const Sort& node, ColumnSet required) {
    read(node.orders, required);
    relation(node.input, required);
  }
  void below(const Relation&, const Aggregate& node, const ColumnSet& required) {
    ColumnSet wanted;
    read(node.groupings, wanted);
    read_wanted(node.aggregates, required, wanted);
    relation(node.input, wanted);
  }
  void below(const Relation&, const Join& node, ColumnSet required) {
    read(node.condition, required);
    relation(node.right, required);
    if (node.lateral) required.insert(outer_.begin(), outer_.end());
    relation(node.left, required);
  }
  void below(const Relation& plan, const SetOp& node, const ColumnSet& required) {
    if (node.operation != SetOperation::union_ || !node.all) {
      relation(node.left, all_of(*node.left));
      relation(node.right, all_of(*node.right));
      return;
    }
    for (const auto& input : {node.left, node.right}) {
      ColumnSet wanted;
      for (std::size_t i = 0; i < plan.output.size() && i < input->output.size(); ++i)
        if (required.contains(plan.output[i].id)) wanted.insert(input->output[i].id);
      relation(input, wanted);
    }
  }
  void below(const Relation&, const Deduplicate& node, ColumnSet required) {
    if (node.keys.empty()) required = all_of(*node.input);
    required.insert(node.keys.begin(), node.keys.end());
    relation(node.input, required);
  }
  void below(const Relation&, const Window& node, ColumnSet required) {
    const auto above = required;
    read_wanted(node.expressions, above, required);
    relation(node.input, required);
  }
  void below(const Relation&, const Generate& node, ColumnSet required) {
    read(node.arguments, required);
    relation(node.input, required);
  }
  void below(const Relation&, const Repartition& node, ColumnSet required) {
    read(node.by, required);
    read(node.ranges, required);
    relation(node.input, required);
  }
  void below(const Relation&, const Observe& node, const ColumnSet&) { relation(node.input, all_of(*node.input)); }
  void below(const Relation&, const PythonEvaluate& node, ColumnSet required) {
    read(node.calls, required);
    relation(node.input, required);
  }
  void below(const Relation&, const PythonWindow& node, ColumnSet required) {
    read(node.calls, required);
    relation(node.input, required);
  }
  void below(const Relation&, const PythonTransform& node, const ColumnSet&) {
    relation(node.input, all_of(*node.input));
    if (node.other) relation(node.other, all_of(*node.other));
  }
  // Limit, Tail, Sample, Alias hand on what is above; Python's aggregates and table functions take all.
  template <typename Node>
  void below(const Relation&, const Node& node, const ColumnSet& required) {
    constexpr bool takes_all = std::is_same_v<Node, PythonAggregate> || std::is_same_v<Node, PythonTable>;
    relation(node.input, takes_all ? all_of(*node.input) : required);
  }

  ColumnSet outer_;  // columns of outer queries that the subqueries seen so far read
};

}  // namespace

std::unordered_map<const Relation*, ColumnSet> required_columns(const Relation& root) {
  Pruner pruner;
  pruner.relation(root, all_of(root));
  return std::move(pruner.files);
}

}  // namespace mastic::spark
