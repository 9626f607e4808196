#include "dynamodb/expression/apply_update.h"

#include <algorithm>

#include "dynamodb/errors.h"
#include "dynamodb/expression/evaluate.h"

namespace mastic::dynamodb::expression {
namespace {

auto wrong_operand() { return fail(errors::validation("An operand in the update expression has an incorrect data type")); }
auto wrong_path() {
  return fail(errors::validation("The document path provided in the update expression is invalid for update"));
}

Result<Value> evaluate(const Node& node, Document& document);

Result<Value> arithmetic(const Node& node, Document& document) {
  TRY(left, evaluate(node.children[0], document));
  TRY(right, evaluate(node.children[1], document));
  if (left.type != Type::number || right.type != Type::number) return wrong_operand();
  TRY(number,
      node.kind == Kind::plus ? add(left.to_number(), right.to_number()) : subtract(left.to_number(), right.to_number()));
  return Value::number(number);
}

Result<Value> evaluate(const Node& node, Document& document) {
  if (node.kind == Kind::value) return node.value;
  if (node.kind == Kind::path) {
    if (const auto* value = find(node.path, document)) return *value;
    return fail(errors::validation("The provided expression refers to an attribute that does not exist in the item"));
  }
  if (node.kind == Kind::plus || node.kind == Kind::minus) return arithmetic(node, document);
  if (node.text == "if_not_exists") {
    if (const auto* value = find(node.children[0].path, document)) return *value;
    return evaluate(node.children[1], document);
  }
  // list_append
  TRY(left, evaluate(node.children[0], document));
  TRY(right, evaluate(node.children[1], document));
  if (left.type != Type::list || right.type != Type::list) return wrong_operand();
  for (auto& element : right.elements) left.elements.push_back(std::move(element));
  return std::move(left);
}

/// The document or list that holds the path's last step; null when the way there does not exist.
Value* parent_of(const Path& path, Item& item) {
  Value* value = item.find(path.top());
  for (std::size_t i = 1; i + 1 < path.steps.size() && value; ++i) {
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

Result<void> store(const Path& path, Item& item, Value value) {
  if (path.steps.size() == 1) {
    item.set(path.top(), std::move(value));
    return {};
  }
  Value* parent = parent_of(path, item);
  if (!parent) return wrong_path();
  const auto& last = path.steps.back();
  if (!last.is_index()) {
    if (parent->type != Type::map) return wrong_path();
    parent->attributes.set(last.name, std::move(value));
    return {};
  }
  if (parent->type != Type::list) return wrong_path();
  // An index behind the end appends.
  const auto index = static_cast<std::size_t>(last.index);
  if (index < parent->elements.size())
    parent->elements[index] = std::move(value);
  else
    parent->elements.push_back(std::move(value));
  return {};
}

Result<void> remove(const Path& path, Item& item) {
  if (path.steps.size() == 1) {
    item.erase(path.top());
    return {};
  }
  Value* parent = parent_of(path, item);
  if (!parent) return wrong_path();
  const auto& last = path.steps.back();
  if (last.is_index()) {
    if (parent->type != Type::list) return wrong_path();
    if (static_cast<std::size_t>(last.index) < parent->elements.size())
      parent->elements.erase(parent->elements.begin() + last.index);
    return {};
  }
  if (parent->type != Type::map) return wrong_path();
  parent->attributes.erase(last.name);
  return {};
}

Result<Value> added(const Value* current, const Value& operand) {
  if (!current) return operand;
  if (current->type != operand.type) return wrong_operand();
  if (operand.type == Type::number) {
    TRY(sum, add(current->to_number(), operand.to_number()));
    return Value::number(sum);
  }
  // Sets: those from the legacy AttributeUpdates may be lists as well, which append.
  Value result = *current;
  if (operand.type == Type::list) {
    result.elements.insert(result.elements.end(), operand.elements.begin(), operand.elements.end());
    return result;
  }
  for (const auto& member : operand.members)
    if (std::ranges::count(result.members, member) == 0) result.members.push_back(member);
  std::ranges::sort(result.members, [&](const auto& left, const auto& right) { return member_less(result.type, left, right); });
  return result;
}

Result<void> remove_members(const Path& path, Item& item, Document& before, const Value& operand) {
  const Value* current = find(path, before);
  if (!current) return {};
  if (current->type != operand.type) return wrong_operand();
  Value result = *current;
  std::erase_if(result.members, [&](const auto& member) { return std::ranges::count(operand.members, member) > 0; });
  // There are no empty sets: the last member takes the attribute with it.
  return result.members.empty() ? remove(path, item) : store(path, item, std::move(result));
}

}  // namespace

Result<Item> apply(const Update& update, const Item& before) {
  ItemDocument document(before);
  Item after = before;

  // New list elements are appended in the order of their indexes, whatever order the actions are written in.
  std::vector<const Action*> sets;
  std::vector<const Action*> removals;
  for (const auto& action : update.actions) {
    if (action.kind == ActionKind::set) sets.push_back(&action);
    if (action.kind == ActionKind::remove) removals.push_back(&action);
  }
  const auto last_index = [](const Action* action) { return action->path.steps.back().index; };
  std::ranges::stable_sort(sets, {}, last_index);
  for (const auto* action : sets) {
    TRY(value, evaluate(action->value, document));
    TRY_DO(store(action->path, after, std::move(value)));
  }
  for (const auto& action : update.actions) {
    const auto& operand = action.value.value;
    if (action.kind == ActionKind::add) {
      TRY(value, added(find(action.path, document), operand));
      TRY_DO(store(action.path, after, std::move(value)));
    }
    if (action.kind == ActionKind::remove_members) TRY_DO(remove_members(action.path, after, document, operand));
  }
  // From the highest index down, so that each index means the element that it meant before.
  std::ranges::stable_sort(removals, std::greater{}, last_index);
  for (const auto* action : removals) TRY_DO(remove(action->path, after));
  return after;
}

}  // namespace mastic::dynamodb::expression
