// Damaged index bytes must give an error or a record, never more; and what was read can be written and read again.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "s3/store/records.h"
#include "s3/store/version_ids.h"

namespace {

using mastic::s3::encode;

void expect(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (const auto bucket = mastic::s3::decode_bucket("b", bytes)) {
    const auto written = encode(*bucket);
    const auto again = mastic::s3::decode_bucket("b", written);
    expect(again && encode(*again) == written);
  }
  if (const auto record = mastic::s3::decode_object(bytes)) {
    const auto written = encode(*record);
    const auto again = mastic::s3::decode_object(written);
    expect(again && encode(*again) == written);
  }
  static_cast<void>(mastic::s3::decode_upload("k", "u", bytes));
  static_cast<void>(mastic::s3::decode_part(1, bytes));
  if (const auto number = mastic::s3::version_number(bytes)) expect(mastic::s3::version_id_of(*number) == bytes);
  return 0;
}
