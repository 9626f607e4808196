// Files that survive a crash.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.h"

namespace mastic {

/// The whole content of a file. Fails when it cannot be opened or read.
Result<std::string> read_file(const std::filesystem::path& path);

/// Writes a file so that after a crash the path holds the old or the new content, whole: temporary name beside it,
/// fsync, rename, fsync of the folder.
Result<void> write_file_durably(const std::filesystem::path& path, std::string_view content);

/// Makes what a file holds durable (fsync).
Result<void> sync_file(const std::filesystem::path& path);

/// Makes the names in a folder durable: a rename into it survives a crash after this.
Result<void> sync_folder(const std::filesystem::path& folder);

/// Creates the folder and those above it; fails when it is there as something else or may not be made.
Result<void> make_folder(const std::filesystem::path& folder);

}  // namespace mastic
