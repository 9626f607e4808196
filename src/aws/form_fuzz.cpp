// Any bytes as a form.
#include <cstddef>
#include <cstdint>

#include "aws/node.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  (void)mastic::aws::parse_form({reinterpret_cast<const char*>(data), size});
  return 0;
}
