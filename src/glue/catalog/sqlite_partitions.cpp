#include "aws/json.h"
#include "glue/catalog/partition_expression.h"
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
  return {};
}

Result<void> remove(sqlite::Transaction& t, const Owner& owner, const Values& values) {
  TRY_DO(check_values(values, owner));
  TRY(removed, t.run("DELETE FROM catalog_partition WHERE table_id = ? AND key = ?", owner.table_id, partition_key(values)));
  if (removed == 0) return fail(error::partition_not_found());
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

std::vector<PartitionKey> keys_of(const wire::Table& table) {
  std::vector<PartitionKey> keys;
  if (!table.partition_keys) return keys;
  for (const auto& column : *table.partition_keys) keys.push_back({column.name, column.type.value_or("string")});
  return keys;
}

}  // namespace

Result<std::vector<PartitionFailure>> SqliteCatalog::create_partitions(std::string_view database, std::string_view table,
                                                                       std::span<const wire::PartitionInput> inputs) {
  std::vector<PartitionFailure> failures;
  TRY_DO(database_.transaction([&](sqlite::Transaction& t) -> Result<void> {
    TRY(row, require_table(t, database, table));
    TRY(owner_table, aws::from_json<wire::Table>(row.body));
    const Owner owner{row.id, lower_name(database), std::move(owner_table)};
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
    TRY(owner_table, aws::from_json<wire::Table>(row.body));
    const Owner owner{row.id, lower_name(database), std::move(owner_table)};
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
    TRY(owner_table, aws::from_json<wire::Table>(row.body));
    const Owner owner{row.id, lower_name(database), std::move(owner_table)};
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
  constexpr std::size_t chunk = 2000;
  Page<wire::Partition> answer;
  TRY_DO(database_.transaction([&](sqlite::Transaction& t) -> Result<void> {
    TRY(row, require_table(t, database, table));
    TRY(owner, aws::from_json<wire::Table>(row.body));
    const auto keys = keys_of(owner);
    TRY(expression, PartitionExpression::parse(query.expression, keys));
    std::string after = query.page.after;
    std::string last;
    while (true) {
      TRY(rows, t.query("SELECT key FROM catalog_partition WHERE table_id = ? AND key > ? ORDER BY key LIMIT ?", row.id, after,
                        chunk));
      for (const auto& key_row : rows) {
        after = key_row.text(0);
        if (!in_segment(after, query) || !expression.holds(partition_values(after))) continue;
        if (answer.entries.size() == query.page.limit) {
          answer.last_key = last;
          return {};
        }
        TRY(bodies, t.query("SELECT body FROM catalog_partition WHERE table_id = ? AND key = ?", row.id, after));
        TRY(partition, aws::from_json<wire::Partition>(bodies.at(0).text(0)));
        answer.entries.push_back(std::move(partition));
        last = after;
      }
      if (rows.size() < chunk) return {};
    }
  }));
  return answer;
}

}  // namespace mastic::glue::catalog
