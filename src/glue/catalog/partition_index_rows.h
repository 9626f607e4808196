// Partition indexes in the store: their definitions, and one entry for each partition in each index.
//
// A definition that is being filled (CREATING) gets the entries of what is written meanwhile; only an ACTIVE one is read.
// All functions act within the transaction that they are given.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/sqlite.h"
#include "glue/catalog/catalog.h"
#include "glue/catalog/partition_ranges.h"

namespace mastic::glue::catalog {

inline constexpr std::string_view index_creating = "CREATING";
inline constexpr std::string_view index_active = "ACTIVE";
inline constexpr std::string_view index_failed = "FAILED";

struct StoredIndex {
  int64_t id = 0;
  std::string status;
  std::string filled_to;  // the last partition key that was entered
  wire::PartitionIndexDescriptor descriptor;
  IndexKeys keys;
};

std::vector<PartitionKey> keys_of(const wire::Table& table);

/// Fails with AlreadyExistsException, ResourceNumberLimitExceededException, or InvalidInputException for keys that the
/// table does not have.
Result<int64_t> add_partition_index(sqlite::Transaction& t, int64_t table_id, const wire::Table& table,
                                    const wire::PartitionIndex& index, std::string_view status);
Result<std::vector<StoredIndex>> partition_indexes_of(sqlite::Transaction& t, int64_t table_id,
                                                      std::span<const PartitionKey> table_keys);
Result<void> set_index_status(sqlite::Transaction& t, const StoredIndex& index, std::string_view status);

Result<void> enter_partition(sqlite::Transaction& t, const StoredIndex& index, std::span<const PartitionKey> table_keys,
                             const Values& values);
Result<void> remove_entry(sqlite::Transaction& t, const StoredIndex& index, std::span<const PartitionKey> table_keys,
                          const Values& values);

/// An index's keys stay as they are for as long as it is there.
Result<void> check_indexed_keys(sqlite::Transaction& t, int64_t table_id, const wire::Table& before, const wire::Table& after);

/// Keys of the partitions that the bounds may hold for, in the order of keys, when one of the indexes makes them few.
Result<std::optional<std::vector<std::string>>> indexed_keys(sqlite::Transaction& t, const std::vector<StoredIndex>& indexes,
                                                             std::span<const KeyBounds> bounds);

}  // namespace mastic::glue::catalog
