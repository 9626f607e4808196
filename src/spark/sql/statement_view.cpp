// CREATE VIEW, temporary or in the catalog.
#include "spark/sql/grammar.h"

namespace mastic::spark::sql {

SparkResult<Statement> Grammar::create_view(bool replace) {
  CreateViewStatement result;
  result.replace = replace;
  result.global = take_word("GLOBAL");
  result.temporary = take_word("TEMPORARY") || take_word("TEMP");
  TRY_DO(expect_word("VIEW"));
  result.if_not_exists = take_words({"IF", "NOT", "EXISTS"});
  TRY(parts, identifier());
  result.name = std::move(parts);
  if (result.temporary && at_symbol("(")) {  // (a INT, …) USING source: a schema, not names
    const std::size_t begin = at_;
    if (auto fields = column_definitions(); fields && at_word("USING")) {
      result.schema = types::structure(std::move(*fields));
    } else {
      at_ = begin;
    }
  }
  if (take_word("USING")) {
    TRY(provider, identifier());
    for (const auto& part : provider) result.provider += (result.provider.empty() ? "" : ".") + part;
    if (take_word("OPTIONS")) {
      TRY(options, properties());
      result.options = std::move(options);
    }
    return result;
  }
  if (at_symbol("(")) {
    ++at_;
    do {
      TRY(column, name());
      result.columns.push_back(std::move(column));
      result.column_comments.emplace_back();
      if (take_word("COMMENT")) {
        TRY(comment, string_text());
        result.column_comments.back() = std::move(comment);
      }
    } while (take_symbol(","));
    TRY_DO(expect_symbol(")"));
  }
  for (;;) {
    if (take_word("COMMENT")) {
      TRY(comment, string_text());
      result.comment = std::move(comment);
    } else if (take_word("TBLPROPERTIES")) {
      TRY(found, properties());
      result.properties = std::move(found);
    } else if (take_words({"PARTITIONED", "ON"})) {
      return fail(unsupported_here("CREATE VIEW … PARTITIONED ON"));
    } else if (take_words({"WITH", "SCHEMA"})) {
      ++at_;  // BINDING, COMPENSATION, EVOLUTION, TYPE: what a view does when its tables change
      take_word("EVOLUTION");
    } else if (take_words({"WITH", "METRICS"})) {
      return fail(unsupported_here("metric views"));
    } else {
      break;
    }
  }
  TRY_DO(expect_word("AS"));
  const std::size_t begin = at_;
  TRY(body, query());
  result.query = std::move(body);
  result.query_text = text_since(begin);
  return result;
}

}  // namespace mastic::spark::sql
