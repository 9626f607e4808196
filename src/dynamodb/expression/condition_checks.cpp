#include "dynamodb/expression/condition_checks.h"

#include <algorithm>
#include <array>
#include <optional>

#include "dynamodb/expression/parser.h"

namespace mastic::dynamodb::expression {
namespace {

struct Function {
  std::string_view name;
  std::size_t operands;
};
constexpr auto functions = std::to_array<Function>({
    {"attribute_exists", 1},
    {"attribute_not_exists", 1},
    {"attribute_type", 2},
    {"begins_with", 2},
    {"contains", 2},
    {"size", 1},
});

const Function* find_function(std::string_view name) {
  const auto at = std::ranges::find(functions, name, &Function::name);
  return at == functions.end() ? nullptr : at;
}

Result<void> check_known(std::string_view which, const Node& node) {
  if (node.kind == Kind::function && !find_function(node.text))
    return fail(errors::validation("Invalid " + std::string(which) + ": Invalid function name; function: " + node.text));
  for (const auto& child : node.children) TRY_DO(check_known(which, child));
  return {};
}

Result<void> check_placed(std::string_view which, const Node& node, bool as_condition) {
  if (node.kind == Kind::function && (node.text == "size") == as_condition)
    return fail(
        errors::validation("Invalid " + std::string(which) +
                           ": The function is not allowed to be used this way in an expression; function: " + node.text));
  const bool logical = node.kind == Kind::all_of || node.kind == Kind::any_of || node.kind == Kind::negation;
  for (const auto& child : node.children) TRY_DO(check_placed(which, child, logical));
  return {};
}

/// The type that an operand has whatever the item is.
std::optional<Type> fixed_type(const Node& node) {
  if (node.kind == Kind::value) return node.value.type;
  if (node.kind == Kind::function) return node.text == "size" ? Type::number : Type::boolean;
  return std::nullopt;
}

Error wrong_operand_type(const Resolver& resolver, std::string_view label, std::string_view name, std::string_view type) {
  return resolver.error("Incorrect operand type for operator or function; " + std::string(label) + ": " + std::string(name) +
                        ", operand type: " + std::string(type));
}

Result<void> check_distinct(const Resolver& resolver, std::string_view name, const std::vector<Node>& operands) {
  if (operands.size() != 2 || operands[0].kind != Kind::path || operands[1].kind != Kind::path) return {};
  if (operands[0].path != operands[1].path) return {};
  return fail(
      resolver.error("The first operand must be distinct from the remaining operands for this operator or function; "
                     "operator: " +
                     std::string(name) + ", first operand: " + operands[0].path.shown()));
}

std::string shown(const Value& value) {
  return "AttributeValue: {" + std::string(type_name(value.type)) + ":" + value.text + "}";
}

Result<void> check_function(const Resolver& resolver, const Node& node) {
  const auto& operands = node.children;
  if (operands.size() != find_function(node.text)->operands)
    return fail(resolver.error("Incorrect number of operands for operator or function; operator or function: " + node.text +
                               ", number of operands: " + std::to_string(operands.size())));
  TRY_DO(check_distinct(resolver, node.text, operands));
  constexpr std::string_view label = "operator or function";
  if (node.text.starts_with("attribute_") && operands[0].kind != Kind::path)
    return fail(resolver.error("Operator or function requires a document path; operator or function: " + node.text));
  if (node.text == "begins_with") {
    for (const auto& operand : operands)
      if (const auto type = fixed_type(operand); type && *type != Type::string && *type != Type::binary)
        return fail(wrong_operand_type(resolver, label, node.text, type_name(*type)));
  }
  if (node.text == "size") {
    if (const auto type = fixed_type(operands[0]); type == Type::number || type == Type::boolean || type == Type::null)
      return fail(wrong_operand_type(resolver, label, node.text, type_name(*type)));
  }
  if (node.text == "attribute_type") {
    const auto type = fixed_type(operands[1]);
    if (!type || operands[1].kind != Kind::value || *type != Type::string)
      return fail(wrong_operand_type(resolver, label, node.text, type ? type_name(*type) : "{NS,SS,L,BS,N,M,B,BOOL,NULL,S}"));
    constexpr std::array<std::string_view, 10> names{"S", "N", "B", "NULL", "SS", "BOOL", "L", "BS", "NS", "M"};
    if (std::ranges::find(names, operands[1].value.text) == names.end())
      return fail(resolver.error("Invalid attribute type name found; type: " + operands[1].value.text +
                                 ", valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}"));
  }
  return {};
}

Result<void> check_comparison(const Resolver& resolver, const Node& node) {
  TRY_DO(check_distinct(resolver, node.text, node.children));
  if (node.text == "=" || node.text == "<>") return {};
  for (const auto& operand : node.children)
    if (const auto type = fixed_type(operand); type && *type != Type::string && *type != Type::number && *type != Type::binary)
      return fail(wrong_operand_type(resolver, "operator", node.text, type_name(*type)));
  return {};
}

Result<void> check_between(const Resolver& resolver, const Node& node) {
  for (const auto& operand : node.children)
    if (const auto type = fixed_type(operand); type && *type != Type::string && *type != Type::number && *type != Type::binary)
      return fail(wrong_operand_type(resolver, "operator", "BETWEEN", type_name(*type)));
  const auto& low = node.children[1];
  const auto& high = node.children[2];
  if (low.kind != Kind::value || high.kind != Kind::value) return {};
  const std::string bounds = "; lower bound operand: " + shown(low.value) + ", upper bound operand: " + shown(high.value);
  if (low.value.type != high.value.type)
    return fail(resolver.error("The BETWEEN operator requires same data type for lower and upper bounds" + bounds));
  if (compare(low.value, high.value) > 0)
    return fail(
        resolver.error("The BETWEEN operator requires upper bound to be greater than or equal to lower bound" + bounds));
  return {};
}

Result<void> check_node(Resolver& resolver, const Node& node) {
  for (const auto& child : node.children) TRY_DO(check_node(resolver, child));
  switch (node.kind) {
    case Kind::function: return check_function(resolver, node);
    case Kind::comparison: return check_comparison(resolver, node);
    case Kind::between: return check_between(resolver, node);
    case Kind::in:
      if (node.children.size() - 1 > in_operands_max)
        return fail(resolver.error("The IN operator is provided with too many operands; number of operands: " +
                                   std::to_string(node.children.size() - 1)));
      return {};
    default: return {};
  }
}

}  // namespace

Result<void> check_functions_placed(std::string_view which, const Node& condition) {
  TRY_DO(check_known(which, condition));
  return check_placed(which, condition, true);
}

Result<void> resolve_and_check(Resolver& resolver, Node& condition) {
  if (condition.kind == Kind::all_of || condition.kind == Kind::any_of || condition.kind == Kind::negation) {
    for (auto& child : condition.children) TRY_DO(resolve_and_check(resolver, child));
    return {};
  }
  TRY_DO(resolver.resolve(condition));
  return check_node(resolver, condition);
}

}  // namespace mastic::dynamodb::expression
