// The Range header as S3 reads it.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/result.h"

namespace mastic::s3 {

struct ByteRange {
  int64_t offset = 0;
  int64_t length = 0;
};

/// `bytes=first-last`, `bytes=first-`, `bytes=-count`. None: the header asks for several ranges or is not understood, and S3
/// then gives the whole object. InvalidRange: it is understood and lies outside.
Result<std::optional<ByteRange>> parse_range(std::string_view header, int64_t size);

/// Of UploadPartCopy: `bytes=first-last` and nothing else, both within the source.
Result<ByteRange> parse_copy_range(std::string_view header, int64_t size);

}  // namespace mastic::s3
