#include <algorithm>

#include "aws/json.h"
#include "glue/catalog/partition_expression.h"
#include "glue/catalog/partition_index_rows.h"
#include "glue/catalog/partition_rows.h"
#include "glue/catalog/sqlite_catalog.h"
#include "glue/errors.h"
#include "glue/names.h"

namespace mastic::glue::catalog {
namespace {

/// The table that a request names, read once for all of its partitions.
struct Owner {
  int64_t table_id = 0;
  std::string database;
  wire::Table table;
  std::vector<PartitionKey> keys;
  std::vector<StoredIndex> indexes;

  static Result<Owner> read(sqlite::Transaction& t, int64_t table_id, const std::string& body, std::string_view database) {
    TRY(table, aws::from_json<wire::Table>(body));
    auto keys = keys_of(table);
    TRY(indexes, partition_indexes_of(t, table_id, keys));
    return Owner{table_id, lower_name(database), std::move(table), std::move(keys), std::move(indexes)};
  }
  [[nodiscard]] std::size_t key_count() const { return table.partition_keys ? table.partition_keys->size() : 0; }
};

wire::Partition partition_from(const wire::PartitionInput& input, const Owner& owner, std::optional<Instant> created) {
  wire::Partition partition;
  partition.values = input.values.value_or(Values{});
  partition.database_name = owner.database;
  partition.table_name = owner.table.name;
  partition.creation_time = created;
  partition.last_access_time = input.last_access_time;
  partition.storage_descriptor = input.storage_descriptor;
  partition.parameters = input.parameters;
  partition.last_analyzed_time = input.last_analyzed_time;
  return partition;
}

Result<void> check_values(const Values& values, const Owner& owner) {
  if (values.size() == owner.key_count()) return {};
  return fail(error::invalid_input("The number of partition keys do not match the number of partition values"));
}

Result<void> create(sqlite::Transaction& t, const Owner& owner, const wire::PartitionInput& input, Instant now) {
  const auto values = input.values.value_or(Values{});
  TRY_DO(check_values(values, owner));
  TRY(added, t.run("INSERT INTO catalog_partition(table_id, key, body) VALUES(?, ?, ?) ON CONFLICT DO NOTHING", owner.table_id,
                   partition_key(values), aws::to_json(partition_from(input, owner, now))));
  if (added == 0) return fail(error::partition_exists());
  for (const auto& index : owner.indexes) TRY_DO(enter_partition(t, index, owner.keys, values));
  return {};
}

Result<void> update(sqlite::Transaction& t, const Owner& owner, const PartitionChange& change) {
  auto input = change.input;
  if (!input.values || input.values->empty()) input.values = change.values;
  TRY_DO(check_values(change.values, owner));
  TRY_DO(check_values(*input.values, owner));
  const auto key = partition_key(change.values);
  TRY(rows, t.query("SELECT body FROM catalog_partition WHERE table_id = ? AND key = ?", owner.table_id, key));
  if (rows.empty()) return fail(error::partition_not_found());
  TRY(before, aws::from_json<wire::Partition>(rows[0].text(0)));
  const auto new_key = partition_key(*input.values);
  if (new_key != key) {
    TRY(taken, t.query("SELECT 1 FROM catalog_partition WHERE table_id = ? AND key = ?", owner.table_id, new_key));
    if (!taken.empty()) return fail(error::partition_exists());
  }
  TRY_DO(t.run("UPDATE catalog_partition SET key = ?, body = ? WHERE table_id = ? AND key = ?", new_key,
               aws::to_json(partition_from(input, owner, before.creation_time)), owner.table_id, key));
  if (new_key == key) return {};
  TRY_DO(t.run("UPDATE catalog_statistics SET key = ? WHERE table_id = ? AND key = ?", new_key, owner.table_id, key));
  for (const auto& index : owner.indexes) {
    TRY_DO(remove_entry(t, index, owner.keys, change.values));
    TRY_DO(enter_partition(t, index, owner.keys, *input.values));
  }
  return {};
}

Result<void> remove(sqlite::Transaction& t, const Owner& owner, const Values& values) {
  TRY_DO(check_values(values, owner));
  TRY(removed, t.run("DELETE FROM catalog_partition WHERE table_id = ? AND key = ?", owner.table_id, partition_key(values)));
  if (removed == 0) return fail(error::partition_not_found());
  TRY_DO(t.run("DELETE FROM catalog_statistics WHERE table_id = ? AND key = ?", owner.table_id, partition_key(values)));
  for (const auto& index : owner.indexes) TRY_DO(remove_entry(t, index, owner.keys, values));
  return {};
}

/// A failure of one entry is reported beside the others; one of ours ends the batch.
Result<void> note(std::vector<PartitionFailure>& failures, const Values& values, Result<void> outcome) {
  if (outcome) return {};
  if (outcome.error().http_status >= 500) return outcome;
  failures.push_back({values, std::move(outcome).error()});
  return {};
}

/// Segments are parts of a hash of the key, so that each partition is in exactly one.
bool in_segment(std::string_view key, const PartitionQuery& query) {
  if (query.segments <= 1) return true;
  uint32_t hash = 2166136261U;
  for (const char c : key) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
  return (hash ^ (hash >> 16U)) % query.segments == query.segment;
}

/// One page of what a query finds; full when the next partition would be one too many.
class Found {
 public:
  Found(sqlite::Transaction& t, int64_t table_id, const PartitionQuery& query, const PartitionExpression& expression)
      : t_(t), table_id_(table_id), query_(query), expression_(expression) {}

  /// Takes the partition when it is asked for; false when the page was full.
  Result<bool> take(const std::string& key) {
    if (!in_segment(key, query_) || !expression_.holds(partition_values(key))) return true;
    if (page_.entries.size() == query_.page.limit) {
      page_.last_key = last_;
      return false;
    }
    TRY(bodies, t_.query("SELECT body FROM catalog_partition WHERE table_id = ? AND key = ?", table_id_, key));
    if (bodies.empty()) return true;
    TRY(partition, aws::from_json<wire::Partition>(bodies[0].text(0)));
    page_.entries.push_back(std::move(partition));
    last_ = key;
    return true;
  }
  Page<wire::Partition> page() && { return std::move(page_); }

 private:
  sqlite::Transaction& t_;
  int64_t table_id_;
  const PartitionQuery& query_;
  const PartitionExpression& expression_;
  Page<wire::Partition> page_;
  std::string last_;
};

/// In the order of keys, within what the bounds leave of it.
Result<void> scan(sqlite::Transaction& t, int64_t table_id, const PartitionQuery& query, std::span<const KeyBounds> bounds,
                  Found& found) {
  constexpr std::size_t chunk = 2000;
  const auto range = key_range(bounds).value_or(Range{"", "\xff"});
  std::string after = query.page.after;
  while (true) {
    TRY(rows, t.query("SELECT key FROM catalog_partition WHERE table_id = ? AND key > ? AND key >= ? AND key < ? "
                      "ORDER BY key LIMIT ?",
                      table_id, after, range.from, range.to, chunk));
    for (const auto& row : rows) {
      after = row.text(0);
      TRY(taken, found.take(after));
      if (!taken) return {};
    }
    if (rows.size() < chunk) return {};
  }
}

}  // namespace

Result<std::vector<PartitionFailure>> SqliteCatalog::create_partitions(std::string_view database, std::string_view table,
                                                                       std::span<const wire::PartitionInput> inputs) {
  std::vector<PartitionFailure> failures;
  TRY_DO(database_.transaction([&](sqlite::Transaction& t) -> Result<void> {
    TRY(row, require_table(t, database, table));
    TRY(owner, Owner::read(t, row.id, row.body, database));
    for (const auto& input : inputs) {
      TRY_DO(note(failures, input.values.value_or(Values{}), create(t, owner, input, clock_.now())));
    }
    return {};
  }));
  return failures;
}

Result<std::vector<PartitionFailure>> SqliteCatalog::update_partitions(std::string_view database, std::string_view table,
                                                                       std::span<const PartitionChange> changes) {
  std::vector<PartitionFailure> failures;
  TRY_DO(database_.transaction([&](sqlite::Transaction& t) -> Result<void> {
    TRY(row, require_table(t, database, table));
    TRY(owner, Owner::read(t, row.id, row.body, database));
    for (const auto& change : changes) TRY_DO(note(failures, change.values, update(t, owner, change)));
    return {};
  }));
  return failures;
}

Result<std::vector<PartitionFailure>> SqliteCatalog::delete_partitions(std::string_view database, std::string_view table,
                                                                       std::span<const Values> partitions) {
  std::vector<PartitionFailure> failures;
  TRY_DO(database_.transaction([&](sqlite::Transaction& t) -> Result<void> {
    TRY(row, require_table(t, database, table));
    TRY(owner, Owner::read(t, row.id, row.body, database));
    for (const auto& values : partitions) TRY_DO(note(failures, values, remove(t, owner, values)));
    return {};
  }));
  return failures;
}

Result<std::vector<wire::Partition>> SqliteCatalog::find_partitions(std::string_view database, std::string_view table,
                                                                    std::span<const Values> partitions) {
  std::vector<wire::Partition> found;
  TRY_DO(database_.transaction([&](sqlite::Transaction& t) -> Result<void> {
    TRY(row, require_table(t, database, table));
    for (const auto& values : partitions) {
      TRY(rows, t.query("SELECT body FROM catalog_partition WHERE table_id = ? AND key = ?", row.id, partition_key(values)));
      if (rows.empty()) continue;
      TRY(partition, aws::from_json<wire::Partition>(rows[0].text(0)));
      found.push_back(std::move(partition));
    }
    return {};
  }));
  return found;
}

Result<Page<wire::Partition>> SqliteCatalog::list_partitions(std::string_view database, std::string_view table,
                                                             const PartitionQuery& query) {
  Page<wire::Partition> answer;
  TRY_DO(database_.transaction([&](sqlite::Transaction& t) -> Result<void> {
    TRY(row, require_table(t, database, table));
    TRY(owner, aws::from_json<wire::Table>(row.body));
    const auto keys = keys_of(owner);
    TRY(expression, PartitionExpression::parse(query.expression, keys));
    const auto bounds = expression.bounds(keys.size());
    TRY(indexes, partition_indexes_of(t, row.id, keys));
    TRY(candidates, indexed_keys(t, indexes, bounds));
    Found found(t, row.id, query, expression);
    if (!candidates) {
      TRY_DO(scan(t, row.id, query, bounds, found));
    } else {
      for (auto key = std::ranges::upper_bound(*candidates, query.page.after); key != candidates->end(); ++key) {
        TRY(taken, found.take(*key));
        if (!taken) break;
      }
    }
    answer = std::move(found).page();
    return {};
  }));
  return answer;
}

}  // namespace mastic::glue::catalog
