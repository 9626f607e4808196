// Literals, references, function calls, and everything that binds tighter than an operator.
#include <charconv>
#include <limits>

#include "spark/sql/grammar.h"
#include "spark/sql/literal.h"

namespace mastic::spark::sql {

using EvalMode = proto::Expression::Cast;

SparkResult<Expression> Grammar::postfix() {
  const std::size_t begin = at_;
  TRY(value, primary());
  // What can fail knows its place, so that the message can show it. In parentheses it has its place already: that without
  // them.
  value = placed(std::move(value), begin);
  for (;;) {
    if (take_symbol("[")) {
      TRY(key, expression());
      TRY_DO(expect_symbol("]"));
      Expression extracted;
      auto* extract = extracted.mutable_unresolved_extract_value();
      *extract->mutable_child() = std::move(value);
      *extract->mutable_extraction() = std::move(key);
      value = placed(std::move(extracted), begin);
    } else if (at_symbol(".") && (peek(1).kind == TokenKind::word || peek(1).kind == TokenKind::quoted)) {
      ++at_;
      TRY(field, name());
      Expression extracted;
      auto* extract = extracted.mutable_unresolved_extract_value();
      *extract->mutable_child() = std::move(value);
      *extract->mutable_extraction() = string_literal(std::move(field));
      value = placed(std::move(extracted), begin);
    } else if (take_symbol("::")) {
      TRY(type, data_type());
      Expression cast;
      *cast.mutable_cast()->mutable_expr() = std::move(value);
      *cast.mutable_cast()->mutable_type() = to_proto(type);
      value = placed(std::move(cast), begin);
    } else if (at_word("COLLATE") && (peek(1).kind == TokenKind::word || peek(1).kind == TokenKind::quoted)) {
      ++at_;
      TRY(parts, identifier());
      std::string collation;
      for (const auto& part : parts) collation += (collation.empty() ? "" : ".") + part;
      std::vector<Expression> arguments;
      arguments.push_back(std::move(value));
      arguments.push_back(string_literal(std::move(collation)));
      value = placed(call("collate", std::move(arguments)), begin);
    } else {
      return value;
    }
  }
}

SparkResult<Expression> Grammar::primary() {
  const Token& token = peek();
  switch (token.kind) {
    case TokenKind::integer:
    case TokenKind::decimal:
    case TokenKind::real: return number_literal(false);
    case TokenKind::string: {
      TRY(text, string_text());
      return string_literal(std::move(text));
    }
    case TokenKind::parameter: return parameter();
    case TokenKind::symbol:
      if (at_symbol("(")) return parenthesized();
      if (take_symbol("*")) return star("");
      return fail(error_here());
    case TokenKind::word: {
      TRY(form, special_form());
      if (form) return std::move(*form);
      break;
    }
    case TokenKind::quoted: break;
    default: return fail(error_here());
  }
  std::vector<std::string> parts;
  if (at_word("IDENTIFIER") && at_symbol("(", 1)) {  // IDENTIFIER('t.' || :c): a name that a constant spells
    at_ += 2;
    TRY(text, constant_text());
    TRY_DO(expect_symbol(")"));
    TRY(named, parse_identifier(text));
    parts = std::move(named);
  } else {
    TRY(first, name());
    parts.push_back(std::move(first));
  }
  while (at_symbol(".")) {
    if (at_symbol("*", 1)) {
      at_ += 2;
      std::string target;
      for (const auto& part : parts) target += quote_if_needed(part) + ".";
      return star(target + "*");
    }
    if (peek(1).kind != TokenKind::word && peek(1).kind != TokenKind::quoted) break;
    ++at_;
    TRY(part, name());
    parts.push_back(std::move(part));
  }
  if (at_symbol("(")) {
    std::string function_name;
    for (const auto& part : parts) function_name += (function_name.empty() ? "" : ".") + part;
    return function_call(std::move(function_name));
  }
  for (const auto& variable : lambda_variables_) {
    if (!equal_ignoring_case(variable, parts.front())) continue;
    Expression reference;
    for (auto& part : parts) reference.mutable_unresolved_named_lambda_variable()->add_name_parts(std::move(part));
    return reference;
  }
  return attribute(parts);
}

SparkResult<Expression> Grammar::number_literal(bool negative) {
  const Token& token = peek();
  auto literal = make_number(token, negative);
  if (!literal) return fail(locate(std::move(literal).error(), text_, token.begin, token.end));
  ++at_;
  return literal;
}

SparkResult<Expression> Grammar::parameter() {
  const Token token = tokens_[at_++];
  if (token.text.empty()) {
    if (positional_ < parameters_.positional.size()) return parameters_.positional[positional_++];
    return fail(locate(parse_error("UNBOUND_SQL_PARAMETER", {{"name", "_" + std::to_string(token.begin)}}), text_, token.begin,
                       token.end));
  }
  if (const auto found = parameters_.named.find(token.text); found != parameters_.named.end()) return found->second;
  return fail(locate(parse_error("UNBOUND_SQL_PARAMETER", {{"name", token.text}}), text_, token.begin, token.end));
}

SparkResult<Expression> Grammar::parenthesized() {
  TRY_DO(expect_symbol("("));
  if (at_any_word({"SELECT", "WITH", "FROM", "VALUES", "TABLE"})) {
    TRY(scalar, subquery(proto::SubqueryExpression::SUBQUERY_TYPE_SCALAR));
    TRY_DO(expect_symbol(")"));
    return scalar;
  }
  std::vector<Expression> items;
  do {
    TRY(item, named_expression());
    items.push_back(std::move(item));
  } while (take_symbol(","));
  TRY_DO(expect_symbol(")"));
  if (items.size() == 1) return std::move(items.front());
  return call("struct", std::move(items));  // (a, b) is a row constructor
}

SparkResult<Expression> Grammar::star(std::string target) {
  Expression everything;
  auto* unresolved = everything.mutable_unresolved_star();
  if (!target.empty()) unresolved->set_unparsed_target(target);
  if (!at_any_word({"EXCEPT"}) || !at_symbol("(", 1)) return everything;
  ++at_;
  TRY_DO(expect_symbol("("));
  std::vector<Expression> arguments;
  arguments.push_back(std::move(everything));
  do {
    TRY(parts, identifier());
    arguments.push_back(attribute(parts));
  } while (take_symbol(","));
  TRY_DO(expect_symbol(")"));
  return call("star_except", std::move(arguments));
}

SparkResult<Expression> Grammar::subquery(proto::SubqueryExpression::SubqueryType type) {
  TRY(plan, query());
  Expression expression;
  auto* reference = expression.mutable_subquery_expression();
  const int64_t id = next_plan_id_--;
  reference->set_plan_id(id);
  reference->set_subquery_type(type);
  plan.mutable_common()->set_plan_id(id);
  pending_subqueries_.push_back(std::move(plan));
  return expression;
}

SparkResult<std::optional<std::vector<std::string>>> Grammar::lambda_head() {
  std::vector<std::string> names;
  if ((peek().kind == TokenKind::word || peek().kind == TokenKind::quoted) && at_symbol("->", 1)) {
    names.push_back(peek().text);
    at_ += 2;
    return names;
  }
  if (!at_symbol("(")) return std::nullopt;
  std::size_t ahead = 1;
  for (;; ahead += 2) {
    if (peek(ahead).kind != TokenKind::word && peek(ahead).kind != TokenKind::quoted) return std::nullopt;
    names.push_back(peek(ahead).text);
    if (at_symbol(")", ahead + 1)) break;
    if (!at_symbol(",", ahead + 1)) return std::nullopt;
  }
  if (!at_symbol("->", ahead + 2)) return std::nullopt;
  at_ += ahead + 3;
  return names;
}

SparkResult<Expression> Grammar::lambda(std::vector<std::string> parameters) {
  const std::size_t outer = lambda_variables_.size();
  lambda_variables_.insert(lambda_variables_.end(), parameters.begin(), parameters.end());
  auto body = expression();
  lambda_variables_.resize(outer);
  if (!body) return body;
  Expression result;
  auto* function = result.mutable_lambda_function();
  *function->mutable_function() = std::move(*body);
  for (auto& parameter : parameters) function->add_arguments()->add_name_parts(std::move(parameter));
  return result;
}

SparkResult<Expression> Grammar::case_expression() {
  std::optional<Expression> subject;
  if (!at_word("WHEN")) {
    TRY(value, expression());
    subject = std::move(value);
  }
  std::vector<Expression> arguments;
  while (take_word("WHEN")) {
    TRY(condition, expression());
    if (subject) {
      std::vector<Expression> operands;
      operands.push_back(*subject);
      operands.push_back(std::move(condition));
      arguments.push_back(call("=", std::move(operands)));
    } else {
      arguments.push_back(std::move(condition));
    }
    TRY_DO(expect_word("THEN"));
    TRY(value, expression());
    arguments.push_back(std::move(value));
  }
  if (arguments.empty()) return fail(error_here());
  if (take_word("ELSE")) {
    TRY(otherwise, expression());
    arguments.push_back(std::move(otherwise));
  }
  TRY_DO(expect_word("END"));
  return call("when", std::move(arguments));
}

SparkResult<Expression> Grammar::cast_expression(EvalMode::EvalMode mode) {
  TRY_DO(expect_symbol("("));
  TRY(value, expression());
  TRY_DO(expect_word("AS"));
  TRY(type, data_type());
  TRY_DO(expect_symbol(")"));
  Expression result;
  auto* cast = result.mutable_cast();
  *cast->mutable_expr() = std::move(value);
  *cast->mutable_type() = to_proto(type);
  if (mode != EvalMode::EVAL_MODE_UNSPECIFIED) cast->set_eval_mode(mode);
  return result;
}

}  // namespace mastic::spark::sql
