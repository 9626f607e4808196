// The CRC of two byte strings one after the other, out of their CRCs and the length of the second.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "aws/digest.h"

namespace mastic::s3 {

/// `first` and `second` are raw, big-endian; `kind` is one of the three CRCs.
std::string combine_crc(aws::DigestKind kind, std::string_view first, std::string_view second, uint64_t second_length);

}  // namespace mastic::s3
