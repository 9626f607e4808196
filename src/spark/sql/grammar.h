// The recursive-descent grammar: a cursor over the tokens with one function a rule.
//
// Rule functions consume what they match and fail at the token that does not fit. `depth_` bounds nesting, so that no
// text, however deep, overflows the stack.
#pragma once

#include <initializer_list>
#include <optional>

#include "spark/sql/parser.h"
#include "spark/sql/token.h"

namespace mastic::spark::sql {

using proto::Expression;
using proto::Relation;

class Grammar {
 public:
  Grammar(std::string_view text, std::vector<Token> tokens, const Parameters& parameters)
      : text_(text), tokens_(std::move(tokens)), parameters_(parameters) {}

  // Entry rules.
  SparkResult<Statement> statement();
  SparkResult<Relation> query();
  SparkResult<Expression> named_expression();
  SparkResult<DataType> data_type();
  SparkResult<DataType> table_schema();
  SparkResult<std::vector<std::string>> identifier();
  SparkResult<void> refuse_hyphens();
  SparkResult<void> expect_end();

 private:
  // cursor.cpp
  [[nodiscard]] const Token& peek(std::size_t ahead = 0) const;
  [[nodiscard]] bool at_word(std::string_view word, std::size_t ahead = 0) const;
  [[nodiscard]] bool at_any_word(std::initializer_list<std::string_view> words, std::size_t ahead = 0) const;
  [[nodiscard]] bool at_symbol(std::string_view symbol, std::size_t ahead = 0) const;
  [[nodiscard]] bool at_words(std::initializer_list<std::string_view> words) const;
  bool take_word(std::string_view word);
  bool take_words(std::initializer_list<std::string_view> words);  // all of them in order, or none
  bool take_symbol(std::string_view symbol);
  SparkResult<void> expect_word(std::string_view word);
  SparkResult<void> expect_symbol(std::string_view symbol);
  SparkError error_here() const;
  SparkError unsupported_here(std::string_view what) const;
  SparkResult<std::string> name();
  SparkResult<std::string> string_text();
  SparkResult<int64_t> integer();
  SparkResult<std::vector<std::string>> name_list();  // (a, b, …)
  SparkResult<std::vector<std::string>> name_list_without_parentheses();
  [[nodiscard]] bool at_alias() const;
  SparkResult<void> enter();  // one level deeper, or TOO_DEEP

  /// The expression with its place: the text from token `begin` to here.
  [[nodiscard]] Expression placed(Expression expression, std::size_t begin) const;
  [[nodiscard]] Relation placed(Relation relation, std::size_t begin) const;
  template <typename Common>
  void set_place(Common& common, std::size_t begin) const {
    if (begin >= at_ || at_ > tokens_.size()) return;
    auto& origin = *common.mutable_origin()->mutable_jvm_origin();
    origin.set_start_index(static_cast<int32_t>(tokens_[begin].begin));
    origin.set_stop_index(static_cast<int32_t>(tokens_[at_ - 1].end) - 1);
  }

  // expression.cpp: precedence from low to high
  SparkResult<Expression> expression();
  SparkResult<Expression> disjunction();
  SparkResult<Expression> conjunction();
  SparkResult<Expression> negation();
  SparkResult<Expression> predicate();
  SparkResult<Expression> predicate_tail(Expression left, bool negated);
  SparkResult<Expression> in_tail(Expression left);
  SparkResult<Expression> like_tail(Expression left, std::string_view function);
  SparkResult<Expression> comparison();
  SparkResult<Expression> bitwise(int level);
  SparkResult<Expression> additive();
  SparkResult<Expression> multiplicative();
  SparkResult<Expression> unary();
  SparkResult<std::vector<Expression>> expression_list();
  SparkResult<Expression::SortOrder> sort_item();
  SparkResult<std::vector<Expression::SortOrder>> sort_list();

  // primary.cpp
  SparkResult<Expression> postfix();
  SparkResult<Expression> primary();
  SparkResult<Expression> number_literal(bool negative);
  SparkResult<Expression> parameter();
  SparkResult<Expression> parenthesized();
  SparkResult<Expression> case_expression();
  SparkResult<Expression> cast_expression(proto::Expression::Cast::EvalMode mode);
  SparkResult<Expression> interval();
  SparkResult<Expression> typed_literal(const std::string& type);
  SparkResult<std::optional<Expression>> special_form();
  SparkResult<Expression> function_call(std::string function_name);
  SparkResult<Expression> function_tail(Expression call);
  SparkResult<Expression> argument();
  SparkResult<Expression> window(Expression function);
  SparkResult<void> window_specification(Expression::Window& window);
  SparkResult<void> window_frame(Expression::Window& window);
  SparkResult<Expression::Window::WindowFrame::FrameBoundary> frame_boundary(bool is_lower);
  SparkResult<Expression> lambda(std::vector<std::string> parameters);
  SparkResult<std::optional<std::vector<std::string>>> lambda_head();
  SparkResult<Expression> star(std::string target);
  SparkResult<Expression> subquery(proto::SubqueryExpression::SubqueryType type);
  SparkResult<Expression> extract_form();
  SparkResult<Expression> trim_form();
  SparkResult<Expression> overlay_form();
  SparkResult<Expression> substring_form(std::string_view function);
  SparkResult<Expression> position_form();
  SparkResult<Expression> unit_form(std::string_view function);

  // query.cpp
  SparkResult<Relation> with_query();
  SparkResult<Relation> common_tables();  // WITH …: a WithRelations that lacks its root
  SparkResult<std::string> recursion_limit();
  SparkResult<Relation> set_operation(int level);
  SparkResult<Relation> query_primary();
  SparkResult<Relation> select();
  SparkResult<Relation> organize(Relation input);  // ORDER BY, SORT BY, LIMIT, OFFSET …
  SparkResult<Relation> values();
  SparkResult<Relation> group_by(Relation input, std::vector<Expression> items);
  // group_by.cpp: one element of GROUP BY as the grouping sets that it stands for.
  using GroupingSets = std::vector<std::vector<Expression>>;
  SparkResult<GroupingSets> grouping_element();
  SparkResult<std::vector<Expression>> grouping_columns();  // a · (a, b) · ()
  SparkResult<std::optional<int32_t>> row_count();          // LIMIT, OFFSET; nothing: ALL
  // pipe.cpp: |> operators
  SparkResult<Relation> piped(Relation input);
  SparkResult<Relation> pipe_aggregate(Relation input);
  SparkResult<void> named_windows();
  SparkResult<std::vector<std::pair<std::string, std::vector<Expression>>>> hints();
  SparkResult<void> scan_named_windows();

  // from.cpp
  SparkResult<Relation> from();
  SparkResult<Relation> table_reference();
  SparkResult<Relation> table_primary();
  SparkResult<Relation> join(Relation left, bool& matched);
  SparkResult<Relation> lateral_view(Relation input);
  SparkResult<Relation> aliased(Relation input);
  SparkResult<Relation> sampled(Relation input);
  SparkResult<Relation> pivot(Relation input);
  SparkResult<Relation> unpivot(Relation input);
  SparkResult<Relation> table_function(std::string name);
  SparkResult<Relation> time_travel(Relation table);

  // table_argument.cpp
  [[nodiscard]] bool at_table_argument() const;
  SparkResult<Expression> table_argument();

  // type.cpp
  SparkResult<StructField> struct_field(bool colon);
  SparkResult<DataType> interval_type();
  SparkResult<std::pair<int, int>> type_parameters(int first_default, int second_default);

  // statement.cpp
  [[nodiscard]] bool at_query() const;
  SparkResult<Statement> with_statement();
  SparkResult<Statement> create();
  SparkResult<Statement> create_database();
  SparkResult<Statement> create_function(bool replace);
  SparkResult<Statement> alter();
  SparkResult<Statement> alter_database();
  // statement_rows.cpp
  SparkResult<Statement> delete_rows();
  SparkResult<Statement> update_rows();
  SparkResult<Statement> merge();
  SparkResult<Relation> changed_table(Name& name, bool source);
  SparkResult<void> assignments(std::vector<Expression>& read);
  SparkResult<void> merge_action(std::vector<Expression>& read);
  // statement_function.cpp
  SparkResult<SqlFunctionDefinition> sql_function();
  SparkResult<void> function_parameters(SqlFunctionDefinition& function);
  SparkResult<void> function_characteristics(SqlFunctionDefinition& function);
  SparkResult<Statement> drop();
  SparkResult<Statement> use();
  SparkResult<Statement> explain();
  SparkResult<Statement> truncate();
  SparkResult<Statement> repair();
  SparkResult<Statement> analyze();
  SparkResult<Statement> comment_on();
  SparkResult<Statement> cache();
  SparkResult<Statement> uncache();
  SparkResult<Statement> refresh();

  // statement_clauses.cpp
  SparkResult<std::string> property_key();
  SparkResult<std::string> property_value();
  SparkResult<Properties> properties();
  SparkResult<std::vector<std::string>> property_keys();
  SparkResult<PartitionSpec> partition_spec();  // PARTITION (…)
  SparkResult<PartitionSpec> optional_partition_spec();
  SparkResult<PartitionValue> partition_value();
  SparkResult<std::vector<StructField>> column_definitions();     // (a INT, …)
  [[nodiscard]] std::string text_since(std::size_t token) const;  // from that token to here
  SparkResult<std::string> constant_text();
  bool take_in();

  // statement_table.cpp, statement_view.cpp, statement_alter.cpp, statement_insert.cpp
  SparkResult<Statement> create_table(bool replace, bool or_create);
  SparkResult<void> create_table_clause(CreateTableStatement& statement);
  SparkResult<void> partitioned_by(CreateTableStatement& statement);
  SparkResult<void> row_format(CreateTableStatement& statement);
  SparkResult<void> stored_as(CreateTableStatement& statement);
  SparkResult<Statement> create_view(bool replace);
  SparkResult<Statement> alter_table(bool is_view);
  SparkResult<AddColumns> add_columns();
  SparkResult<std::vector<AlterColumn>> alter_columns();
  SparkResult<Statement> insert();
  SparkResult<InsertStatement> insert_target();
  SparkResult<Statement> multi_insert(Relation input);
  SparkResult<Statement> insert_directory();

  // statement_show.cpp
  SparkResult<Statement> show();
  SparkResult<void> show_pattern(ShowStatement& statement);
  SparkResult<Statement> describe();

  // statement_session.cpp
  SparkResult<Statement> set();
  SparkResult<Statement> set_path();
  SparkResult<Statement> set_variable();
  SparkResult<Statement> declare();
  SparkResult<Statement> execute_immediate();
  SparkResult<Relation> one_value();  // an expression as a query of one row

  // Subqueries met in the SELECT that is being read; it wraps itself in WithRelations for them.
  std::vector<Relation> pending_subqueries_;
  Relation with_pending_subqueries(Relation relation, std::size_t from);

  // WINDOW w AS (…) is written after its uses; what a SELECT names is read ahead.
  std::map<std::string, Expression::Window> named_windows_;

  // FROM t INSERT … SELECT …: what the SELECT that comes next reads.
  std::optional<Relation> given_input_;

  std::vector<std::string> lambda_variables_;
  std::string_view text_;
  std::vector<Token> tokens_;
  const Parameters& parameters_;
  std::size_t at_ = 0;
  std::size_t positional_ = 0;
  int64_t next_plan_id_ = -1;
  int depth_ = 0;
  friend class DepthGuard;
};

/// Counts a level of nesting for as long as it lives.
class DepthGuard {
 public:
  explicit DepthGuard(Grammar& grammar) : grammar_(grammar) { ++grammar_.depth_; }
  ~DepthGuard() { --grammar_.depth_; }
  DepthGuard(const DepthGuard&) = delete;
  DepthGuard& operator=(const DepthGuard&) = delete;

 private:
  Grammar& grammar_;
};

bool equal_ignoring_case(std::string_view a, std::string_view b);
std::string to_lower(std::string_view text);
/// A name as one part of a dotted name: in backticks unless it is a plain word.
std::string quote_if_needed(const std::string& part);
Expression call(std::string_view function, std::vector<Expression> arguments);
Expression string_literal(std::string text);
Expression integer_literal(int32_t value);
Expression attribute(const std::vector<std::string>& parts);

}  // namespace mastic::spark::sql
