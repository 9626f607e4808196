// Bytes from anywhere: decoding never reads beyond them, and what decodes survives another round.
#include <cstdint>
#include <cstdlib>

#include "dynamodb/value.h"
#include "dynamodb/wire_item.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  using namespace mastic::dynamodb;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  std::string json;
  append_json(json, bytes);
  const auto item = decode_item(bytes);
  if (!item) return 0;
  const auto again = decode_item(encode_item(*item));
  if (!again || !(*again == *item)) std::abort();
  codec::BatchReader batch(bytes);
  std::string_view one;
  while (batch.next(one)) static_cast<void>(decode_item(one));
  return 0;
}
