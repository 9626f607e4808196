// The beginning of a file's text, whatever it is compressed with.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "classify/content.h"

namespace mastic::classify {

/// So much of a file's text is looked at.
inline constexpr std::size_t text_bytes_max = 8UL << 20;

struct Text {
  std::string compression = "none";
  std::string bytes;
  bool complete = true;   // these are all bytes
  double share_read = 1;  // of the file as it is stored: (0, 1]
};

/// By the file's first bytes (gzip, bzip2, zstd, framed snappy) and, for Hadoop's snappy, which has no mark, by its name.
/// Fails for damaged files, and for zip, lz4 and xz, which nothing here reads, by name.
Result<Text> read_text(const Content& content, std::string_view name);

// One block of a known size at most, as ORC and Avro have them.
Result<std::string> inflate_raw(std::string_view bytes, std::size_t size_max);
Result<std::string> unsnap(std::string_view bytes, std::size_t size_max);
Result<std::string> unzstd(std::string_view bytes, std::size_t size_max);
Result<std::string> unlz4(std::string_view bytes, std::size_t size_max);

}  // namespace mastic::classify
