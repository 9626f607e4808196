#include <algorithm>
#include <unordered_map>

#include "spark/analyze/expression_text.h"
#include "spark/analyze/python/data_source.h"
#include "spark/analyze/python/python.h"
#include "spark/analyze/rewrite.h"

namespace mastic::spark {

bool aggregates_in_python(int evaluation_type) {
  switch (evaluation_type) {
    case 202:  // pandas
    case 217:  // pandas, by an iterator
    case 252:  // Arrow
    case 254:  // Arrow, by an iterator
      return true;
    default: return false;
  }
}

namespace {

const PythonCall* python_call(const ExpressionPtr& expression) { return std::get_if<PythonCall>(&expression->node); }

bool contains_python(const ExpressionPtr& expression) {
  bool found = false;
  walk(expression, [&](const ExpressionPtr& node) {
    found |= python_call(node) != nullptr;
    return !found;
  });
  return found;
}

bool is_python_aggregate(const ExpressionPtr& expression) {
  const auto* call = std::get_if<AggregateCall>(&expression->node);
  return call != nullptr && call->python != nullptr;
}

bool is_python_window(const ExpressionPtr& expression) {
  const auto* call = std::get_if<WindowCall>(&expression->node);
  return call != nullptr && call->python != nullptr;
}

/// A function whose arguments are at hand: no other function among them, but for one that it is chained to.
bool can_be_evaluated(const PythonCall& call) {
  if (call.arguments.size() == 1 && call.argument_names[0].empty()) {
    const auto* inner = python_call(call.arguments[0]);
    if (inner != nullptr && inner->evaluation_type == call.evaluation_type) return can_be_evaluated(*inner);
  }
  return std::ranges::none_of(call.arguments, contains_python);
}

ExpressionPtr column_of(const NamedExpression& named) {
  return make_expression(named.expression->type, named.expression->nullable, ColumnReference{named.id, named.name});
}

Attribute attribute_of(const NamedExpression& named) {
  return {named.id, named.name, named.expression->type, named.expression->nullable, {}, named.metadata_json};
}

class Extraction {
 public:
  explicit Extraction(AnalyzerState& state) : state_(state) {}

  RelationPtr relation(const RelationPtr& plan) {
    if (!plan || error_) return plan;
    // Shared parts stay shared, and plans without Python functions stay as they are.
    const auto [known, added] = done_.try_emplace(plan.get(), nullptr);
    if (!added) return known->second;
    if (auto source = data_source(plan)) {
      kept_.push_back(plan);
      return done_[plan.get()] = source;
    }
    Relation copy = *plan;
    const bool changed = std::visit([&](auto& node) { return inputs(node); }, copy.node);
    RelationPtr result = changed ? std::make_shared<const Relation>(copy) : plan;
    result = std::visit([&](const auto& node) { return own(result, node); }, std::as_const(result->node));
    kept_.push_back(plan);
    return done_[plan.get()] = result;
  }

  std::optional<SparkError> take_error() { return std::move(error_); }

 private:
  /// A data source in Python, planned together with the filters that stand over it; null: the relation is neither.
  RelationPtr data_source(const RelationPtr& plan) {
    std::vector<ExpressionPtr> conditions;
    const Relation* at = plan.get();
    while (true) {
      if (const auto* filter = std::get_if<Filter>(&at->node)) {
        conditions.insert(conditions.begin(), filter->condition);
        at = filter->input.get();
      } else if (const auto* alias = std::get_if<Alias>(&at->node); alias != nullptr && !conditions.empty()) {
        at = alias->input.get();
      } else {
        break;
      }
    }
    if (!is_unplanned_source(*at)) return nullptr;
    const bool pushes = state_.setting("spark.sql.python.filterPushdown.enabled", false) &&
                        std::ranges::none_of(conditions, contains_python) && std::ranges::all_of(conditions, is_deterministic);
    if (!conditions.empty() && !pushes) return nullptr;
    auto planned = plan_python_data_source(state_, *at, conditions);
    if (!planned) {
      error_ = std::move(planned).error();
      return plan;
    }
    return project_columns(*planned, plan->output);
  }

  // --- below ---------------------------------------------------------------------------------------------------------
  bool input(RelationPtr& child) {
    if (!child) return false;
    auto changed = relation(child);
    if (changed == child) return false;
    child = std::move(changed);
    return true;
  }
  template <typename Node>
  bool inputs(Node& node) {
    if constexpr (std::is_same_v<Node, Join> || std::is_same_v<Node, SetOp>) {
      const bool left = input(node.left);
      return input(node.right) || left;
    } else if constexpr (std::is_same_v<Node, PythonTransform>) {
      const bool left = input(node.input);
      return input(node.other) || left;
    } else if constexpr (requires { node.input; }) {
      return input(node.input);
    } else {
      return false;
    }
  }

  // --- one relation's own expressions ----------------------------------------------------------------------------------
  template <typename Node>
  RelationPtr own(const RelationPtr& plan, const Node&) {
    return plan;
  }

  RelationPtr own(const RelationPtr& plan, const Project& node) {
    Project copy = node;
    std::vector<ExpressionPtr*> expressions;
    for (auto& item : copy.expressions) expressions.push_back(&item.expression);
    if (!take(copy.input, expressions)) return plan;
    return make_relation(plan->output, std::move(copy));
  }
  RelationPtr own(const RelationPtr& plan, const Filter& node) {
    Filter copy = node;
    if (!take(copy.input, {&copy.condition})) return plan;
    return over(plan, std::move(copy));
  }
  RelationPtr own(const RelationPtr& plan, const Sort& node) {
    Sort copy = node;
    std::vector<ExpressionPtr*> expressions;
    for (auto& order : copy.orders) expressions.push_back(&order.child);
    if (!take(copy.input, expressions)) return plan;
    return over(plan, std::move(copy));
  }
  RelationPtr own(const RelationPtr& plan, const Repartition& node) {
    Repartition copy = node;
    if (!take(copy.input, pointers(copy.by))) return plan;
    return over(plan, std::move(copy));
  }
  RelationPtr own(const RelationPtr& plan, const Generate& node) {
    Generate copy = node;
    if (!take(copy.input, pointers(copy.arguments))) return plan;
    auto output = copy.input->output;
    output.insert(output.end(), copy.generated.begin(), copy.generated.end());
    return project_columns(make_relation(std::move(output), std::move(copy)), plan->output);
  }
  RelationPtr own(const RelationPtr& plan, const PythonTransform& node) {
    PythonTransform copy = node;
    auto expressions = pointers(copy.grouping);
    for (auto& order : copy.orders) expressions.push_back(&order.child);
    bool changed = take(copy.input, expressions);
    if (copy.other) {
      auto other_expressions = pointers(copy.other_grouping);
      for (auto& order : copy.other_orders) other_expressions.push_back(&order.child);
      changed |= take(copy.other, other_expressions);
    }
    return changed ? make_relation(plan->output, std::move(copy)) : plan;
  }

  RelationPtr own(const RelationPtr& plan, const PythonTable& node) {
    PythonTable copy = node;
    auto expressions = pointers(copy.arguments);
    for (auto& order : copy.orders) expressions.push_back(&order.child);
    if (!take(copy.input, expressions)) return plan;
    return make_relation(plan->output, std::move(copy));
  }

  RelationPtr own(const RelationPtr& plan, const Window& node) {
    Window copy = node;
    std::vector<ExpressionPtr*> expressions;
    for (auto& item : copy.expressions) expressions.push_back(&item.expression);
    const bool taken = take(copy.input, expressions);
    const bool python =
        std::ranges::any_of(copy.expressions, [](const auto& item) { return is_python_window(item.expression); });
    if (!taken && !python) return plan;
    // Those in Python first, one step for each partitioning and order; then the others over them.
    std::vector<std::vector<NamedExpression>> steps;
    std::vector<NamedExpression> others;
    for (auto& item : copy.expressions) {
      if (!is_python_window(item.expression)) {
        others.push_back(std::move(item));
        continue;
      }
      auto step = std::ranges::find_if(steps, [&](const auto& known) { return same_window(known[0], item); });
      if (step == steps.end()) step = steps.insert(steps.end(), std::vector<NamedExpression>{});
      step->push_back(std::move(item));
    }
    auto result = copy.input;
    const auto add = [&](std::vector<NamedExpression> calls, auto make) {
      auto output = result->output;
      for (const auto& call : calls) output.push_back(attribute_of(call));
      result = make_relation(std::move(output), make(result, std::move(calls)));
    };
    for (auto& step : steps)
      add(std::move(step),
          [](const RelationPtr& below, std::vector<NamedExpression> calls) { return PythonWindow{below, std::move(calls)}; });
    if (!others.empty())
      add(std::move(others),
          [](const RelationPtr& below, std::vector<NamedExpression> calls) { return Window{below, std::move(calls)}; });
    return project_columns(result, plan->output);
  }

  static bool same_window(const NamedExpression& left, const NamedExpression& right) {
    const auto& a = std::get<WindowCall>(left.expression->node);
    const auto& b = std::get<WindowCall>(right.expression->node);
    return a.python->evaluation_type == b.python->evaluation_type &&
           std::ranges::equal(a.partition_by, b.partition_by, same_expression) &&
           std::ranges::equal(a.order_by, b.order_by, [](const SortOrder& x, const SortOrder& y) {
             return x.ascending == y.ascending && x.nulls_first == y.nulls_first && same_expression(x.child, y.child);
           });
  }

  // An aggregate's outputs may hold functions over its aggregates (above it), in the aggregates' arguments (below it), and
  // aggregates that are Python functions themselves (in its place).
  RelationPtr own(const RelationPtr& plan, const Aggregate& node) {
    bool python_aggregates = false;
    bool others = false;
    bool above = false;
    for (const auto& item : node.aggregates) {
      walk(item.expression, [&](const ExpressionPtr& part) {
        if (std::holds_alternative<AggregateCall>(part->node)) {
          (is_python_aggregate(part) ? python_aggregates : others) = true;
          return false;
        }
        above |= python_call(part) != nullptr;
        return true;
      });
    }
    Aggregate copy = node;
    if (!above && !python_aggregates) {
      std::vector<ExpressionPtr*> expressions;
      for (auto& item : copy.groupings) expressions.push_back(&item.expression);
      for (auto& item : copy.aggregates) expressions.push_back(&item.expression);
      if (!take(copy.input, expressions)) return plan;
      return make_relation(plan->output, std::move(copy));
    }
    if (python_aggregates && others) {
      error_ = analysis_error("INVALID_PANDAS_UDF_PLACEMENT", {{"functionList", aggregate_names(node)}});
      return plan;
    }
    if (python_aggregates && node.has_grouping_sets) {
      error_ = unsupported("Python aggregate functions over grouping sets, rollup or cube");
      return plan;
    }
    // The parts become columns; what is made of them is a projection above.
    std::vector<NamedExpression> parts;
    const auto column_for = [&](const ExpressionPtr& part) {
      for (const auto& known : parts)
        if (same_expression(known.expression, part)) return column_of(known);
      ColumnId id = state_.next_id();
      if (const auto* column = std::get_if<ColumnReference>(&part->node)) id = column->id;
      parts.push_back({id, text_of(*part), part, {}});
      return column_of(parts.back());
    };
    Project project;
    for (const auto& item : node.aggregates) {
      auto replaced = rewrite(item.expression, [&](const ExpressionPtr& part) -> ExpressionPtr {
        if (std::holds_alternative<AggregateCall>(part->node) || std::holds_alternative<ColumnReference>(part->node))
          return column_for(part);
        return nullptr;
      });
      project.expressions.push_back({item.id, item.name, replaced, item.metadata_json});
    }
    std::vector<ExpressionPtr*> expressions;
    for (auto& item : copy.groupings) expressions.push_back(&item.expression);
    for (auto& part : parts) expressions.push_back(&part.expression);
    take(copy.input, expressions);
    if (!python_aggregates) {
      copy.aggregates = parts;
      std::vector<Attribute> output;
      for (const auto& part : parts) output.push_back(attribute_of(part));
      project.input = make_relation(std::move(output), std::move(copy));
    } else {
      project.input = python_aggregate(copy, parts);
    }
    return relation(make_relation(plan->output, std::move(project)));
  }

  RelationPtr python_aggregate(const Aggregate& node, const std::vector<NamedExpression>& parts) {
    // One step a kind of function would need a join; Spark has only one kind in a query, too.
    PythonAggregate result{node.input, node.groupings, {}};
    std::vector<Attribute> output;
    for (const auto& grouping : node.groupings) output.push_back(attribute_of(grouping));
    for (const auto& part : parts) {
      if (!is_python_aggregate(part.expression)) continue;
      if (!result.calls.empty() && std::get<AggregateCall>(result.calls[0].expression->node).python->evaluation_type !=
                                       std::get<AggregateCall>(part.expression->node).python->evaluation_type)
        error_ = unsupported("aggregate functions in Python of different kinds in one query");
      result.calls.push_back(part);
      output.push_back(attribute_of(part));
    }
    return make_relation(std::move(output), std::move(result));
  }

  static std::string aggregate_names(const Aggregate& node) {
    std::string names;
    for (const auto& item : node.aggregates)
      walk(item.expression, [&](const ExpressionPtr& part) {
        if (is_python_aggregate(part))
          names += (names.empty() ? "" : ", ") + quoted_name(std::get<AggregateCall>(part->node).function);
        return true;
      });
    return names;
  }

  // A condition is evaluated on the side that it reads; one that reads both sides becomes a filter over the join.
  RelationPtr own(const RelationPtr& plan, const Join& node) {
    if (node.lateral)
      if (auto table = lateral_table(plan, node)) return table;
    if (!node.condition || !contains_python(node.condition)) return plan;
    Join copy = node;
    const bool left = take(copy.left, {&copy.condition});
    const bool right = take(copy.right, {&copy.condition});
    if (error_) return plan;
    const bool both = contains_python(copy.condition);
    if (both && copy.type != JoinType::inner && copy.type != JoinType::cross) {
      error_ = analysis_error("UNSUPPORTED_FEATURE.PYTHON_UDF_IN_ON_CLAUSE", {{"joinType", join_name(copy.type)}});
      return plan;
    }
    (void)left;
    (void)right;
    auto condition = copy.condition;
    if (both && !state_.setting("spark.sql.crossJoin.enabled", true)) {
      error_ =
          analysis_error("_LEGACY_ERROR_TEMP_1211", {{"joinType", join_name(copy.type)}, {"leftPlan", ""}, {"rightPlan", ""}});
      return plan;
    }
    if (both) {
      copy.condition = nullptr;
      copy.type = JoinType::cross;
    }
    auto output = copy.left->output;
    if (copy.type != JoinType::semi && copy.type != JoinType::anti)
      output.insert(output.end(), copy.right->output.begin(), copy.right->output.end());
    auto joined = make_relation(std::move(output), std::move(copy));
    if (!both) return project_columns(joined, plan->output);
    auto filtered = make_relation(joined->output, Filter{joined, condition});
    return project_columns(own(filtered, std::get<Filter>(filtered->node)), plan->output);
  }

  // LATERAL f(left.x): the function is called for the left side's rows. Between it and the join stand projections at most.
  RelationPtr lateral_table(const RelationPtr& plan, const Join& node) {
    std::vector<RelationPtr> between;
    auto at = node.right;
    while (std::holds_alternative<Project>(at->node) || std::holds_alternative<Alias>(at->node)) {
      between.push_back(at);
      at = std::holds_alternative<Project>(at->node) ? std::get<Project>(at->node).input : std::get<Alias>(at->node).input;
    }
    const auto* table = std::get_if<PythonTable>(&at->node);
    if (table == nullptr) return nullptr;
    constexpr int arrow_table_function = 302;
    if (!table->table_arguments.empty()) {
      if (table->evaluation_type == arrow_table_function)
        error_ = analysis_error("UNSUPPORTED_SUBQUERY_EXPRESSION_CATEGORY.NON_DETERMINISTIC_LATERAL_SUBQUERIES",
                                {{"treeNode", table->name}});
      return nullptr;
    }
    if (table->evaluation_type == arrow_table_function) {
      error_ = analysis_error("LATERAL_JOIN_WITH_ARROW_UDTF_UNSUPPORTED", {});
      return plan;
    }
    if (node.type == JoinType::left) {
      error_ = unsupported("LEFT JOIN LATERAL with a table function in Python");
      return plan;
    }
    PythonTable copy = *table;
    copy.input = node.left;
    copy.kept = node.left->output;
    for (auto& argument : copy.arguments)
      argument = rewrite(argument, [](const ExpressionPtr& part) -> ExpressionPtr {
        const auto* outer = std::get_if<OuterReference>(&part->node);
        if (outer == nullptr) return nullptr;
        return make_expression(part->type, part->nullable, ColumnReference{outer->id, outer->name});
      });
    auto output = copy.kept;
    output.insert(output.end(), copy.generated.begin(), copy.generated.end());
    auto result = make_relation(std::move(output), std::move(copy));
    result = own(result, std::get<PythonTable>(result->node));
    for (auto step = between.rbegin(); step != between.rend(); ++step) {
      const auto* project = std::get_if<Project>(&(*step)->node);
      if (project == nullptr) continue;
      Project wider{result, {}};
      auto columns = node.left->output;
      for (const auto& column : columns)
        wider.expressions.push_back({column.id, column.name, reference(column), column.metadata_json});
      for (const auto& item : project->expressions) wider.expressions.push_back(item);
      columns.insert(columns.end(), (*step)->output.begin(), (*step)->output.end());
      result = make_relation(std::move(columns), std::move(wider));
    }
    if (node.condition) {
      result = make_relation(result->output, Filter{result, node.condition});
      result = own(result, std::get<Filter>(result->node));
    }
    return project_columns(result, plan->output);
  }

  static std::string join_name(JoinType type) {
    switch (type) {
      case JoinType::left: return "LEFT OUTER";
      case JoinType::right: return "RIGHT OUTER";
      case JoinType::full: return "FULL OUTER";
      case JoinType::semi: return "LEFT SEMI";
      case JoinType::anti: return "LEFT ANTI";
      default: return "INNER";
    }
  }

  // --- taking functions out ----------------------------------------------------------------------------------------------
  static std::vector<ExpressionPtr*> pointers(std::vector<ExpressionPtr>& list) {
    std::vector<ExpressionPtr*> result;
    for (auto& one : list) result.push_back(&one);
    return result;
  }

  /// The same columns as before, over an input that has more.
  template <typename Node>
  static RelationPtr over(const RelationPtr& plan, Node node) {
    auto output = node.input->output;
    return project_columns(make_relation(std::move(output), std::move(node)), plan->output);
  }

  /// Puts steps over `input` for the functions in the expressions that read only it; false: there were none.
  bool take(RelationPtr& input, const std::vector<ExpressionPtr*>& expressions) {
    bool any = false;
    for (auto* expression : expressions) any |= take_subqueries(*expression);
    while (!error_) {
      std::vector<ExpressionPtr> found;
      for (auto* expression : expressions) find(*expression, *input, found);
      if (found.empty() || error_) return any;
      any = true;
      // Functions of one kind share a step.
      const int kind = python_call(found[0])->evaluation_type;
      PythonEvaluate step{input, {}};
      auto output = input->output;
      for (const auto& call : found) {
        if (python_call(call)->evaluation_type != kind) continue;
        if (!step.calls.empty() && by_iterator(kind)) continue;  // such a function has its worker to itself
        const bool known =
            std::ranges::any_of(step.calls, [&](const auto& other) { return same_expression(other.expression, call); });
        if (known) continue;
        step.calls.push_back({state_.next_id(), text_of(*call), call, {}});
        output.push_back(attribute_of(step.calls.back()));
      }
      const auto calls = step.calls;
      input = make_relation(std::move(output), std::move(step));
      for (auto* expression : expressions)
        *expression = rewrite(*expression, [&](const ExpressionPtr& node) -> ExpressionPtr {
          if (python_call(node) == nullptr) return nullptr;
          for (const auto& call : calls)
            if (call.expression == node || same_expression(call.expression, node)) return column_of(call);
          return nullptr;
        });
    }
    return any;
  }

  static bool by_iterator(int evaluation_type) { return evaluation_type == 204 || evaluation_type == 251; }

  void find(const ExpressionPtr& expression, const Relation& input, std::vector<ExpressionPtr>& found) {
    if (!expression) return;
    if (std::holds_alternative<Lambda>(expression->node)) {
      walk(expression, [&](const ExpressionPtr& node) {
        if (const auto* call = python_call(node); call != nullptr && !error_)
          error_ = analysis_error("UNSUPPORTED_FEATURE.LAMBDA_FUNCTION_WITH_PYTHON_UDF", {{"funcName", quoted_text(*node)}});
        return !error_;
      });
      return;
    }
    if (const auto* call = python_call(expression); call != nullptr && can_be_evaluated(*call)) {
      bool outer = false;
      walk(expression, [&](const ExpressionPtr& node) {
        outer |= std::holds_alternative<OuterReference>(node->node);
        return true;
      });
      if (outer) {
        error_ = unsupported("a Python function over columns of an outer query: " + text_of(*expression));
        return;
      }
      const auto ids = columns_of(expression);
      const bool reads_input = std::ranges::all_of(ids, [&](ColumnId id) {
        return std::ranges::any_of(input.output, [&](const Attribute& column) { return column.id == id; });
      });
      if (reads_input) found.push_back(expression);
      return;
    }
    for (const auto& child : children_of(*expression)) find(child, input, found);
  }

  /// Subqueries have plans of their own.
  bool take_subqueries(ExpressionPtr& expression) {
    auto replaced = rewrite(expression, [&](const ExpressionPtr& node) -> ExpressionPtr {
      const auto* subquery = std::get_if<SubqueryExpression>(&node->node);
      if (subquery == nullptr) return nullptr;
      auto plan = relation(subquery->plan);
      if (plan == subquery->plan) return nullptr;
      SubqueryExpression copy = *subquery;
      copy.plan = std::move(plan);
      return make_expression(node->type, node->nullable, std::move(copy));
    });
    if (replaced == expression) return false;
    expression = std::move(replaced);
    return true;
  }

  AnalyzerState& state_;
  std::optional<SparkError> error_;
  std::unordered_map<const Relation*, RelationPtr> done_;
  std::vector<RelationPtr> kept_;  // so that addresses stay taken
};

}  // namespace

SparkResult<RelationPtr> extract_python(AnalyzerState& state, const RelationPtr& plan) {
  Extraction extraction(state);
  auto result = extraction.relation(plan);
  if (auto error = extraction.take_error()) return fail(std::move(*error));
  return result;
}

}  // namespace mastic::spark
