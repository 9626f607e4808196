// The catalog table that a crawler makes of what it found, and whether a crawl changed it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "aws/models/glue.h"
#include "glue/crawler/configuration.h"
#include "glue/crawler/grouping.h"
#include "glue/crawler/inferred_type.h"

namespace mastic::glue::crawler {

namespace wire = mastic::aws::glue;

/// What a crawl found at one target.
struct Finding {
  std::string table_name;  // in the catalog
  std::string location;    // the source table's ARN
  InferredSchema schema;
  uint64_t record_count = 0;
  uint64_t size_bytes = 0;
};

/// The definition that the finding makes, over what the catalog has: descriptions, comments of columns and parameters
/// that users added stay.
wire::TableInput table_input(const Finding& finding, const std::string& crawler_name,
                             const std::optional<wire::Table>& existing);

/// A table of files under another name and database, to be written as `name`.
struct FoundFiles {
  std::string name;      // in the catalog
  std::string location;  // s3://bucket/folder/
  const FoundTable& found;
};

/// The same for files. With `merges_new_columns` the columns that are there stay as they are.
wire::TableInput table_input(const FoundFiles& files, const std::string& crawler_name, const Configuration& configuration,
                             const std::optional<wire::Table>& existing);

/// A partition with a storage descriptor of its own, or its table's when it inherits.
wire::PartitionInput partition_input(const FoundPartition& partition, std::string_view location, const wire::TableInput& table,
                                     const std::string& crawler_name, const Configuration& configuration);

/// An UpdatePartition input that leaves everything as it is.
wire::PartitionInput unchanged_input(const wire::Partition& partition);

/// Whether format, columns or location of a partition differ, statistics too.
bool differs(const wire::Partition& existing, const wire::PartitionInput& input);

/// Whether columns, types, location, partition keys or format differ; statistics do not count.
bool schema_changed(const wire::Table& existing, const wire::TableInput& input);

/// Whether two locations are one, with or without / at their ends.
bool same_place(std::string_view left, std::string_view right);

/// An UpdateTable input that leaves everything as it is.
wire::TableInput unchanged_input(const wire::Table& table);

}  // namespace mastic::glue::crawler
