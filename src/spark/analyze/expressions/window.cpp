// function OVER (…): the specification, default frames and Spark's checks.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "spark/analyze/expression_text.h"
#include "spark/analyze/expressions/resolver.h"
#include "spark/analyze/rewrite.h"
#include "spark/functions/coercion.h"

namespace mastic::spark {
namespace {

using Boundary = proto::Expression::Window::WindowFrame::FrameBoundary;

bool ranks(std::string_view function) {
  static constexpr std::array<std::string_view, 6> names{"row_number",   "rank",      "dense_rank",
                                                         "percent_rank", "cume_dist", "ntile"};
  return std::ranges::find(names, function) != names.end();
}
bool shifts(std::string_view function) { return function == "lag" || function == "lead"; }

SparkError needs_order(const WindowCall& call) {
  const auto text = text_of(Expression{{}, true, Call{call.function, call.arguments}});
  return analysis_error("WINDOW_FUNCTION_FRAME_NOT_ORDERED", {{"wf_name", call.function}, {"wf_expr", text}});
}

const int64_t* constant_integer(const ExpressionPtr& expression) {
  const Expression* value = expression.get();
  while (const auto* cast = std::get_if<Cast>(&value->node)) value = cast->child.get();
  const auto* literal = std::get_if<Literal>(&value->node);
  return literal != nullptr ? std::get_if<int64_t>(&literal->value) : nullptr;
}

// ntile's buckets, nth_value's offset, lag's and lead's: constants, and positive where that matters.
SparkResult<void> check_constants(const WindowCall& call) {
  const auto shown = [&] { return quoted_text(Expression{{}, true, Call{call.function, call.arguments}}); };
  const auto positive = [&](const ExpressionPtr& argument, std::string_view name, std::string_view most,
                            std::string_view suffix) -> SparkResult<void> {
    const auto* number = constant_integer(argument);
    if (number == nullptr)
      return fail(analysis_error("DATATYPE_MISMATCH.NON_FOLDABLE_INPUT", {{"sqlExpr", shown()},
                                                                          {"inputName", quoted_name(name)},
                                                                          {"inputType", quoted_type(argument->type)},
                                                                          {"inputExpr", quoted_text(*argument)}}));
    if (*number <= 0)
      return fail(
          analysis_error("DATATYPE_MISMATCH.VALUE_OUT_OF_RANGE", {{"sqlExpr", shown()},
                                                                  {"exprName", std::string(name)},
                                                                  {"valueRange", fmt::format("(0, {}]", most)},
                                                                  {"currentValue", fmt::format("{}{}", *number, suffix)}}));
    return {};
  };
  if (call.function == "ntile" && !call.arguments.empty()) return positive(call.arguments[0], "buckets", "2147483647", "");
  if (call.function == "nth_value" && call.arguments.size() > 1)
    return positive(call.arguments[1], "offset", "9223372036854775807", "L");
  if (shifts(call.function) && call.arguments.size() > 1 && !is_foldable(call.arguments[1]))
    return fail(analysis_error("_LEGACY_ERROR_TEMP_1035", {{"prettyName", call.function}}));
  return {};
}

}  // namespace

SparkResult<SortOrder> ExpressionResolver::sort_order(const proto::Expression::SortOrder& order) {
  TRY(child, resolve(order.child()));
  SortOrder result{child};
  result.ascending = order.direction() != proto::Expression::SortOrder::SORT_DIRECTION_DESCENDING;
  result.nulls_first = order.null_ordering() == proto::Expression::SortOrder::SORT_NULLS_UNSPECIFIED
                           ? result.ascending
                           : order.null_ordering() == proto::Expression::SortOrder::SORT_NULLS_FIRST;
  if (!is_orderable(child->type))
    return fail(analysis_error(
        "DATATYPE_MISMATCH.INVALID_ORDERING_TYPE",
        {{"sqlExpr", quoted_text(*child)}, {"functionName", "`sortorder`"}, {"dataType", quoted_type(child->type)}}));
  return result;
}

SparkResult<ExpressionPtr> ExpressionResolver::window(const proto::Expression::Window& window) {
  ++window_depth_;
  auto resolved = window_call(window);
  --window_depth_;
  return resolved;
}

SparkResult<ExpressionPtr> ExpressionResolver::window_call(const proto::Expression::Window& window) {
  before_over_ = true;
  auto function = resolve(window.window_function());
  before_over_ = false;
  if (!function) return function;

  WindowCall call;
  if (const auto* aggregate = std::get_if<AggregateCall>(&(*function)->node)) {
    call.function = aggregate->function;
    call.arguments = aggregate->arguments;
    call.distinct = aggregate->distinct;
    call.ignore_nulls = aggregate->ignore_nulls;
    call.filter = aggregate->filter;
    call.spelled = aggregate->spelled;
    call.python = aggregate->python;
  } else if (const auto* own = std::get_if<WindowCall>(&(*function)->node)) {
    call = *own;
  } else {
    return fail(analysis_error("UNSUPPORTED_EXPR_FOR_WINDOW", {{"sqlExpr", quoted_text(**function)}}));
  }

  for (const auto& key : window.partition_spec()) {
    TRY(value, resolve(key));
    call.partition_by.push_back(value);
  }
  for (const auto& item : window.order_spec()) {
    TRY(order, sort_order(item));
    call.order_by.push_back(order);
  }
  if ((ranks(call.function) || shifts(call.function)) && call.order_by.empty()) return fail(needs_order(call));
  TRY_DO(check_constants(call));

  const auto bound = [&](const Boundary& boundary, bool is_lower) -> SparkResult<FrameBound> {
    FrameBound result;
    if (boundary.unbounded()) {
      result.kind = is_lower ? FrameBound::Kind::unbounded_preceding : FrameBound::Kind::unbounded_following;
    } else if (boundary.has_value()) {
      TRY(value, resolve(boundary.value()));
      const auto* literal = std::get_if<Literal>(&value->node);
      const auto* number = literal != nullptr ? std::get_if<int64_t>(&literal->value) : nullptr;
      const auto* negated = std::get_if<Call>(&value->node);
      if (number != nullptr && *number == 0) {
        result.kind = FrameBound::Kind::current_row;
      } else if (number != nullptr) {
        result.kind = *number < 0 ? FrameBound::Kind::preceding : FrameBound::Kind::following;
        result.offset = make_expression(value->type, false, Literal{*number < 0 ? -*number : *number});
      } else if (negated != nullptr && negated->function == "negative") {
        result.kind = FrameBound::Kind::preceding;
        result.offset = negated->arguments[0];
      } else if (is_foldable(value)) {
        result.kind = FrameBound::Kind::following;
        result.offset = value;
      } else {
        return fail(analysis_error("DATATYPE_MISMATCH.SPECIFIED_WINDOW_FRAME_WITHOUT_FOLDABLE",
                                   {{"sqlExpr", quoted_text(*value)},
                                    {"location", is_lower ? "lower" : "upper"},
                                    {"expression", quoted_text(*value)}}));
      }
    } else {
      result.kind = FrameBound::Kind::current_row;
    }
    return result;
  };

  if (ranks(call.function)) {
    call.frame = FrameType::rows;
    call.lower.kind = FrameBound::Kind::unbounded_preceding;
    call.upper.kind = FrameBound::Kind::current_row;
  } else if (window.has_frame_spec() && !shifts(call.function)) {
    const auto& frame = window.frame_spec();
    call.frame =
        frame.frame_type() == proto::Expression::Window::WindowFrame::FRAME_TYPE_ROW ? FrameType::rows : FrameType::range;
    TRY(lower, bound(frame.lower(), true));
    TRY(upper, bound(frame.upper(), false));
    call.lower = lower;
    call.upper = upper;
    const bool offsets = lower.offset || upper.offset;
    if (call.frame == FrameType::range && offsets && call.order_by.size() != 1)
      return fail(analysis_error(
          call.order_by.empty() ? "DATATYPE_MISMATCH.RANGE_FRAME_WITHOUT_ORDER" : "DATATYPE_MISMATCH.RANGE_FRAME_MULTI_ORDER",
          {{"sqlExpr", quoted_text(**function)}, {"orderSpec", ""}}));
    if (call.frame == FrameType::range && offsets) {
      const auto& type = call.order_by.front().child->type;
      for (auto* side : {&call.lower, &call.upper})
        if (side->offset && type.is_numeric() && side->offset->type.is_numeric())
          side->offset = cast_to(state_, side->offset, type);
    }
  } else if (call.order_by.empty() || shifts(call.function)) {
    call.frame = FrameType::rows;
    call.lower.kind = FrameBound::Kind::unbounded_preceding;
    call.upper.kind = FrameBound::Kind::unbounded_following;
  } else {
    call.frame = FrameType::range;
    call.lower.kind = FrameBound::Kind::unbounded_preceding;
    call.upper.kind = FrameBound::Kind::current_row;
  }
  const bool distinct = call.distinct;
  auto result = make_expression((*function)->type, (*function)->nullable, std::move(call));
  if (distinct) return fail(analysis_error("DISTINCT_WINDOW_FUNCTION_UNSUPPORTED", {{"windowExpr", quoted_text(*result)}}));
  return result;
}

}  // namespace mastic::spark
