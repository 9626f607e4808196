// Conditions by recursive descent. Parentheses hold a condition or an operand, and only what follows them tells which:
// so operands and conditions are one kind of node here, and each place says which of the two it needs.
#include "dynamodb/expression/condition_checks.h"
#include "dynamodb/expression/parser.h"
#include "dynamodb/expression/token_stream.h"

namespace mastic::dynamodb::expression {
namespace {

constexpr int nesting_max = 100;  // of parentheses and NOT: a guard for the stack; DynamoDB's operator limit is not far.

class ConditionParser {
 public:
  explicit ConditionParser(TokenStream& tokens) : tokens_(tokens) {}

  Result<Node> parse() {
    TRY(node, condition());
    if (!tokens_.at_end()) return fail(tokens_.syntax_error());
    return std::move(node);
  }
  [[nodiscard]] bool found_redundant_parentheses() const { return redundant_parentheses_; }
  [[nodiscard]] int operators() const { return operators_; }

 private:
  /// A whole condition: an operand alone is a syntax error.
  Result<Node> condition() {
    TRY(node, any_of());
    if (!node.is_condition()) return fail(tokens_.syntax_error());
    return std::move(node);
  }

  Result<Node> any_of() { return chain("OR", Kind::any_of, &ConditionParser::all_of); }
  Result<Node> all_of() { return chain("AND", Kind::all_of, &ConditionParser::negation); }

  Result<Node> chain(std::string_view keyword, Kind kind, Result<Node> (ConditionParser::*part)()) {
    TRY(first, (this->*part)());
    if (!tokens_.at_keyword(keyword)) return std::move(first);
    Node node{.kind = kind};
    if (!first.is_condition()) return fail(tokens_.syntax_error());
    node.children.push_back(std::move(first));
    while (tokens_.take_keyword(keyword)) {
      ++operators_;
      TRY(next, (this->*part)());
      if (!next.is_condition()) return fail(tokens_.syntax_error());
      node.children.push_back(std::move(next));
    }
    return node;
  }

  Result<Node> negation() {
    if (!tokens_.at_keyword("NOT")) return comparison();
    if (++nesting_ > nesting_max) return fail(tokens_.error("The expression is nested too deeply"));
    tokens_.take();
    ++operators_;
    TRY(inner, negation());
    --nesting_;
    if (!inner.is_condition()) return fail(tokens_.syntax_error());
    Node node{.kind = Kind::negation};
    node.children.push_back(std::move(inner));
    return node;
  }

  Result<Node> comparison() {
    TRY(left, primary());
    if (!left.is_operand()) return std::move(left);
    for (const std::string_view symbol : {"=", "<>", "<", "<=", ">", ">="}) {
      if (!tokens_.take_symbol(symbol)) continue;
      ++operators_;
      TRY(right, operand());
      Node node{.kind = Kind::comparison, .text = std::string(symbol)};
      node.children.push_back(std::move(left));
      node.children.push_back(std::move(right));
      return node;
    }
    if (tokens_.take_keyword("BETWEEN")) return between(std::move(left));
    if (tokens_.take_keyword("IN")) return in(std::move(left));
    return std::move(left);
  }

  Result<Node> between(Node left) {
    ++operators_;
    TRY(low, operand());
    if (!tokens_.take_keyword("AND")) return fail(tokens_.syntax_error());
    TRY(high, operand());
    Node node{.kind = Kind::between};
    node.children.push_back(std::move(left));
    node.children.push_back(std::move(low));
    node.children.push_back(std::move(high));
    return node;
  }

  Result<Node> in(Node left) {
    ++operators_;
    TRY_DO(tokens_.expect_symbol("("));
    Node node{.kind = Kind::in};
    node.children.push_back(std::move(left));
    TRY_DO(operands_until_parenthesis(node));
    return node;
  }

  Result<void> operands_until_parenthesis(Node& into) {
    do {
      TRY(next, operand());
      into.children.push_back(std::move(next));
    } while (tokens_.take_symbol(","));
    return tokens_.expect_symbol(")");
  }

  Result<Node> operand() {
    TRY(node, primary());
    if (!node.is_operand()) return fail(tokens_.syntax_error());
    return std::move(node);
  }

  Result<Node> primary() {
    if (tokens_.take_symbol("(")) return in_parentheses();
    if (tokens_.peek().kind == TokenKind::value) return Node{.kind = Kind::value, .text = std::string(tokens_.take().text)};
    for (const std::string_view keyword : {"AND", "OR", "NOT", "BETWEEN", "IN"})
      if (tokens_.at_keyword(keyword)) return fail(tokens_.syntax_error());
    if (tokens_.peek().kind == TokenKind::word && tokens_.at_symbol("(", 1)) return function();
    TRY(path, tokens_.parse_path());
    return Node{.kind = Kind::path, .path = std::move(path)};
  }

  Result<Node> in_parentheses() {
    if (++nesting_ > nesting_max) return fail(tokens_.error("The expression is nested too deeply"));
    TRY(inner, any_of());
    --nesting_;
    TRY_DO(tokens_.expect_symbol(")"));
    if (inner.in_parentheses) redundant_parentheses_ = true;
    inner.in_parentheses = true;
    return std::move(inner);
  }

  Result<Node> function() {
    if (++nesting_ > nesting_max) return fail(tokens_.error("The expression is nested too deeply"));
    ++operators_;
    Node node{.kind = Kind::function, .text = std::string(tokens_.take().text)};
    tokens_.take();  // (
    TRY_DO(operands_until_parenthesis(node));
    --nesting_;
    return node;
  }

  TokenStream& tokens_;
  int nesting_ = 0;
  int operators_ = 0;
  bool redundant_parentheses_ = false;
};

}  // namespace

Result<Node> parse_condition(std::string_view which, std::string_view text, Placeholders& placeholders) {
  TokenStream tokens(which, text);
  TRY_DO(tokens.check_size(expression_size_max_bytes));
  ConditionParser parser(tokens);
  TRY(node, parser.parse());
  if (parser.found_redundant_parentheses()) return fail(tokens.error("The expression has redundant parentheses;"));
  TRY_DO(check_functions_placed(which, node));
  Resolver resolver(which, placeholders);
  TRY_DO(resolver.check_reserved(node));
  TRY_DO(resolve_and_check(resolver, node));
  if (parser.operators() > operators_max)
    return fail(
        tokens.error("The expression contains too many operators; operator count: " + std::to_string(parser.operators())));
  return std::move(node);
}

}  // namespace mastic::dynamodb::expression
