#include "base/identifiers.h"

#include <sys/random.h>

#include <array>
#include <cstdlib>

namespace mastic {

std::string random_hex(std::size_t length) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string text(length, '0');
  std::array<unsigned char, 256> bytes{};
  for (std::size_t done = 0; done < length;) {
    const std::size_t wanted = std::min(bytes.size(), length - done);
    // getrandom of up to 256 bytes is never cut short once the kernel's pool is ready (getrandom(2)).
    if (getrandom(bytes.data(), wanted, 0) != static_cast<ssize_t>(wanted)) std::abort();
    for (std::size_t i = 0; i < wanted; ++i) text[done + i] = digits[bytes[i] & 15];
    done += wanted;
  }
  return text;
}

std::string random_uuid() {
  std::string hex = random_hex(32);
  hex[12] = '4';
  hex[16] = "89ab"[static_cast<unsigned char>(hex[16]) & 3];
  return hex.substr(0, 8) + "-" + hex.substr(8, 4) + "-" + hex.substr(12, 4) + "-" + hex.substr(16, 4) + "-" + hex.substr(20);
}

}  // namespace mastic
