#include <cstdint>

#include "aws/cbor.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto json = mastic::aws::cbor_to_json({reinterpret_cast<const char*>(data), size});
  if (json) (void)mastic::aws::json_to_cbor(*json, [](std::string_view member) { return member == "Timestamp"; });
  return 0;
}
