#include "dynamodb/store/definition_codec.h"

#include <charconv>

namespace mastic::dynamodb {
namespace {

Value integer(int64_t value) { return Value::number(Number::from_integer(value)); }

Value encode(const KeyAttribute& key) {
  Item item;
  item.set("name", Value::string(key.name));
  item.set("type", integer(static_cast<int64_t>(key.type)));
  return Value::map(std::move(item));
}
Value encode(const KeySchema& keys) {
  Item item;
  item.set("partition", encode(keys.partition));
  if (keys.sort) item.set("sort", encode(*keys.sort));
  return Value::map(std::move(item));
}
void encode(const Throughput& throughput, Item& into) {
  into.set("read_units", integer(throughput.read_units));
  into.set("write_units", integer(throughput.write_units));
}
Value encode(const Index& index) {
  Item item;
  item.set("name", Value::string(index.name));
  item.set("global", Value::truth(index.global));
  item.set("number", integer(index.number));
  item.set("keys", encode(index.keys));
  item.set("projection", integer(static_cast<int64_t>(index.projection)));
  std::vector<Value> included;
  for (const auto& name : index.included) included.push_back(Value::string(name));
  item.set("included", Value::list(std::move(included)));
  encode(index.throughput, item);
  return Value::map(std::move(item));
}

/// Reads members of a definition; an absent one has its default.
class MemberReader {
 public:
  explicit MemberReader(const Item& item) : item_(item) {}

  [[nodiscard]] std::string text(std::string_view name) const {
    const auto* value = item_.find(name);
    return value ? value->text : std::string();
  }
  [[nodiscard]] int64_t number(std::string_view name) const {
    const auto digits = text(name);
    int64_t value = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return value;
  }
  [[nodiscard]] bool truth(std::string_view name) const {
    const auto* value = item_.find(name);
    return value && value->boolean;
  }
  [[nodiscard]] const Item& map(std::string_view name) const {
    static const Item nothing;
    const auto* value = item_.find(name);
    return value ? value->attributes : nothing;
  }
  [[nodiscard]] std::vector<Value> list(std::string_view name) const {
    const auto* value = item_.find(name);
    return value ? value->elements : std::vector<Value>();
  }

 private:
  const Item& item_;
};

KeyAttribute decode_key(const Item& item) {
  const MemberReader members(item);
  return {members.text("name"), static_cast<Type>(members.number("type"))};
}
KeySchema decode_keys(const Item& item) {
  const MemberReader members(item);
  KeySchema keys{.partition = decode_key(members.map("partition")), .sort = std::nullopt};
  if (item.find("sort")) keys.sort = decode_key(members.map("sort"));
  return keys;
}
Throughput decode_throughput(const MemberReader& members) {
  return {members.number("read_units"), members.number("write_units")};
}
Index decode_index(const Item& item) {
  const MemberReader members(item);
  Index index{.name = members.text("name"),
              .global = members.truth("global"),
              .number = static_cast<uint32_t>(members.number("number")),
              .keys = decode_keys(members.map("keys")),
              .projection = static_cast<Projection>(members.number("projection")),
              .included = {},
              .throughput = decode_throughput(members)};
  for (const auto& name : members.list("included")) index.included.push_back(name.text);
  return index;
}

}  // namespace

std::string encode_definition(const TableDefinition& definition) {
  Item item;
  item.set("name", Value::string(definition.name));
  item.set("id", Value::string(definition.id));
  item.set("region", Value::string(definition.region));
  item.set("number", integer(definition.number));
  item.set("keys", encode(definition.keys));
  std::vector<Value> attributes;
  for (const auto& attribute : definition.attributes) attributes.push_back(encode(attribute));
  item.set("attributes", Value::list(std::move(attributes)));
  item.set("on_demand", Value::truth(definition.on_demand));
  encode(definition.throughput, item);
  std::vector<Value> indexes;
  for (const auto& index : definition.indexes) indexes.push_back(encode(index));
  item.set("indexes", Value::list(std::move(indexes)));
  item.set("deletion_protection", Value::truth(definition.deletion_protection));
  item.set("table_class", Value::string(definition.table_class));
  item.set("time_to_live", Value::string(definition.time_to_live));
  item.set("created", integer(to_microseconds(definition.created)));
  Item tags;
  for (const auto& [key, value] : definition.tags) tags.set(key, Value::string(value));
  item.set("tags", Value::map(std::move(tags)));
  return encode_item(item);
}

Result<TableDefinition> decode_definition(std::string_view bytes) {
  TRY(item, decode_item(bytes));
  const MemberReader members(item);
  TableDefinition definition{.name = members.text("name"),
                             .id = members.text("id"),
                             .region = members.text("region"),
                             .number = static_cast<uint32_t>(members.number("number")),
                             .keys = decode_keys(members.map("keys")),
                             .attributes = {},
                             .on_demand = members.truth("on_demand"),
                             .throughput = decode_throughput(members),
                             .indexes = {},
                             .deletion_protection = members.truth("deletion_protection"),
                             .table_class = members.text("table_class"),
                             .time_to_live = members.text("time_to_live"),
                             .created = from_microseconds(members.number("created")),
                             .tags = {}};
  for (const auto& attribute : members.list("attributes")) definition.attributes.push_back(decode_key(attribute.attributes));
  for (const auto& index : members.list("indexes")) definition.indexes.push_back(decode_index(index.attributes));
  for (const auto& [key, value] : members.map("tags")) definition.tags[key] = value.text;
  return definition;
}

}  // namespace mastic::dynamodb
