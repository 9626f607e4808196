#include "glue/catalog/partition_index_rows.h"

#include <fmt/format.h>

#include <algorithm>

#include "aws/json.h"
#include "glue/catalog/partition_rows.h"
#include "glue/errors.h"
#include "glue/names.h"

namespace mastic::glue::catalog {
namespace {

constexpr std::size_t indexes_max = 3;

// An index that leaves more than this is no help: in the order of keys a page is found about as soon.
constexpr int64_t entries_max = 10'000;

Result<IndexKeys> positions_of(const wire::PartitionIndexDescriptor& descriptor, std::span<const PartitionKey> table_keys) {
  IndexKeys positions;
  for (const auto& key : descriptor.keys) {
    const auto found =
        std::ranges::find_if(table_keys, [&](const auto& k) { return lower_name(k.name) == lower_name(key.name); });
    if (found == table_keys.end())
      return fail(error::invalid_input(fmt::format("The table has no partition key of this name: {}", key.name)));
    positions.push_back(static_cast<std::size_t>(found - table_keys.begin()));
  }
  return positions;
}

Result<wire::PartitionIndexDescriptor> describe(const wire::PartitionIndex& index, std::span<const PartitionKey> table_keys) {
  wire::PartitionIndexDescriptor descriptor;
  descriptor.index_name = index.index_name;
  for (const auto& name : index.keys) {
    const auto found = std::ranges::find_if(table_keys, [&](const auto& k) { return lower_name(k.name) == lower_name(name); });
    if (found == table_keys.end())
      return fail(
          error::invalid_input(fmt::format("An index's keys must be partition keys of the table; this is none: {}", name)));
    if (std::ranges::any_of(descriptor.keys, [&](const auto& key) { return key.name == found->name; }))
      return fail(error::invalid_input(fmt::format("An index names each of its keys once; this one stands twice: {}", name)));
    wire::KeySchemaElement element;
    element.name = found->name;
    element.type = found->type;
    descriptor.keys.push_back(std::move(element));
  }
  return descriptor;
}

}  // namespace

std::vector<PartitionKey> keys_of(const wire::Table& table) {
  std::vector<PartitionKey> keys;
  if (!table.partition_keys) return keys;
  for (const auto& column : *table.partition_keys) keys.push_back({column.name, column.type.value_or("string")});
  return keys;
}

Result<int64_t> add_partition_index(sqlite::Transaction& t, int64_t table_id, const wire::Table& table,
                                    const wire::PartitionIndex& index, std::string_view status) {
  const auto table_keys = keys_of(table);
  TRY(descriptor, describe(index, table_keys));
  TRY(others, partition_indexes_of(t, table_id, table_keys));
  for (const auto& other : others)
    if (lower_name(other.descriptor.index_name) == lower_name(index.index_name))
      return fail(error::partition_index_exists(index.index_name));
  if (others.size() >= indexes_max) return fail(error::too_many_partition_indexes(indexes_max));
  descriptor.index_status = std::string(status);
  TRY(added, t.query("INSERT INTO catalog_partition_index(table_id, name, status, filled_to, body) VALUES(?, ?, ?, '', ?) "
                     "RETURNING id",
                     table_id, lower_name(index.index_name), status, aws::to_json(descriptor)));
  return added.at(0).integer(0);
}

Result<std::vector<StoredIndex>> partition_indexes_of(sqlite::Transaction& t, int64_t table_id,
                                                      std::span<const PartitionKey> table_keys) {
  TRY(rows,
      t.query("SELECT id, status, filled_to, body FROM catalog_partition_index WHERE table_id = ? ORDER BY name", table_id));
  std::vector<StoredIndex> indexes;
  for (const auto& row : rows) {
    StoredIndex index{.id = row.integer(0), .status = row.text(1), .filled_to = row.text(2), .descriptor = {}, .keys = {}};
    TRY(descriptor, aws::from_json<wire::PartitionIndexDescriptor>(row.text(3)));
    index.descriptor = std::move(descriptor);
    index.descriptor.index_status = index.status;
    TRY(keys, positions_of(index.descriptor, table_keys));
    index.keys = std::move(keys);
    indexes.push_back(std::move(index));
  }
  return indexes;
}

Result<void> set_index_status(sqlite::Transaction& t, const StoredIndex& index, std::string_view status) {
  TRY_DO(t.run("UPDATE catalog_partition_index SET status = ?, filled_to = ?, body = ? WHERE id = ?", status, index.filled_to,
               aws::to_json(index.descriptor), index.id));
  return {};
}

Result<void> enter_partition(sqlite::Transaction& t, const StoredIndex& index, std::span<const PartitionKey> table_keys,
                             const Values& values) {
  TRY_DO(t.run("INSERT INTO catalog_partition_index_entry(index_id, entry, key) VALUES(?, ?, ?) ON CONFLICT DO NOTHING",
               index.id, index_entry(values, index.keys, table_keys), partition_key(values)));
  return {};
}

Result<void> remove_entry(sqlite::Transaction& t, const StoredIndex& index, std::span<const PartitionKey> table_keys,
                          const Values& values) {
  TRY_DO(t.run("DELETE FROM catalog_partition_index_entry WHERE index_id = ? AND entry = ? AND key = ?", index.id,
               index_entry(values, index.keys, table_keys), partition_key(values)));
  return {};
}

Result<void> check_indexed_keys(sqlite::Transaction& t, int64_t table_id, const wire::Table& before, const wire::Table& after) {
  const auto old_keys = keys_of(before);
  const auto new_keys = keys_of(after);
  TRY(indexes, partition_indexes_of(t, table_id, old_keys));
  for (const auto& index : indexes)
    for (const auto position : index.keys) {
      const bool same = position < new_keys.size() &&
                        lower_name(new_keys[position].name) == lower_name(old_keys[position].name) &&
                        kind_of(new_keys[position].type) == kind_of(old_keys[position].type);
      if (!same)
        return fail(
            error::invalid_input(fmt::format("The partition key {} cannot change while the partition index {} is on it.",
                                             old_keys[position].name, index.descriptor.index_name)));
    }
  return {};
}

Result<std::optional<std::vector<std::string>>> indexed_keys(sqlite::Transaction& t, const std::vector<StoredIndex>& indexes,
                                                             std::span<const KeyBounds> bounds) {
  const StoredIndex* best = nullptr;
  Range best_range;
  auto fewest = entries_max;
  for (const auto& index : indexes) {
    if (index.status != index_active) continue;
    auto range = index_range(bounds, index.keys);
    if (!range) continue;
    TRY(counted, t.query("SELECT count(*) FROM (SELECT 1 FROM catalog_partition_index_entry WHERE index_id = ? AND entry >= ? "
                         "AND entry < ? LIMIT ?)",
                         index.id, range->from, range->to, fewest));
    if (counted.at(0).integer(0) >= fewest) continue;
    fewest = counted[0].integer(0);
    best = &index;
    best_range = std::move(*range);
  }
  if (best == nullptr) return std::optional<std::vector<std::string>>{};
  TRY(rows, t.query("SELECT key FROM catalog_partition_index_entry WHERE index_id = ? AND entry >= ? AND entry < ?", best->id,
                    best_range.from, best_range.to));
  std::vector<std::string> keys;
  keys.reserve(rows.size());
  for (const auto& row : rows) keys.push_back(row.text(0));
  std::ranges::sort(keys);
  return std::optional(std::move(keys));
}

}  // namespace mastic::glue::catalog
