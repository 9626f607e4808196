// The tokens of Spark SQL.
//
//   word       select, my_table            quoted    `a b`, text without the backticks
//   string     'it''s', "x", r'\d'         integer   12, 12L, 3Y     decimal 1.5, 2BD    real 1e0, 1.0D, 2F
//   symbol     ( ) , . + - * / % = == <=> <> != < <= > >= || :: -> => [ ] : ~ & | ^ ;
//   parameter  :name, ?                    hint      the text between /*+ and */
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "spark/plan/spark_error.h"

namespace mastic::spark::sql {

enum class TokenKind : unsigned char { word, quoted, string, integer, decimal, real, symbol, parameter, hint, end };

struct Token {
  TokenKind kind = TokenKind::end;
  std::string text;       // decoded: a string's value, a word as written, a number without its suffix
  std::string suffix;     // numbers: L, S, Y, F, D or BD, upper case
  std::size_t begin = 0;  // bytes into the text
  std::size_t end = 0;
};

/// Splits SQL text; the last token is `end`. Fails with PARSE_SYNTAX_ERROR or UNCLOSED_BRACKETED_COMMENT.
SparkResult<std::vector<Token>> tokenize(std::string_view text);

/// The error that Spark's parser gives at a token: class PARSE_SYNTAX_ERROR, line, position and the query with a caret.
SparkError syntax_error(std::string_view text, const Token& at, bool superfluous = false);

/// Any parse error's text with position and caret, as ParseException prints it.
SparkError locate(SparkError error, std::string_view text, std::size_t begin, std::size_t end);

}  // namespace mastic::spark::sql
