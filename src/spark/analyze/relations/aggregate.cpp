// groupBy, rollup, cube, grouping sets, pivot.
#include <algorithm>
#include <utility>

#include "spark/analyze/expression_text.h"
#include "spark/analyze/relations/relations.h"
#include "spark/analyze/relations/time_window.h"
#include "spark/analyze/rewrite.h"
#include "spark/functions/coercion.h"
#include "spark/sql/parser.h"

namespace mastic::spark {
namespace {

std::vector<std::vector<int>> rollup_sets(int count) {
  std::vector<std::vector<int>> sets;
  for (int kept = count; kept >= 0; --kept) {
    std::vector<int> set;
    for (int i = 0; i < kept; ++i) set.push_back(i);
    sets.push_back(std::move(set));
  }
  return sets;
}

std::vector<std::vector<int>> cube_sets(int count) {
  std::vector<std::vector<int>> sets;
  for (unsigned left_out = 0; left_out < (1U << count); ++left_out) {
    std::vector<int> set;
    for (int i = 0; i < count; ++i)
      if ((left_out & (1U << (count - 1 - i))) == 0) set.push_back(i);
    sets.push_back(std::move(set));
  }
  return sets;
}

const int64_t* position_of(const ExpressionPtr& expression) {
  const auto* literal = std::get_if<Literal>(&expression->node);
  return literal != nullptr && expression->type.is(TypeKind::integer) ? std::get_if<int64_t>(&literal->value) : nullptr;
}

// GROUP BY 1 and GROUP BY alias stand for an item of the select list.
SparkResult<std::vector<Item>> grouping_items(AnalyzerState& state, const Scope& scope, const proto::Expression& expression,
                                              const std::vector<Item>& selected, bool sql) {
  // An alias of the select list stands before a column of an enclosing query.
  auto outer_scopes = std::exchange(state.outer_scopes, {});
  auto resolved = resolve_items(state, scope, expression);
  state.outer_scopes = std::move(outer_scopes);
  if (!resolved) {
    if (!sql || !expression.has_unresolved_attribute()) return resolve_items(state, scope, expression);
    // Not a column of the input: perhaps an alias of the select list.
    auto parts = split_name(expression.unresolved_attribute().unparsed_identifier());
    if (parts && parts->size() == 1)
      for (const auto& item : selected)
        if (item.names.size() == 1 && equal_names(item.names[0], (*parts)[0], state.case_sensitive)) return std::vector{item};
    return resolve_items(state, scope, expression);
  }
  if (resolved->size() == 1) {
    const auto* position = position_of(resolved->front().expression);
    if (position != nullptr && !selected.empty()) {
      if (*position < 1 || *position > static_cast<int64_t>(selected.size()))
        return fail(analysis_error("GROUP_BY_POS_OUT_OF_RANGE",
                                   {{"index", std::to_string(*position)}, {"size", std::to_string(selected.size())}}));
      const auto& item = selected[static_cast<std::size_t>(*position - 1)];
      if (contains_aggregate(item.expression))
        return fail(analysis_error("GROUP_BY_POS_AGGREGATE",
                                   {{"index", std::to_string(*position)}, {"aggExpr", text_of(*item.expression)}}));
      return std::vector{item};
    }
  }
  return resolved;
}

SparkResult<std::vector<std::vector<int>>> written_sets(AnalyzerState& state, const Scope& scope,
                                                        const proto::Aggregate& aggregate, std::vector<Item>& groupings,
                                                        const std::vector<Item>& selected, bool sql) {
  std::vector<std::vector<int>> sets;
  for (const auto& written : aggregate.grouping_sets()) {
    std::vector<int> set;
    for (const auto& key : written.grouping_set()) {
      TRY(items, grouping_items(state, scope, key, selected, sql));
      for (auto& item : items) {
        auto known = std::ranges::find_if(
            groupings, [&](const Item& grouping) { return same_expression(grouping.expression, item.expression); });
        if (known == groupings.end()) {
          groupings.push_back(item);
          known = groupings.end() - 1;
        }
        set.push_back(static_cast<int>(known - groupings.begin()));
      }
    }
    sets.push_back(std::move(set));
  }
  return sets;
}

// GROUP BY ALL: every item of the select list that is no aggregate.
bool is_group_by_all(AnalyzerState& state, const RelationPtr& input, const proto::Aggregate& aggregate) {
  if (aggregate.grouping_expressions_size() != 1 || aggregate.grouping_sets_size() > 0) return false;
  const auto& key = aggregate.grouping_expressions(0);
  return key.has_unresolved_attribute() && equal_names(key.unresolved_attribute().unparsed_identifier(), "all", false) &&
         find_columns(input->output, "all", state.case_sensitive).empty();
}

// GROUP BY a, ROLLUP(b, c): each part is a list of sets, and a row's set takes one of each.
class GroupingParts {
 public:
  GroupingParts(AnalyzerState& state, const Scope& scope, const std::vector<Item>& selected, bool sql)
      : state_(state), scope_(scope), selected_(selected), sql_(sql) {}

  SparkResult<void> add(const proto::Expression& expression) {
    const auto kind = sql_ ? kind_of(expression) : std::string();
    if (kind.empty()) {
      TRY(unit, columns(expression));
      multiply({unit});
      return {};
    }
    found_sets_ = true;
    std::vector<std::vector<int>> units;
    for (const auto& argument : expression.unresolved_function().arguments()) {
      std::vector<int> unit;
      if (argument.unresolved_function().function_name() == "struct") {
        for (const auto& inner : argument.unresolved_function().arguments()) {
          TRY(more, columns(inner));
          unit.insert(unit.end(), more.begin(), more.end());
        }
      } else {
        TRY(more, columns(argument));
        unit = more;
      }
      units.push_back(std::move(unit));
    }
    constexpr std::size_t most = 16;
    if (units.size() > most) return fail(analysis_error("GROUPING_SIZE_LIMIT_EXCEEDED", {{"maxSize", "16"}}));
    std::vector<std::vector<int>> sets;
    const auto count = static_cast<int>(units.size());
    for (const auto& chosen : kind == "rollup" ? rollup_sets(count) : cube_sets(count)) {
      std::vector<int> set;
      for (const int unit : chosen)
        set.insert(set.end(), units[static_cast<std::size_t>(unit)].begin(), units[static_cast<std::size_t>(unit)].end());
      sets.push_back(std::move(set));
    }
    multiply(sets);
    return {};
  }

  std::vector<Item> groupings;
  [[nodiscard]] std::optional<std::vector<std::vector<int>>> sets() const {
    return found_sets_ ? std::optional(sets_) : std::nullopt;
  }

 private:
  static std::string kind_of(const proto::Expression& expression) {
    if (!expression.has_unresolved_function()) return {};
    for (const auto* kind : {"rollup", "cube"})
      if (equal_names(expression.unresolved_function().function_name(), kind, false)) return kind;
    return {};
  }

  SparkResult<std::vector<int>> columns(const proto::Expression& expression) {
    TRY(items, grouping_items(state_, scope_, expression, sql_ ? selected_ : std::vector<Item>{}, sql_));
    std::vector<int> places;
    for (auto& item : items) {
      groupings.push_back(std::move(item));
      places.push_back(static_cast<int>(groupings.size()) - 1);
    }
    return places;
  }

  void multiply(const std::vector<std::vector<int>>& part) {
    std::vector<std::vector<int>> product;
    for (const auto& known : sets_)
      for (const auto& more : part) {
        product.push_back(known);
        product.back().insert(product.back().end(), more.begin(), more.end());
      }
    sets_ = std::move(product);
  }

  AnalyzerState& state_;
  const Scope& scope_;
  const std::vector<Item>& selected_;
  bool sql_;
  bool found_sets_ = false;
  std::vector<std::vector<int>> sets_{{}};
};

// The values that a pivot makes columns of, and their names.
struct PivotValue {
  ExpressionPtr value;
  std::string name;
};

std::string pivot_name(const ExpressionPtr& value) {
  const auto* literal = std::get_if<Literal>(&value->node);
  if (literal != nullptr && std::holds_alternative<std::monostate>(literal->value)) return "null";
  auto text = text_of(*value);
  if (value->type.is(TypeKind::date) && text.starts_with("DATE '")) return text.substr(6, text.size() - 7);
  if (value->type.is(TypeKind::timestamp) && text.starts_with("TIMESTAMP '")) return text.substr(11, text.size() - 12);
  return text;
}

SparkResult<std::vector<PivotValue>> pivot_values(AnalyzerState& state, const RelationPtr& input, const ExpressionPtr& column,
                                                  const proto::Aggregate::Pivot& pivot) {
  std::vector<PivotValue> values;
  if (pivot.values_size() > 0) {
    for (const auto& literal : pivot.values()) {
      TRY(value, resolve_literal(state, literal));
      values.push_back({cast_to(state, value, column->type), pivot_name(value)});
    }
    return values;
  }
  // Spark runs a query of its own for the distinct values, in order.
  const auto id = state.next_id();
  std::vector<Attribute> output{{id, "value", column->type, column->nullable, {}, {}}};
  auto plan = make_relation(output, Project{input, {{id, "value", column, {}}}});
  plan = make_relation(output, Deduplicate{plan, {id}});
  plan = make_relation(output, Sort{plan, {SortOrder{reference(output[0])}}});
  const auto most = state.number("spark.sql.pivotMaxValues", 10000);
  TRY(rows, state.context.collect(plan, most + 1));
  if (static_cast<int64_t>(rows.size()) > most)
    return fail(analysis_error(
        "_LEGACY_ERROR_TEMP_1324",
        {{"pivotColumn", text_of(*column)}, {"maxValues", std::to_string(most)}, {"config", "spark.sql.pivotMaxValues"}}));
  for (const auto& row : rows) values.push_back({row.at(0), pivot_name(row.at(0))});
  return values;
}

// The aliases of the values of a PIVOT clause: after the mark's first word, one after each unit separator.
void name_values(std::vector<PivotValue>& values, std::string_view mark) {
  for (auto& value : values) {
    const auto separator = mark.find('\x1f');
    if (separator == std::string_view::npos) return;
    mark.remove_prefix(separator + 1);
    const auto alias = mark.substr(0, mark.find('\x1f'));
    if (!alias.empty()) value.name = alias;
  }
}

// agg FILTER-like: the aggregate sees NULL for rows of another pivot value.
SparkResult<ExpressionPtr> only_where(AnalyzerState& state, const ExpressionPtr& expression, const ExpressionPtr& condition) {
  SparkResult<void> result;
  auto replaced = rewrite(expression, [&](const ExpressionPtr& node) -> ExpressionPtr {
    const auto* call = std::get_if<AggregateCall>(&node->node);
    if (call == nullptr) return nullptr;
    AggregateCall copy = *call;
    if (copy.filter) {
      auto both = call_function(state, "and", {copy.filter, condition});
      if (!both) result = fail(std::move(both).error());
      copy.filter = both ? *both : condition;
    } else {
      copy.filter = condition;
    }
    return make_expression(node->type, node->nullable, std::move(copy));
  });
  if (!result) return fail(std::move(result).error());
  return replaced;
}

// Groups where no row has the value give NULL even for count.
SparkResult<Item> pivoted(AnalyzerState& state, const Item& aggregate, const PivotValue& value, const ExpressionPtr& condition,
                          bool single) {
  TRY(filtered, only_where(state, aggregate.expression, condition));
  ExpressionPtr expression = filtered;
  if (!filtered->nullable) {
    AggregateCall any{.function = "count", .arguments = {integer_constant(1)}, .filter = condition};
    auto count = make_expression(types::long_type(), false, std::move(any));
    TRY(seen, call_function(state, ">", {count, integer_constant(0)}));
    CaseWhen guard;
    guard.branches.emplace_back(seen, filtered);
    expression = make_expression(filtered->type, true, std::move(guard));
  }
  const auto name = aggregate.names.empty() ? text_of(*aggregate.expression) : aggregate.names.front();
  return Item{expression, {single ? value.name : value.name + "_" + name}, {}};
}

// What rows are grouped by besides their window. Ordinals and aliases of the select list are not known yet; only sessions,
// which are of one group, have need of them.
SparkResult<std::vector<Item>> other_keys(AnalyzerState& state, const Scope& scope, const proto::Aggregate& aggregate) {
  std::vector<Item> keys;
  bool sessions = false;
  bool complete = true;
  for (const auto& expression : aggregate.grouping_expressions()) {
    const auto& inner = expression.has_alias() ? expression.alias().expr() : expression;
    if (inner.has_unresolved_function()) {
      const auto& name = inner.unresolved_function().function_name();
      const bool session = equal_names(name, "session_window", false);
      sessions |= session;
      if (session || equal_names(name, "window", false)) continue;
    }
    auto resolved = resolve_expression(state, scope, inner);
    if (resolved && !inner.has_literal())
      keys.push_back(Item{*resolved, {}, {}});
    else
      complete = false;
  }
  if (sessions && !complete) return fail(unsupported("session_window() beside ordinals and aliases of the select list"));
  return keys;
}

SparkResult<RelationPtr> pivot(AnalyzerState& state, const Resolved& input, const proto::Aggregate& aggregate,
                               std::vector<Item> groupings, const std::vector<Item>& aggregates, const std::string& mark) {
  const bool sql = mark.starts_with("sql");
  TRY(column, resolve_expression(state, scope_of(input), aggregate.pivot().col()));
  if (!is_orderable(column->type))
    return fail(analysis_error("INCOMPARABLE_PIVOT_COLUMN", {{"columnName", quoted_name(text_of(*column))}}));
  if (sql) {
    // PIVOT groups by every column that it does not mention.
    std::vector<ColumnId> mentioned = columns_of(column);
    for (const auto& item : aggregates)
      for (const auto id : columns_of(item.expression)) mentioned.push_back(id);
    for (const auto& attribute : input.plan->output)
      if (std::ranges::find(mentioned, attribute.id) == mentioned.end()) groupings.push_back(item_of(attribute));
  }
  TRY(values, pivot_values(state, input.plan, column, aggregate.pivot()));
  name_values(values, mark);
  std::vector<Item> items = groupings;
  for (const auto& value : values) {
    TRY(condition, call_function(state, "<=>", {column, value.value}));
    for (const auto& one : aggregates) {
      TRY(item, pivoted(state, one, value, condition, aggregates.size() == 1));
      items.push_back(std::move(item));
    }
  }
  return build_aggregate(state, input.plan, std::move(groupings), std::move(items));
}

}  // namespace

SparkResult<Resolved> resolve_aggregate(AnalyzerState& state, const proto::Relation& relation) {
  const auto& aggregate = relation.aggregate();
  const auto mark = sql::mark_of(relation);
  const bool sql = mark.starts_with("sql");
  Resolved input;
  if (aggregate.input().rel_type_case() == proto::Relation::REL_TYPE_NOT_SET) {
    input = with_children(make_relation({}, OneRow{}), {});
  } else {
    TRY(resolved, state.resolve(aggregate.input()));
    input = resolved;
  }
  // GROUP BY window(…): the window is a column that the select list may name. Sessions wait for the other keys.
  TRY(windows, grouping_windows(state, scope_of(input), aggregate));
  ExpressionPtr window;
  ExpressionPtr window_column;
  if (!windows.empty()) {
    window = windows.front().expression;
    TRY(keys, other_keys(state, scope_of(input), aggregate));
    TRY(rows, with_windows(state, input.plan, keys, {&windows}));
    window_column = windows.front().expression;
    input = with_children(rows, {input.node});
  }
  const Scope scope = scope_of(input);
  TRY(selected, resolve_items(state, scope, aggregate.aggregate_expressions()));
  input.plan = with_hidden(input.plan, selected);
  std::vector<Item> groupings;
  std::optional<std::vector<std::vector<int>>> mixed;
  if (sql && is_group_by_all(state, input.plan, aggregate)) {
    for (const auto& item : selected)
      if (!contains_aggregate(item.expression)) groupings.push_back(item);
  } else {
    GroupingParts parts(state, scope, selected, sql);
    for (const auto& expression : aggregate.grouping_expressions()) TRY_DO(parts.add(expression));
    groupings = std::move(parts.groupings);
    mixed = parts.sets();
  }
  input.plan = with_hidden(input.plan, groupings);

  if (mark == "sql all") {  // GROUP BY ALL: by every item that holds no aggregate
    for (const auto& item : selected)
      if (!contains_aggregate(item.expression) && !contains_window(item.expression)) groupings.push_back(item);
  }

  if (window) {
    const auto replace = [&](const ExpressionPtr& part) -> ExpressionPtr {
      return same_expression(part, window) ? window_column : nullptr;
    };
    for (auto* list : {&groupings, &selected})
      for (auto& item : *list) item.expression = rewrite(item.expression, replace);
  } else {
    TRY(rows, with_windows(state, input.plan, groupings, {&groupings, &selected}));
    input.plan = rows;
  }
  if (aggregate.group_type() == proto::Aggregate::GROUP_TYPE_PIVOT) {
    TRY(plan, pivot(state, input, aggregate, std::move(groupings), selected, mark));
    return with_children(plan, {input.node}, std::vector<HiddenColumn>{});
  }
  auto sets = mixed;
  const auto count = static_cast<int>(groupings.size());
  if (aggregate.group_type() == proto::Aggregate::GROUP_TYPE_ROLLUP) sets = rollup_sets(count);
  if (aggregate.group_type() == proto::Aggregate::GROUP_TYPE_CUBE) {
    if (count > 16) return fail(analysis_error("GROUPING_SIZE_LIMIT_EXCEEDED", {{"maxSize", "16"}}));
    sets = cube_sets(count);
  }
  if (aggregate.group_type() == proto::Aggregate::GROUP_TYPE_GROUPING_SETS) {
    TRY(written, written_sets(state, scope, aggregate, groupings, sql ? selected : std::vector<Item>{}, sql));
    sets = written;
  }
  std::vector<Item> items;
  if (!sql && state.setting("spark.sql.retainGroupColumns", true)) items = groupings;
  for (auto& item : selected) items.push_back(std::move(item));
  TRY(plan, build_aggregate(state, input.plan, std::move(groupings), std::move(items), sets));
  return with_children(plan, {input.node}, std::vector<HiddenColumn>{});
}

}  // namespace mastic::spark
