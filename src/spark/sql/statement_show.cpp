// SHOW and DESCRIBE.
#include "spark/sql/grammar.h"

namespace mastic::spark::sql {
namespace {
using Kind = ShowStatement::Kind;
}

SparkResult<void> Grammar::show_pattern(ShowStatement& statement) {
  const bool like = take_word("LIKE");
  if (peek().kind == TokenKind::string) {
    TRY(pattern, string_text());
    statement.pattern = std::move(pattern);
  } else if (like) {
    return fail(error_here());
  }
  return {};
}

SparkResult<Statement> Grammar::show() {
  ++at_;
  ShowStatement result;
  if (take_words({"CREATE", "TABLE"})) {
    result.kind = Kind::create_table;
    TRY(parts, identifier());
    result.in = std::move(parts);
    take_words({"AS", "SERDE"});
    return result;
  }
  if (take_word("TBLPROPERTIES")) {
    result.kind = Kind::properties;
    TRY(parts, identifier());
    result.in = std::move(parts);
    if (take_symbol("(")) {
      TRY(key, property_key());
      result.key = std::move(key);
      TRY_DO(expect_symbol(")"));
    }
    return result;
  }
  if (take_word("PARTITIONS")) {
    result.kind = Kind::partitions;
    TRY(parts, identifier());
    result.in = std::move(parts);
    TRY(spec, optional_partition_spec());
    result.partition = std::move(spec);
    return result;
  }
  if (take_words({"TABLE", "EXTENDED"})) {
    result.kind = Kind::table_extended;
    if (take_in()) {
      TRY(parts, identifier());
      result.in = std::move(parts);
    }
    TRY_DO(expect_word("LIKE"));
    TRY(pattern, string_text());
    result.pattern = std::move(pattern);
    TRY(spec, optional_partition_spec());
    result.partition = std::move(spec);
    return result;
  }
  if (take_word("CURRENT")) {
    if (!take_word("NAMESPACE") && !take_word("DATABASE") && !take_word("SCHEMA")) return fail(error_here());
    result.kind = Kind::current_database;
    return result;
  }
  if (at_any_word({"FUNCTIONS"}) || (at_any_word({"USER", "SYSTEM", "ALL"}) && at_word("FUNCTIONS", 1))) {
    result.kind = Kind::functions;
    if (!at_word("FUNCTIONS")) {
      TRY(scope, name());
      result.functions_scope.clear();
      for (const char c : scope) result.functions_scope += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    }
    ++at_;
    if (take_in()) {
      TRY(parts, identifier());
      result.in = std::move(parts);
    }
    take_word("LIKE");
    if (peek().kind == TokenKind::string) {
      TRY(pattern, string_text());
      result.pattern = std::move(pattern);
    } else if (peek().kind == TokenKind::word || peek().kind == TokenKind::quoted) {
      TRY(parts, identifier());
      result.pattern = parts.back();
    }
    return result;
  }
  if (take_word("DATABASES") || take_word("SCHEMAS") || take_word("NAMESPACES")) {
    result.kind = Kind::databases;
  } else if (take_word("TABLES")) {
    result.kind = Kind::tables;
  } else if (take_word("VIEWS")) {
    result.kind = Kind::views;
  } else if (take_word("CATALOGS")) {
    result.kind = Kind::catalogs;
  } else if (take_word("COLUMNS")) {
    result.kind = Kind::columns;
    if (!take_in()) return fail(error_here());
    TRY(table, identifier());
    if (take_in()) {
      TRY(database, identifier());
      if (table.size() > 1 && !equal_ignoring_case(table.front(), database.back()))
        return fail(parse_error("SHOW_COLUMNS_WITH_CONFLICT_NAMESPACE",
                                {{"namespaceA", "`" + database.back() + "`"}, {"namespaceB", "`" + table.front() + "`"}}));
      table = {database.back(), table.back()};
    }
    result.in = std::move(table);
    return result;
  } else {
    return fail(at_any_word({"INDEXES", "LOCKS", "ROLES", "GRANT", "TRANSACTIONS", "PRINCIPALS", "COMPACTIONS", "INDEX"})
                    ? unsupported_here("the SQL statement SHOW " + peek().text)
                    : error_here());
  }
  if (take_in()) {
    TRY(parts, identifier());
    result.in = std::move(parts);
  }
  TRY_DO(show_pattern(result));
  return result;
}

SparkResult<Statement> Grammar::describe() {
  ++at_;
  DescribeStatement result;
  if (at_word("FUNCTION") && peek(1).kind != TokenKind::end) {
    ++at_;
    result.kind = DescribeStatement::Kind::function;
    result.extended = take_word("EXTENDED");
    if (peek().kind == TokenKind::symbol) {  // DESCRIBE FUNCTION +
      result.name.push_back(peek().text);
      ++at_;
      return result;
    }
    if (peek().kind == TokenKind::string) {
      TRY(text, string_text());
      result.name.push_back(std::move(text));
      return result;
    }
    TRY(parts, identifier());
    result.name = std::move(parts);
    return result;
  }
  if (at_any_word({"DATABASE", "SCHEMA", "NAMESPACE"}) && peek(1).kind != TokenKind::end && !at_symbol(".", 1)) {
    ++at_;
    result.kind = DescribeStatement::Kind::database;
    result.extended = take_word("EXTENDED");
    TRY(parts, identifier());
    result.name = std::move(parts);
    return result;
  }
  if (at_query() || (at_word("QUERY") && peek(1).kind != TokenKind::end)) {
    // TABLE t is a table to describe, not a query.
    if (!at_word("TABLE")) {
      take_word("QUERY");
      result.kind = DescribeStatement::Kind::query;
      TRY(body, query());
      result.query = std::move(body);
      return result;
    }
  }
  if (peek(1).kind != TokenKind::end) take_word("TABLE");
  if (peek(1).kind != TokenKind::end) result.extended = take_word("EXTENDED") || take_word("FORMATTED");
  TRY(parts, identifier());
  result.name = std::move(parts);
  TRY(spec, optional_partition_spec());
  result.partition = std::move(spec);
  if (peek().kind == TokenKind::word && !at_word("AS")) {
    TRY(column, identifier());
    result.column = std::move(column);
  } else if (peek().kind == TokenKind::quoted) {
    TRY(column, identifier());
    result.column = std::move(column);
  }
  if (take_words({"AS", "JSON"})) result.as_json = true;
  return result;
}

}  // namespace mastic::spark::sql
