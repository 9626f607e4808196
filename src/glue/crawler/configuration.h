// What a crawler's policies and its Configuration (JSON text) say, as plain values.
#pragma once

#include <string>
#include <string_view>

#include "aws/models/glue.h"
#include "base/result.h"

namespace mastic::glue::crawler {

namespace wire = mastic::aws::glue;

struct Configuration {
  bool merges_new_columns = false;       // Tables.AddOrUpdateBehavior = MergeNewColumns
  bool partitions_inherit = false;       // Partitions.AddOrUpdateBehavior = InheritFromTable
  bool combines_compatible = false;      // Grouping.TableGroupingPolicy = CombineCompatibleSchemas
  int table_level = 0;                   // Grouping.TableLevelConfiguration; the bucket is level 1; 0: not given
  int tables_max = 0;                    // Tables.TableThreshold; 0: not given
  bool creates_partition_index = false;  // CreatePartitionIndex
};

/// Fails (InvalidInputException) for text that is no such document, and for members that nothing here acts on, by name.
Result<Configuration> parse_configuration(std::string_view text);

// Glue's SchemaChangePolicy and its defaults.
struct Policy {
  bool update = true;
  enum class Deletion { log, remove, deprecate } deletion = Deletion::deprecate;
};

Policy policy_of(const wire::Crawler& crawler);

}  // namespace mastic::glue::crawler
