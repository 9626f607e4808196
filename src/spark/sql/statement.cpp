// Statements: which one it is, and the short ones.
#include <array>

#include "spark/sql/grammar.h"

namespace mastic::spark::sql {
namespace {

// Statements that Spark has and Mastic does not run: each fails by its name.
constexpr auto not_run = std::to_array<std::string_view>({"LOAD", "GRANT", "REVOKE", "ADD", "LIST", "CALL", "BEGIN", "EXPORT",
                                                          "IMPORT", "LOCK", "UNLOCK", "START", "COMMIT", "ROLLBACK", "DFS"});

}  // namespace

bool Grammar::at_query() const {
  std::size_t ahead = 0;
  while (at_symbol("(", ahead)) ++ahead;
  return at_any_word({"SELECT", "WITH", "VALUES", "FROM", "TABLE"}, ahead);
}

SparkResult<Statement> Grammar::statement() {
  struct Rule {
    std::string_view word;
    SparkResult<Statement> (Grammar::*read)();
  };
  static constexpr auto rules = std::to_array<Rule>({
      {"WITH", &Grammar::with_statement},
      {"CREATE", &Grammar::create},
      {"REPLACE", &Grammar::create},
      {"ALTER", &Grammar::alter},
      {"DROP", &Grammar::drop},
      {"INSERT", &Grammar::insert},
      {"SHOW", &Grammar::show},
      {"DESCRIBE", &Grammar::describe},
      {"DESC", &Grammar::describe},
      {"EXPLAIN", &Grammar::explain},
      {"SET", &Grammar::set},
      {"RESET", &Grammar::set},
      {"USE", &Grammar::use},
      {"TRUNCATE", &Grammar::truncate},
      {"MSCK", &Grammar::repair},
      {"REPAIR", &Grammar::repair},
      {"ANALYZE", &Grammar::analyze},
      {"COMMENT", &Grammar::comment_on},
      {"CACHE", &Grammar::cache},
      {"UNCACHE", &Grammar::uncache},
      {"CLEAR", &Grammar::uncache},
      {"REFRESH", &Grammar::refresh},
      {"DECLARE", &Grammar::declare},
      {"DELETE", &Grammar::delete_rows},
      {"UPDATE", &Grammar::update_rows},
      {"MERGE", &Grammar::merge},
  });
  if (at_words({"EXECUTE", "IMMEDIATE"})) return execute_immediate();
  for (const auto& [word, read] : rules)
    if (at_word(word)) return (this->*read)();
  if (at_word("FROM")) {
    const std::size_t begin = at_;
    auto input = from();
    if (input && at_word("INSERT")) return multi_insert(std::move(*input));
    at_ = begin;
    positional_ = 0;
    pending_subqueries_.clear();
  }
  if (at_query() || at_symbol("(")) {
    TRY(relation, query());
    return QueryStatement{std::move(relation)};
  }
  for (const auto word : not_run)
    if (at_word(word)) return fail(unsupported_here("the SQL statement " + std::string(word)));
  return fail(error_here());
}

// WITH … SELECT, or WITH … INSERT
SparkResult<Statement> Grammar::with_statement() {
  const std::size_t begin = at_;
  TRY(with, common_tables());
  if (!at_word("INSERT")) {
    at_ = begin;
    TRY(relation, query());
    return QueryStatement{std::move(relation)};
  }
  TRY(inserted, insert());
  auto& statement = std::get<InsertStatement>(inserted);
  *with.mutable_with_relations()->mutable_root() = std::move(statement.query);
  statement.query = std::move(with);
  return std::move(inserted);
}

SparkResult<Statement> Grammar::create() {
  const bool replace_alone = at_word("REPLACE");
  ++at_;
  if (replace_alone) return create_table(true, false);
  const bool replace = take_words({"OR", "REPLACE"});
  if (at_word("FUNCTION") || (at_any_word({"TEMPORARY", "TEMP"}) && at_word("FUNCTION", 1))) return create_function(replace);
  if (at_word("VIEW") || (at_any_word({"TEMPORARY", "TEMP"}) && at_word("VIEW", 1)) || at_word("GLOBAL"))
    return create_view(replace);
  if (at_word("TABLE") || at_words({"EXTERNAL", "TABLE"})) return create_table(replace, replace);
  if (at_any_word({"TEMPORARY", "TEMP"}) && at_word("TABLE", 1)) return fail(unsupported_here("CREATE TEMPORARY TABLE"));
  if (at_any_word({"DATABASE", "SCHEMA", "NAMESPACE"})) return create_database();
  if (at_any_word({"INDEX", "ROLE", "MACRO", "MATERIALIZED", "STREAMING"}) || (at_word("TEMPORARY") && at_word("MACRO", 1)))
    return fail(unsupported_here("the SQL statement CREATE " + peek().text));
  return fail(error_here());
}

SparkResult<Statement> Grammar::create_database() {
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
    } else if (take_words({"WITH", "DBPROPERTIES"}) || take_words({"WITH", "PROPERTIES"})) {
      TRY(found, properties());
      result.properties = std::move(found);
    } else {
      return result;
    }
  }
}

SparkResult<Statement> Grammar::create_function(bool replace) {
  CreateFunctionStatement result;
  result.replace = replace;
  result.temporary = take_word("TEMPORARY") || take_word("TEMP");
  ++at_;
  result.if_not_exists = take_words({"IF", "NOT", "EXISTS"});
  TRY(parts, identifier());
  result.name = std::move(parts);
  if (at_symbol("(") || at_any_word({"RETURN", "RETURNS"})) {
    const std::size_t begin = at_;
    TRY(definition, sql_function());
    definition.text = text_since(begin);
    result.sql = std::move(definition);
    return result;
  }
  TRY_DO(expect_word("AS"));
  TRY(class_name, string_text());
  result.class_name = std::move(class_name);
  if (take_word("USING")) {
    do {
      if (!at_any_word({"JAR", "FILE", "ARCHIVE"})) return fail(error_here());
      ++at_;
      TRY_DO(string_text());
    } while (take_symbol(","));
  }
  return result;
}

SparkResult<Statement> Grammar::alter() {
  ++at_;
  if (take_word("TABLE")) return alter_table(false);
  if (take_word("VIEW")) return alter_table(true);
  if (at_any_word({"DATABASE", "SCHEMA", "NAMESPACE"})) return alter_database();
  return fail(error_here());
}

SparkResult<Statement> Grammar::alter_database() {
  ++at_;
  AlterDatabaseStatement result;
  TRY(parts, identifier());
  result.name = std::move(parts);
  if (take_words({"SET", "DBPROPERTIES"}) || take_words({"SET", "PROPERTIES"})) {
    TRY(found, properties());
    result.set = std::move(found);
  } else if (take_words({"UNSET", "DBPROPERTIES"}) || take_words({"UNSET", "PROPERTIES"})) {
    take_words({"IF", "EXISTS"});
    TRY(keys, property_keys());
    result.unset = std::move(keys);
  } else {
    TRY_DO(expect_word("SET"));
    TRY_DO(expect_word("LOCATION"));
    TRY(location, string_text());
    result.location = std::move(location);
  }
  return result;
}

SparkResult<Statement> Grammar::drop() {
  ++at_;
  DropStatement result;
  using Kind = DropStatement::Kind;
  if (take_word("VIEW")) {
    result.kind = Kind::view;
  } else if (take_word("TABLE")) {
    result.kind = Kind::table;
  } else if (take_word("DATABASE") || take_word("SCHEMA") || take_word("NAMESPACE")) {
    result.kind = Kind::database;
  } else if (take_word("FUNCTION")) {
    result.kind = Kind::function;
  } else if (take_words({"TEMPORARY", "FUNCTION"}) || take_words({"TEMP", "FUNCTION"})) {
    result.kind = Kind::temporary_function;
  } else if (take_words({"TEMPORARY", "VARIABLE"}) || take_words({"TEMP", "VARIABLE"}) || take_words({"TEMPORARY", "VAR"}) ||
             take_words({"TEMP", "VAR"}) || take_word("VARIABLE")) {
    result.kind = Kind::variable;
  } else {
    return fail(at_any_word({"INDEX", "ROLE", "MACRO", "TEMPORARY"}) ? unsupported_here("the SQL statement DROP " + peek().text)
                                                                     : error_here());
  }
  result.if_exists = take_words({"IF", "EXISTS"});
  TRY(parts, identifier());
  result.name = std::move(parts);
  result.cascade = take_word("CASCADE");
  take_word("RESTRICT");
  take_word("PURGE");
  return result;
}

SparkResult<Statement> Grammar::use() {
  ++at_;
  if (at_any_word({"DATABASE", "NAMESPACE", "SCHEMA"}) && peek(1).kind != TokenKind::end) ++at_;
  TRY(parts, identifier());
  return UseStatement{.name = std::move(parts), .catalog = false};
}

SparkResult<Statement> Grammar::explain() {
  ++at_;
  ExplainStatement result{.query = {}, .mode = "SIMPLE", .statement_text = {}};
  for (const std::string_view mode : {"EXTENDED", "CODEGEN", "COST", "FORMATTED", "LOGICAL"})
    if (take_word(mode)) result.mode = mode;
  const std::size_t begin = at_;
  if (at_query()) {
    TRY(relation, query());
    result.query = std::move(relation);
  } else {
    const DepthGuard guard(*this);
    TRY_DO(enter());
    TRY(inner, statement());
    static_cast<void>(inner);
    result.statement_text = text_since(begin);
  }
  return result;
}

SparkResult<Statement> Grammar::truncate() {
  ++at_;
  TRY_DO(expect_word("TABLE"));
  TruncateStatement result;
  TRY(parts, identifier());
  result.name = std::move(parts);
  TRY(spec, optional_partition_spec());
  result.partition = std::move(spec);
  return result;
}

// MSCK REPAIR TABLE t [{ADD|DROP|SYNC} PARTITIONS]
SparkResult<Statement> Grammar::repair() {
  take_word("MSCK");
  TRY_DO(expect_word("REPAIR"));
  TRY_DO(expect_word("TABLE"));
  AlterTableStatement result;
  TRY(parts, identifier());
  result.name = std::move(parts);
  RecoverPartitions action;
  if (at_any_word({"ADD", "DROP", "SYNC"})) {
    action.add = !at_word("DROP");
    action.drop = !at_word("ADD");
    ++at_;
    TRY_DO(expect_word("PARTITIONS"));
  }
  result.action = action;
  return result;
}

SparkResult<Statement> Grammar::analyze() {
  ++at_;
  AnalyzeStatement result;
  if (take_word("TABLES")) {
    if (take_in()) {
      TRY(database, identifier());
      result.database = std::move(database);
    }
  } else {
    TRY_DO(expect_word("TABLE"));
    TRY(parts, identifier());
    result.name = std::move(parts);
    TRY(spec, optional_partition_spec());
    result.partition = std::move(spec);
  }
  TRY_DO(expect_word("COMPUTE"));
  TRY_DO(expect_word("STATISTICS"));
  if (take_word("NOSCAN")) {
    result.no_scan = true;
  } else if (take_words({"FOR", "ALL", "COLUMNS"})) {
    result.all_columns = true;
  } else if (take_words({"FOR", "COLUMNS"})) {
    TRY(columns, name_list_without_parentheses());
    result.columns = std::move(columns);
  }
  return result;
}

SparkResult<Statement> Grammar::comment_on() {
  ++at_;
  TRY_DO(expect_word("ON"));
  CommentStatement result;
  result.on_table = take_word("TABLE");
  if (!result.on_table && !take_word("DATABASE") && !take_word("SCHEMA") && !take_word("NAMESPACE")) return fail(error_here());
  TRY(parts, identifier());
  result.name = std::move(parts);
  TRY_DO(expect_word("IS"));
  if (!take_word("NULL")) {
    TRY(comment, string_text());
    result.comment = std::move(comment);
  }
  return result;
}

SparkResult<Statement> Grammar::cache() {
  ++at_;
  CacheStatement result;
  result.lazy = take_word("LAZY");
  TRY_DO(expect_word("TABLE"));
  TRY(parts, identifier());
  result.name = std::move(parts);
  if (take_word("OPTIONS")) {
    TRY(options, properties());
    result.options = std::move(options);
  }
  const bool as = take_word("AS");
  if (as || at_query()) {
    TRY(body, query());
    result.query = std::move(body);
  }
  return result;
}

SparkResult<Statement> Grammar::uncache() {
  UncacheStatement result;
  if (take_word("CLEAR")) {
    TRY_DO(expect_word("CACHE"));
    return result;
  }
  ++at_;
  TRY_DO(expect_word("TABLE"));
  result.if_exists = take_words({"IF", "EXISTS"});
  TRY(parts, identifier());
  result.name = std::move(parts);
  return result;
}

SparkResult<Statement> Grammar::refresh() {
  ++at_;
  RefreshStatement result;
  if (take_word("FUNCTION")) {
    result.kind = RefreshStatement::Kind::function;
  } else if (peek().kind == TokenKind::string) {
    result.kind = RefreshStatement::Kind::path;
    TRY(path, string_text());
    result.path = std::move(path);
    return result;
  } else if (at_word("TABLE") && peek(1).kind != TokenKind::end) {
    ++at_;
  }
  TRY(parts, identifier());
  result.name = std::move(parts);
  return result;
}

}  // namespace mastic::spark::sql
