// INSERT INTO, INSERT OVERWRITE, INSERT OVERWRITE DIRECTORY.
#include "spark/sql/grammar.h"

namespace mastic::spark::sql {

SparkResult<Statement> Grammar::insert() {
  if (at_words({"INSERT", "OVERWRITE", "DIRECTORY"}) || at_words({"INSERT", "OVERWRITE", "LOCAL", "DIRECTORY"})) {
    at_ += 2;
    return insert_directory();
  }
  TRY(result, insert_target());
  if (!at_query()) return fail(error_here());
  TRY(body, query());
  result.query = std::move(body);
  return std::move(result);
}

// FROM t INSERT INTO a SELECT x WHERE … INSERT OVERWRITE TABLE b SELECT y
SparkResult<Statement> Grammar::multi_insert(Relation input) {
  const auto subqueries = pending_subqueries_;
  MultiInsertStatement result;
  while (at_word("INSERT")) {
    if (at_word("DIRECTORY", 2) || at_word("DIRECTORY", 3)) return fail(unsupported_here("FROM … INSERT OVERWRITE DIRECTORY"));
    TRY(target, insert_target());
    if (!at_word("SELECT")) return fail(error_here());
    given_input_ = input;
    pending_subqueries_ = subqueries;
    TRY(body, set_operation(0));
    TRY(organized, organize(std::move(body)));
    target.query = with_pending_subqueries(std::move(organized), 0);
    result.inserts.push_back(std::move(target));
  }
  if (result.inserts.size() == 1) return std::move(result.inserts.front());
  return result;
}

// INSERT INTO|OVERWRITE [TABLE] t [PARTITION (…)] [BY NAME | (columns)]
SparkResult<InsertStatement> Grammar::insert_target() {
  ++at_;
  InsertStatement result;
  if (take_word("OVERWRITE")) {
    result.overwrite = true;
  } else {
    TRY_DO(expect_word("INTO"));
  }
  if (at_word("TABLE") && !at_symbol(".", 1)) ++at_;
  TRY(parts, identifier());
  result.table = std::move(parts);
  if (at_any_word({"REPLACE"})) return fail(unsupported_here("INSERT INTO … REPLACE WHERE"));
  TRY(partition, optional_partition_spec());
  result.partition = std::move(partition);
  result.if_not_exists = take_words({"IF", "NOT", "EXISTS"});
  if (take_words({"BY", "NAME"})) {
    result.by_name = true;
  } else if (at_symbol("(") && !at_any_word({"SELECT", "WITH", "VALUES", "FROM", "TABLE"}, 1) && !at_symbol("(", 1)) {
    TRY(columns, name_list());
    result.columns = std::move(columns);
  }
  return result;
}

SparkResult<Statement> Grammar::insert_directory() {
  take_word("LOCAL");
  ++at_;
  InsertStatement result;
  result.overwrite = true;
  result.directory = true;
  if (peek().kind == TokenKind::string) {
    TRY(path, string_text());
    result.path = std::move(path);
  }
  if (take_word("USING")) {
    TRY(parts, identifier());
    for (const auto& part : parts) result.provider += (result.provider.empty() ? "" : ".") + part;
    if (take_word("OPTIONS")) {
      TRY(options, properties());
      result.options = std::move(options);
    }
  } else {
    CreateTableStatement clauses;
    for (std::size_t before = at_ + 1; before != at_;) {
      before = at_;
      if (at_words({"ROW", "FORMAT"})) TRY_DO(row_format(clauses));
      if (take_words({"STORED", "AS"})) TRY_DO(stored_as(clauses));
    }
    if (!clauses.serde_library.empty()) return fail(unsupported_here("INSERT OVERWRITE DIRECTORY with a SERDE"));
    // Hive's default is delimited text.
    result.provider = clauses.stored_as.empty() || clauses.stored_as == "textfile" ? "csv" : clauses.stored_as;
    if (result.provider == "csv") {
      const auto delimiter = clauses.serde_properties.find("field.delim");
      result.options["sep"] = delimiter == clauses.serde_properties.end() ? "\x01" : delimiter->second;
      result.options["nullValue"] = "\\N";
      result.options["quote"] = "";
    }
  }
  TRY(body, query());
  result.query = std::move(body);
  return result;
}

}  // namespace mastic::spark::sql
