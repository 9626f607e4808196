// Clauses that several statements share: properties, partitions, column definitions.
#include "spark/sql/grammar.h"

namespace mastic::spark::sql {
namespace {

/// A constant as the text that a partition's folder or a property would show; nothing for what is no constant.
std::optional<std::string> literal_text(const Expression& expression) {
  using Literal = Expression::Literal;
  if (expression.has_cast() && expression.cast().expr().has_literal() && expression.cast().expr().literal().has_string())
    return expression.cast().expr().literal().string();  // DATE '2024-01-01'
  if (!expression.has_literal()) return std::nullopt;
  const auto& literal = expression.literal();
  switch (literal.literal_type_case()) {
    case Literal::kString: return literal.string();
    case Literal::kBoolean: return literal.boolean() ? "true" : "false";
    case Literal::kByte: return std::to_string(literal.byte());
    case Literal::kShort: return std::to_string(literal.short_());
    case Literal::kInteger: return std::to_string(literal.integer());
    case Literal::kLong: return std::to_string(literal.long_());
    case Literal::kDecimal: return literal.decimal().value();
    case Literal::kDouble: return std::to_string(literal.double_());
    default: return std::nullopt;
  }
}

/// `'a' || :b`: what IDENTIFIER(…) may hold.
std::optional<std::string> folded_text(const Expression& expression) {
  if (expression.has_literal() && expression.literal().has_string()) return expression.literal().string();
  if (!expression.has_unresolved_function()) return std::nullopt;
  const auto& function = expression.unresolved_function();
  std::string text;
  for (const auto& argument : function.arguments()) {
    const auto part = folded_text(argument);
    if (!part) return std::nullopt;
    text += *part;
  }
  if (equal_ignoring_case(function.function_name(), "concat")) return text;
  if (equal_ignoring_case(function.function_name(), "lower")) return to_lower(text);
  return std::nullopt;
}

}  // namespace

SparkResult<std::string> Grammar::constant_text() {
  const Token token = peek();
  TRY(value, expression());
  if (const auto text = folded_text(value)) return *text;
  return fail(locate(parse_error("NOT_A_CONSTANT_STRING.NOT_CONSTANT", {{"name", "IDENTIFIER"}, {"expr", token.text}}), text_,
                     token.begin, token.end));
}

SparkResult<std::string> Grammar::property_key() {
  if (peek().kind == TokenKind::string) return string_text();
  TRY(key, name());
  for (;;) {
    if (at_symbol(".")) {
      ++at_;
      if (peek().kind == TokenKind::integer) {
        key += "." + tokens_[at_++].text;
        continue;
      }
      TRY(part, name());
      key += "." + part;
    } else if (at_symbol("-") && (peek(1).kind == TokenKind::word)) {
      ++at_;
      TRY(part, name());
      key += "-" + part;
    } else {
      return key;
    }
  }
}

SparkResult<std::string> Grammar::property_value() {
  if (peek().kind == TokenKind::string) return string_text();
  const Token token = peek();
  if (at_any_word({"TRUE", "FALSE"})) return to_lower(tokens_[at_++].text);
  TRY(value, expression());
  if (auto text = literal_text(value)) return *std::move(text);
  return fail(syntax_error(text_, token));
}

SparkResult<Properties> Grammar::properties() {
  Properties result;
  TRY_DO(expect_symbol("("));
  do {
    const Token token = peek();
    TRY(key, property_key());
    std::string value;
    const bool equals = take_symbol("=") || take_symbol("==");
    if (equals || (!at_symbol(",") && !at_symbol(")"))) {
      TRY(text, property_value());
      value = std::move(text);
    }
    if (result.contains(key))
      return fail(locate(parse_error("DUPLICATE_KEY", {{"keyColumn", "`" + key + "`"}}), text_, token.begin, token.end));
    result.emplace(std::move(key), std::move(value));
  } while (take_symbol(","));
  TRY_DO(expect_symbol(")"));
  return result;
}

SparkResult<std::vector<std::string>> Grammar::property_keys() {
  std::vector<std::string> keys;
  TRY_DO(expect_symbol("("));
  do {
    TRY(key, property_key());
    keys.push_back(std::move(key));
  } while (take_symbol(","));
  TRY_DO(expect_symbol(")"));
  return keys;
}

SparkResult<PartitionValue> Grammar::partition_value() {
  PartitionValue result;
  TRY(column, name());
  result.name = std::move(column);
  for (const std::string_view symbol : {"=", "==", "<=", ">=", "<>", "!=", "<", ">"}) {
    if (!take_symbol(symbol)) continue;
    result.comparison = symbol == "==" ? "=" : symbol == "!=" ? "<>" : symbol;
    if (take_word("NULL")) {
      result.is_null = true;
      return result;
    }
    const Token token = peek();
    if (token.kind == TokenKind::word && !at_symbol("(", 1) && peek(1).kind != TokenKind::string &&
        !at_any_word({"TRUE", "FALSE", "INTERVAL"})) {  // p = abc: an unquoted text
      ++at_;
      result.value = token.text;
      return result;
    }
    TRY(value, bitwise(0));
    auto text = literal_text(value);
    if (!text) return fail(syntax_error(text_, token));
    result.value = *std::move(text);
    return result;
  }
  return result;
}

SparkResult<PartitionSpec> Grammar::partition_spec() {
  TRY_DO(expect_word("PARTITION"));
  TRY_DO(expect_symbol("("));
  PartitionSpec spec;
  do {
    const Token token = peek();
    TRY(value, partition_value());
    for (const auto& other : spec)
      if (equal_ignoring_case(other.name, value.name) && other.comparison == "=" && value.comparison == "=")
        return fail(
            locate(parse_error("DUPLICATE_KEY", {{"keyColumn", "`" + value.name + "`"}}), text_, token.begin, token.end));
    spec.push_back(std::move(value));
  } while (take_symbol(","));
  TRY_DO(expect_symbol(")"));
  return spec;
}

SparkResult<PartitionSpec> Grammar::optional_partition_spec() {
  if (at_word("PARTITION") && at_symbol("(", 1)) return partition_spec();
  return PartitionSpec{};
}

SparkResult<std::vector<StructField>> Grammar::column_definitions() {
  TRY_DO(expect_symbol("("));
  std::vector<StructField> fields;
  do {
    if (at_any_word({"CONSTRAINT", "PRIMARY", "FOREIGN"}) && peek(1).kind == TokenKind::word)
      return fail(unsupported_here("constraints of tables"));
    TRY(field, struct_field(false));
    fields.push_back(std::move(field));
  } while (take_symbol(","));
  TRY_DO(expect_symbol(")"));
  return fields;
}

std::string Grammar::text_since(std::size_t token) const {
  if (token >= at_) return {};
  return std::string(text_.substr(tokens_[token].begin, tokens_[at_ - 1].end - tokens_[token].begin));
}

bool Grammar::take_in() { return take_word("IN") || take_word("FROM"); }

}  // namespace mastic::spark::sql
