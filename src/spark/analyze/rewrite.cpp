#include "spark/analyze/rewrite.h"

#include <algorithm>
#include <array>

#include "spark/functions/registry.h"

namespace mastic::spark {
namespace {

// Calls `change` on each child in place, and says whether one became another.
template <typename Change>
bool change_children(Literal&, const Change&) {
  return false;
}
template <typename Change>
bool change_children(ColumnReference&, const Change&) {
  return false;
}
template <typename Change>
bool change_children(OuterReference&, const Change&) {
  return false;
}
template <typename Change>
bool change_children(LambdaVariable&, const Change&) {
  return false;
}

template <typename Change>
bool change_one(ExpressionPtr& child, const Change& change) {
  if (!child) return false;
  auto changed = change(child);
  if (changed == child) return false;
  child = std::move(changed);
  return true;
}
template <typename Change>
bool change_list(std::vector<ExpressionPtr>& children, const Change& change) {
  bool any = false;
  for (auto& child : children) any |= change_one(child, change);
  return any;
}
template <typename Change>
bool change_orders(std::vector<SortOrder>& orders, const Change& change) {
  bool any = false;
  for (auto& order : orders) any |= change_one(order.child, change);
  return any;
}

template <typename Change>
bool change_children(Call& node, const Change& change) {
  return change_list(node.arguments, change);
}
template <typename Change>
bool change_children(CaseWhen& node, const Change& change) {
  bool any = false;
  for (auto& [condition, value] : node.branches) {
    any |= change_one(condition, change);
    any |= change_one(value, change);
  }
  any |= change_one(node.otherwise, change);
  return any;
}
template <typename Change>
bool change_children(Cast& node, const Change& change) {
  return change_one(node.child, change);
}
template <typename Change>
bool change_children(FieldAccess& node, const Change& change) {
  return change_one(node.child, change);
}
template <typename Change>
bool change_children(Lambda& node, const Change& change) {
  return change_one(node.body, change);
}
template <typename Change>
bool change_children(AggregateCall& node, const Change& change) {
  bool any = change_list(node.arguments, change);
  any |= change_one(node.filter, change);
  any |= change_orders(node.within_group, change);
  return any;
}
template <typename Change>
bool change_children(WindowCall& node, const Change& change) {
  bool any = change_list(node.arguments, change);
  any |= change_one(node.filter, change);
  any |= change_list(node.partition_by, change);
  any |= change_orders(node.order_by, change);
  any |= change_one(node.lower.offset, change);
  any |= change_one(node.upper.offset, change);
  return any;
}
template <typename Change>
bool change_children(SubqueryExpression& node, const Change& change) {
  return change_list(node.values, change);
}
template <typename Change>
bool change_children(PythonCall& node, const Change& change) {
  return change_list(node.arguments, change);
}

}  // namespace

ExpressionPtr rewrite(const ExpressionPtr& expression, const Replace& replace) {
  if (!expression) return expression;
  if (auto replaced = replace(expression)) return replaced;
  Expression copy = *expression;
  const bool changed = std::visit(
      [&](auto& node) { return change_children(node, [&](const ExpressionPtr& child) { return rewrite(child, replace); }); },
      copy.node);
  return changed ? std::make_shared<const Expression>(std::move(copy)) : expression;
}

std::vector<ExpressionPtr> children_of(const Expression& expression) {
  std::vector<ExpressionPtr> children;
  Expression copy = expression;
  std::visit(
      [&](auto& node) {
        change_children(node, [&](const ExpressionPtr& child) {
          children.push_back(child);
          return child;
        });
      },
      copy.node);
  return children;
}

void walk(const ExpressionPtr& expression, const std::function<bool(const ExpressionPtr&)>& visit) {
  if (!expression || !visit(expression)) return;
  for (const auto& child : children_of(*expression)) walk(child, visit);
}

bool contains_aggregate(const ExpressionPtr& expression) {
  bool found = false;
  walk(expression, [&](const ExpressionPtr& node) {
    found |= std::holds_alternative<AggregateCall>(node->node);
    return !found;
  });
  return found;
}

bool contains_window(const ExpressionPtr& expression) {
  bool found = false;
  walk(expression, [&](const ExpressionPtr& node) {
    found |= std::holds_alternative<WindowCall>(node->node);
    return !found;
  });
  return found;
}

bool is_deterministic(const ExpressionPtr& expression) {
  bool deterministic = true;
  walk(expression, [&](const ExpressionPtr& node) {
    if (const auto* call = std::get_if<Call>(&node->node)) {
      const auto* row = find_function(call->function);
      deterministic &= row == nullptr || row->deterministic;
    }
    if (const auto* call = std::get_if<PythonCall>(&node->node)) deterministic &= call->deterministic;
    return deterministic;
  });
  return deterministic;
}

bool is_foldable(const ExpressionPtr& expression) {
  bool foldable = true;
  walk(expression, [&](const ExpressionPtr& node) {
    foldable &= std::holds_alternative<Literal>(node->node) || std::holds_alternative<Call>(node->node) ||
                std::holds_alternative<Cast>(node->node) || std::holds_alternative<CaseWhen>(node->node) ||
                std::holds_alternative<FieldAccess>(node->node);
    return foldable;
  });
  return foldable && is_deterministic(expression);
}

std::vector<ColumnId> columns_of(const ExpressionPtr& expression) {
  std::vector<ColumnId> ids;
  walk(expression, [&](const ExpressionPtr& node) {
    if (const auto* column = std::get_if<ColumnReference>(&node->node)) ids.push_back(column->id);
    return true;
  });
  return ids;
}

namespace {

bool same_list(const std::vector<ExpressionPtr>& left, const std::vector<ExpressionPtr>& right) {
  return std::ranges::equal(left, right, [](const auto& a, const auto& b) { return same_expression(a, b); });
}
bool same_orders(const std::vector<SortOrder>& left, const std::vector<SortOrder>& right) {
  return std::ranges::equal(left, right, [](const SortOrder& a, const SortOrder& b) {
    return a.ascending == b.ascending && a.nulls_first == b.nulls_first && same_expression(a.child, b.child);
  });
}

// a + b is b + a: Spark compares canonical forms, in which the operands of these have one order.
bool commutes(std::string_view function) {
  static constexpr std::array<std::string_view, 9> names{"+", "*", "and", "or", "&", "|", "^", "=", "<=>"};
  return std::ranges::find(names, function) != names.end();
}
// The operands of a chain of one operator; = and <=> have two.
void gather_operands(const Call& call, std::vector<ExpressionPtr>& operands) {
  for (const auto& argument : call.arguments) {
    const auto* inner = std::get_if<Call>(&argument->node);
    const bool chained = inner != nullptr && inner->function == call.function && call.function != "=" && call.function != "<=>";
    if (chained) {
      gather_operands(*inner, operands);
    } else {
      operands.push_back(argument);
    }
  }
}
bool same_operands(const Call& left, const Call& right) {
  std::vector<ExpressionPtr> mine;
  std::vector<ExpressionPtr> theirs;
  gather_operands(left, mine);
  gather_operands(right, theirs);
  if (mine.size() != theirs.size()) return false;
  for (const auto& operand : mine) {
    const auto found = std::ranges::find_if(theirs, [&](const auto& other) { return same_expression(operand, other); });
    if (found == theirs.end()) return false;
    theirs.erase(found);
  }
  return true;
}

bool same_python(const std::shared_ptr<const PythonCall>& left, const std::shared_ptr<const PythonCall>& right) {
  if (left == nullptr || right == nullptr) return left == right;
  return left == right || (left->deterministic && left->command == right->command &&
                           left->argument_names == right->argument_names && left->evaluation_type == right->evaluation_type);
}

struct SameNode {
  const Expression& other;
  bool operator()(const Literal& node) const {
    const auto& right = std::get<Literal>(other.node);
    if (node.value.index() != right.value.index()) return false;
    if (const auto* interval = std::get_if<Literal::Interval>(&node.value)) {
      const auto& that = std::get<Literal::Interval>(right.value);
      return interval->months == that.months && interval->days == that.days && interval->microseconds == that.microseconds;
    }
    return std::visit(
        [&](const auto& value) {
          using Value = std::decay_t<decltype(value)>;
          if constexpr (std::is_same_v<Value, Literal::Interval>)
            return false;
          else
            return value == std::get<Value>(right.value);
        },
        node.value);
  }
  bool operator()(const ColumnReference& node) const { return node.id == std::get<ColumnReference>(other.node).id; }
  bool operator()(const OuterReference& node) const { return node.id == std::get<OuterReference>(other.node).id; }
  bool operator()(const LambdaVariable& node) const { return node.id == std::get<LambdaVariable>(other.node).id; }
  bool operator()(const Call& node) const {
    const auto& right = std::get<Call>(other.node);
    if (node.function != right.function || node.mode != right.mode) return false;
    if (same_list(node.arguments, right.arguments)) return true;
    return commutes(node.function) && same_operands(node, right);
  }
  bool operator()(const CaseWhen& node) const {
    const auto& right = std::get<CaseWhen>(other.node);
    return std::ranges::equal(node.branches, right.branches,
                              [](const auto& a, const auto& b) {
                                return same_expression(a.first, b.first) && same_expression(a.second, b.second);
                              }) &&
           same_expression(node.otherwise, right.otherwise);
  }
  bool operator()(const Cast& node) const { return same_expression(node.child, std::get<Cast>(other.node).child); }
  bool operator()(const FieldAccess& node) const {
    const auto& right = std::get<FieldAccess>(other.node);
    return node.field == right.field && same_expression(node.child, right.child);
  }
  bool operator()(const Lambda&) const { return false; }  // parameters differ in id; nobody groups by these
  bool operator()(const AggregateCall& node) const {
    const auto& right = std::get<AggregateCall>(other.node);
    return same_python(node.python, right.python) && node.function == right.function && node.distinct == right.distinct &&
           node.ignore_nulls == right.ignore_nulls && node.mode == right.mode && same_list(node.arguments, right.arguments) &&
           same_expression(node.filter, right.filter) && same_orders(node.within_group, right.within_group);
  }
  bool operator()(const WindowCall& node) const {
    const auto& right = std::get<WindowCall>(other.node);
    return same_python(node.python, right.python) && node.function == right.function && node.distinct == right.distinct &&
           node.ignore_nulls == right.ignore_nulls && node.frame == right.frame && node.lower.kind == right.lower.kind &&
           node.upper.kind == right.upper.kind && same_list(node.arguments, right.arguments) &&
           same_expression(node.filter, right.filter) && same_list(node.partition_by, right.partition_by) &&
           same_orders(node.order_by, right.order_by) && same_expression(node.lower.offset, right.lower.offset) &&
           same_expression(node.upper.offset, right.upper.offset);
  }
  bool operator()(const SubqueryExpression& node) const { return node.plan == std::get<SubqueryExpression>(other.node).plan; }
  bool operator()(const PythonCall& node) const {
    const auto& right = std::get<PythonCall>(other.node);
    return node.deterministic && node.command == right.command && node.evaluation_type == right.evaluation_type &&
           node.argument_names == right.argument_names && same_list(node.arguments, right.arguments);
  }
};

}  // namespace

bool same_expression(const ExpressionPtr& left, const ExpressionPtr& right) {
  if (left == right) return true;
  if (!left || !right || left->node.index() != right->node.index() || left->type.kind != right->type.kind) return false;
  if (!std::holds_alternative<ColumnReference>(left->node) && left->type != right->type) return false;
  return std::visit(SameNode{*right}, left->node);
}

}  // namespace mastic::spark
