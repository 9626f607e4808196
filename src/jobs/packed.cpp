#include "jobs/packed.h"

#include <cstdint>

namespace mastic::jobs {

void append_size(std::string& into, std::size_t size) {
  for (int shift = 0; shift < 32; shift += 8) into += static_cast<char>(size >> shift & 0xFF);
}

std::size_t read_size(std::string_view bytes) {
  std::size_t size = 0;
  for (int index = 3; index >= 0; --index) size = size << 8 | static_cast<uint8_t>(bytes[index]);
  return size;
}

std::string pack(const std::vector<std::string>& strings) {
  std::string packed;
  for (const auto& text : strings) {
    append_size(packed, text.size());
    packed += text;
  }
  return packed;
}

Result<std::vector<std::string>> unpack(std::string_view packed) {
  std::vector<std::string> strings;
  while (!packed.empty()) {
    if (packed.size() < 4 || packed.size() - 4 < read_size(packed)) {
      return fail(Error::internal("a packed list of strings is cut short"));
    }
    const auto size = read_size(packed);
    strings.emplace_back(packed.substr(4, size));
    packed.remove_prefix(4 + size);
  }
  return strings;
}

}  // namespace mastic::jobs
