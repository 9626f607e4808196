#include <array>
#include <set>

#include "dynamodb/expression/parser.h"
#include "dynamodb/expression/resolver.h"
#include "dynamodb/expression/token_stream.h"

namespace mastic::dynamodb::expression {
namespace {

constexpr std::string_view which = "UpdateExpression";
constexpr int nesting_max = 100;

struct Section {
  std::string_view keyword;
  ActionKind kind;
};
constexpr auto sections = std::to_array<Section>({
    {"SET", ActionKind::set},
    {"REMOVE", ActionKind::remove},
    {"ADD", ActionKind::add},
    {"DELETE", ActionKind::remove_members},
});

class UpdateParser {
 public:
  explicit UpdateParser(TokenStream& tokens) : tokens_(tokens) {}

  Result<Update> parse() {
    do {
      TRY_DO(section());
    } while (!tokens_.at_end());
    return std::move(update_);
  }
  /// The section that was used twice, or nothing.
  [[nodiscard]] std::string_view repeated_section() const { return repeated_; }
  [[nodiscard]] int operators() const { return operators_; }

 private:
  Result<void> section() {
    for (const auto& [keyword, kind] : sections) {
      if (!tokens_.take_keyword(keyword)) continue;
      if (!seen_.insert(kind).second && repeated_.empty()) repeated_ = keyword;
      do {
        TRY(next, action(kind));
        update_.actions.push_back(std::move(next));
      } while (tokens_.take_symbol(","));
      return {};
    }
    return fail(tokens_.syntax_error());
  }

  Result<Action> action(ActionKind kind) {
    for (const auto& [keyword, unused] : sections)
      if (tokens_.at_keyword(keyword)) return fail(tokens_.syntax_error());
    TRY(path, tokens_.parse_path());
    Action action{.kind = kind, .path = std::move(path)};
    ++operators_;
    if (kind == ActionKind::remove) return action;
    if (kind == ActionKind::set) {
      TRY_DO(tokens_.expect_symbol("="));
      TRY(value, set_value());
      action.value = std::move(value);
      return action;
    }
    if (tokens_.peek().kind != TokenKind::value) return fail(tokens_.syntax_error());
    action.value = Node{.kind = Kind::value, .text = std::string(tokens_.take().text)};
    return action;
  }

  Result<Node> set_value() {
    TRY(left, operand());
    const bool plus = tokens_.at_symbol("+");
    if (!plus && !tokens_.at_symbol("-")) return std::move(left);
    if (left.kind == Kind::plus || left.kind == Kind::minus) return fail(tokens_.syntax_error());
    tokens_.take();
    ++operators_;
    TRY(right, operand());
    if (right.kind == Kind::plus || right.kind == Kind::minus) return fail(tokens_.syntax_error());
    Node node{.kind = plus ? Kind::plus : Kind::minus, .text = plus ? "+" : "-"};
    node.children.push_back(std::move(left));
    node.children.push_back(std::move(right));
    return node;
  }

  Result<Node> operand() {
    if (++nesting_ > nesting_max) return fail(tokens_.error("The expression is nested too deeply"));
    TRY(node, plain_operand());
    --nesting_;
    return std::move(node);
  }

  Result<Node> plain_operand() {
    if (tokens_.take_symbol("(")) {
      TRY(inner, set_value());
      TRY_DO(tokens_.expect_symbol(")"));
      return std::move(inner);
    }
    if (tokens_.peek().kind == TokenKind::value) return Node{.kind = Kind::value, .text = std::string(tokens_.take().text)};
    if (tokens_.peek().kind == TokenKind::word && tokens_.at_symbol("(", 1)) {
      ++operators_;
      Node node{.kind = Kind::function, .text = std::string(tokens_.take().text)};
      tokens_.take();  // (
      do {
        TRY(next, operand());
        if (!next.is_operand()) return fail(tokens_.syntax_error());
        node.children.push_back(std::move(next));
      } while (tokens_.take_symbol(","));
      TRY_DO(tokens_.expect_symbol(")"));
      return node;
    }
    TRY(path, tokens_.parse_path());
    return Node{.kind = Kind::path, .path = std::move(path)};
  }

  TokenStream& tokens_;
  Update update_;
  std::set<ActionKind> seen_;
  std::string_view repeated_;
  int nesting_ = 0;
  int operators_ = 0;
};

Error wrong_operand_type(const Resolver& resolver, std::string_view label, std::string_view name, std::string_view type) {
  return resolver.error("Incorrect operand type for operator or function; " + std::string(label) + ": " + std::string(name) +
                        ", operand type: " + std::string(type));
}

Result<void> check_known(const Resolver& resolver, const Node& node) {
  if (node.kind == Kind::function && node.text != "if_not_exists" && node.text != "list_append")
    return fail(resolver.error("Invalid function name; function: " + node.text));
  for (const auto& child : node.children) TRY_DO(check_known(resolver, child));
  return {};
}

Result<void> check_operands(const Resolver& resolver, const Node& node) {
  for (const auto& child : node.children) TRY_DO(check_operands(resolver, child));
  constexpr std::string_view label = "operator or function";
  if (node.kind == Kind::function) {
    if (node.children.size() != 2)
      return fail(resolver.error("Incorrect number of operands for operator or function; operator or function: " + node.text +
                                 ", number of operands: " + std::to_string(node.children.size())));
    if (node.text == "if_not_exists" && node.children[0].kind != Kind::path)
      return fail(resolver.error("Operator or function requires a document path; operator or function: " + node.text));
  }
  const bool arithmetic = node.kind == Kind::plus || node.kind == Kind::minus;
  if (!arithmetic && !(node.kind == Kind::function && node.text == "list_append")) return {};
  const Type wanted = arithmetic ? Type::number : Type::list;
  for (const auto& child : node.children)
    if (child.kind == Kind::value && child.value.type != wanted)
      return fail(wrong_operand_type(resolver, label, node.text, type_name(child.value.type)));
  return {};
}

// ADD takes a number or a set, DELETE a set. The types are spelled out in these messages alone.
Result<void> check_operator(const Resolver& resolver, const Action& action) {
  const bool adds = action.kind == ActionKind::add;
  if (!adds && action.kind != ActionKind::remove_members) return {};
  const Type type = action.value.value.type;
  if (is_set(type) || (adds && type == Type::number)) return {};
  static constexpr auto names = std::to_array<std::pair<Type, std::string_view>>({
      {Type::string, "STRING"},
      {Type::number, "NUMBER"},
      {Type::binary, "BINARY"},
      {Type::null, "NULL"},
      {Type::boolean, "BOOLEAN"},
      {Type::list, "LIST"},
      {Type::map, "MAP"},
  });
  for (const auto& [named, name] : names)
    if (named == type) return fail(wrong_operand_type(resolver, "operator", adds ? "ADD" : "DELETE", name));
  return {};
}

}  // namespace

Result<Update> parse_update(std::string_view text, Placeholders& placeholders) {
  TokenStream tokens(which, text);
  TRY_DO(tokens.check_size(expression_size_max_bytes));
  UpdateParser parser(tokens);
  TRY(update, parser.parse());
  auto& actions = update.actions;

  Resolver resolver(which, placeholders);
  for (const auto& action : actions) {
    TRY_DO(resolver.check_reserved(action.path));
    TRY_DO(resolver.check_reserved(action.value));
  }
  for (const auto& action : actions) TRY_DO(check_known(resolver, action.value));
  if (!parser.repeated_section().empty())
    return fail(tokens.error("The \"" + std::string(parser.repeated_section()) +
                             "\" section can only be used once in an update expression;"));
  std::vector<Path> paths;
  for (auto& action : actions) {
    TRY_DO(resolver.resolve_names(action.path));
    if (action.kind != ActionKind::remove) TRY_DO(resolver.resolve(action.value));
    paths.push_back(action.path);
  }
  TRY_DO(check_paths_apart(which, paths));
  for (const auto& action : actions) TRY_DO(check_operator(resolver, action));
  for (const auto& action : actions) TRY_DO(check_operands(resolver, action.value));
  if (parser.operators() > operators_max)
    return fail(
        tokens.error("The expression contains too many operators; operator count: " + std::to_string(parser.operators())));
  return std::move(update);
}

}  // namespace mastic::dynamodb::expression
