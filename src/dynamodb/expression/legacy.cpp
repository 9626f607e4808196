#include "dynamodb/expression/legacy.h"

#include <algorithm>
#include <array>

#include "dynamodb/errors.h"

namespace mastic::dynamodb::expression {
namespace {

Node path_node(const std::string& name) { return {.kind = Kind::path, .path = {{{.name = name}}}}; }
Node value_node(const Value& value) { return {.kind = Kind::value, .value = value}; }

Node negated(Node inner) {
  Node node{.kind = Kind::negation};
  node.children.push_back(std::move(inner));
  return node;
}

/// A legacy comparison: which node it becomes, and how many values it takes.
struct Comparison {
  std::string_view name;
  Kind kind;
  std::string_view text;
  std::size_t values_min;
  std::size_t values_max;
  bool negate = false;
};
constexpr std::size_t any_number = 100;
constexpr auto comparisons = std::to_array<Comparison>({
    {"EQ", Kind::comparison, "=", 1, 1},
    {"NE", Kind::comparison, "<>", 1, 1},
    {"LT", Kind::comparison, "<", 1, 1},
    {"LE", Kind::comparison, "<=", 1, 1},
    {"GT", Kind::comparison, ">", 1, 1},
    {"GE", Kind::comparison, ">=", 1, 1},
    {"IN", Kind::in, "", 1, any_number},
    {"BETWEEN", Kind::between, "", 2, 2},
    {"BEGINS_WITH", Kind::function, "begins_with", 1, 1},
    {"CONTAINS", Kind::function, "contains", 1, 1},
    {"NOT_CONTAINS", Kind::function, "contains", 1, 1, true},
    {"NOT_NULL", Kind::function, "attribute_exists", 0, 0},
    {"NULL", Kind::function, "attribute_not_exists", 0, 0},
});

Result<Node> condition(const std::string& attribute, const std::string& comparison_operator, const std::vector<Value>& values) {
  const auto row = std::ranges::find(comparisons, comparison_operator, &Comparison::name);
  if (row == comparisons.end()) return fail(errors::validation("Unsupported operator on Condition: " + comparison_operator));
  if (values.size() < row->values_min || values.size() > row->values_max)
    return fail(
        errors::invalid_parameter("Invalid number of argument(s) for the " + comparison_operator + " ComparisonOperator"));
  const bool ordering = row->kind == Kind::between || (row->kind == Kind::comparison && row->text != "=" && row->text != "<>");
  const bool scalar = ordering || row->text == "contains" || row->kind == Kind::in;
  for (const auto& value : values) {
    const bool fits = row->text == "begins_with"
                          ? value.type == Type::string || value.type == Type::binary
                          : !scalar || value.type == Type::string || value.type == Type::number || value.type == Type::binary;
    if (!fits)
      return fail(errors::invalid_parameter("ComparisonOperator " + comparison_operator + " is not valid for " +
                                            std::string(type_name(value.type)) + " AttributeValue type"));
  }
  Node node{.kind = row->kind, .text = std::string(row->text)};
  node.children.push_back(path_node(attribute));
  for (const auto& value : values) node.children.push_back(value_node(value));
  return row->negate ? negated(std::move(node)) : std::move(node);
}

Node joined(std::vector<Node> nodes, const std::optional<std::string>& conditional_operator) {
  if (nodes.size() == 1) return std::move(nodes.front());
  Node node{.kind = conditional_operator == "OR" ? Kind::any_of : Kind::all_of};
  node.children = std::move(nodes);
  return node;
}

Result<Node> expectation(const std::string& attribute, const aws::dynamodb::ExpectedAttributeValue& expected) {
  const auto wrong = [&](std::string_view what) {
    return fail(errors::invalid_parameter(std::string(what) + " for Attribute: " + attribute));
  };
  if (expected.comparison_operator) {
    if (expected.exists) return wrong("Exists and ComparisonOperator cannot be used together");
    if (expected.value && expected.attribute_value_list) return wrong("Value and AttributeValueList cannot be used together");
    auto values = expected.attribute_value_list.value_or(std::vector<Value>());
    if (expected.value) values.push_back(*expected.value);
    return condition(attribute, *expected.comparison_operator, values);
  }
  if (expected.attribute_value_list) return wrong("AttributeValueList can only be used with a ComparisonOperator");
  if (expected.exists.value_or(true)) {
    if (!expected.value)
      return wrong("Value must be provided when Exists is " + std::string(expected.exists ? "true" : "null"));
    return condition(attribute, "EQ", {*expected.value});
  }
  if (expected.value) return wrong("Value cannot be used when Exists is false");
  return condition(attribute, "NULL", {});
}

}  // namespace

Result<Node> from_conditions(const std::map<std::string, aws::dynamodb::Condition>& conditions,
                             const std::optional<std::string>& conditional_operator) {
  std::vector<Node> nodes;
  for (const auto& [attribute, given] : conditions) {
    TRY(node, condition(attribute, given.comparison_operator, given.attribute_value_list.value_or(std::vector<Value>())));
    nodes.push_back(std::move(node));
  }
  return joined(std::move(nodes), conditional_operator);
}

Result<Node> from_expected(const std::map<std::string, aws::dynamodb::ExpectedAttributeValue>& expected,
                           const std::optional<std::string>& conditional_operator) {
  std::vector<Node> nodes;
  for (const auto& [attribute, given] : expected) {
    TRY(node, expectation(attribute, given));
    nodes.push_back(std::move(node));
  }
  return joined(std::move(nodes), conditional_operator);
}

Result<Update> from_attribute_updates(const std::map<std::string, aws::dynamodb::AttributeValueUpdate>& updates) {
  Update update;
  for (const auto& [attribute, given] : updates) {
    Action action{.path = {{{.name = attribute}}}};
    const auto kind = given.action.value_or("PUT");
    if (given.value) action.value = value_node(*given.value);
    if (!given.value && kind != "DELETE")
      return fail(errors::invalid_parameter("Only DELETE action is allowed when no attribute value is specified"));
    if (kind == "PUT") {
      action.kind = ActionKind::set;
    } else if (kind == "ADD") {
      action.kind = ActionKind::add;
      const Type type = given.value->type;
      if (type != Type::number && type != Type::list && !is_set(type))
        return fail(errors::invalid_parameter("ADD action is not supported for the type " + std::string(type_name(type))));
    } else {
      action.kind = given.value ? ActionKind::remove_members : ActionKind::remove;
      if (given.value && !is_set(given.value->type))
        return fail(errors::invalid_parameter("DELETE action with value is not supported for the type " +
                                              std::string(type_name(given.value->type))));
    }
    update.actions.push_back(std::move(action));
  }
  return update;
}

Result<std::vector<Path>> from_attribute_names(const std::vector<std::string>& names) {
  std::vector<Path> paths;
  for (const auto& name : names) {
    if (std::ranges::any_of(paths, [&](const Path& path) { return path.top() == name; }))
      return fail(errors::invalid_parameter("Duplicate value in attribute name: " + name));
    paths.push_back({{{.name = name}}});
  }
  return paths;
}

Result<void> check_not_mixed(std::initializer_list<Given> legacy, std::initializer_list<Given> expressions) {
  const auto listed = [](std::initializer_list<Given> members) {
    std::string names;
    for (const auto& [member, given] : members)
      if (given) names += (names.empty() ? "" : ", ") + std::string(member);
    return names;
  };
  const auto old_names = listed(legacy);
  const auto new_names = listed(expressions);
  if (old_names.empty() || new_names.empty()) return {};
  return fail(
      errors::validation("Can not use both expression and non-expression parameters in the same request: "
                         "Non-expression parameters: {" +
                         old_names + "} Expression parameters: {" + new_names + "}"));
}

}  // namespace mastic::dynamodb::expression
