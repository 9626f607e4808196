// Reads a ZIP archive that is in memory: stored and deflated entries.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace mastic::cloudformation {

struct ZipEntry {
  std::string name;  // as the archive spells it; folders end with '/'
  std::string content;
};

/// What an archive may unfold to, so that a small one cannot fill the memory.
inline constexpr uint64_t unzipped_max = uint64_t{512} * 1024 * 1024;

/// Fails (InvalidArchive) when the bytes are no archive, an entry is broken, encrypted or too large, or of ZIP64.
Result<std::vector<ZipEntry>> unzip(std::string_view archive);

}  // namespace mastic::cloudformation
