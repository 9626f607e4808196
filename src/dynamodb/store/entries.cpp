// An item's keys, in its table and in the table's indexes.
#include <algorithm>

#include "dynamodb/expression/project.h"
#include "dynamodb/store/store.h"

namespace mastic::dynamodb {
namespace {

constexpr std::size_t number_and_hash_bytes = 12;

std::optional<codec::EncodedValue> find_key_attribute(std::string_view encoded_item, const KeyAttribute& key) {
  codec::ItemReader reader(encoded_item);
  while (reader.next())
    if (reader.name() == key.name) {
      if (reader.value().type != key.type) return std::nullopt;
      return reader.value();
    }
  return std::nullopt;
}

}  // namespace

std::string item_key(const TableDefinition& table, const Item& item) {
  std::string key = key_codec::partition_prefix(table.number, key_codec::ordered(*item.find(table.keys.partition.name)));
  if (table.keys.sort) key_codec::append_sort(key, key_codec::ordered(*item.find(table.keys.sort->name)));
  return key;
}

std::optional<std::string> index_key(const Index& index, std::string_view encoded_item, std::string_view item_key) {
  const auto partition = find_key_attribute(encoded_item, index.keys.partition);
  if (!partition) return std::nullopt;
  std::string key = key_codec::partition_prefix(index.number, key_codec::ordered(*partition));
  if (index.keys.sort) {
    const auto sort = find_key_attribute(encoded_item, *index.keys.sort);
    if (!sort) return std::nullopt;
    key_codec::append_sort(key, key_codec::ordered(*sort));
  }
  key += item_key.substr(number_and_hash_bytes);
  return key;
}

std::string index_projection(const TableDefinition& table, const Index& index, std::string_view encoded_item) {
  if (index.projection == Projection::all) return std::string(encoded_item);
  std::vector<std::string> names = {table.keys.partition.name, index.keys.partition.name};
  if (table.keys.sort) names.push_back(table.keys.sort->name);
  if (index.keys.sort) names.push_back(index.keys.sort->name);
  if (index.projection == Projection::include) names.insert(names.end(), index.included.begin(), index.included.end());
  std::ranges::sort(names);
  return expression::keep_attributes(encoded_item, names);
}

}  // namespace mastic::dynamodb
