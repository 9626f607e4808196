#include "dynamodb/value.h"

#include <algorithm>
#include <array>

namespace mastic::dynamodb {
namespace {

auto position_of(auto& attributes, std::string_view name) {
  return std::ranges::lower_bound(attributes, name, {},
                                  [](const Attribute& attribute) -> std::string_view { return attribute.name; });
}

auto invalid_parameter(std::string_view what) {
  return fail(Error::invalid("One or more parameter values were invalid: " + std::string(what)));
}

std::string joined(const std::vector<std::string>& members) {
  std::string out = "[";
  for (const auto& member : members) out += (out.size() > 1 ? ", " : "") + member;
  return out + "]";
}

}  // namespace

const Value* Item::find(std::string_view name) const {
  const auto at = position_of(attributes_, name);
  return at != attributes_.end() && at->name == name ? &at->value : nullptr;
}
Value* Item::find(std::string_view name) {
  const auto at = position_of(attributes_, name);
  return at != attributes_.end() && at->name == name ? &at->value : nullptr;
}
void Item::set(std::string name, Value value) {
  if (attributes_.empty() || attributes_.back().name < name) {
    attributes_.push_back({std::move(name), std::move(value)});
    return;
  }
  const auto at = position_of(attributes_, name);
  if (at != attributes_.end() && at->name == name)
    at->value = std::move(value);
  else
    attributes_.insert(at, {std::move(name), std::move(value)});
}
void Item::erase(std::string_view name) {
  const auto at = position_of(attributes_, name);
  if (at != attributes_.end() && at->name == name) attributes_.erase(at);
}
bool Item::empty() const { return attributes_.empty(); }
std::size_t Item::size() const { return attributes_.size(); }
std::vector<Attribute>::const_iterator Item::begin() const { return attributes_.begin(); }
std::vector<Attribute>::const_iterator Item::end() const { return attributes_.end(); }

bool operator==(const Item& left, const Item& right) { return left.attributes_ == right.attributes_; }
bool operator==(const Attribute& left, const Attribute& right) { return left.name == right.name && left.value == right.value; }
bool operator==(const Value& left, const Value& right) {
  return left.type == right.type && left.boolean == right.boolean && left.text == right.text && left.members == right.members &&
         left.elements == right.elements && left.attributes == right.attributes;
}

Value Value::string(std::string text) { return {.type = Type::string, .text = std::move(text)}; }
Value Value::number(const Number& number) { return {.type = Type::number, .text = number.text()}; }
Value Value::binary(std::string bytes) { return {.type = Type::binary, .text = std::move(bytes)}; }
Value Value::truth(bool value) { return {.type = Type::boolean, .boolean = value}; }
Value Value::list(std::vector<Value> elements) { return {.type = Type::list, .elements = std::move(elements)}; }
Value Value::map(Item attributes) { return {.type = Type::map, .attributes = std::move(attributes)}; }

Result<Value> Value::set(Type type, std::vector<std::string> members) {
  if (members.empty()) {
    if (type == Type::binary_set) return invalid_parameter("Binary sets should not be empty");
    return invalid_parameter(type == Type::string_set ? "An string set  may not be empty" : "An number set  may not be empty");
  }
  for (auto& member : members) {
    if (type == Type::string_set && member.empty())
      return invalid_parameter("An string set may not have a empty string as a member");
    if (type == Type::binary_set && member.empty())
      return invalid_parameter("Binary sets may not contain null or empty values");
    if (type == Type::number_set) {
      TRY(number, Number::parse(member));
      member = number.text();
    }
  }
  Value value{.type = type, .members = std::move(members)};
  auto sorted = value.members;
  std::ranges::sort(sorted, [&](const auto& left, const auto& right) { return member_less(type, left, right); });
  if (std::ranges::adjacent_find(sorted) != sorted.end()) {
    if (type == Type::number_set) return fail(Error::invalid("Input collection contains duplicates"));
    if (type == Type::binary_set) return invalid_parameter("Input collection of type BS contains duplicates.");
    return invalid_parameter("Input collection " + joined(value.members) + " contains duplicates.");
  }
  value.members = std::move(sorted);
  return value;
}

Number Value::to_number() const { return Number::parse(text).value_or(Number()); }

bool is_set(Type type) { return type == Type::string_set || type == Type::number_set || type == Type::binary_set; }

std::string_view type_name(Type type) {
  switch (type) {
    case Type::string: return "S";
    case Type::number: return "N";
    case Type::binary: return "B";
    case Type::boolean: return "BOOL";
    case Type::null: return "NULL";
    case Type::string_set: return "SS";
    case Type::number_set: return "NS";
    case Type::binary_set: return "BS";
    case Type::list: return "L";
    case Type::map: return "M";
  }
  return "";
}

bool comparable(const Value& left, const Value& right) {
  return left.type == right.type && (left.type == Type::string || left.type == Type::number || left.type == Type::binary);
}

std::strong_ordering compare(const Value& left, const Value& right) {
  if (left.type == Type::number) return left.to_number() <=> right.to_number();
  const int order = left.text.compare(right.text);
  return order <=> 0;
}

bool member_less(Type set_type, std::string_view left, std::string_view right) {
  if (set_type == Type::number_set) return Number::parse(left).value_or(Number()) < Number::parse(right).value_or(Number());
  return left < right;
}

std::size_t size_bytes(const Value& value) {
  switch (value.type) {
    case Type::string:
    case Type::binary: return value.text.size();
    case Type::number: return value.to_number().size_bytes();
    case Type::boolean:
    case Type::null: return 1;
    case Type::string_set:
    case Type::binary_set: {
      std::size_t size = 0;
      for (const auto& member : value.members) size += member.size();
      return size;
    }
    case Type::number_set: {
      std::size_t size = 0;
      for (const auto& member : value.members) size += Number::parse(member).value_or(Number()).size_bytes();
      return size;
    }
    // A document takes three bytes, and one more for each member.
    case Type::list: {
      std::size_t size = 3;
      for (const auto& element : value.elements) size += 1 + size_bytes(element);
      return size;
    }
    case Type::map: return 3 + value.attributes.size() + size_bytes(value.attributes);
  }
  return 0;
}

std::size_t size_bytes(const Item& item) {
  std::size_t size = 0;
  for (const auto& [name, value] : item) size += name.size() + size_bytes(value);
  return size;
}

}  // namespace mastic::dynamodb
