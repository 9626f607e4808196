#include "glue/catalog/partition_expression.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <functional>
#include <optional>
#include <utility>

#include "glue/catalog/partition_value.h"
#include "glue/errors.h"

namespace mastic::glue::catalog {
namespace {

/// SQL's three truth values: a comparison with NULL is neither true nor false.
enum class Truth { no, unknown, yes };
Truth operator!(Truth truth) { return truth == Truth::unknown ? truth : (truth == Truth::yes ? Truth::no : Truth::yes); }
Truth truth_of(bool value) { return value ? Truth::yes : Truth::no; }

enum class Operator { equal, unequal, less, less_or_equal, greater, greater_or_equal };

std::string lower(std::string_view text) {
  std::string lowered(text);
  std::ranges::transform(lowered, lowered.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return lowered;
}

// ---------------------------------------------------------------------------------------------------------- tokens

enum class TokenKind { end, word, quoted_name, number, string, symbol };
struct Token {
  TokenKind kind = TokenKind::end;
  std::string text;  // words and names as written, strings without quotes
};

bool is_word_start(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_'; }
bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.' || c == '$'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

Result<std::vector<Token>> tokenize(std::string_view text) {
  static constexpr std::array<std::string_view, 12> symbols = {"<=", ">=", "<>", "!=", "=", "<", ">", "(", ")", ",", "-", "+"};
  std::vector<Token> tokens;
  std::size_t at = 0;
  const auto take_while = [&](auto accepts) {
    const auto begin = at;
    while (at < text.size() && accepts(text[at])) ++at;
    return std::string(text.substr(begin, at - begin));
  };
  while (at < text.size()) {
    const char c = text[at];
    if (std::isspace(static_cast<unsigned char>(c)) != 0) {
      ++at;
    } else if (is_word_start(c)) {
      tokens.push_back({TokenKind::word, take_while(is_word)});
    } else if (is_digit(c) || (c == '.' && at + 1 < text.size() && is_digit(text[at + 1]))) {
      tokens.push_back({TokenKind::number, take_while([](char d) { return is_digit(d) || d == '.'; })});
    } else if (c == '\'' || c == '"' || c == '`') {
      std::string inside;
      for (++at;; ++at) {
        if (at >= text.size()) return fail(error::unsupported_expression("a quote is not closed"));
        if (text[at] == c && at + 1 < text.size() && text[at + 1] == c)
          ++at;  // a doubled quote stands for one
        else if (text[at] == c)
          break;
        inside += text[at];
      }
      ++at;
      tokens.push_back({c == '\'' ? TokenKind::string : TokenKind::quoted_name, std::move(inside)});
    } else {
      const auto symbol = std::ranges::find_if(symbols, [&](auto s) { return text.substr(at).starts_with(s); });
      if (symbol == symbols.end()) return fail(error::unsupported_expression(std::string("the character ") + c));
      tokens.push_back({TokenKind::symbol, std::string(*symbol)});
      at += symbol->size();
    }
  }
  tokens.push_back({});
  return tokens;
}

// ------------------------------------------------------------------------------------------------------------ like

/// SQL's LIKE: % any run of characters, _ any one, \ takes the next character as it is.
bool like(std::string_view text, std::string_view pattern) {
  std::size_t at = 0;
  std::size_t want = 0;
  std::optional<std::pair<std::size_t, std::size_t>> retry;  // where the last % stands, and what it swallowed so far
  while (true) {
    if (want < pattern.size() && pattern[want] == '%') {
      retry = {++want, at};
      continue;
    }
    if (at == text.size() && want == pattern.size()) return true;
    if (at < text.size() && want < pattern.size()) {
      const bool escaped = pattern[want] == '\\' && want + 1 < pattern.size();
      const char expected = escaped ? pattern[want + 1] : pattern[want];
      if ((!escaped && expected == '_') || expected == text[at]) {
        want += escaped ? 2 : 1;
        ++at;
        continue;
      }
    }
    if (!retry || retry->second == text.size()) return false;
    want = retry->first;
    at = ++retry->second;
  }
}

}  // namespace

// ------------------------------------------------------------------------------------------------------------ tree

struct PartitionExpression::Node {
  enum class Kind { all_of, any_of, negation, comparison, one_of, between, like, is_null };
  Kind kind = Kind::all_of;
  std::vector<std::unique_ptr<Node>> children;  // of all_of, any_of, negation

  std::size_t key = 0;  // of all others
  KeyKind key_kind = KeyKind::text;
  Operator comparison = Operator::equal;
  std::vector<KeyValue> literals;
  std::string pattern;

  [[nodiscard]] Truth evaluate(std::span<const std::string> values) const;

 private:
  [[nodiscard]] Truth evaluate_on(const KeyValue& value) const;
};

namespace {

using Node = PartitionExpression::Node;

bool compare(Operator comparison, const KeyValue& left, const KeyValue& right) {
  switch (comparison) {
    case Operator::equal: return left == right;
    case Operator::unequal: return left != right;
    case Operator::less: return left < right;
    case Operator::less_or_equal: return left <= right;
    case Operator::greater: return left > right;
    case Operator::greater_or_equal: return left >= right;
  }
  std::unreachable();
}

}  // namespace

Truth PartitionExpression::Node::evaluate(std::span<const std::string> values) const {
  if (kind == Kind::negation) return !children[0]->evaluate(values);
  if (kind == Kind::all_of || kind == Kind::any_of) {
    auto truth = truth_of(kind == Kind::all_of);
    for (const auto& child : children) {
      truth = kind == Kind::all_of ? std::min(truth, child->evaluate(values)) : std::max(truth, child->evaluate(values));
    }
    return truth;
  }
  std::optional<KeyValue> value;
  if (key < values.size() && values[key] != "__HIVE_DEFAULT_PARTITION__") value = read_value(key_kind, values[key]);
  if (kind == Kind::is_null) return truth_of(!value);
  if (!value) return Truth::unknown;
  return kind == Kind::like ? truth_of(like(values[key], pattern)) : evaluate_on(*value);
}

Truth PartitionExpression::Node::evaluate_on(const KeyValue& value) const {
  if (kind == Kind::comparison) return truth_of(compare(comparison, value, literals[0]));
  if (kind == Kind::between) return truth_of(literals[0] <= value && value <= literals[1]);
  return truth_of(std::ranges::find(literals, value) != literals.end());
}

// ---------------------------------------------------------------------------------------------------------- parser

namespace {

class Parser {
 public:
  Parser(std::vector<Token> tokens, std::span<const PartitionKey> keys) : tokens_(std::move(tokens)), keys_(keys) {}

  using Tree = Result<std::unique_ptr<Node>>;

  Tree parse() {
    TRY(root, expression());
    if (peek().kind != TokenKind::end) return fail(error::unsupported_expression("unexpected: " + peek().text));
    return std::move(root);
  }

 private:
  // Deeper nesting than this is no question about partitions; the limit keeps the recursion within the stack.
  static constexpr int depth_max = 100;

  const Token& peek() const { return tokens_[at_]; }
  Token take() {
    auto token = tokens_[at_];
    if (token.kind != TokenKind::end) ++at_;
    return token;
  }
  bool take_word(std::string_view word) {
    if (peek().kind != TokenKind::word || lower(peek().text) != word) return false;
    ++at_;
    return true;
  }
  bool take_symbol(std::string_view symbol) {
    if (peek().kind != TokenKind::symbol || peek().text != symbol) return false;
    ++at_;
    return true;
  }
  Result<void> expect_symbol(std::string_view symbol) {
    if (take_symbol(symbol)) return {};
    return fail(error::unsupported_expression("expected " + std::string(symbol) + " before: " + peek().text));
  }
  Result<void> expect_word(std::string_view word) {
    if (take_word(word)) return {};
    return fail(error::unsupported_expression("expected " + std::string(word) + " before: " + peek().text));
  }

  Tree chain(Node::Kind kind, std::string_view word, Tree (Parser::*part)()) {
    TRY(first, (this->*part)());
    if (!take_word(word)) return std::move(first);
    auto node = std::make_unique<Node>();
    node->kind = kind;
    node->children.push_back(std::move(first));
    do {
      TRY(next, (this->*part)());
      node->children.push_back(std::move(next));
    } while (take_word(word));
    return node;
  }
  Tree expression() { return chain(Node::Kind::any_of, "or", &Parser::conjunction); }
  Tree conjunction() { return chain(Node::Kind::all_of, "and", &Parser::negation); }

  Tree negation() {
    if (++depth_ > depth_max) return fail(error::unsupported_expression("nested too deep"));
    auto tree = negated();
    --depth_;
    return tree;
  }
  Tree negated() {
    if (take_word("not")) {
      TRY(inner, negation());
      return negate(std::move(inner));
    }
    if (take_symbol("(")) {
      TRY(inner, expression());
      TRY_DO(expect_symbol(")"));
      return std::move(inner);
    }
    return comparison();
  }
  static std::unique_ptr<Node> negate(std::unique_ptr<Node> inner) {
    auto node = std::make_unique<Node>();
    node->kind = Node::Kind::negation;
    node->children.push_back(std::move(inner));
    return node;
  }

  Tree comparison() {
    if (!at_key()) return literal_first();
    TRY(node, key_node());
    if (take_word("is")) {
      const bool negated = take_word("not");
      TRY_DO(expect_word("null"));
      node->kind = Node::Kind::is_null;
      return negated ? negate(std::move(node)) : std::move(node);
    }
    const bool negated = take_word("not");
    if (take_word("in")) {
      TRY_DO(in_list(*node));
    } else if (take_word("between")) {
      node->kind = Node::Kind::between;
      TRY_DO(literal(*node));
      TRY_DO(expect_word("and"));
      TRY_DO(literal(*node));
    } else if (take_word("like")) {
      node->kind = Node::Kind::like;
      if (peek().kind != TokenKind::string) return fail(error::unsupported_expression("LIKE needs a quoted pattern"));
      node->pattern = take().text;
    } else if (negated) {
      return fail(error::unsupported_expression("expected IN, BETWEEN or LIKE before: " + peek().text));
    } else {
      node->kind = Node::Kind::comparison;
      TRY(comparison, comparison_operator());
      node->comparison = comparison;
      TRY_DO(literal(*node));
    }
    return negated ? negate(std::move(node)) : std::move(node);
  }

  /// `5 < key` is `key > 5`.
  Tree literal_first() {
    const auto literal_at = at_;
    take_symbol("-");
    if (peek().kind == TokenKind::word) take();
    take();
    TRY(comparison, comparison_operator());
    TRY(node, key_node());
    const auto behind = at_;
    at_ = literal_at;
    node->kind = Node::Kind::comparison;
    node->comparison = mirrored(comparison);
    TRY_DO(literal(*node));
    at_ = behind;
    return std::move(node);
  }

  Result<void> in_list(Node& node) {
    node.kind = Node::Kind::one_of;
    TRY_DO(expect_symbol("("));
    do {
      TRY_DO(literal(node));
    } while (take_symbol(","));
    return expect_symbol(")");
  }

  Result<Operator> comparison_operator() {
    static constexpr std::array<std::pair<std::string_view, Operator>, 7> operators = {{{"=", Operator::equal},
                                                                                        {"<>", Operator::unequal},
                                                                                        {"!=", Operator::unequal},
                                                                                        {"<", Operator::less},
                                                                                        {"<=", Operator::less_or_equal},
                                                                                        {">", Operator::greater},
                                                                                        {">=", Operator::greater_or_equal}}};
    const auto token = take();
    for (const auto& [text, meaning] : operators) {
      if (token.kind == TokenKind::symbol && token.text == text) return meaning;
    }
    return fail(error::unsupported_expression("expected a comparison before: " + token.text));
  }
  static Operator mirrored(Operator comparison) {
    switch (comparison) {
      case Operator::less: return Operator::greater;
      case Operator::less_or_equal: return Operator::greater_or_equal;
      case Operator::greater: return Operator::less;
      case Operator::greater_or_equal: return Operator::less_or_equal;
      default: return comparison;
    }
  }

  /// Whether a key stands here; DATE '…' and TIMESTAMP '…' are literals even where a key has such a name.
  bool at_key() const {
    if (peek().kind == TokenKind::quoted_name) return true;
    if (peek().kind != TokenKind::word) return false;
    const bool typed_literal = tokens_[at_ + 1].kind == TokenKind::string;
    return !typed_literal;
  }

  Tree key_node() {
    const auto token = take();
    if (token.kind != TokenKind::word && token.kind != TokenKind::quoted_name) {
      return fail(error::unsupported_expression("expected a partition key before: " + token.text));
    }
    const auto name = lower(token.text);
    const auto key = std::ranges::find_if(keys_, [&](const PartitionKey& k) { return lower(k.name) == name; });
    if (key == keys_.end()) return fail(error::unsupported_expression("no partition key is named " + token.text));
    const auto kind = kind_of(key->type);
    if (!kind) return fail(error::unsupported_expression("the type of the partition key cannot be compared: " + key->type));
    auto node = std::make_unique<Node>();
    node->key = static_cast<std::size_t>(key - keys_.begin());
    node->key_kind = *kind;
    return node;
  }

  Result<void> literal(Node& node) {
    std::string text = take_symbol("-") ? "-" : "";
    if (take_word("date") || take_word("timestamp")) {
      if (peek().kind != TokenKind::string)
        return fail(error::unsupported_expression("expected a quoted literal before: " + peek().text));
    }
    const auto token = take();
    if (token.kind != TokenKind::number && (token.kind != TokenKind::string || !text.empty())) {
      return fail(error::unsupported_expression("expected a literal before: " + token.text));
    }
    text += token.text;
    auto value = read_value(node.key_kind, text);
    // Glue compares an integer key with 1.0 as well.
    if (!value && node.key_kind == KeyKind::integer) value = read_value(KeyKind::decimal, text);
    if (!value) {
      return fail(
          error::unsupported_expression("a literal is not of the type of the key " + keys_[node.key].name + ": " + text));
    }
    node.literals.push_back(std::move(*value));
    return {};
  }

  std::vector<Token> tokens_;
  std::span<const PartitionKey> keys_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

}  // namespace

PartitionExpression::PartitionExpression() = default;
PartitionExpression::PartitionExpression(PartitionExpression&&) noexcept = default;
PartitionExpression& PartitionExpression::operator=(PartitionExpression&&) noexcept = default;
PartitionExpression::~PartitionExpression() = default;

Result<PartitionExpression> PartitionExpression::parse(std::string_view text, std::span<const PartitionKey> keys) {
  PartitionExpression expression;
  TRY(tokens, tokenize(text));
  if (tokens.size() == 1) return expression;
  TRY(root, Parser(std::move(tokens), keys).parse());
  expression.root_ = std::move(root);
  return expression;
}

namespace {

void narrow(KeyBounds& bounds, const std::optional<KeyValue>& low, const std::optional<KeyValue>& high) {
  if (low && (!bounds.low || *bounds.low < *low)) bounds.low = low;
  if (high && (!bounds.high || *high < *bounds.high)) bounds.high = high;
}

/// What stands before the first wildcard of a LIKE pattern.
std::string fixed_part(std::string_view pattern) { return std::string(pattern.substr(0, pattern.find_first_of("%_\\"))); }

void narrow_by(const Node& node, std::vector<KeyBounds>& bounds) {
  using Kind = Node::Kind;
  if (node.kind == Kind::all_of) {
    for (const auto& child : node.children) narrow_by(*child, bounds);
    return;
  }
  // Of alternatives and of what must not hold nothing is concluded.
  if (node.kind == Kind::any_of || node.kind == Kind::negation || node.kind == Kind::is_null || node.key >= bounds.size())
    return;
  auto& of_key = bounds[node.key];
  if (node.kind == Kind::between) return narrow(of_key, node.literals[0], node.literals[1]);
  if (node.kind == Kind::one_of) {
    const auto [least, greatest] = std::ranges::minmax_element(node.literals);
    return narrow(of_key, *least, *greatest);
  }
  if (node.kind == Kind::like) {
    if (node.key_kind != KeyKind::text) return;
    const auto fixed = fixed_part(node.pattern);
    if (fixed.size() == node.pattern.size()) return narrow(of_key, KeyValue(fixed), KeyValue(fixed));
    if (!fixed.empty()) narrow(of_key, KeyValue(fixed), KeyValue(fixed + "\xff"));
    return;
  }
  const auto& literal = node.literals[0];
  switch (node.comparison) {
    case Operator::equal: return narrow(of_key, literal, literal);
    case Operator::less:
    case Operator::less_or_equal: return narrow(of_key, std::nullopt, literal);
    case Operator::greater:
    case Operator::greater_or_equal: return narrow(of_key, literal, std::nullopt);
    case Operator::unequal: return;
  }
}

}  // namespace

std::vector<KeyBounds> PartitionExpression::bounds(std::size_t key_count) const {
  std::vector<KeyBounds> bounds(key_count);
  if (root_ != nullptr) narrow_by(*root_, bounds);
  return bounds;
}

bool PartitionExpression::holds(std::span<const std::string> values) const {
  return root_ == nullptr || root_->evaluate(values) == Truth::yes;
}

}  // namespace mastic::glue::catalog
