// Statements other than queries.
#include <array>

#include "spark/sql/grammar.h"

namespace mastic::spark::sql {
namespace {

// Statements that Spark has and Mastic does not run yet, by their first words: each fails by its name.
constexpr auto not_yet =
    std::to_array<std::string_view>({"INSERT",  "MERGE", "UPDATE",  "DELETE",  "ALTER",   "TRUNCATE", "MSCK",  "REPAIR",
                                     "REFRESH", "CACHE", "UNCACHE", "CLEAR",   "ANALYZE", "LOAD",     "GRANT", "REVOKE",
                                     "ADD",     "LIST",  "COMMENT", "DECLARE", "EXECUTE", "CALL",     "BEGIN", "REPLACE"});

}  // namespace

SparkResult<Statement> Grammar::statement() {
  if (at_any_word({"SELECT", "WITH", "VALUES", "FROM", "TABLE"}) || at_symbol("(")) {
    TRY(relation, query());
    return QueryStatement{std::move(relation)};
  }
  if (at_word("CREATE")) return create();
  if (at_word("DROP")) return drop();
  if (at_word("SHOW")) return show();
  if (at_any_word({"SET", "RESET"})) return set();
  if (at_any_word({"DESCRIBE", "DESC"})) return describe();
  if (at_word("EXPLAIN")) return explain();
  if (take_word("USE")) {
    if (at_any_word({"DATABASE", "NAMESPACE", "SCHEMA"}) && peek(1).kind != TokenKind::end) ++at_;
    TRY(parts, identifier());
    return UseStatement{std::move(parts)};
  }
  for (const auto word : not_yet)
    if (at_word(word)) return fail(unsupported_here("the SQL statement " + std::string(word)));
  return fail(error_here());
}

SparkResult<Statement> Grammar::create() {
  ++at_;
  const bool replace = take_words({"OR", "REPLACE"});
  if (at_any_word({"VIEW", "TEMPORARY", "TEMP", "GLOBAL"}) && !at_word("FUNCTION", 1)) return create_view(replace);
  if (at_any_word({"DATABASE", "SCHEMA", "NAMESPACE"})) {
    ++at_;
    CreateDatabaseStatement result;
    result.if_not_exists = take_words({"IF", "NOT", "EXISTS"});
    TRY(parts, identifier());
    result.name = std::move(parts);
    for (;;) {
      if (take_word("COMMENT")) {
        TRY(comment, string_text());
        result.comment = std::move(comment);
      } else if (take_word("LOCATION")) {
        TRY(location, string_text());
        result.location = std::move(location);
      } else {
        return result;
      }
    }
  }
  return fail(unsupported_here("the SQL statement CREATE " + peek().text));
}

SparkResult<Statement> Grammar::create_view(bool replace) {
  CreateViewStatement result;
  result.replace = replace;
  result.global = take_word("GLOBAL");
  result.temporary = take_word("TEMPORARY") || take_word("TEMP");
  TRY_DO(expect_word("VIEW"));
  result.if_not_exists = take_words({"IF", "NOT", "EXISTS"});
  TRY(parts, identifier());
  result.name = std::move(parts);
  if (at_symbol("(")) {
    ++at_;
    do {
      TRY(column, name());
      result.columns.push_back(std::move(column));
      if (take_word("COMMENT")) TRY_DO(string_text());
    } while (take_symbol(","));
    TRY_DO(expect_symbol(")"));
  }
  if (take_word("COMMENT")) TRY_DO(string_text());
  TRY_DO(expect_word("AS"));
  const std::size_t begin = peek().begin;
  TRY(body, query());
  result.query = std::move(body);
  result.query_text = std::string(text_.substr(begin, peek().begin - begin));
  return result;
}

SparkResult<Statement> Grammar::drop() {
  ++at_;
  DropStatement result;
  if (take_word("VIEW")) {
    result.kind = DropStatement::Kind::view;
  } else if (take_word("TABLE")) {
    result.kind = DropStatement::Kind::table;
  } else if (take_word("DATABASE") || take_word("SCHEMA") || take_word("NAMESPACE")) {
    result.kind = DropStatement::Kind::database;
  } else {
    return fail(unsupported_here("the SQL statement DROP " + peek().text));
  }
  result.if_exists = take_words({"IF", "EXISTS"});
  TRY(parts, identifier());
  result.name = std::move(parts);
  result.cascade = take_word("CASCADE");
  take_word("RESTRICT");
  take_word("PURGE");
  return result;
}

SparkResult<Statement> Grammar::show() {
  ++at_;
  ShowStatement result;
  if (take_word("DATABASES") || take_word("SCHEMAS") || take_word("NAMESPACES")) {
    result.kind = ShowStatement::Kind::databases;
  } else if (take_word("TABLES")) {
    result.kind = ShowStatement::Kind::tables;
  } else if (take_word("VIEWS")) {
    result.kind = ShowStatement::Kind::views;
  } else if (take_word("COLUMNS")) {
    result.kind = ShowStatement::Kind::columns;
  } else {
    return fail(unsupported_here("the SQL statement SHOW " + peek().text));
  }
  while (take_word("IN") || take_word("FROM")) {
    TRY(parts, identifier());
    if (result.kind == ShowStatement::Kind::columns && !result.in.empty()) parts.push_back(result.in.back());
    result.in = std::move(parts);
  }
  take_word("LIKE");
  if (peek().kind == TokenKind::string) {
    TRY(pattern, string_text());
    result.pattern = std::move(pattern);
  }
  return result;
}

// SET takes raw text: the key up to `=`, the value to the end of the statement.
SparkResult<Statement> Grammar::set() {
  SetStatement result;
  result.reset = at_word("RESET");
  const std::size_t begin = tokens_[at_++].end;
  if (!result.reset && at_any_word({"TIME"}) && at_word("ZONE", 1)) {
    at_ += 2;
    TRY(zone, string_text());
    return SetStatement{.key = "spark.sql.session.timeZone", .value = std::move(zone), .has_value = true};
  }
  std::string rest(text_.substr(begin));
  const auto trim = [](std::string text) {
    const auto first = text.find_first_not_of(" \t\r\n");
    if (first == std::string::npos) return std::string();
    return text.substr(first, text.find_last_not_of(" \t\r\n;") - first + 1);
  };
  at_ = tokens_.size() - 1;
  const auto equals = rest.find('=');
  result.has_value = !result.reset && equals != std::string::npos;
  result.key = trim(rest.substr(0, equals));
  if (result.has_value) result.value = trim(rest.substr(equals + 1));
  if (result.key.size() >= 2 && result.key.front() == '`' && result.key.back() == '`')
    result.key = result.key.substr(1, result.key.size() - 2);
  if (result.key == "-v") result.key.clear();
  return result;
}

SparkResult<Statement> Grammar::describe() {
  ++at_;
  if (at_any_word({"DATABASE", "SCHEMA", "FUNCTION", "QUERY"}) && peek(1).kind != TokenKind::end)
    return fail(unsupported_here("the SQL statement DESCRIBE " + peek().text));
  take_word("TABLE");
  DescribeStatement result;
  result.extended = take_word("EXTENDED") || take_word("FORMATTED");
  TRY(parts, identifier());
  result.table = std::move(parts);
  return result;
}

SparkResult<Statement> Grammar::explain() {
  ++at_;
  ExplainStatement result{.query = {}, .mode = "SIMPLE"};
  for (const std::string_view mode : {"EXTENDED", "CODEGEN", "COST", "FORMATTED"})
    if (take_word(mode)) result.mode = mode;
  TRY(relation, query());
  result.query = std::move(relation);
  return result;
}

}  // namespace mastic::spark::sql
