// INSERT INTO, INSERT OVERWRITE, INSERT OVERWRITE DIRECTORY.
#include "spark/sql/grammar.h"

namespace mastic::spark::sql {

SparkResult<Statement> Grammar::insert() {
  ++at_;
  InsertStatement result;
  if (take_word("OVERWRITE")) {
    if (at_word("DIRECTORY") || (at_word("LOCAL") && at_word("DIRECTORY", 1))) return insert_directory();
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
  if (!at_query()) return fail(error_here());
  TRY(body, query());
  result.query = std::move(body);
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
