// DELETE, UPDATE, MERGE. Tables of files take none of them; what is read here is what Spark checks before it says so: the
// names of tables and columns.
#include "spark/sql/grammar.h"

namespace mastic::spark::sql {
namespace {

Relation projected(Relation input, std::vector<Expression> items) {
  Relation relation;
  *relation.mutable_project()->mutable_input() = std::move(input);
  if (items.empty()) items.emplace_back().mutable_unresolved_star();
  for (auto& item : items) *relation.mutable_project()->add_expressions() = std::move(item);
  return relation;
}

Relation filtered(Relation input, Expression condition) {
  Relation relation;
  *relation.mutable_filter()->mutable_input() = std::move(input);
  *relation.mutable_filter()->mutable_condition() = std::move(condition);
  return relation;
}

}  // namespace

// The table that is changed, or what MERGE uses: a table or a query.
SparkResult<Relation> Grammar::changed_table(Name& name, bool source) {
  if (source && at_symbol("(")) {
    ++at_;
    TRY(body, query());
    TRY_DO(expect_symbol(")"));
    return aliased(std::move(body));
  }
  const std::size_t begin = at_;
  TRY(parts, identifier());
  Relation table;
  table.mutable_read()->mutable_named_table()->set_unparsed_identifier(
      attribute(parts).unresolved_attribute().unparsed_identifier());
  name = std::move(parts);
  table = placed(std::move(table), begin);
  if (at_word("SET")) return table;  // UPDATE t SET …
  return aliased(std::move(table));
}

SparkResult<Statement> Grammar::delete_rows() {
  ++at_;
  TRY_DO(expect_word("FROM"));
  ChangeRowsStatement result{.operation = "DELETE", .table = {}, .reads = {}};
  TRY(table, changed_table(result.table, false));
  if (take_word("WHERE")) {
    TRY(condition, expression());
    table = filtered(std::move(table), std::move(condition));
  }
  result.reads = with_pending_subqueries(projected(std::move(table), {}), 0);
  return result;
}

// a = 1, b = DEFAULT: the columns and the values.
SparkResult<void> Grammar::assignments(std::vector<Expression>& read) {
  do {
    const std::size_t begin = at_;
    TRY(parts, identifier());
    TRY_DO(expect_symbol("="));
    if (take_word("DEFAULT")) {
      read.push_back(placed(attribute(parts), begin));
      continue;
    }
    TRY(value, expression());
    read.push_back(placed(attribute(parts), begin));
    read.push_back(std::move(value));
  } while (take_symbol(","));
  return {};
}

SparkResult<Statement> Grammar::update_rows() {
  ++at_;
  ChangeRowsStatement result{.operation = "UPDATE TABLE", .table = {}, .reads = {}};
  TRY(table, changed_table(result.table, false));
  TRY_DO(expect_word("SET"));
  std::vector<Expression> read;
  TRY_DO(assignments(read));
  if (take_word("WHERE")) {
    TRY(condition, expression());
    table = filtered(std::move(table), std::move(condition));
  }
  result.reads = with_pending_subqueries(projected(std::move(table), std::move(read)), 0);
  return result;
}

// THEN DELETE · UPDATE SET * · UPDATE SET a = b, … · INSERT * · INSERT (a, b) VALUES (x, y)
SparkResult<void> Grammar::merge_action(std::vector<Expression>& read) {
  if (take_word("DELETE")) return {};
  if (take_word("UPDATE")) {
    TRY_DO(expect_word("SET"));
    if (take_symbol("*")) return {};
    return assignments(read);
  }
  TRY_DO(expect_word("INSERT"));
  if (take_symbol("*")) return {};
  TRY_DO(expect_symbol("("));
  do {
    const std::size_t begin = at_;
    TRY(parts, identifier());
    read.push_back(placed(attribute(parts), begin));
  } while (take_symbol(","));
  TRY_DO(expect_symbol(")"));
  TRY_DO(expect_word("VALUES"));
  TRY_DO(expect_symbol("("));
  do {
    if (take_word("DEFAULT")) continue;
    TRY(value, expression());
    read.push_back(std::move(value));
  } while (take_symbol(","));
  return expect_symbol(")");
}

SparkResult<Statement> Grammar::merge() {
  ++at_;
  take_words({"WITH", "SCHEMA", "EVOLUTION"});
  TRY_DO(expect_word("INTO"));
  ChangeRowsStatement result{.operation = "MERGE INTO TABLE", .table = {}, .reads = {}};
  TRY(target, changed_table(result.table, false));
  TRY_DO(expect_word("USING"));
  Name used;
  TRY(source, changed_table(used, true));
  TRY_DO(expect_word("ON"));
  TRY(condition, expression());
  std::vector<Expression> conditions;
  std::vector<Expression> read;
  if (!at_word("WHEN")) return fail(error_here());
  while (take_word("WHEN")) {
    const bool is_not = take_word("NOT");
    TRY_DO(expect_word("MATCHED"));
    if (is_not && take_word("BY") && !take_word("SOURCE") && !take_word("TARGET")) return fail(error_here());
    if (take_word("AND")) {
      TRY(further, expression());
      conditions.push_back(std::move(further));
    }
    TRY_DO(expect_word("THEN"));
    TRY_DO(merge_action(read));
  }
  Relation joined;
  *joined.mutable_join()->mutable_left() = std::move(target);
  *joined.mutable_join()->mutable_right() = std::move(source);
  *joined.mutable_join()->mutable_join_condition() = std::move(condition);
  joined.mutable_join()->set_join_type(proto::Join::JOIN_TYPE_INNER);
  for (auto& further : conditions) joined = filtered(std::move(joined), std::move(further));
  // Columns that INSERT and SET name are the target's alone; the table is checked for them when it can be changed at all.
  static_cast<void>(read);
  result.reads = with_pending_subqueries(projected(std::move(joined), {}), 0);
  return result;
}

}  // namespace mastic::spark::sql
