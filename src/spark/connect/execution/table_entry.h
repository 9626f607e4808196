// The catalog's entry for a table that df.write.saveAsTable makes or changes.
#pragma once

#include <string>

#include "engine/stores.h"
#include "spark/lower/write.h"
#include "spark/plan/command.h"

namespace mastic::spark_connect {

/// A new entry for what was written: columns from the plan, the formats' Hive classes, `classification` as Glue sets it.
engine::CatalogTable make_table_entry(const spark::WriteFiles& write, const std::string& location);

/// `parquet`, `csv`, …, by the entry's classification or its Hive classes; empty: none that is known.
std::string format_of(const engine::CatalogTable& table);

/// The partitions that the write has touched.
std::vector<engine::CatalogPartition> written_partitions(const spark::WriteSummary& summary);

}  // namespace mastic::spark_connect
