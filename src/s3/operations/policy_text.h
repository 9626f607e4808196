// A bucket policy's text: whether it is one, and whether it lets everybody in.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace mastic::s3 {

struct PolicyFacts {
  bool is_public = false;  // Some statement allows everybody something, without a condition.
};

/// Fails with MalformedPolicy. Checks the form, and that the resources belong to the bucket; not what the actions are called.
Result<PolicyFacts> parse_policy(std::string_view text, std::string_view bucket);

}  // namespace mastic::s3
