// The bytes of a lifecycle rule within its bucket's record.
#pragma once

#include <string>
#include <string_view>

#include "s3/object.h"

namespace mastic::s3 {

std::string encode(const LifecycleRule& rule);
LifecycleRule decode_lifecycle_rule(std::string_view bytes);

}  // namespace mastic::s3
