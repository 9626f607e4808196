#include "dynamodb/operations/item_checks.h"

#include "dynamodb/errors.h"

namespace mastic::dynamodb {
namespace {

constexpr std::size_t partition_key_max_bytes = 2048;
constexpr std::size_t sort_key_max_bytes = 1024;

std::string kind_of_text(Type type) { return type == Type::string ? "string" : "binary"; }

Result<void> check_key_value(const KeyAttribute& key, const Value& value, bool partition) {
  if (value.type == Type::number) return {};
  if (value.text.empty())
    return fail(
        errors::validation("One or more parameter values are not valid. The AttributeValue for a key attribute cannot "
                           "contain an empty " +
                           kind_of_text(value.type) + " value. Key: " + key.name));
  if (partition && value.text.size() > partition_key_max_bytes)
    return fail(errors::invalid_parameter("Size of hashkey has exceeded the maximum size limit of2048 bytes"));
  if (!partition && value.text.size() > sort_key_max_bytes)
    return fail(errors::invalid_parameter("Aggregated size of all range keys has exceeded the size limit of 1024 bytes"));
  return {};
}

Result<void> check_item_key(const KeyAttribute& key, const Item& item, bool partition) {
  const auto* value = item.find(key.name);
  if (!value) return fail(errors::invalid_parameter("Missing the key " + key.name + " in the item"));
  if (value->type != key.type)
    return fail(errors::invalid_parameter("Type mismatch for key " + key.name +
                                          " expected: " + std::string(type_name(key.type)) +
                                          " actual: " + std::string(type_name(value->type))));
  return check_key_value(key, *value, partition);
}

Result<void> check_index_key(const Index& index, const KeyAttribute& key, const Item& item, bool partition) {
  const auto* value = item.find(key.name);
  if (!value) return {};
  if (value->type != key.type)
    return fail(errors::invalid_parameter("Type mismatch for Index Key " + key.name +
                                          " Expected: " + std::string(type_name(key.type)) +
                                          " Actual: " + std::string(type_name(value->type)) + " IndexName: " + index.name));
  if (value->text.empty() && value->type != Type::number)
    return fail(
        errors::validation("One or more parameter values are not valid. A value specified for a secondary index key is "
                           "not supported. The AttributeValue for a key attribute cannot contain an empty " +
                           kind_of_text(value->type) + " value. IndexName: " + index.name + ", IndexKey: " + key.name));
  return check_key_value(key, *value, partition);
}

Result<void> check_keys(const TableDefinition& table, const Item& item) {
  TRY_DO(check_item_key(table.keys.partition, item, true));
  if (table.keys.sort) TRY_DO(check_item_key(*table.keys.sort, item, false));
  for (const auto& index : table.indexes) {
    TRY_DO(check_index_key(index, index.keys.partition, item, true));
    if (index.keys.sort) TRY_DO(check_index_key(index, *index.keys.sort, item, false));
  }
  return {};
}

}  // namespace

bool is_key_attribute(const KeySchema& keys, std::string_view name) {
  return keys.partition.name == name || (keys.sort && keys.sort->name == name);
}

Result<std::string> checked_key(const TableDefinition& table, const Item& key) {
  const auto fits = [&](const KeyAttribute& attribute) {
    const auto* value = key.find(attribute.name);
    return value && value->type == attribute.type;
  };
  const auto& keys = table.keys;
  if (key.size() != (keys.sort ? 2U : 1U) || !fits(keys.partition) || (keys.sort && !fits(*keys.sort)))
    return fail(errors::key_does_not_match_schema());
  TRY_DO(check_key_value(keys.partition, *key.find(keys.partition.name), true));
  if (keys.sort) TRY_DO(check_key_value(*keys.sort, *key.find(keys.sort->name), false));
  return item_key(table, key);
}

Result<CheckedItem> checked_item(const TableDefinition& table, const Item& item) {
  TRY_DO(check_keys(table, item));
  const auto size = size_bytes(item);
  if (size > item_size_max_bytes) return fail(errors::item_too_large());
  return CheckedItem{item_key(table, item), {encode_item(item), size}};
}

Result<StoredItem> checked_update(const TableDefinition& table, const Item& item) {
  TRY_DO(check_keys(table, item));
  const auto size = size_bytes(item);
  if (size > item_size_max_bytes) return fail(errors::validation("Item size to update has exceeded the maximum allowed size"));
  return StoredItem{encode_item(item), size};
}

Item key_attributes(const TableDefinition& table, const Index* index, std::string_view encoded_item) {
  Item keys;
  codec::ItemReader reader(encoded_item);
  while (reader.next()) {
    if (!is_key_attribute(table.keys, reader.name()) && !(index && is_key_attribute(index->keys, reader.name()))) continue;
    if (auto value = decode_value(reader.value())) keys.set(std::string(reader.name()), std::move(*value));
  }
  return keys;
}

}  // namespace mastic::dynamodb
