// What DynamoDB checks of keys and items before it stores or looks for them.
#pragma once

#include <string>

#include "base/result.h"
#include "dynamodb/store/store.h"

namespace mastic::dynamodb {

/// The store's key for a request's Key: exactly the key attributes, of the right types, neither empty nor too long.
Result<std::string> checked_key(const TableDefinition& table, const Item& key);

/// An item ready to be stored: keys as they must be, index keys of the right types, at most 400 KB.
struct CheckedItem {
  std::string key;
  StoredItem item;
};
Result<CheckedItem> checked_item(const TableDefinition& table, const Item& item);

/// The same for an item that an update made; it words what is too large differently.
Result<StoredItem> checked_update(const TableDefinition& table, const Item& item);

/// The key attributes of the table and, when given, of its index: what LastEvaluatedKey consists of.
Item key_attributes(const TableDefinition& table, const Index* index, std::string_view encoded_item);

/// The attributes that are keys of the table.
bool is_key_attribute(const KeySchema& keys, std::string_view name);

}  // namespace mastic::dynamodb
