#include "dynamodb/operations/page.h"

#include <algorithm>

#include "dynamodb/errors.h"
#include "dynamodb/expression/evaluate.h"
#include "dynamodb/expression/project.h"
#include "dynamodb/operations/item_checks.h"

namespace mastic::dynamodb {
namespace {

/// Whether an index holds the attribute.
bool holds_attribute(const TableDefinition& table, const Index& index, std::string_view name) {
  return index.projection == Projection::all || is_key_attribute(table.keys, name) || is_key_attribute(index.keys, name) ||
         (index.projection == Projection::include && std::ranges::count(index.included, name) > 0);
}

Result<std::optional<StoredItem>> whole_item(const Store& store, const TableDefinition& table, std::string_view entry) {
  return store.get(item_key(table, key_attributes(table, nullptr, entry)));
}

}  // namespace

Result<Page> read_page(const Store& store, const PageRequest& request) {
  TRY(cursor, store.read(request.range, request.forward, request.start));
  Page page;
  std::string last;  // the entry looked at last
  bool more = false;
  for (; cursor->valid(); cursor->next()) {
    const bool full = page.scanned_count > 0 && page.read_bytes + cursor->size_bytes() > page_max_bytes;
    if (full || (request.limit && page.scanned_count >= *request.limit)) {
      more = true;
      break;
    }
    page.read_bytes += cursor->size_bytes();
    ++page.scanned_count;
    std::string_view item = cursor->encoded();
    const bool at_limit = request.limit && page.scanned_count >= *request.limit;
    if (at_limit || request.whole_items || page.read_bytes + item_size_max_bytes > page_max_bytes) last = item;
    std::optional<StoredItem> whole;
    if (request.whole_items) {
      TRY(found, whole_item(store, *request.table, item));
      whole = std::move(found);
      if (whole) {
        item = whole->encoded;
        page.read_bytes += whole->size_bytes;
      }
    }
    if (request.filter) {
      expression::EncodedDocument document(item);
      if (!expression::holds(*request.filter, document)) continue;
    }
    ++page.count;
    if (request.count_only) continue;
    if (request.projection)
      page.items.append(expression::project_encoded(item, *request.projection));
    else
      page.items.append(item);
  }
  TRY_DO(cursor->status());
  // A page that a limit ended has a key to go on from, even when nothing is left behind it.
  const bool limited = request.limit && page.scanned_count >= *request.limit;
  if ((more || limited) && page.scanned_count > 0)
    page.last_evaluated_key = key_attributes(*request.table, request.index, last);
  return page;
}

Result<const Index*> find_index(const TableDefinition& table, const std::optional<std::string>& index_name,
                                bool consistent_read) {
  if (!index_name) return nullptr;
  const auto* index = table.find_index(*index_name);
  if (!index) return fail(errors::validation("The table does not have the specified index: " + *index_name));
  if (index->global && consistent_read)
    return fail(errors::validation("Consistent reads are not supported on global secondary indexes"));
  return index;
}

Result<std::string> start_key(const TableDefinition& table, const Index* index, const Item& start) {
  const auto invalid = [] {
    return fail(errors::validation("The provided starting key is invalid: The provided key element does not match the schema"));
  };
  Item key;
  std::size_t expected = 0;
  const auto take = [&](const KeySchema& keys) {
    for (const auto* attribute : {&keys.partition, keys.sort ? &*keys.sort : nullptr}) {
      if (!attribute) continue;
      const auto* value = start.find(attribute->name);
      if (!value || value->type != attribute->type || (value->text.empty() && value->type != Type::number)) return false;
      if (!key.find(attribute->name)) ++expected;
      key.set(attribute->name, *value);
    }
    return true;
  };
  if (!take(table.keys) || (index && !take(index->keys)) || start.size() != expected) return invalid();
  auto bytes = item_key(table, key);
  if (!index) return bytes;
  return *index_key(*index, encode_item(key), bytes);
}

Result<void> apply_select(PageRequest& page, const std::optional<std::string>& select) {
  const auto* index = page.index;
  if (select == "COUNT") {
    if (page.projection)
      return fail(errors::validation("Cannot specify the AttributesToGet when choosing to get only the Count"));
    page.count_only = true;
  }
  if (select == "SPECIFIC_ATTRIBUTES" && !page.projection)
    return fail(errors::validation(
        "Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES"));
  if ((select == "ALL_ATTRIBUTES" || select == "ALL_PROJECTED_ATTRIBUTES") && page.projection)
    return fail(errors::validation("Cannot specify the AttributesToGet when choosing to get " + *select));
  if (select == "ALL_PROJECTED_ATTRIBUTES" && !index)
    return fail(errors::validation("ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName"));
  if (!index || index->projection == Projection::all) return {};

  if (select == "ALL_ATTRIBUTES") {
    if (index->global)
      return fail(errors::invalid_parameter("Select type ALL_ATTRIBUTES is not supported for global secondary index " +
                                            index->name + " because its projection type is not ALL"));
    page.whole_items = true;
  }
  if (!page.projection) return {};
  for (const auto& path : *page.projection) {
    if (holds_attribute(*page.table, *index, path.top())) continue;
    if (index->global)
      return fail(
          errors::invalid_parameter("Global secondary index " + index->name + " does not project [" + path.top() + "]"));
    page.whole_items = true;
  }
  return {};
}

}  // namespace mastic::dynamodb
