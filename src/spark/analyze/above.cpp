// ORDER BY and HAVING may name what the SELECT list below them did not keep. Such columns are kept after all, under the
// sort or filter, and dropped again above it.
#include <algorithm>
#include <cctype>

#include "spark/analyze/expression_text.h"
#include "spark/analyze/rewrite.h"
#include "spark/analyze/state.h"

namespace mastic::spark {
namespace {

bool yields(const std::vector<Attribute>& columns, ColumnId id) {
  return std::ranges::any_of(columns, [&](const Attribute& column) { return column.id == id; });
}

void add_new(std::vector<Attribute>& columns, const std::vector<Attribute>& more) {
  for (const auto& column : more)
    if (!yields(columns, column.id)) columns.push_back(column);
}

bool same_name(std::string_view left, std::string_view right) {
  return std::ranges::equal(left, right, [](unsigned char a, unsigned char b) { return std::tolower(a) == std::tolower(b); });
}

// Columns below `plan` that it could pass on. A name means the nearest one: what lies deeper under the same name is hidden.
std::vector<Attribute> reachable(const RelationPtr& plan) {
  std::vector<Attribute> columns;
  const auto below = [&](const RelationPtr& input) {
    auto deeper = reachable(input);
    std::erase_if(deeper, [&](const Attribute& column) {
      return std::ranges::any_of(input->output, [&](const Attribute& near) { return same_name(near.name, column.name); });
    });
    add_new(columns, input->output);
    add_new(columns, deeper);
  };
  if (const auto* project = std::get_if<Project>(&plan->node)) below(project->input);
  if (const auto* filter = std::get_if<Filter>(&plan->node)) columns = reachable(filter->input);
  if (const auto* sort = std::get_if<Sort>(&plan->node)) columns = reachable(sort->input);
  if (const auto* repartition = std::get_if<Repartition>(&plan->node)) columns = reachable(repartition->input);
  std::erase_if(columns, [&](const Attribute& column) { return yields(plan->output, column.id); });
  return columns;
}

// Over an Aggregate: aggregates and grouping expressions become its columns, new ones where they are not there yet.
class OverAggregate {
 public:
  /// `visible`: the output of the whole SELECT, which may be named as it is.
  OverAggregate(AnalyzerState& state, const RelationPtr& plan, const std::vector<Attribute>& visible)
      : state_(state), plan_(*plan), aggregate_(std::get<Aggregate>(plan->node)), visible_(visible) {}

  SparkResult<ExpressionPtr> replace(const ExpressionPtr& expression) {
    std::optional<SparkError> error;
    auto replaced = rewrite(expression, [&](const ExpressionPtr& node) -> ExpressionPtr {
      for (const auto& grouping : aggregate_.groupings)
        if (same_expression(grouping.expression, node))
          return column(make_expression(node->type, node->nullable || aggregate_.has_grouping_sets,
                                        ColumnReference{grouping.id, grouping.name}));
      if (const auto* call = std::get_if<AggregateCall>(&node->node)) {
        if (call->function == "grouping" || call->function == "grouping_id") return column(grouping_indicator(*node, *call));
        for (const auto& child : children_of(*node))
          if (contains_aggregate(child)) error = analysis_error("NESTED_AGGREGATE_FUNCTION", {});
        return column(node);
      }
      if (const auto* reference = std::get_if<ColumnReference>(&node->node)) {
        if (!yields(plan_.output, reference->id) && !yields(visible_, reference->id) && !error)
          error = analysis_error("MISSING_AGGREGATION", {{"expression", quoted_text(*node)},
                                                         {"expressionAnyValue", "\"any_value(" + reference->name + ")\""}});
        return node;
      }
      return nullptr;
    });
    if (error) return fail(std::move(*error));
    return replaced;
  }

  RelationPtr plan() {
    plan_.node = std::move(aggregate_);
    return std::make_shared<const Relation>(std::move(plan_));
  }

 private:
  // grouping(a): its arguments are the aggregate's keys; grouping_id() alone means all of them.
  ExpressionPtr grouping_indicator(const Expression& expression, AggregateCall call) const {
    const auto key = [&](const NamedExpression& grouping) {
      return make_expression(grouping.expression->type, true, ColumnReference{grouping.id, grouping.name});
    };
    for (auto& argument : call.arguments) {
      const auto wanted = argument;
      for (const auto& grouping : aggregate_.groupings)
        if (same_expression(grouping.expression, wanted)) argument = key(grouping);
    }
    if (call.arguments.empty())
      for (const auto& grouping : aggregate_.groupings) call.arguments.push_back(key(grouping));
    return make_expression(expression.type, expression.nullable, std::move(call));
  }

  // The aggregate's column for an expression over its groupings and aggregates.
  ExpressionPtr column(const ExpressionPtr& node) {
    for (const auto& known : aggregate_.aggregates)
      if (same_expression(known.expression, node))
        return make_expression(node->type, node->nullable, ColumnReference{known.id, known.name});
    ColumnId id = state_.next_id();
    if (const auto* grouping = std::get_if<ColumnReference>(&node->node)) id = grouping->id;
    aggregate_.aggregates.push_back({id, text_of(*node), node, {}});
    plan_.output.push_back({id, text_of(*node), node->type, node->nullable, {}, {}});
    return make_expression(node->type, node->nullable, ColumnReference{id, text_of(*node)});
  }

  AnalyzerState& state_;
  Relation plan_;
  Aggregate aggregate_;
  const std::vector<Attribute>& visible_;
};

// The Aggregate under the window functions of the same SELECT.
const RelationPtr* below_windows(const RelationPtr& plan) {
  const auto* window = std::get_if<Window>(&plan->node);
  return window != nullptr && std::holds_alternative<Aggregate>(window->input->node) ? &window->input : nullptr;
}

// The Aggregate that the input is, below filters, windows and projections that only choose columns.
const RelationPtr* find_aggregate(const RelationPtr& plan) {
  if (std::holds_alternative<Aggregate>(plan->node)) return &plan;
  if (const auto* filter = std::get_if<Filter>(&plan->node)) return find_aggregate(filter->input);
  if (const auto* project = std::get_if<Project>(&plan->node)) {
    if (const auto* aggregate = below_windows(project->input)) return aggregate;
    for (const auto& item : project->expressions) {
      const auto* column = std::get_if<ColumnReference>(&item.expression->node);
      if (column == nullptr || column->id != item.id) return nullptr;
    }
    return find_aggregate(project->input);
  }
  return nullptr;
}

// The plan with another Aggregate at its bottom.
RelationPtr on_aggregate(const RelationPtr& plan, const RelationPtr& aggregate) {
  Relation copy = *plan;
  if (auto* filter = std::get_if<Filter>(&copy.node)) {
    filter->input = on_aggregate(filter->input, aggregate);
  } else if (auto* project = std::get_if<Project>(&copy.node)) {
    project->input = on_aggregate(project->input, aggregate);
  } else if (auto* window = std::get_if<Window>(&copy.node)) {
    // A window passes on all that it is given, and what the aggregate newly yields with it.
    window->input = on_aggregate(window->input, aggregate);
    add_new(copy.output, window->input->output);
  } else {
    return aggregate;
  }
  return std::make_shared<const Relation>(std::move(copy));
}

}  // namespace

SparkResult<Above> resolve_above(AnalyzerState& state, const Resolved& input,
                                 const std::vector<const proto::Expression*>& expressions) {
  Scope scope = scope_of(input);
  const auto* grouped = find_aggregate(input.plan);
  scope.below = grouped != nullptr ? std::get<Aggregate>((*grouped)->node).input->output : reachable(input.plan);
  Above above{input.plan, {}};
  for (const auto* expression : expressions) {
    TRY(resolved, resolve_expression(state, scope, *expression));
    above.expressions.push_back(resolved);
  }
  if (grouped != nullptr) {
    const bool touches_below = std::ranges::any_of(above.expressions, [&](const ExpressionPtr& expression) {
      return contains_aggregate(expression) ||
             std::ranges::any_of(columns_of(expression), [&](ColumnId id) { return !yields(input.plan->output, id); });
    });
    if (!touches_below) return above;
    OverAggregate over(state, *grouped, input.plan->output);
    for (auto& expression : above.expressions) {
      TRY(replaced, over.replace(expression));
      expression = replaced;
    }
    above.plan = on_aggregate(input.plan, over.plan());
  }
  std::vector<ColumnId> used;
  for (const auto& expression : above.expressions)
    for (const auto id : columns_of(expression)) used.push_back(id);
  above.plan = keep_columns(above.plan, used);
  return above;
}

}  // namespace mastic::spark
