// Neither end of the pipe trusts the other.
#include "classify/message.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  (void)mastic::classify::decode_inspection(text);
  (void)mastic::classify::decode_classifiers(text);
  (void)mastic::classify::decode_file(text);
  return 0;
}
