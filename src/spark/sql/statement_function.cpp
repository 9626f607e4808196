// CREATE FUNCTION with a body in SQL: parameters, what it gives, its characteristics, its body as text.
#include <array>

#include "spark/sql/grammar.h"

namespace mastic::spark::sql {

// (x INT DEFAULT 1 COMMENT 'first', y STRING)
SparkResult<void> Grammar::function_parameters(SqlFunctionDefinition& function) {
  if (take_symbol(")")) return {};
  do {
    SqlFunctionDefinition::Parameter parameter;
    TRY(parameter_name, name());
    parameter.name = std::move(parameter_name);
    TRY(type, data_type());
    parameter.type = std::move(type);
    for (;;) {
      if (take_words({"NOT", "NULL"})) return fail(unsupported_here("a parameter that is NOT NULL"));
      if (take_word("DEFAULT")) {
        const std::size_t begin = at_;
        TRY_DO(expression());
        parameter.default_text = text_since(begin);
      } else if (take_word("COMMENT")) {
        TRY(comment, string_text());
        parameter.comment = std::move(comment);
      } else {
        break;
      }
    }
    function.parameters.push_back(std::move(parameter));
  } while (take_symbol(","));
  return expect_symbol(")");
}

SparkResult<void> Grammar::function_characteristics(SqlFunctionDefinition& function) {
  for (;;) {
    if (take_word("LANGUAGE")) {
      if (!take_word("SQL")) return fail(unsupported_here("CREATE FUNCTION in the language " + peek().text));
    } else if (take_words({"NOT", "DETERMINISTIC"})) {
      function.deterministic = false;
    } else if (take_word("DETERMINISTIC")) {
      function.deterministic = true;
    } else if (take_word("COMMENT")) {
      TRY(comment, string_text());
      function.comment = std::move(comment);
    } else if (take_words({"CONTAINS", "SQL"})) {
      function.reads_data = false;
    } else if (take_words({"READS", "SQL", "DATA"})) {
      function.reads_data = true;
    } else if (take_words({"SQL", "SECURITY", "DEFINER"}) || take_words({"SQL", "SECURITY", "INVOKER"})) {
      // Who may call it is not the engine's to decide.
    } else {
      return {};
    }
  }
}

SparkResult<SqlFunctionDefinition> Grammar::sql_function() {
  SqlFunctionDefinition result;
  if (take_symbol("(")) TRY_DO(function_parameters(result));
  if (take_word("RETURNS")) {
    if (take_word("TABLE")) {
      result.returns_table = true;
      result.returns = types::structure({});
      if (take_symbol("(")) {
        TRY(columns, table_schema());
        result.returns = std::move(columns);
        TRY_DO(expect_symbol(")"));
      }
    } else {
      TRY(type, data_type());
      result.returns = std::move(type);
    }
  }
  TRY_DO(function_characteristics(result));
  TRY_DO(expect_word("RETURN"));
  const std::size_t begin = at_;
  if (result.returns_table) {
    TRY_DO(query());
  } else if (at_any_word({"SELECT", "WITH", "VALUES", "FROM"})) {
    TRY_DO(query());
    result.body = "(" + text_since(begin) + ")";  // a query of one value
    return result;
  } else {
    TRY_DO(expression());
  }
  result.body = text_since(begin);
  return result;
}

}  // namespace mastic::spark::sql
