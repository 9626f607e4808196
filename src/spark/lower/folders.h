// Whole folders of tables: removed, emptied, moved. Objects or local files alike; what is not there is no error.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "engine/stores.h"
#include "spark/plan/spark_error.h"

namespace mastic::spark {

/// Removes everything below the folder; the folder itself too, unless `keep`.
SparkResult<void> remove_folder(const engine::Stores& stores, const std::string& path, bool keep = false);
/// Makes a local folder, so that others see that the table is there; objects need none.
SparkResult<void> make_folder(const std::string& path);
/// Both in one store: a table keeps its bucket.
SparkResult<void> move_folder(const engine::Stores& stores, const std::string& from, const std::string& to);

struct FolderSize {
  uint64_t files = 0;
  uint64_t bytes = 0;
};
SparkResult<FolderSize> folder_size(const engine::Stores& stores, const std::string& path);

/// The `k=v` folders below a table's folder, one level a key, with their values: what MSCK REPAIR looks for.
struct FoundPartition {
  std::vector<std::string> values;
  std::string location;
};
SparkResult<std::vector<FoundPartition>> find_partitions(const engine::Stores& stores, const std::string& path,
                                                         const std::vector<std::string>& keys);

/// Joins a folder and what lies below it.
std::string below_folder(std::string folder, const std::string& below);

}  // namespace mastic::spark
