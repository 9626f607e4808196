// df.write: executes a Command.
//
// Files are written beside their place (the store's incoming folder, or a `_temporary-…` folder of a local path) and become
// visible all at once when the query has succeeded: a failure or an interrupt leaves nothing. `_SUCCESS` comes last.
// Does not touch the catalog: creating or updating a table entry is the caller's, who has the summary.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "spark/lower/lower.h"
#include "spark/lower/output_files.h"
#include "spark/plan/command.h"

namespace mastic::spark {

struct WriteSummary {
  uint64_t rows = 0;
  uint64_t bytes = 0;
  std::vector<std::string> files;  // s3://… or local paths, without _SUCCESS
  struct Partition {
    std::vector<std::string> values;  // unescaped text; NULL is __HIVE_DEFAULT_PARTITION__
    std::string location;
  };
  std::vector<Partition> partitions;  // those that were written to
  bool skipped = false;               // mode ignore, and something was there
};

/// `elsewhere`: partitions' folders that do not lie below the table's.
[[nodiscard]] SparkResult<WriteSummary> write(engine::Connection& connection, const Command& command,
                                              const LowerOptions& options, const FolderPlaces& elsewhere = {});

}  // namespace mastic::spark
