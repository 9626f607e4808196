// Files behind a path: objects, or the local file system, under one face.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/stores.h"
#include "spark/plan/spark_error.h"

namespace mastic::spark {

struct ListedFile {
  std::string path;   // whole: s3://bucket/key, or local
  std::string below;  // what follows the listed folder: "k=v/part-0.csv"
  uint64_t size_bytes = 0;
  int64_t modified_microseconds = 0;  // since 1970
};

/// `file:///tmp/x` and `file:/tmp/x` are `/tmp/x`; object paths stay.
std::string normalised_path(std::string_view path);

/// Whether a name matches one of Hadoop's globs: `*`, `?`, `[…]`, `{a,b}`.
bool matches_glob(const std::string& pattern, const std::string& name);

/// Every file at a path: itself, or all below it as a folder; with a glob, those of each match. Hidden ones left out.
/// nullopt: nothing is there.
SparkResult<std::optional<std::vector<ListedFile>>> files_at(const engine::Stores& stores, const std::string& path);

/// When a file was last written, in microseconds since 1970; 0: it is not there.
int64_t modified_at(const engine::Stores& stores, const std::string& path);

/// Whether anything (a file, an object below, a folder) is there.
SparkResult<bool> something_at(const engine::Stores& stores, const std::string& path);

}  // namespace mastic::spark
