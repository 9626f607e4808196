#include "s3/digest.h"

#include <algorithm>

#include "s3/store/descriptor.h"

namespace mastic::s3 {
namespace {

int digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

Result<std::string> digest_of(const Body& body, aws::DigestKind kind) {
  if (!body.in_file()) return aws::Digest::of(kind, body.bytes);
  TRY(descriptor, Descriptor::open_to_read(body.file));
  constexpr int64_t step = 256 << 10;
  aws::Digest digest(kind);
  for (int64_t offset = 0; offset < body.size; offset += step) {
    TRY(bytes, read_range(descriptor, offset, std::min(step, body.size - offset)));
    digest.add(bytes);
  }
  return digest.finish();
}

std::string from_hex(std::string_view text) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
    const int high = digit(text[i]);
    const int low = digit(text[i + 1]);
    if (high < 0 || low < 0) return {};
    bytes += static_cast<char>(high << 4 | low);
  }
  return bytes;
}

}  // namespace mastic::s3
