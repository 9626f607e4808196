// Any bytes as a bucket's policy: facts or MalformedPolicy.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "s3/operations/policy_text.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  static_cast<void>(mastic::s3::parse_policy({reinterpret_cast<const char*>(data), size}, "bucket"));
  return 0;
}
