// Who owns every bucket and object here: the one account. S3 names it by a canonical id of 64 hexadecimal digits.
#pragma once

#include "aws/models/s3.h"

namespace mastic::s3 {

inline constexpr std::string_view canonical_id = "6d61737469630000000000000000000000000000000000000000000000000000";

inline aws::s3::Owner owner() { return {.display_name = "mastic", .id = std::string(canonical_id)}; }

}  // namespace mastic::s3
