#include "spark/sql/parser.h"

#include "spark/sql/grammar.h"

namespace mastic::spark::sql {
namespace {

// Reads the whole text with one rule.
template <typename T>
SparkResult<T> parse_whole(std::string_view text, const Parameters& parameters, SparkResult<T> (Grammar::*rule)()) {
  if (text.find_first_not_of(" \t\r\n;") == std::string_view::npos)
    return fail(locate(parse_error("PARSE_EMPTY_STATEMENT"), text, 0, 0));
  TRY(tokens, tokenize(text));
  Grammar grammar(text, std::move(tokens), parameters);
  TRY(result, (grammar.*rule)());
  TRY_DO(grammar.expect_end());
  return std::move(result);
}

}  // namespace

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
void mark(proto::Relation& relation, std::string_view text) { relation.mutable_common()->set_source_info(std::string(text)); }
std::string mark_of(const proto::Relation& relation) { return relation.common().source_info(); }
#pragma GCC diagnostic pop

SparkResult<Statement> parse_statement(std::string_view text, const Parameters& parameters) {
  return parse_whole(text, parameters, &Grammar::statement);
}

SparkResult<proto::Relation> parse_query(std::string_view text, const Parameters& parameters) {
  return parse_whole(text, parameters, &Grammar::query);
}

SparkResult<proto::Expression> parse_expression(std::string_view text) {
  return parse_whole(text, {}, &Grammar::named_expression);
}

SparkResult<DataType> parse_data_type(std::string_view text) { return parse_whole(text, {}, &Grammar::data_type); }

SparkResult<DataType> parse_table_schema(std::string_view text) {
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) return types::structure({});
  return parse_whole(text, {}, &Grammar::table_schema);
}

SparkResult<std::vector<std::string>> parse_identifier(std::string_view text) {
  return parse_whole(text, {}, &Grammar::identifier);
}

}  // namespace mastic::spark::sql
