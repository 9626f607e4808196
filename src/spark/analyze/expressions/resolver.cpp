#include "spark/analyze/expressions/resolver.h"

#include "base/stack.h"
#include "spark/analyze/expression_text.h"
#include "spark/analyze/rewrite.h"
#include "spark/functions/coercion.h"
#include "spark/plan/sql_place.h"
#include "spark/sql/parser.h"

namespace mastic::spark {
SparkError located(SparkError error, const proto::Expression& expression) {
  if (!error.contexts.empty()) return error;
  if (expression.common().origin().has_jvm_origin()) return placed_in_sql(std::move(error), expression.common().origin());
  if (!expression.common().origin().has_python_origin()) return error;
  const auto& origin = expression.common().origin().python_origin();
  QueryContext context;
  context.fragment = origin.fragment();
  context.call_site = origin.call_site();
  context.is_dataframe = true;
  error.contexts.push_back(std::move(context));
  return error;
}

SparkResult<ExpressionPtr> ExpressionResolver::resolve(const proto::Expression& expression) {
  // What works on the result goes as deep again.
  if (stack_is_low()) return fail(unsupported("so deeply nested an expression"));
  auto resolved = resolve_kind(expression);
  if (!resolved) return fail(located(std::move(resolved).error(), expression));
  return resolved;
}

SparkResult<ExpressionPtr> ExpressionResolver::resolve_kind(const proto::Expression& expression) {
  using Kind = proto::Expression::ExprTypeCase;
  switch (expression.expr_type_case()) {
    case Kind::kLiteral: return resolve_literal(state_, expression.literal());
    case Kind::kUnresolvedAttribute: {
      TRY(named, attribute(expression.unresolved_attribute()));
      return named.expression;
    }
    case Kind::kUnresolvedFunction: {
      const auto& call = expression.unresolved_function();
      return function(call.function_name(), call.arguments(), call.is_distinct());
    }
    case Kind::kCallFunction: {
      TRY(parts, split_name(expression.call_function().function_name()));
      return function(parts.back(), expression.call_function().arguments(), false);
    }
    case Kind::kExpressionString: {
      const auto& text = expression.expression_string().expression();
      TRY(parsed, sql::parse_expression(text));
      auto resolved = resolve(parsed);
      if (!resolved) return fail(in_sql_text(std::move(resolved).error(), text));
      return resolved;
    }
    case Kind::kAlias: return resolve(expression.alias().expr());
    case Kind::kCast: {
      const auto& cast = expression.cast();
      TRY(child, resolve(cast.expr()));
      auto type = cast.has_type_str() ? sql::parse_data_type(cast.type_str()) : resolve_type(cast.type());
      if (!type) return fail(std::move(type).error());
      std::optional<EvalMode> mode;
      if (cast.eval_mode() == proto::Expression::Cast::EVAL_MODE_LEGACY) mode = EvalMode::legacy;
      if (cast.eval_mode() == proto::Expression::Cast::EVAL_MODE_ANSI) mode = EvalMode::ansi;
      if (cast.eval_mode() == proto::Expression::Cast::EVAL_MODE_TRY) mode = EvalMode::try_;
      return explicit_cast(state_, child, *type, mode);
    }
    case Kind::kWindow: return window(expression.window());
    case Kind::kSortOrder: return resolve(expression.sort_order().child());
    case Kind::kUnresolvedExtractValue: {
      TRY(child, resolve(expression.unresolved_extract_value().child()));
      TRY(extraction, resolve(expression.unresolved_extract_value().extraction()));
      return extract_value(state_, child, extraction);
    }
    case Kind::kUpdateFields: return update_fields(expression.update_fields());
    case Kind::kUnresolvedNamedLambdaVariable: {
      const auto& parts = expression.unresolved_named_lambda_variable().name_parts();
      for (auto variable = variables_.rbegin(); variable != variables_.rend(); ++variable) {
        if (!equal_names(variable->name, parts.Get(0), state_.case_sensitive)) continue;
        auto value = variable->expression;
        for (int i = 1; i < parts.size(); ++i) {
          TRY(field, extract_value(state_, value, string_constant(parts.Get(i))));
          value = field;
        }
        return value;
      }
      return fail(unresolved_column({parts.begin(), parts.end()}, scope_.columns));
    }
    case Kind::kCommonInlineUserDefinedFunction:
      return user_function(expression.common_inline_user_defined_function(),
                           expression.common_inline_user_defined_function().arguments());
    case Kind::kSubqueryExpression: return subquery(expression.subquery_expression());
    case Kind::kNamedArgumentExpression: return resolve(expression.named_argument_expression().value());
    case Kind::kUnresolvedStar:
    case Kind::kUnresolvedRegex:
      return fail(analysis_error("INVALID_USAGE_OF_STAR_OR_REGEX", {{"elem", "'*'"}, {"prettyName", "expression"}}));
    case Kind::kLambdaFunction:
      return fail(analysis_error("INVALID_LAMBDA_FUNCTION_CALL.NON_HIGHER_ORDER_FUNCTION", {{"class", "expression"}}));
    default: return fail(unsupported("this kind of expression: " + expression.ShortDebugString().substr(0, 80)));
  }
}

SparkResult<std::vector<Item>> ExpressionResolver::items(const proto::Expression& expression) {
  using Kind = proto::Expression::ExprTypeCase;
  const auto fail_here = [&](SparkError error) { return fail(located(std::move(error), expression)); };
  switch (expression.expr_type_case()) {
    case Kind::kUnresolvedStar: {
      auto found = star(expression.unresolved_star());
      if (!found) return fail_here(std::move(found).error());
      return found;
    }
    case Kind::kUnresolvedRegex: return matching_columns(expression.unresolved_regex());
    case Kind::kExpressionString: {
      TRY(parsed, sql::parse_expression(expression.expression_string().expression()));
      return items(parsed);
    }
    case Kind::kAlias: {
      const auto& alias = expression.alias();
      TRY(resolved, resolve(alias.expr()));
      Item item{resolved, {alias.name().begin(), alias.name().end()}, alias.metadata()};
      item.explicit_name = true;
      return std::vector{std::move(item)};
    }
    case Kind::kUnresolvedAttribute: {
      auto named = attribute(expression.unresolved_attribute());
      if (!named) return fail_here(std::move(named).error());
      Item item{named->expression, {named->name}, {}};
      if (named->column != nullptr) {
        item.metadata_json = named->column->metadata_json;
        item.qualifier = named->column->qualifier;
      }
      return std::vector{std::move(item)};
    }
    case Kind::kUnresolvedFunction:
      if (expression.unresolved_function().function_name() == "star_except")
        return star_except(expression.unresolved_function());
      break;
    case Kind::kCast: {
      // A cast of a plain column keeps the column's name.
      TRY(resolved, resolve(expression));
      const auto& child = expression.cast().expr();
      const auto* cast = std::get_if<Cast>(&resolved->node);
      if (child.has_unresolved_attribute() && (cast == nullptr || std::holds_alternative<ColumnReference>(cast->child->node))) {
        TRY(named, attribute(child.unresolved_attribute()));
        return std::vector{Item{resolved, {named.name}, {}}};
      }
      if (child.has_alias() && child.alias().name_size() == 1) return std::vector{Item{resolved, {child.alias().name(0)}, {}}};
      return std::vector{Item{resolved, {}, {}}};
    }
    case Kind::kNamedArgumentExpression: return items(expression.named_argument_expression().value());
    default: break;
  }
  TRY(resolved, resolve(expression));
  return std::vector{Item{resolved, {}, {}}};
}

SparkResult<ExpressionPtr> resolve_expression(AnalyzerState& state, const Scope& scope, const proto::Expression& expression) {
  return ExpressionResolver(state, scope).resolve(expression);
}

SparkResult<ExpressionPtr> resolve_condition(AnalyzerState& state, const Scope& scope, const proto::Expression& expression) {
  TRY(condition, resolve_expression(state, scope, expression));
  if (condition->type.is(TypeKind::null_)) return cast_to(state, condition, types::boolean());
  if (!condition->type.is(TypeKind::boolean))
    return fail(analysis_error(
        "DATATYPE_MISMATCH.FILTER_NOT_BOOLEAN",
        {{"sqlExpr", quoted_text(*condition)}, {"filter", quoted_text(*condition)}, {"type", quoted_type(condition->type)}}));
  return condition;
}

SparkResult<std::vector<Item>> resolve_items(AnalyzerState& state, const Scope& scope, const proto::Expression& expression) {
  return ExpressionResolver(state, scope).items(expression);
}

namespace {

// Later items may use this one by its alias.
void remember(AnalyzerState& state, std::vector<LateralAlias>& laterals, const Item& item) {
  if (!item.explicit_name || item.names.size() != 1) return;
  if (const auto* call = std::get_if<Call>(&item.expression->node)) {
    const auto* row = find_function(call->function);
    if (row != nullptr && row->kind == FunctionKind::generator) return;
  }
  for (auto& known : laterals) {
    if (!equal_names(known.name, item.names[0], false)) continue;
    ++known.count;
    return;
  }
  laterals.push_back({item.names[0], state.next_id(), item.expression});
}

// Aliases of earlier items become their expressions; what may differ from one evaluation to the next is computed once.
void replace_laterals(std::vector<LateralAlias>& laterals, std::vector<Item>& before, Item& item) {
  bool used = false;
  auto replaced = rewrite(item.expression, [&](const ExpressionPtr& node) -> ExpressionPtr {
    const auto* column = std::get_if<ColumnReference>(&node->node);
    if (column == nullptr) return nullptr;
    for (const auto& alias : laterals) {
      if (alias.placeholder != column->id) continue;
      used = true;
      if (is_deterministic(alias.expression)) return alias.expression;
      for (auto& earlier : before)
        if (earlier.explicit_name && equal_names(earlier.names[0], alias.name, false)) earlier.computed_as = alias.placeholder;
      return node;
    }
    return nullptr;
  });
  if (!used) return;
  if (item.names.empty()) item.names = {text_of(*item.expression)};
  item.expression = std::move(replaced);
}

}  // namespace

SparkResult<std::vector<Item>> resolve_items(AnalyzerState& state, const Scope& scope,
                                             const google::protobuf::RepeatedPtrField<proto::Expression>& expressions) {
  std::vector<LateralAlias> laterals;
  Scope with_aliases = scope;
  if (state.setting("spark.sql.lateralColumnAlias.enableImplicitResolution", true)) with_aliases.laterals = &laterals;
  std::vector<Item> all;
  for (const auto& expression : expressions) {
    TRY(items, resolve_items(state, with_aliases, expression));
    for (auto& item : items) {
      replace_laterals(laterals, all, item);
      remember(state, laterals, item);
      all.push_back(std::move(item));
    }
  }
  return all;
}

SparkResult<SortOrder> resolve_sort_order(AnalyzerState& state, const Scope& scope, const proto::Expression::SortOrder& order) {
  return ExpressionResolver(state, scope).sort_order(order);
}

}  // namespace mastic::spark
