// TABLE arguments of table functions:
//   f(TABLE(t) PARTITION BY (a, b) ORDER BY c, rows => TABLE(SELECT …) WITH SINGLE PARTITION)
#include "spark/sql/grammar.h"

namespace mastic::spark::sql {

bool Grammar::at_table_argument() const {
  const bool named = (peek().kind == TokenKind::word || peek().kind == TokenKind::quoted) && at_symbol("=>", 1);
  const std::size_t at = named ? 2 : 0;
  if (!at_word("TABLE", at)) return false;
  const auto& next = peek(at + 1);
  return at_symbol("(", at + 1) || next.kind == TokenKind::word || next.kind == TokenKind::quoted;
}

SparkResult<Expression> Grammar::table_argument() {
  std::string key;
  if (at_symbol("=>", 1)) {
    TRY(name_of_argument, name());
    key = std::move(name_of_argument);
    ++at_;
  }
  TRY_DO(expect_word("TABLE"));
  const bool parentheses = take_symbol("(");
  Expression expression;
  const bool is_query = at_word("SELECT") || at_word("WITH") || at_word("VALUES") || at_word("FROM") || at_symbol("(");
  if (is_query) {
    TRY(query_expression, subquery(proto::SubqueryExpression::SUBQUERY_TYPE_TABLE_ARG));
    expression = std::move(query_expression);
  } else {
    TRY(parts, identifier());
    Relation table;
    table.mutable_read()->mutable_named_table()->set_unparsed_identifier(
        attribute(parts).unresolved_attribute().unparsed_identifier());
    const int64_t id = next_plan_id_--;
    table.mutable_common()->set_plan_id(id);
    expression.mutable_subquery_expression()->set_plan_id(id);
    expression.mutable_subquery_expression()->set_subquery_type(proto::SubqueryExpression::SUBQUERY_TYPE_TABLE_ARG);
    pending_subqueries_.push_back(std::move(table));
  }
  if (parentheses) TRY_DO(expect_symbol(")"));
  auto& options = *expression.mutable_subquery_expression()->mutable_table_arg_options();
  if (take_words({"WITH", "SINGLE", "PARTITION"})) {
    options.set_with_single_partition(true);
  } else if (take_words({"PARTITION", "BY"}) || take_words({"DISTRIBUTE", "BY"})) {
    // Several keys want parentheses.
    if (take_symbol("(")) {
      TRY(keys, expression_list());
      for (auto& one : keys) *options.add_partition_spec() = std::move(one);
      TRY_DO(expect_symbol(")"));
    } else {
      TRY(one, this->expression());
      *options.add_partition_spec() = std::move(one);
    }
  }
  if (take_words({"ORDER", "BY"}) || take_words({"SORT", "BY"})) {
    if (take_symbol("(")) {
      TRY(orders, sort_list());
      for (auto& one : orders) *options.add_order_spec() = std::move(one);
      TRY_DO(expect_symbol(")"));
    } else {
      TRY(one, sort_item());
      *options.add_order_spec() = std::move(one);
    }
  }
  if (key.empty()) return expression;
  Expression named;
  named.mutable_named_argument_expression()->set_key(std::move(key));
  *named.mutable_named_argument_expression()->mutable_value() = std::move(expression);
  return named;
}

}  // namespace mastic::spark::sql
