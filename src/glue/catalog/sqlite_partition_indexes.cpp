#include <fmt/format.h>

#include "aws/json.h"
#include "base/log.h"
#include "glue/catalog/partition_index_rows.h"
#include "glue/catalog/partition_rows.h"
#include "glue/catalog/sqlite_catalog.h"
#include "glue/errors.h"
#include "glue/names.h"

namespace mastic::glue::catalog {
namespace {

// Between two chunks others have their turn.
constexpr std::size_t chunk = 5000;
// As many are named of the partitions that keep an index from being made.
constexpr std::size_t failures_max = 25;

/// Whether each value is null or of its key's type.
bool is_readable(const Values& values, const IndexKeys& keys, std::span<const PartitionKey> table_keys) {
  for (const auto key : keys) {
    if (key >= values.size()) return false;
    const auto kind = kind_of(table_keys[key].type);
    if (kind && values[key] != "__HIVE_DEFAULT_PARTITION__" && !read_value(*kind, values[key])) return false;
  }
  return true;
}

void note_unreadable(wire::PartitionIndexDescriptor& descriptor, const Values& values) {
  if (!descriptor.backfill_errors) {
    descriptor.backfill_errors.emplace().emplace_back();
    descriptor.backfill_errors->front().code = "INVALID_PARTITION_TYPE_DATA_ERROR";
    descriptor.backfill_errors->front().partitions.emplace();
  }
  auto& partitions = *descriptor.backfill_errors->front().partitions;
  if (partitions.size() >= failures_max) return;
  wire::PartitionValueList list;
  list.values = values;
  partitions.push_back(std::move(list));
}

}  // namespace

Result<void> SqliteCatalog::create_partition_index(std::string_view database, std::string_view table,
                                                   const wire::PartitionIndex& index) {
  int64_t id = 0;
  TRY_DO(database_.transaction([&](sqlite::Transaction& t) -> Result<void> {
    TRY(row, require_table(t, database, table));
    TRY(owner, aws::from_json<wire::Table>(row.body));
    TRY(added, add_partition_index(t, row.id, owner, index, index_creating));
    id = added;
    return {};
  }));
  return fill_partition_index(id);
}

Result<void> SqliteCatalog::fill_partition_index(int64_t index_id) {
  for (bool more = true; more;) {
    TRY_DO(database_.transaction([&](sqlite::Transaction& t) -> Result<void> {
      more = false;
      TRY(owners, t.query("SELECT t.id, t.body FROM catalog_partition_index i JOIN catalog_table t ON t.id = i.table_id "
                          "WHERE i.id = ? AND i.status = 'CREATING'",
                          index_id));
      if (owners.empty()) return {};  // deleted meanwhile
      TRY(table, aws::from_json<wire::Table>(owners[0].text(1)));
      const auto table_id = owners[0].integer(0);
      const auto table_keys = keys_of(table);
      TRY(indexes, partition_indexes_of(t, table_id, table_keys));
      for (auto& index : indexes) {
        if (index.id != index_id) continue;
        TRY(rows, t.query("SELECT key FROM catalog_partition WHERE table_id = ? AND key > ? ORDER BY key LIMIT ?", table_id,
                          index.filled_to, chunk));
        for (const auto& row : rows) {
          index.filled_to = row.text(0);
          const auto values = partition_values(index.filled_to);
          if (is_readable(values, index.keys, table_keys)) {
            TRY_DO(enter_partition(t, index, table_keys, values));
          } else {
            note_unreadable(index.descriptor, values);
          }
        }
        more = rows.size() == chunk;
        const auto ended = index.descriptor.backfill_errors ? index_failed : index_active;
        TRY_DO(set_index_status(t, index, more ? index_creating : ended));
      }
      return {};
    }));
  }
  return {};
}

Result<void> SqliteCatalog::finish_partition_indexes() {
  TRY(rows, database_.query("SELECT id FROM catalog_partition_index WHERE status = 'CREATING'"));
  for (const auto& row : rows) TRY_DO(fill_partition_index(row.integer(0)));
  return {};
}

Result<std::vector<wire::PartitionIndexDescriptor>> SqliteCatalog::list_partition_indexes(std::string_view database,
                                                                                          std::string_view table) {
  std::vector<wire::PartitionIndexDescriptor> descriptors;
  TRY_DO(database_.transaction([&](sqlite::Transaction& t) -> Result<void> {
    TRY(row, require_table(t, database, table));
    TRY(owner, aws::from_json<wire::Table>(row.body));
    TRY(indexes, partition_indexes_of(t, row.id, keys_of(owner)));
    for (auto& index : indexes) descriptors.push_back(std::move(index.descriptor));
    return {};
  }));
  return descriptors;
}

Result<void> SqliteCatalog::delete_partition_index(std::string_view database, std::string_view table, std::string_view name) {
  return database_.transaction([&](sqlite::Transaction& t) -> Result<void> {
    TRY(row, require_table(t, database, table));
    TRY(removed, t.run("DELETE FROM catalog_partition_index WHERE table_id = ? AND name = ?", row.id, lower_name(name)));
    if (removed == 0) return fail(error::partition_index_not_found(name));
    return {};
  });
}

}  // namespace mastic::glue::catalog
