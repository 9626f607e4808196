#include "spark/analyze/relations/time_window.h"

#include <algorithm>

#include "spark/analyze/expression_text.h"
#include "spark/analyze/expressions/resolver.h"
#include "spark/analyze/rewrite.h"

namespace mastic::spark {
namespace {

constexpr int64_t slides_max = 1000;

bool is_window(const ExpressionPtr& expression) {
  const auto* call = std::get_if<Call>(&expression->node);
  return call != nullptr && (call->function == "window" || call->function == "session_window");
}

int64_t whole_number(const ExpressionPtr& expression) {
  const auto* literal = std::get_if<Literal>(&expression->node);
  const auto* number = literal != nullptr ? std::get_if<int64_t>(&literal->value) : nullptr;
  return number == nullptr ? 0 : *number;
}

ExpressionPtr interval_constant(int64_t microseconds) {
  return make_expression(types::day_time_interval(), false, Literal{microseconds});
}

RelationPtr filtered(const RelationPtr& plan, ExpressionPtr condition) {
  return make_relation(plan->output, Filter{plan, std::move(condition)});
}

/// The plan with one more column.
RelationPtr with_column(const RelationPtr& plan, const Attribute& column, ExpressionPtr value) {
  Project project{plan, {}};
  auto output = plan->output;
  for (const auto& known : output) project.expressions.push_back({known.id, known.name, reference(known), known.metadata_json});
  project.expressions.push_back({column.id, column.name, std::move(value), {}});
  output.push_back(column);
  return make_relation(std::move(output), std::move(project));
}

RelationPtr with_window_column(const RelationPtr& plan, const Attribute& column, WindowCall call) {
  auto output = plan->output;
  output.push_back(column);
  auto value = make_expression(column.type, column.nullable, std::move(call));
  return make_relation(std::move(output), Window{plan, {{column.id, column.name, std::move(value), {}}}});
}

SparkResult<RelationPtr> with_time(AnalyzerState& state, const RelationPtr& plan, const ExpressionPtr& time) {
  if (!time->nullable) return plan;
  TRY(there, call_function(state, "isnotnull", {time}));
  return filtered(plan, there);
}

// The windows of a time begin a slide apart; those that end before it are dropped.
SparkResult<RelationPtr> with_slides(AnalyzerState& state, const RelationPtr& input, const Call& call,
                                     const Attribute& column) {
  const auto& time = call.arguments[0];
  const int64_t width = whole_number(call.arguments[1]);
  const int64_t slide = whole_number(call.arguments[2]);
  if (slide <= 0 || width / slide > slides_max) return fail(unsupported("so many windows for one time"));
  TRY(plan, with_time(state, input, time));
  std::vector<ExpressionPtr> windows;
  for (int64_t back = 0; back < width; back += slide) {
    auto shifted = time;
    if (back > 0) {
      TRY(earlier, call_function(state, "-", {time, interval_constant(back)}));
      shifted = earlier;
    }
    TRY(one, call_function(state, "window", {shifted, call.arguments[1], call.arguments[2], call.arguments[3]}));
    windows.push_back(one);
  }
  TRY(all, call_function(state, "array", std::move(windows)));
  auto output = plan->output;
  output.push_back(column);
  plan =
      make_relation(std::move(output),
                    Generate{.input = plan, .generator = "explode", .arguments = {all}, .outer = false, .generated = {column}});
  const auto end = make_expression(column.type.fields[1].type, true, FieldAccess{reference(column), 1});
  TRY(inside, call_function(state, ">", {end, time}));
  return filtered(plan, inside);
}

// A session ends when nothing happens until its end: neighbours that touch are one.
SparkResult<RelationPtr> with_sessions(AnalyzerState& state, const RelationPtr& input, const Call& call,
                                       const Attribute& column, const std::vector<ExpressionPtr>& keys) {
  const auto& time = call.arguments[0];
  const auto type = time->type;
  TRY(plan, with_time(state, input, time));
  const Attribute start{state.next_id(), "start", type, false, {}, {}};
  plan = with_column(plan, start, time);
  TRY(limit, call_function(state, "+", {time, call.arguments[1]}));
  const Attribute end{state.next_id(), "end", limit->type, limit->nullable, {}, {}};
  plan = with_column(plan, end, limit);
  TRY(lasts, call_function(state, ">", {reference(end), reference(start)}));
  plan = filtered(plan, lasts);

  WindowCall before{.function = "max", .arguments = {reference(end)}};
  before.partition_by = keys;
  before.order_by = {SortOrder{reference(start)}};
  before.frame = FrameType::rows;
  before.upper = {FrameBound::Kind::preceding, integer_constant(1)};
  const Attribute latest{state.next_id(), "latest", end.type, true, {}, {}};
  plan = with_window_column(plan, latest, before);

  TRY(continues, call_function(state, "<=", {reference(start), reference(latest)}));
  CaseWhen begins;
  begins.branches.emplace_back(continues, long_constant(0));
  begins.otherwise = long_constant(1);
  const Attribute first{state.next_id(), "first", types::long_type(), false, {}, {}};
  plan = with_column(plan, first, make_expression(types::long_type(), false, std::move(begins)));

  WindowCall so_far{.function = "sum", .arguments = {reference(first)}};
  so_far.partition_by = keys;
  so_far.order_by = {SortOrder{reference(start)}};
  so_far.frame = FrameType::rows;
  so_far.upper = {FrameBound::Kind::current_row, nullptr};
  const Attribute number{state.next_id(), "number", types::long_type(), true, {}, {}};
  plan = with_window_column(plan, number, so_far);

  std::vector<ExpressionPtr> members;
  for (const auto& [function, source] : {std::pair{"min", start}, std::pair{"max", end}}) {
    WindowCall whole{.function = function, .arguments = {reference(source)}};
    whole.partition_by = keys;
    whole.partition_by.push_back(reference(number));
    whole.frame = FrameType::rows;
    whole.upper = {FrameBound::Kind::unbounded_following, nullptr};
    const Attribute bound{state.next_id(), source.name, type, true, {}, {}};
    plan = with_window_column(plan, bound, whole);
    members.push_back(string_constant(source.name));
    members.push_back(reference(bound));
  }
  TRY(session, call_function(state, "named_struct", std::move(members)));
  plan = with_column(plan, column, session);
  auto kept = input->output;
  kept.push_back(column);
  return project_columns(plan, kept);
}

bool is_equal_window(const ExpressionPtr& left, const ExpressionPtr& right) { return same_expression(left, right); }

}  // namespace

SparkResult<RelationPtr> with_windows(AnalyzerState& state, const RelationPtr& input, const std::vector<Item>& keys,
                                      std::vector<std::vector<Item>*> items) {
  std::vector<ExpressionPtr> windows;
  for (const auto* list : items) {
    for (const auto& item : *list) {
      walk(item.expression, [&](const ExpressionPtr& part) {
        if (!is_window(part)) return true;
        const bool known = std::ranges::any_of(windows, [&](const auto& window) { return is_equal_window(window, part); });
        if (!known) windows.push_back(part);
        return false;
      });
    }
  }
  if (windows.empty()) return input;
  if (windows.size() > 1) return fail(analysis_error("_LEGACY_ERROR_TEMP_1039", {}));
  const auto& window = windows.front();
  const auto& call = std::get<Call>(window->node);
  const Attribute column{state.next_id(), call.function, window->type, false, {}, {}};
  RelationPtr plan;
  if (call.function == "session_window") {
    std::vector<ExpressionPtr> by;
    for (const auto& key : keys)
      if (!is_window(key.expression)) by.push_back(key.expression);
    TRY(sessions, with_sessions(state, input, call, column, by));
    plan = sessions;
  } else if (whole_number(call.arguments[1]) != whole_number(call.arguments[2])) {
    TRY(slides, with_slides(state, input, call, column));
    plan = slides;
  } else {
    TRY(timed, with_time(state, input, call.arguments[0]));
    plan = with_column(timed, column, window);
  }
  const auto replace = [&](const ExpressionPtr& part) -> ExpressionPtr {
    return is_window(part) && is_equal_window(part, window) ? reference(column) : nullptr;
  };
  for (auto* list : items)
    for (auto& item : *list) item.expression = rewrite(item.expression, replace);
  return plan;
}

SparkResult<std::vector<Item>> grouping_windows(AnalyzerState& state, const Scope& scope, const proto::Aggregate& aggregate) {
  std::vector<Item> windows;
  for (const auto& expression : aggregate.grouping_expressions()) {
    const auto& inner = expression.has_alias() ? expression.alias().expr() : expression;
    if (!inner.has_unresolved_function()) continue;
    const auto& name = inner.unresolved_function().function_name();
    if (!equal_names(name, "window", false) && !equal_names(name, "session_window", false)) continue;
    TRY(resolved, resolve_expression(state, scope, inner));
    windows.push_back(Item{resolved, {}, {}});
  }
  return windows;
}

}  // namespace mastic::spark
