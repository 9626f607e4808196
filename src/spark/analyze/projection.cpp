// SELECT lists → Project, with what cannot stand in a projection taken out below it:
//
//   SELECT a, explode(b), sum(c) OVER w    →    Project ← Window ← Generate ← input
//   SELECT sum(a) + 1                      →    Aggregate without groupings
#include <algorithm>

#include "spark/analyze/expression_text.h"
#include "spark/analyze/file_metadata.h"
#include "spark/analyze/partitions.h"
#include "spark/analyze/relations/relations.h"
#include "spark/analyze/rewrite.h"
#include "spark/functions/registry.h"

namespace mastic::spark {
namespace {

bool is_generator(const ExpressionPtr& expression) {
  const auto* call = std::get_if<Call>(&expression->node);
  if (call == nullptr) return false;
  const auto* row = find_function(call->function);
  return row != nullptr && row->kind == FunctionKind::generator;
}

SparkResult<void> check_nested_generators(const Item& item) {
  SparkResult<void> result;
  walk(item.expression, [&](const ExpressionPtr& node) {
    if (node != item.expression && is_generator(node))
      result =
          fail(analysis_error("UNSUPPORTED_GENERATOR.NESTED_IN_EXPRESSIONS", {{"expression", quoted_text(*item.expression)}}));
    return true;
  });
  return result;
}

// Each generator among the items becomes the columns that it yields; two of them give every pair of their rows.
SparkResult<RelationPtr> take_generator(AnalyzerState& state, RelationPtr input, std::vector<Item>& items) {
  std::vector<Item> result;
  for (auto& item : items) {
    TRY_DO(check_nested_generators(item));
    if (!is_generator(item.expression)) {
      result.push_back(std::move(item));
      continue;
    }
    TRY(generated, generate(state, input, item.expression, item.names, {}));
    const auto& columns = std::get<Generate>(generated->node).generated;
    for (const auto& column : columns) result.push_back(item_of(column));
    input = generated;
  }
  items = std::move(result);
  return input;
}

NamedExpression named(AnalyzerState& state, const Item& item, std::vector<ColumnId>& used) {
  const auto name = item.names.empty() ? text_of(*item.expression) : item.names.front();
  ColumnId id = 0;
  if (const auto* column = std::get_if<ColumnReference>(&item.expression->node); column != nullptr && !item.explicit_name) {
    // A column that is passed on keeps its id, once.
    if (std::ranges::find(used, column->id) == used.end()) id = column->id;
  }
  if (id == 0) id = state.next_id();
  used.push_back(id);
  return {id, name, item.expression, item.metadata_json};
}

std::vector<Attribute> output_of(const std::vector<NamedExpression>& expressions, const std::vector<Item>& items) {
  std::vector<Attribute> output;
  for (std::size_t i = 0; i < expressions.size(); ++i) {
    const auto& expression = expressions[i];
    output.push_back({expression.id, expression.name, expression.expression->type, expression.expression->nullable,
                      i < items.size() ? items[i].qualifier : std::vector<std::string>{}, expression.metadata_json});
  }
  return output;
}

// Items that others read through an alias and that are not deterministic become columns below the projection.
SparkResult<RelationPtr> compute_once(const RelationPtr& source, std::vector<Item>& items) {
  auto plan = source;
  for (auto& item : items) {
    if (item.computed_as == 0) continue;
    Project project{plan, {}};
    auto output = plan->output;
    for (const auto& column : output)
      project.expressions.push_back({column.id, column.name, reference(column), column.metadata_json});
    if (contains_window(item.expression) || contains_aggregate(item.expression))
      return fail(unsupported("the alias of an expression that is not deterministic: " + item.names.front()));
    project.expressions.push_back({item.computed_as, item.names.front(), item.expression, {}});
    output.push_back({item.computed_as, item.names.front(), item.expression->type, item.expression->nullable, {}, {}});
    item.expression = reference(output.back());
    plan = make_relation(std::move(output), std::move(project));
  }
  return plan;
}

bool aggregates(const ExpressionPtr& expression) {
  // sum(x) OVER () alone is no aggregate query; sum(sum(x)) OVER () is.
  return contains_aggregate(expression);
}

}  // namespace

SparkResult<RelationPtr> generate(AnalyzerState& state, const RelationPtr& input, const ExpressionPtr& generator,
                                  const std::vector<std::string>& names, const std::vector<std::string>& qualifier) {
  const auto& call = std::get<Call>(generator->node);
  const auto& fields = generator->type.fields;
  if (!names.empty() && names.size() != fields.size())
    return fail(analysis_error("UDTF_ALIAS_NUMBER_MISMATCH",
                               {{"aliasesSize", std::to_string(fields.size())}, {"aliasesNames", [&] {
                                                                                   std::string list;
                                                                                   for (const auto& name : names)
                                                                                     list += (list.empty() ? "" : ",") + name;
                                                                                   return list;
                                                                                 }()}}));
  Generate node{input, call.function, call.arguments, false, {}};
  if (node.generator.ends_with("_outer")) {
    node.generator.resize(node.generator.size() - 6);
    node.outer = true;
  }
  for (std::size_t i = 0; i < fields.size(); ++i)
    node.generated.push_back({state.next_id(), names.empty() ? fields[i].name : names[i], fields[i].type, fields[i].nullable,
                              qualifier, fields[i].metadata_json});
  auto output = input->output;
  output.insert(output.end(), node.generated.begin(), node.generated.end());
  return make_relation(std::move(output), std::move(node));
}

SparkResult<Above> take_windows(AnalyzerState& state, Above above) {
  std::vector<NamedExpression> windows;
  bool again = false;
  for (auto& expression : above.expressions) {
    expression = rewrite(expression, [&](const ExpressionPtr& node) -> ExpressionPtr {
      if (!std::holds_alternative<WindowCall>(node->node)) return nullptr;
      // A window function over the results of others stands over them.
      if (std::ranges::any_of(children_of(*node), contains_window)) {
        again = true;
        return nullptr;
      }
      for (const auto& known : windows)
        if (same_expression(known.expression, node))
          return make_expression(node->type, node->nullable, ColumnReference{known.id, known.name});
      windows.push_back({state.next_id(), text_of(*node), node, {}});
      return make_expression(node->type, node->nullable, ColumnReference{windows.back().id, windows.back().name});
    });
  }
  if (windows.empty()) return above;
  auto output = above.plan->output;
  for (const auto& window : windows)
    output.push_back({window.id, window.name, window.expression->type, window.expression->nullable, {}, {}});
  above.plan = make_relation(std::move(output), Window{above.plan, std::move(windows)});
  return again ? take_windows(state, std::move(above)) : above;
}

SparkResult<RelationPtr> build_projection(AnalyzerState& state, const RelationPtr& source, std::vector<Item> items) {
  if (std::ranges::any_of(items, [](const Item& item) { return aggregates(item.expression); }))
    return build_aggregate(state, source, {}, std::move(items));

  TRY(below, compute_once(source, items));
  TRY(input, take_generator(state, below, items));
  // Names come from the expressions as the user wrote them, before windows are taken out.
  for (auto& item : items)
    if (item.names.empty()) item.names = {text_of(*item.expression)};
  Above above{input, {}};
  for (const auto& item : items) above.expressions.push_back(item.expression);
  TRY(filed, take_file_names(state, std::move(above)));
  TRY(partitioned, take_partitions(state, std::move(filed)));
  TRY(windowed, take_windows(state, std::move(partitioned)));
  Project project{windowed.plan, {}};
  std::vector<ColumnId> used;
  for (std::size_t i = 0; i < items.size(); ++i) {
    items[i].expression = windowed.expressions[i];
    project.expressions.push_back(named(state, items[i], used));
  }
  auto output = output_of(project.expressions, items);
  return make_relation(std::move(output), std::move(project));
}

namespace {

// Above a GROUP BY, only grouping expressions, aggregates and what is made of them may stand.
class Grouped {
 public:
  Grouped(AnalyzerState& state, const std::vector<NamedExpression>& groupings) : state_(state), groupings_(groupings) {}

  SparkResult<ExpressionPtr> replace(const ExpressionPtr& expression) {
    error_.reset();
    auto replaced = rewrite(expression, [&](const ExpressionPtr& node) -> ExpressionPtr {
      for (const auto& grouping : groupings_)
        if (same_expression(grouping.expression, node)) return reference_to(grouping, node);
      if (const auto* call = std::get_if<AggregateCall>(&node->node)) return aggregate(node, *call);
      if (const auto* column = std::get_if<ColumnReference>(&node->node)) {
        if (!is_grouping(column->id)) missing(node, column->name);
        return node;
      }
      return nullptr;
    });
    if (error_) return fail(std::move(*error_));
    return replaced;
  }

 private:
  ExpressionPtr reference_to(const NamedExpression& grouping, const ExpressionPtr& node) {
    std::string name = grouping.name;
    if (const auto* column = std::get_if<ColumnReference>(&node->node)) name = column->name;
    return make_expression(grouping.expression->type, grouping.expression->nullable || sets_,
                           ColumnReference{grouping.id, name});
  }

  bool is_grouping(ColumnId id) const {
    return std::ranges::any_of(groupings_, [&](const auto& grouping) { return grouping.id == id; });
  }

  ExpressionPtr aggregate(const ExpressionPtr& node, const AggregateCall& call) {
    if (call.function == "grouping" || call.function == "grouping_id") {
      if (!sets_) {
        error_ = analysis_error("UNSUPPORTED_GROUPING_EXPRESSION");
        return node;
      }
      AggregateCall copy = call;
      for (auto& argument : copy.arguments) {
        const auto wanted = argument;
        bool found = false;
        for (const auto& grouping : groupings_) {
          if (!same_expression(grouping.expression, wanted)) continue;
          argument = reference_to(grouping, wanted);
          found = true;
        }
        if (!found)
          error_ = analysis_error("GROUPING_COLUMN_MISMATCH",
                                  {{"grouping", quoted_text(*wanted)}, {"groupingColumns", grouping_names()}});
      }
      if (call.function == "grouping_id" && copy.arguments.empty())
        for (const auto& grouping : groupings_) copy.arguments.push_back(reference_to(grouping, grouping.expression));
      return make_expression(node->type, node->nullable, std::move(copy));
    }
    for (const auto& child : children_of(*node)) {
      if (contains_aggregate(child)) error_ = analysis_error("NESTED_AGGREGATE_FUNCTION", {});
      if (!is_deterministic(child) && !error_)
        error_ = analysis_error("AGGREGATE_FUNCTION_WITH_NONDETERMINISTIC_EXPRESSION", {{"sqlExpr", quoted_text(*node)}});
    }
    return node;
  }

  std::string grouping_names() const {
    std::string names;
    for (const auto& grouping : groupings_) names += (names.empty() ? "" : ", ") + quoted_text(*grouping.expression);
    return names;
  }

  void missing(const ExpressionPtr& node, const std::string& name) {
    if (error_) return;
    if (groupings_.empty()) {
      error_ = analysis_error("MISSING_GROUP_BY", {});
      return;
    }
    error_ = analysis_error("MISSING_AGGREGATION",
                            {{"expression", quoted_text(*node)}, {"expressionAnyValue", "\"any_value(" + name + ")\""}});
  }

  AnalyzerState& state_;
  const std::vector<NamedExpression>& groupings_;
  std::optional<SparkError> error_;

 public:
  bool sets_ = false;
};

// Window functions over a GROUP BY: the aggregates and groupings below them become columns first.
SparkResult<RelationPtr> windows_over(AnalyzerState& state, Aggregate aggregate, std::vector<Item> items) {
  std::vector<NamedExpression> below;
  const auto column_for = [&](const ExpressionPtr& node) {
    for (const auto& known : below)
      if (same_expression(known.expression, node))
        return make_expression(node->type, node->nullable, ColumnReference{known.id, text_of(*node)});
    ColumnId id = state.next_id();
    if (const auto* column = std::get_if<ColumnReference>(&node->node)) id = column->id;
    below.push_back({id, text_of(*node), node, {}});
    return make_expression(node->type, node->nullable, ColumnReference{id, text_of(*node)});
  };
  for (auto& item : items)
    item.expression = rewrite(item.expression, [&](const ExpressionPtr& node) -> ExpressionPtr {
      if (std::holds_alternative<AggregateCall>(node->node) || std::holds_alternative<ColumnReference>(node->node))
        return column_for(node);
      return nullptr;
    });
  std::vector<Attribute> output = output_of(below, {});
  aggregate.aggregates = std::move(below);
  auto grouped = make_relation(std::move(output), std::move(aggregate));
  return build_projection(state, grouped, std::move(items));
}

}  // namespace

namespace {

// What groupings and aggregates know only below the grouping becomes columns there: a row's file, and groupings that are not
// deterministic, like a row's partition.
SparkResult<RelationPtr> compute_below(AnalyzerState& state, const RelationPtr& source, std::vector<Item>& groupings,
                                       std::vector<Item>& items) {
  Above files{source, {}};
  for (auto* list : {&groupings, &items}) {
    for (auto& item : *list) {
      if (item.names.empty() && !is_generator(item.expression) &&
          !std::holds_alternative<ColumnReference>(item.expression->node))
        item.names = {text_of(*item.expression)};
      files.expressions.push_back(item.expression);
    }
  }
  TRY(named, take_file_names(state, std::move(files)));
  std::size_t next = 0;
  for (auto* list : {&groupings, &items})
    for (auto& item : *list) item.expression = named.expressions[next++];
  Above drawn{named.plan, {}};
  for (const auto& grouping : groupings)
    if (!is_deterministic(grouping.expression)) drawn.expressions.push_back(grouping.expression);
  if (drawn.expressions.empty()) return named.plan;
  const auto written = drawn.expressions;
  TRY(placed, take_partitions(state, std::move(drawn)));
  Project project{placed.plan, {}};
  auto output = placed.plan->output;
  for (const auto& column : output)
    project.expressions.push_back({column.id, column.name, reference(column), column.metadata_json});
  std::vector<ExpressionPtr> columns;
  for (const auto& expression : placed.expressions) {
    output.push_back({state.next_id(), text_of(*expression), expression->type, expression->nullable, {}, {}});
    project.expressions.push_back({output.back().id, output.back().name, expression, {}});
    columns.push_back(reference(output.back()));
  }
  for (auto* list : {&groupings, &items})
    for (auto& item : *list)
      item.expression = rewrite(item.expression, [&](const ExpressionPtr& node) -> ExpressionPtr {
        for (std::size_t i = 0; i < written.size(); ++i)
          if (same_expression(written[i], node)) return columns[i];
        return nullptr;
      });
  return make_relation(std::move(output), std::move(project));
}

}  // namespace

SparkResult<RelationPtr> build_aggregate(AnalyzerState& state, const RelationPtr& input, std::vector<Item> groupings,
                                         std::vector<Item> items,
                                         const std::optional<std::vector<std::vector<int>>>& grouping_sets) {
  TRY(source, compute_below(state, input, groupings, items));
  Aggregate aggregate{source, {}, {}, grouping_sets.value_or(std::vector<std::vector<int>>{}), grouping_sets.has_value()};
  std::vector<ColumnId> used;
  for (auto& grouping : groupings) {
    if (contains_aggregate(grouping.expression))
      return fail(analysis_error("GROUP_BY_AGGREGATE", {{"sqlExpr", text_of(*grouping.expression)}}));
    if (!is_deterministic(grouping.expression) && !std::holds_alternative<ColumnReference>(grouping.expression->node))
      return fail(unsupported("grouping by an expression that is not deterministic: " + text_of(*grouping.expression)));
    if (grouping.expression->type.is(TypeKind::map) || grouping.expression->type.is(TypeKind::variant))
      return fail(analysis_error(
          "GROUP_EXPRESSION_TYPE_IS_NOT_ORDERABLE",
          {{"sqlExpr", quoted_text(*grouping.expression)}, {"dataType", quoted_type(grouping.expression->type)}}));
    if (grouping_sets) grouping.explicit_name = true;  // values differ from the input's: a fresh id
    aggregate.groupings.push_back(named(state, grouping, used));
  }
  for (auto& item : items) {
    if (item.names.empty() && !is_generator(item.expression)) item.names = {text_of(*item.expression)};
    if (item.computed_as != 0)
      return fail(unsupported("the alias of an expression that is not deterministic: " + text_of(*item.expression)));
  }

  Grouped grouped(state, aggregate.groupings);
  grouped.sets_ = grouping_sets.has_value();
  bool windows = false;
  for (auto& item : items) {
    TRY(replaced, grouped.replace(item.expression));
    item.expression = replaced;
    windows |= contains_window(replaced);
  }
  if (windows) return windows_over(state, std::move(aggregate), std::move(items));
  if (std::ranges::any_of(items, [](const Item& item) { return is_generator(item.expression); })) {
    TRY(below, windows_over(state, std::move(aggregate), std::move(items)));
    return below;
  }
  std::vector<ColumnId> outputs;
  for (const auto& item : items) aggregate.aggregates.push_back(named(state, item, outputs));
  auto output = output_of(aggregate.aggregates, items);
  return make_relation(std::move(output), std::move(aggregate));
}

}  // namespace mastic::spark
