// Damaged index bytes must give an error or a record, never more.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "s3/store/records.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  static_cast<void>(mastic::s3::decode_bucket("b", bytes));
  static_cast<void>(mastic::s3::decode_upload("k", "u", bytes));
  static_cast<void>(mastic::s3::decode_part(1, bytes));
  if (const auto record = mastic::s3::decode_object(bytes)) static_cast<void>(mastic::s3::encode(*record));
  return 0;
}
