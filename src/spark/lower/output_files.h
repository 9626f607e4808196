// Where a write's files lie until they count, and how they come to count.
//
// Objects: bodies in the store's incoming folder, all made visible by one commit. Local paths: a `_temporary-…` folder
// inside the target, whose files are renamed into place. Destroyed without commit(): nothing is left. Folders that lie in
// other buckets come to count one bucket after the other.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/stores.h"
#include "spark/plan/spark_error.h"

namespace mastic::spark {

/// Folders below a write's target that lie elsewhere: `day=1` → s3://… or a local path. Partitions with a place of their own.
using FolderPlaces = std::map<std::string, std::string>;

class OutputFiles {
 public:
  virtual ~OutputFiles() = default;
  /// A fresh local path to write to, which will become `below` the target.
  [[nodiscard]] virtual SparkResult<std::string> add(const std::string& below) = 0;
  /// Makes everything visible; `removed_folders` (below the target; "" is all of it) lose what they held before. A folder
  /// that lies elsewhere is emptied with those around it.
  [[nodiscard]] virtual SparkResult<void> commit(const std::vector<std::string>& removed_folders) = 0;
  /// After commit: s3://… or local paths.
  [[nodiscard]] virtual std::string location(const std::string& below) const = 0;

  static SparkResult<std::unique_ptr<OutputFiles>> open(const engine::Stores& stores, const std::string& path,
                                                        const FolderPlaces& elsewhere = {});
};

}  // namespace mastic::spark
