// CREATE TABLE and REPLACE TABLE, with the clauses of Spark's data sources and of Hive.
#include "spark/sql/grammar.h"

namespace mastic::spark::sql {

SparkResult<Statement> Grammar::create_table(bool replace, bool or_create) {
  CreateTableStatement result;
  result.replace = replace;
  result.or_create = or_create;
  result.external = take_word("EXTERNAL");
  TRY_DO(expect_word("TABLE"));
  result.if_not_exists = take_words({"IF", "NOT", "EXISTS"});
  TRY(parts, identifier());
  result.name = std::move(parts);
  if (take_word("LIKE")) {
    TRY(source, identifier());
    result.like = std::move(source);
  } else if (at_symbol("(") && !(at_any_word({"SELECT", "WITH", "VALUES", "FROM"}, 1) && peek(2).kind != TokenKind::word)) {
    TRY(columns, column_definitions());
    result.columns = std::move(columns);
  }
  for (std::size_t before = at_ + 1; before != at_;) {
    before = at_;
    TRY_DO(create_table_clause(result));
  }
  const bool as = take_word("AS");
  if (as || at_query()) {
    TRY(body, query());
    result.query = std::move(body);
  }
  return result;
}

SparkResult<void> Grammar::create_table_clause(CreateTableStatement& statement) {
  if (take_word("USING")) {
    TRY(parts, identifier());
    for (const auto& part : parts) statement.provider += (statement.provider.empty() ? "" : ".") + part;
  } else if (at_word("OPTIONS") && at_symbol("(", 1)) {
    ++at_;
    TRY(options, properties());
    statement.options = std::move(options);
  } else if (take_words({"PARTITIONED", "BY"})) {
    return partitioned_by(statement);
  } else if (take_words({"CLUSTERED", "BY"})) {
    TRY(columns, name_list());
    Buckets buckets;
    buckets.columns = std::move(columns);
    if (take_words({"SORTED", "BY"})) {
      TRY_DO(expect_symbol("("));
      do {
        TRY(column, name());
        buckets.sorted_by.push_back(std::move(column));
        if (!take_word("ASC") && at_word("DESC")) return fail(unsupported_here("SORTED BY … DESC"));
      } while (take_symbol(","));
      TRY_DO(expect_symbol(")"));
    }
    TRY_DO(expect_word("INTO"));
    TRY(count, integer());
    TRY_DO(expect_word("BUCKETS"));
    buckets.count = static_cast<int>(count);
    statement.buckets = std::move(buckets);
  } else if (take_words({"CLUSTER", "BY"})) {
    TRY_DO(expect_symbol("("));
    do {
      TRY(parts, identifier());
      statement.clustered_by.push_back(attribute(parts).unresolved_attribute().unparsed_identifier());
    } while (take_symbol(","));
    TRY_DO(expect_symbol(")"));
  } else if (at_words({"ROW", "FORMAT"})) {
    return row_format(statement);
  } else if (take_words({"STORED", "AS"})) {
    return stored_as(statement);
  } else if (take_words({"STORED", "BY"})) {
    return fail(unsupported_here("STORED BY"));
  } else if (take_words({"SKEWED", "BY"})) {
    return fail(unsupported_here("SKEWED BY"));
  } else if (take_word("LOCATION")) {
    TRY(location, string_text());
    statement.location = std::move(location);
  } else if (take_word("COMMENT")) {
    TRY(comment, string_text());
    statement.comment = std::move(comment);
  } else if (at_word("TBLPROPERTIES") && at_symbol("(", 1)) {
    ++at_;
    TRY(found, properties());
    statement.properties = std::move(found);
  } else if (take_words({"DEFAULT", "COLLATION"})) {
    TRY(collation, name());
    if (!equal_ignoring_case(collation, "UTF8_BINARY")) return fail(unsupported_here("the collation " + collation));
  }
  return {};
}

// (a, b): columns of the table · (a INT, b DATE): further columns, Hive's form
SparkResult<void> Grammar::partitioned_by(CreateTableStatement& statement) {
  TRY_DO(expect_symbol("("));
  do {
    if (at_symbol("(", 1)) return fail(unsupported_here("partitioning by a transform"));
    if (at_symbol(",", 1) || at_symbol(")", 1)) {
      TRY(column, name());
      statement.partitioned_by.push_back(std::move(column));
    } else if (at_symbol(".", 1)) {
      return fail(unsupported_here("partitioning by a field of a struct"));
    } else {
      TRY(field, struct_field(false));
      statement.partition_columns.push_back(std::move(field));
    }
  } while (take_symbol(","));
  return expect_symbol(")");
}

SparkResult<void> Grammar::row_format(CreateTableStatement& statement) {
  at_ += 2;
  if (take_word("SERDE")) {
    TRY(library, string_text());
    statement.serde_library = std::move(library);
    if (take_words({"WITH", "SERDEPROPERTIES"})) {
      TRY(found, properties());
      statement.serde_properties = std::move(found);
    }
    return {};
  }
  TRY_DO(expect_word("DELIMITED"));
  struct Delimiter {
    std::vector<std::string_view> words;
    std::string_view key;
  };
  static const std::vector<Delimiter> delimiters{
      {{"FIELDS", "TERMINATED", "BY"}, "field.delim"},       {{"COLLECTION", "ITEMS", "TERMINATED", "BY"}, "colelction.delim"},
      {{"MAP", "KEYS", "TERMINATED", "BY"}, "mapkey.delim"}, {{"ESCAPED", "BY"}, "escape.delim"},
      {{"LINES", "TERMINATED", "BY"}, "line.delim"},         {{"NULL", "DEFINED", "AS"}, "serialization.null.format"}};
  for (bool matched = true; matched;) {
    matched = false;
    for (const auto& [words, key] : delimiters) {
      std::size_t ahead = 0;
      while (ahead < words.size() && at_word(words[ahead], ahead)) ++ahead;
      if (ahead != words.size()) continue;
      at_ += ahead;
      TRY(value, string_text());
      statement.serde_properties[std::string(key)] = std::move(value);
      matched = true;
    }
  }
  return {};
}

SparkResult<void> Grammar::stored_as(CreateTableStatement& statement) {
  if (take_word("INPUTFORMAT")) {
    TRY(input, string_text());
    TRY_DO(expect_word("OUTPUTFORMAT"));
    TRY_DO(string_text());
    statement.stored_as = to_lower(input).find("parquet") != std::string::npos ? "parquet"
                          : to_lower(input).find("orc") != std::string::npos   ? "orc"
                          : to_lower(input).find("avro") != std::string::npos  ? "avro"
                                                                               : "textfile";
    return {};
  }
  TRY(format, name());
  statement.stored_as = to_lower(format);
  return {};
}

}  // namespace mastic::spark::sql
