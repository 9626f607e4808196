// Partition folders: `k=v` in paths.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "spark/plan/data_type.h"

namespace mastic::spark {

constexpr std::string_view hive_default_partition = "__HIVE_DEFAULT_PARTITION__";

/// Hive's escaping of a name or value: %XX for what a path may not hold.
std::string escape_partition_text(std::string_view text);
std::string unescape_partition_text(std::string_view text);

/// The `k=v` folders before the file's name, in order; nullopt: a folder that is none.
std::optional<std::vector<std::pair<std::string, std::optional<std::string>>>> partition_folders(std::string_view below);

/// int, bigint, double, date, timestamp or string: the narrowest that takes all values.
DataType infer_partition_type(const std::vector<std::optional<std::string>>& values);

}  // namespace mastic::spark
