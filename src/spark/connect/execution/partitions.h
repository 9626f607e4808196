// Partitions of catalog tables: ALTER TABLE … PARTITION, MSCK REPAIR, SHOW PARTITIONS, TRUNCATE … PARTITION.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/stores.h"
#include "spark/connect/session.h"
#include "spark/plan/spark_error.h"
#include "spark/sql/statement.h"

namespace mastic::spark_connect {

using FixedValues = std::map<std::string, std::optional<std::string>>;  // names in lower case; nullopt: NULL

/// Whether the partition has these values.
bool partition_matches(const engine::CatalogTable& table, const engine::CatalogPartition& partition, const FixedValues& values);
/// `p=1/q=a`, as Spark shows a partition.
std::string partition_text(const engine::CatalogTable& table, const std::vector<std::string>& values);
/// The spec's values by name, checked. Errors: NON_PARTITION_COLUMN; PARTITIONS_NOT_FOUND when `whole` and one is missing.
spark::SparkResult<FixedValues> fixed_values(const engine::CatalogTable& table, const spark::sql::PartitionSpec& spec,
                                             bool whole);
/// The table's partitions that a spec names: some keys, with any comparison.
spark::SparkResult<std::vector<engine::CatalogPartition>> matching_partitions(const Session& session,
                                                                              const engine::CatalogTable& table,
                                                                              const spark::sql::PartitionSpec& spec);

spark::SparkResult<void> add_partitions(Session& session, const engine::CatalogTable& table,
                                        const spark::sql::AddPartitions& action);
spark::SparkResult<void> drop_partitions(Session& session, const engine::CatalogTable& table,
                                         const spark::sql::DropPartitions& action);
spark::SparkResult<void> rename_partition(Session& session, const engine::CatalogTable& table,
                                          const spark::sql::RenamePartition& action);
spark::SparkResult<void> recover_partitions(Session& session, const engine::CatalogTable& table,
                                            const spark::sql::RecoverPartitions& action);
/// Errors: NOT_A_PARTITIONED_TABLE.
spark::SparkResult<void> check_partitioned(const engine::CatalogTable& table, std::string_view operation);

}  // namespace mastic::spark_connect
