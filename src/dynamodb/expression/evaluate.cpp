#include "dynamodb/expression/evaluate.h"

#include <algorithm>

namespace mastic::dynamodb::expression {
namespace {

/// An operand's value: in the item, in the expression, or computed.
struct Operand {
  const Value* value = nullptr;
  std::optional<Value> computed = std::nullopt;
  [[nodiscard]] const Value* get() const { return computed ? &*computed : value; }
};

// Strings count UTF-16 code units, as the Java service counts them; binaries count bytes, the rest their members.
std::optional<std::size_t> size_of(const Value& value) {
  switch (value.type) {
    case Type::string: {
      std::size_t units = 0;
      for (const char c : value.text) {
        const auto byte = static_cast<uint8_t>(c);
        if ((byte & 0xC0) != 0x80) units += byte >= 0xF0 ? 2 : 1;
      }
      return units;
    }
    case Type::binary: return value.text.size();
    case Type::list: return value.elements.size();
    case Type::map: return value.attributes.size();
    case Type::string_set:
    case Type::number_set:
    case Type::binary_set: return value.members.size();
    default: return std::nullopt;
  }
}

Operand evaluate(const Node& node, Document& document) {
  if (node.kind == Kind::value) return {&node.value};
  if (node.kind == Kind::path) return {find(node.path, document)};
  // The only function that is an operand is size().
  const auto inner = evaluate(node.children[0], document);
  if (const auto* value = inner.get())
    if (const auto size = size_of(*value)) return {nullptr, Value::number(Number::from_integer(static_cast<int64_t>(*size)))};
  return {};
}

bool compare_holds(const Node& node, Document& document) {
  const auto left_operand = evaluate(node.children[0], document);
  const auto right_operand = evaluate(node.children[1], document);
  const Value* left = left_operand.get();
  const Value* right = right_operand.get();
  const auto& comparison = node.text;
  // An attribute that is not there differs from everything.
  if (!left || !right) return comparison == "<>";
  if (comparison == "=") return *left == *right;
  if (comparison == "<>") return !(*left == *right);
  if (!comparable(*left, *right)) return false;
  const auto order = compare(*left, *right);
  if (comparison == "<") return order < 0;
  if (comparison == "<=") return order <= 0;
  if (comparison == ">") return order > 0;
  return order >= 0;
}

bool between_holds(const Node& node, Document& document) {
  const auto operand = evaluate(node.children[0], document);
  const auto low = evaluate(node.children[1], document);
  const auto high = evaluate(node.children[2], document);
  if (!operand.get() || !low.get() || !high.get()) return false;
  if (!comparable(*operand.get(), *low.get()) || !comparable(*operand.get(), *high.get())) return false;
  return compare(*operand.get(), *low.get()) >= 0 && compare(*operand.get(), *high.get()) <= 0;
}

bool in_holds(const Node& node, Document& document) {
  const auto operand = evaluate(node.children[0], document);
  if (!operand.get()) return false;
  return std::any_of(node.children.begin() + 1, node.children.end(), [&](const Node& candidate) {
    const auto value = evaluate(candidate, document);
    return value.get() && *value.get() == *operand.get();
  });
}

bool contains_holds(const Value& container, const Value& wanted) {
  switch (container.type) {
    case Type::string:
    case Type::binary: return wanted.type == container.type && container.text.find(wanted.text) != std::string::npos;
    case Type::string_set: return wanted.type == Type::string && std::ranges::count(container.members, wanted.text) > 0;
    case Type::number_set: return wanted.type == Type::number && std::ranges::count(container.members, wanted.text) > 0;
    case Type::binary_set: return wanted.type == Type::binary && std::ranges::count(container.members, wanted.text) > 0;
    case Type::list: return std::ranges::count(container.elements, wanted) > 0;
    default: return false;
  }
}

bool function_holds(const Node& node, Document& document) {
  const auto first_operand = evaluate(node.children[0], document);
  const Value* first = first_operand.get();
  if (node.text == "attribute_exists") return first != nullptr;
  if (node.text == "attribute_not_exists") return first == nullptr;
  const auto second_operand = evaluate(node.children[1], document);
  const Value* second = second_operand.get();
  if (!first || !second) return false;
  if (node.text == "attribute_type") return type_name(first->type) == second->text;
  if (node.text == "contains") return contains_holds(*first, *second);
  // begins_with
  const bool textual = first->type == Type::string || first->type == Type::binary;
  return textual && first->type == second->type && first->text.starts_with(second->text);
}

}  // namespace

const Value* EncodedDocument::find(std::string_view name) {
  auto at = decoded_.find(name);
  if (at == decoded_.end()) {
    std::optional<Value> found;
    codec::ItemReader reader(item_);
    while (reader.next()) {
      if (reader.name() < name) continue;  // Names are sorted.
      if (reader.name() == name)
        if (auto value = decode_value(reader.value())) found = std::move(*value);
      break;
    }
    at = decoded_.emplace(name, std::move(found)).first;
  }
  return at->second ? &*at->second : nullptr;
}

const Value* find(const Path& path, Document& document) {
  const Value* value = document.find(path.top());
  for (std::size_t i = 1; i < path.steps.size() && value; ++i) {
    const auto& step = path.steps[i];
    if (step.is_index()) {
      const auto index = static_cast<std::size_t>(step.index);
      value = value->type == Type::list && index < value->elements.size() ? &value->elements[index] : nullptr;
    } else {
      value = value->type == Type::map ? value->attributes.find(step.name) : nullptr;
    }
  }
  return value;
}

bool holds(const Node& condition, Document& document) {
  const auto inner = [&](const Node& child) { return holds(child, document); };
  switch (condition.kind) {
    case Kind::all_of: return std::ranges::all_of(condition.children, inner);
    case Kind::any_of: return std::ranges::any_of(condition.children, inner);
    case Kind::negation: return !inner(condition.children[0]);
    case Kind::comparison: return compare_holds(condition, document);
    case Kind::between: return between_holds(condition, document);
    case Kind::in: return in_holds(condition, document);
    case Kind::function: return function_holds(condition, document);
    default: return false;
  }
}

}  // namespace mastic::dynamodb::expression
