#include "dynamodb/expression/key_condition.h"

#include <array>

#include "dynamodb/errors.h"

namespace mastic::dynamodb::expression {
namespace {

/// One condition on one key attribute.
struct Part {
  std::string attribute;
  SortComparison comparison = SortComparison::equal;
  const Value* low = nullptr;
  const Value* high = nullptr;
};

auto invalid(std::string_view what) { return fail(errors::validation(what)); }

Result<void> check_path(const Node& node) {
  if (node.kind == Kind::function && node.text == "size")
    return invalid("Invalid operator used in KeyConditionExpression: size");
  if (node.path.steps.size() > 1)
    return invalid("Invalid KeyConditionExpression: KeyConditionExpressions cannot have conditions on nested attributes");
  return {};
}

Result<Part> compared(const Node& node) {
  struct Operator {
    std::string_view symbol;
    SortComparison comparison;
    SortComparison mirrored;  // when the value stands on the left
  };
  using enum SortComparison;
  static constexpr auto operators = std::to_array<Operator>({
      {"=", equal, equal},
      {"<", less, greater},
      {"<=", less_or_equal, greater_or_equal},
      {">", greater, less},
      {">=", greater_or_equal, less_or_equal},
  });
  for (const auto& operand : node.children) TRY_DO(check_path(operand));
  const bool mirrored = node.children[0].kind == Kind::value;
  const auto& path = node.children[mirrored ? 1 : 0];
  const auto& value = node.children[mirrored ? 0 : 1];
  if (path.kind != Kind::path) return invalid("Invalid condition in KeyConditionExpression: No key attribute specified");
  if (value.kind != Kind::value)
    return invalid("Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition");
  for (const auto& row : operators)
    if (row.symbol == node.text) return Part{path.path.top(), mirrored ? row.mirrored : row.comparison, &value.value};
  return invalid("Unsupported operator on KeyCondition: operator: " + node.text);
}

Result<Part> part_of(const Node& node) {
  switch (node.kind) {
    case Kind::comparison: return compared(node);
    case Kind::between:
    case Kind::function: {
      if (node.kind == Kind::function && node.text != "begins_with")
        return invalid("Invalid operator used in KeyConditionExpression: " + node.text);
      for (const auto& operand : node.children) TRY_DO(check_path(operand));
      if (node.children[0].kind != Kind::path)
        return invalid("Invalid condition in KeyConditionExpression: No key attribute specified");
      for (std::size_t i = 1; i < node.children.size(); ++i)
        if (node.children[i].kind != Kind::value)
          return invalid("Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition");
      const bool between = node.kind == Kind::between;
      return Part{node.children[0].path.top(), between ? SortComparison::between : SortComparison::begins_with,
                  &node.children[1].value, between ? &node.children[2].value : nullptr};
    }
    case Kind::any_of: return invalid("Invalid operator used in KeyConditionExpression: OR");
    case Kind::negation: return invalid("Invalid operator used in KeyConditionExpression: NOT");
    case Kind::in: return invalid("Invalid operator used in KeyConditionExpression: IN");
    default: return invalid("Invalid KeyConditionExpression: Syntax error");
  }
}

Result<void> collect(const Node& node, std::vector<Part>& parts) {
  if (node.kind == Kind::all_of) {
    for (const auto& child : node.children) TRY_DO(collect(child, parts));
    return {};
  }
  TRY(part, part_of(node));
  for (const auto& other : parts)
    if (other.attribute == part.attribute) return invalid("KeyConditionExpressions must only contain one condition per key");
  parts.push_back(std::move(part));
  return {};
}

Result<void> check_type(const Value& value, const KeyAttribute& key) {
  if (value.type != key.type) return fail(errors::invalid_parameter("Condition parameter type does not match schema type"));
  if (value.text.empty() && value.type != Type::number)
    return fail(
        errors::validation("One or more parameter values are not valid. The AttributeValue for a key attribute "
                           "cannot contain an empty " +
                           std::string(value.type == Type::string ? "string" : "binary") + " value. Key: " + key.name));
  return {};
}

}  // namespace

Result<KeyCondition> to_key_condition(const Node& condition, const KeySchema& keys) {
  std::vector<Part> parts;
  TRY_DO(collect(condition, parts));
  if (parts.size() > 2) return invalid("Conditions can be of length 1 or 2 only");

  KeyCondition result;
  const Part* partition = nullptr;
  const Part* sort = nullptr;
  for (const auto& part : parts) {
    if (part.attribute == keys.partition.name) partition = &part;
    if (keys.sort && part.attribute == keys.sort->name) sort = &part;
  }
  if (!partition) return invalid("Query condition missed key schema element: " + keys.partition.name);
  if (parts.size() == 2 && !sort) {
    if (keys.sort) return invalid("Query condition missed key schema element: " + keys.sort->name);
    return invalid("Query key condition not supported");
  }
  if (partition->comparison != SortComparison::equal) return invalid("Query key condition not supported");
  TRY_DO(check_type(*partition->low, keys.partition));
  result.partition = *partition->low;
  if (!sort) return result;

  TRY_DO(check_type(*sort->low, *keys.sort));
  if (sort->comparison == SortComparison::begins_with && keys.sort->type == Type::number)
    return invalid(
        "Invalid KeyConditionExpression: Incorrect operand type for operator or function; operator or function: "
        "begins_with, operand type: N");
  result.sort = SortCondition{sort->comparison, *sort->low, {}};
  if (sort->high) {
    TRY_DO(check_type(*sort->high, *keys.sort));
    result.sort->high = *sort->high;
  }
  return result;
}

}  // namespace mastic::dynamodb::expression
