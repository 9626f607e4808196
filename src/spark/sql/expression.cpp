// Operators, from the lowest precedence to the highest (Spark's SqlBaseParser.g4, rules booleanExpression and
// valueExpression):
//
//   OR · AND · NOT · [NOT] BETWEEN IN LIKE RLIKE IS · = <=> <> < <= > >= · | · ^ · & · + - || · * / % DIV · - + ~
#include "spark/sql/grammar.h"

namespace mastic::spark::sql {
namespace {

using SortOrder = Expression::SortOrder;

// A balanced tree of a long AND or OR chain keeps what reads the plan shallow.
Expression balanced(std::string_view function, std::vector<Expression>& parts, std::size_t begin, std::size_t end) {
  if (end - begin == 1) return std::move(parts[begin]);
  // Short chains keep Spark's left-to-right shape, which generated column names show.
  const std::size_t middle = end - begin <= 16 ? end - 1 : begin + (end - begin) / 2;
  auto left = balanced(function, parts, begin, middle);
  auto right = balanced(function, parts, middle, end);
  std::vector<Expression> arguments;
  arguments.push_back(std::move(left));
  arguments.push_back(std::move(right));
  return call(function, std::move(arguments));
}

Expression binary(std::string_view function, Expression left, Expression right) {
  std::vector<Expression> arguments;
  arguments.push_back(std::move(left));
  arguments.push_back(std::move(right));
  return call(function, std::move(arguments));
}

Expression one(std::string_view function, Expression argument) {
  std::vector<Expression> arguments;
  arguments.push_back(std::move(argument));
  return call(function, std::move(arguments));
}

}  // namespace

SparkResult<Expression> Grammar::named_expression() {
  TRY(value, expression());
  std::vector<std::string> names;
  if (take_word("AS")) {
    if (at_symbol("(")) {
      TRY(list, name_list());
      names = std::move(list);
    } else {
      TRY(alias, name());
      names.push_back(std::move(alias));
    }
  } else if (at_alias()) {
    TRY(alias, name());
    names.push_back(std::move(alias));
  } else if (at_symbol("(") && value.has_unresolved_function()) {  // explode(m) (k, v)
    TRY(list, name_list());
    names = std::move(list);
  }
  if (names.empty()) return value;
  Expression aliased;
  auto* alias = aliased.mutable_alias();
  *alias->mutable_expr() = std::move(value);
  for (auto& text : names) alias->add_name(std::move(text));
  return aliased;
}

SparkResult<Expression> Grammar::expression() {
  const DepthGuard guard(*this);
  TRY_DO(enter());
  TRY(parameters, lambda_head());
  if (parameters) return lambda(std::move(*parameters));
  return disjunction();
}

SparkResult<Expression> Grammar::disjunction() {
  const std::size_t begin = at_;
  std::vector<Expression> parts;
  do {
    TRY(part, conjunction());
    parts.push_back(std::move(part));
  } while (take_word("OR"));
  return placed(balanced("or", parts, 0, parts.size()), begin);
}

SparkResult<Expression> Grammar::conjunction() {
  const std::size_t begin = at_;
  std::vector<Expression> parts;
  do {
    TRY(part, negation());
    parts.push_back(std::move(part));
  } while (take_word("AND"));
  return placed(balanced("and", parts, 0, parts.size()), begin);
}

SparkResult<Expression> Grammar::negation() {
  if (!at_word("NOT") && !at_symbol("!")) return predicate();
  const std::size_t begin = at_++;
  const DepthGuard guard(*this);
  TRY_DO(enter());
  TRY(operand, negation());
  return placed(one("not", std::move(operand)), begin);
}

SparkResult<Expression> Grammar::predicate() {
  if (at_word("EXISTS") && at_symbol("(", 1) && at_any_word({"SELECT", "WITH", "FROM", "VALUES", "TABLE"}, 2)) {
    at_ += 2;
    TRY(exists, subquery(proto::SubqueryExpression::SUBQUERY_TYPE_EXISTS));
    TRY_DO(expect_symbol(")"));
    return exists;
  }
  TRY(value, comparison());
  for (;;) {
    const std::size_t begin = at_;
    const bool negated = at_any_word({"NOT"}) && at_any_word({"BETWEEN", "IN", "LIKE", "ILIKE", "RLIKE", "REGEXP"}, 1);
    if (negated) ++at_;
    if (!at_any_word({"BETWEEN", "IN", "LIKE", "ILIKE", "RLIKE", "REGEXP", "IS"})) return value;
    TRY(next, predicate_tail(std::move(value), negated));
    value = placed(std::move(next), begin);
    if (value.has_unresolved_function() && value.unresolved_function().function_name() == "not")
      *value.mutable_unresolved_function()->mutable_arguments(0)->mutable_common() = value.common();
  }
}

SparkResult<Expression> Grammar::predicate_tail(Expression left, bool negated) {
  Expression result;
  if (take_word("BETWEEN")) {
    TRY(low, comparison());
    TRY_DO(expect_word("AND"));
    TRY(high, comparison());
    std::vector<Expression> arguments;
    for (auto* part : {&left, &low, &high}) arguments.push_back(std::move(*part));
    result = call("between", std::move(arguments));
  } else if (take_word("IN")) {
    TRY(in, in_tail(std::move(left)));
    result = std::move(in);
  } else if (take_word("LIKE")) {
    TRY(like, like_tail(std::move(left), "like"));
    result = std::move(like);
  } else if (take_word("ILIKE")) {
    TRY(like, like_tail(std::move(left), "ilike"));
    result = std::move(like);
  } else if (take_word("RLIKE") || take_word("REGEXP")) {
    TRY(pattern, comparison());
    result = binary("rlike", std::move(left), std::move(pattern));
  } else {
    TRY_DO(expect_word("IS"));
    const bool is_not = take_word("NOT");
    if (take_word("NULL")) return one(is_not ? "isnotnull" : "isnull", std::move(left));
    if (take_word("TRUE")) {
      Expression truth;
      truth.mutable_literal()->set_boolean(true);
      result = binary("<=>", std::move(left), std::move(truth));
    } else if (take_word("FALSE")) {
      Expression truth;
      truth.mutable_literal()->set_boolean(false);
      result = binary("<=>", std::move(left), std::move(truth));
    } else if (take_word("UNKNOWN")) {
      return one(is_not ? "isnotnull" : "isnull", std::move(left));
    } else {
      TRY_DO(expect_word("DISTINCT"));
      TRY_DO(expect_word("FROM"));
      TRY(right, comparison());
      result = binary("<=>", std::move(left), std::move(right));
      if (!is_not) result = one("not", std::move(result));
      return result;
    }
    if (is_not) result = one("not", std::move(result));
    return result;
  }
  // NOT LIKE ANY is one operation, not the negation of LIKE ANY: it holds when any pattern does not match.
  if (negated && result.has_unresolved_function() && result.unresolved_function().function_name().starts_with("like") &&
      result.unresolved_function().function_name() != "like") {
    auto* function = result.mutable_unresolved_function();
    function->set_function_name("not" + function->function_name());
    return result;
  }
  return negated ? one("not", std::move(result)) : std::move(result);
}

SparkResult<Expression> Grammar::in_tail(Expression left) {
  TRY_DO(expect_symbol("("));
  if (at_any_word({"SELECT", "WITH", "FROM", "VALUES"})) {
    TRY(in, subquery(proto::SubqueryExpression::SUBQUERY_TYPE_IN));
    // (a, b) IN (SELECT …) compares column by column.
    auto* values = in.mutable_subquery_expression()->mutable_in_subquery_values();
    if (left.has_unresolved_function() && left.unresolved_function().function_name() == "struct") {
      for (auto& part : *left.mutable_unresolved_function()->mutable_arguments()) *values->Add() = std::move(part);
    } else {
      *values->Add() = std::move(left);
    }
    TRY_DO(expect_symbol(")"));
    return in;
  }
  TRY(items, expression_list());
  TRY_DO(expect_symbol(")"));
  items.insert(items.begin(), std::move(left));
  return call("in", std::move(items));
}

SparkResult<Expression> Grammar::like_tail(Expression left, std::string_view function) {
  if (at_any_word({"ANY", "SOME", "ALL"}) && at_symbol("(", 1)) {
    const std::string_view connective = at_word("ALL") ? "and" : "or";
    at_ += 2;
    TRY(patterns, expression_list());
    TRY_DO(expect_symbol(")"));
    // LikeAny and LikeAll: what stands behind the marks is their canonical name's last argument list.
    const std::string name = std::string(connective == "and" ? "likeall" : "likeany");
    if (function == "ilike") {
      left = one("lower", std::move(left));
      for (auto& pattern : patterns) pattern = one("lower", std::move(pattern));
    }
    patterns.insert(patterns.begin(), std::move(left));
    return call(name, std::move(patterns));
  }
  std::vector<Expression> arguments;
  arguments.push_back(std::move(left));
  TRY(pattern, comparison());
  arguments.push_back(std::move(pattern));
  if (take_word("ESCAPE")) {
    TRY(escape, string_text());
    arguments.push_back(string_literal(std::move(escape)));
  }
  return call(function, std::move(arguments));
}

SparkResult<Expression> Grammar::comparison() {
  const std::size_t begin = at_;
  TRY(left, bitwise(0));
  for (;;) {
    if (at_symbol("<>") || at_symbol("!=")) {
      ++at_;
      TRY(right, bitwise(0));
      left = placed(one("not", placed(binary("=", std::move(left), std::move(right)), begin)), begin);
      continue;
    }
    std::string operation;
    for (const std::string_view symbol : {"=", "==", "<=>", "<=", ">=", "<", ">"})
      if (at_symbol(symbol)) operation = symbol == "==" ? "=" : symbol;
    if (operation.empty()) return left;
    ++at_;
    TRY(right, bitwise(0));
    left = placed(binary(operation, std::move(left), std::move(right)), begin);
  }
}

SparkResult<Expression> Grammar::bitwise(int level) {
  static constexpr std::string_view operators[] = {"|", "^", "&"};
  const std::size_t begin = at_;
  if (level == 3) {  // shifts bind tighter than &, as in Java
    TRY(left, additive());
    for (;;) {
      const bool right_shift = at_symbol(">") && at_symbol(">", 1) && peek().end == peek(1).begin;
      if (!right_shift && !at_symbol("<<")) return left;
      const bool is_unsigned = right_shift && at_symbol(">", 2) && peek(1).end == peek(2).begin;
      at_ += is_unsigned ? 3 : right_shift ? 2 : 1;
      TRY(right, additive());
      left = placed(binary(is_unsigned ? ">>>" : right_shift ? ">>" : "<<", std::move(left), std::move(right)), begin);
    }
  }
  TRY(left, bitwise(level + 1));
  while (take_symbol(operators[level])) {
    TRY(right, bitwise(level + 1));
    left = placed(binary(operators[level], std::move(left), std::move(right)), begin);
  }
  return left;
}

SparkResult<Expression> Grammar::additive() {
  const std::size_t begin = at_;
  TRY(left, multiplicative());
  for (;;) {
    std::string_view function;
    if (at_symbol("+")) function = "+";
    if (at_symbol("-")) function = "-";
    if (at_symbol("||")) function = "concat";
    if (function.empty()) return left;
    ++at_;
    TRY(right, multiplicative());
    left = placed(binary(function, std::move(left), std::move(right)), begin);
  }
}

SparkResult<Expression> Grammar::multiplicative() {
  const std::size_t begin = at_;
  TRY(left, unary());
  for (;;) {
    std::string_view function;
    if (at_symbol("*")) function = "*";
    if (at_symbol("/")) function = "/";
    if (at_symbol("%")) function = "%";
    if (at_word("DIV")) function = "div";
    if (function.empty()) return left;
    ++at_;
    TRY(right, unary());
    left = placed(binary(function, std::move(left), std::move(right)), begin);
  }
}

SparkResult<Expression> Grammar::unary() {
  const DepthGuard guard(*this);
  TRY_DO(enter());
  const std::size_t begin = at_;
  if (at_symbol("-")) {
    ++at_;
    const auto kind = peek().kind;
    if (kind == TokenKind::integer || kind == TokenKind::decimal || kind == TokenKind::real) return number_literal(true);
    TRY(operand, unary());
    return placed(one("-", std::move(operand)), begin);
  }
  if (take_symbol("+")) {
    TRY(operand, unary());
    return placed(one("positive", std::move(operand)), begin);
  }
  if (take_symbol("~")) {
    TRY(operand, unary());
    return placed(one("~", std::move(operand)), begin);
  }
  return postfix();
}

SparkResult<std::vector<Expression>> Grammar::expression_list() {
  std::vector<Expression> items;
  do {
    TRY(item, expression());
    items.push_back(std::move(item));
  } while (take_symbol(","));
  return items;
}

SparkResult<SortOrder> Grammar::sort_item() {
  TRY(value, expression());
  SortOrder order;
  *order.mutable_child() = std::move(value);
  const bool descending = !take_word("ASC") && take_word("DESC");
  order.set_direction(descending ? SortOrder::SORT_DIRECTION_DESCENDING : SortOrder::SORT_DIRECTION_ASCENDING);
  order.set_null_ordering(descending ? SortOrder::SORT_NULLS_LAST : SortOrder::SORT_NULLS_FIRST);
  if (take_words({"NULLS", "FIRST"})) order.set_null_ordering(SortOrder::SORT_NULLS_FIRST);
  if (take_words({"NULLS", "LAST"})) order.set_null_ordering(SortOrder::SORT_NULLS_LAST);
  return order;
}

SparkResult<std::vector<SortOrder>> Grammar::sort_list() {
  std::vector<SortOrder> orders;
  do {
    TRY(order, sort_item());
    orders.push_back(std::move(order));
  } while (take_symbol(","));
  return orders;
}

}  // namespace mastic::spark::sql
