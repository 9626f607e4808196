// The cursor over the tokens, and the small builders that every rule uses.
#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

#include "spark/sql/grammar.h"

namespace mastic::spark::sql {
namespace {

// Words that start or separate clauses: an alias without AS may not be one of them (Spark's strictNonReserved words and
// the clause starters that its grammar would read first).
constexpr auto not_an_alias = std::to_array<std::string_view>(
    {"FROM",    "WHERE", "GROUP",   "HAVING",      "ORDER",    "SORT",      "CLUSTER", "DISTRIBUTE", "LIMIT",
     "OFFSET",  "UNION", "EXCEPT",  "MINUS",       "SETMINUS", "INTERSECT", "JOIN",    "ON",         "USING",
     "LEFT",    "RIGHT", "FULL",    "INNER",       "CROSS",    "NATURAL",   "SEMI",    "ANTI",       "LATERAL",
     "WINDOW",  "PIVOT", "UNPIVOT", "TABLESAMPLE", "AS",       "WHEN",      "THEN",    "ELSE",       "END",
     "AND",     "OR",    "NOT",     "IS",          "IN",       "LIKE",      "ILIKE",   "RLIKE",      "REGEXP",
     "BETWEEN", "DIV",   "ASC",     "DESC",        "NULLS",    "FILTER",    "OVER",    "WITHIN",     "IGNORE",
     "RESPECT", "FOR",   "ROWS",    "RANGE",       "COLLATE",  "QUALIFY",   "VERSION"});

constexpr int depth_max = 200;

}  // namespace

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

std::string to_lower(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return std::tolower(c); });
  return lower;
}

std::string quote_if_needed(const std::string& part) {
  const bool plain = !part.empty() && !std::isdigit(static_cast<unsigned char>(part[0])) &&
                     std::ranges::all_of(part, [](unsigned char c) { return std::isalnum(c) || c == '_'; });
  if (plain) return part;
  std::string quoted = "`";
  for (const char c : part) {
    if (c == '`') quoted += '`';
    quoted += c;
  }
  return quoted + "`";
}

Expression call(std::string_view function, std::vector<Expression> arguments) {
  Expression expression;
  auto* unresolved = expression.mutable_unresolved_function();
  unresolved->set_function_name(std::string(function));
  for (auto& argument : arguments) *unresolved->add_arguments() = std::move(argument);
  return expression;
}

Expression string_literal(std::string text) {
  Expression expression;
  expression.mutable_literal()->set_string(std::move(text));
  return expression;
}

Expression integer_literal(int32_t value) {
  Expression expression;
  expression.mutable_literal()->set_integer(value);
  return expression;
}

Expression attribute(const std::vector<std::string>& parts) {
  std::string name;
  for (const auto& part : parts) name += (name.empty() ? "" : ".") + quote_if_needed(part);
  Expression expression;
  expression.mutable_unresolved_attribute()->set_unparsed_identifier(name);
  return expression;
}

const Token& Grammar::peek(std::size_t ahead) const { return tokens_[std::min(at_ + ahead, tokens_.size() - 1)]; }

bool Grammar::at_word(std::string_view word, std::size_t ahead) const {
  return peek(ahead).kind == TokenKind::word && equal_ignoring_case(peek(ahead).text, word);
}

bool Grammar::at_any_word(std::initializer_list<std::string_view> words, std::size_t ahead) const {
  return std::ranges::any_of(words, [&](std::string_view word) { return at_word(word, ahead); });
}

bool Grammar::at_symbol(std::string_view symbol, std::size_t ahead) const {
  return peek(ahead).kind == TokenKind::symbol && peek(ahead).text == symbol;
}

bool Grammar::take_word(std::string_view word) {
  if (!at_word(word)) return false;
  ++at_;
  return true;
}

bool Grammar::at_words(std::initializer_list<std::string_view> words) const {
  std::size_t ahead = 0;
  return std::ranges::all_of(words, [&](std::string_view word) { return at_word(word, ahead++); });
}

bool Grammar::take_words(std::initializer_list<std::string_view> words) {
  if (!at_words(words)) return false;
  at_ += words.size();
  return true;
}

bool Grammar::take_symbol(std::string_view symbol) {
  if (!at_symbol(symbol)) return false;
  ++at_;
  return true;
}

SparkResult<void> Grammar::expect_word(std::string_view word) {
  if (!take_word(word)) return fail(error_here());
  return {};
}

SparkResult<void> Grammar::expect_symbol(std::string_view symbol) {
  if (!take_symbol(symbol)) return fail(error_here());
  return {};
}

SparkResult<void> Grammar::expect_end() {
  while (take_symbol(";")) {
  }
  if (peek().kind == TokenKind::end) return {};
  // One token too many is told so, as ANTLR does.
  if (peek(1).kind == TokenKind::end) return fail(syntax_error(text_, peek(), true));
  return fail(error_here());
}

Expression Grammar::placed(Expression expression, std::size_t begin) const {
  // Constants cannot fail: they need no place.
  if (expression.has_literal() || expression.common().has_origin()) return expression;
  set_place(*expression.mutable_common(), begin);
  return expression;
}

Relation Grammar::placed(Relation relation, std::size_t begin) const {
  // What one SELECT is made of stands for its whole text.
  for (Relation* part = &relation; part != nullptr && !part->common().has_origin();) {
    set_place(*part->mutable_common(), begin);
    switch (part->rel_type_case()) {
      case Relation::kProject: part = part->project().has_input() ? part->mutable_project()->mutable_input() : nullptr; break;
      case Relation::kFilter: part = part->mutable_filter()->mutable_input(); break;
      case Relation::kAggregate: part = part->mutable_aggregate()->mutable_input(); break;
      case Relation::kDeduplicate: part = part->mutable_deduplicate()->mutable_input(); break;
      case Relation::kHint: part = part->mutable_hint()->mutable_input(); break;
      default: part = nullptr;
    }
  }
  return relation;
}

SparkError Grammar::error_here() const { return syntax_error(text_, peek()); }

SparkError Grammar::unsupported_here(std::string_view what) const {
  return locate(unsupported(what), text_, peek().begin, peek().end);
}

SparkResult<void> Grammar::enter() {
  // Spark's own parser fails here with a stack overflow turned into this condition.
  if (depth_ > depth_max) return fail(locate(parse_error("FAILED_TO_PARSE_TOO_COMPLEX"), text_, peek().begin, peek().end));
  return {};
}

SparkResult<std::string> Grammar::name() {
  if (peek().kind != TokenKind::word && peek().kind != TokenKind::quoted) return fail(error_here());
  return tokens_[at_++].text;
}

SparkResult<std::string> Grammar::string_text() {
  if (peek().kind != TokenKind::string) return fail(error_here());
  std::string text = tokens_[at_++].text;
  while (peek().kind == TokenKind::string) text += tokens_[at_++].text;  // 'a' 'b' is 'ab'
  return text;
}

SparkResult<int64_t> Grammar::integer() {
  if (peek().kind != TokenKind::integer) return fail(error_here());
  int64_t value = 0;
  const auto& digits = peek().text;
  if (std::from_chars(digits.data(), digits.data() + digits.size(), value).ec != std::errc()) return fail(error_here());
  ++at_;
  return value;
}

SparkResult<std::vector<std::string>> Grammar::name_list_without_parentheses() {
  std::vector<std::string> names;
  do {
    TRY(one, name());
    names.push_back(std::move(one));
  } while (take_symbol(","));
  return names;
}

SparkResult<std::vector<std::string>> Grammar::name_list() {
  TRY_DO(expect_symbol("("));
  TRY(names, name_list_without_parentheses());
  TRY_DO(expect_symbol(")"));
  return std::move(names);
}

// a.b.c · IDENTIFIER('a.b') · IDENTIFIER(:name).c
SparkResult<std::vector<std::string>> Grammar::identifier() {
  std::vector<std::string> parts;
  do {
    if (at_word("IDENTIFIER") && at_symbol("(", 1)) {
      at_ += 2;
      TRY(text, constant_text());
      TRY_DO(expect_symbol(")"));
      TRY(inner, parse_identifier(text));
      parts.insert(parts.end(), inner.begin(), inner.end());
      continue;
    }
    TRY_DO(refuse_hyphens());
    TRY(part, name());
    parts.push_back(std::move(part));
  } while (take_symbol("."));
  return parts;
}

// my-table: Spark says how such a name is to be written (the rule errorCapturingIdentifier of its grammar).
SparkResult<void> Grammar::refuse_hyphens() {
  if (peek().kind != TokenKind::word) return {};
  const auto begin = peek().begin;
  auto end = peek().end;
  auto next = at_ + 1;
  while (next + 1 < tokens_.size() && tokens_[next].kind == TokenKind::symbol && tokens_[next].text == "-" &&
         tokens_[next].begin == end && tokens_[next + 1].kind == TokenKind::word && tokens_[next + 1].begin == end + 1) {
    end = tokens_[next + 1].end;
    next += 2;
  }
  if (next == at_ + 1) return {};
  return fail(
      locate(parse_error("INVALID_IDENTIFIER", {{"ident", std::string(text_.substr(begin, end - begin))}}), text_, begin, end));
}

bool Grammar::at_alias() const {
  if (peek().kind == TokenKind::quoted) return true;
  return peek().kind == TokenKind::word &&
         std::ranges::none_of(not_an_alias, [&](std::string_view word) { return at_word(word); });
}

}  // namespace mastic::spark::sql
