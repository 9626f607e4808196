#include "glue/paging.h"

#include <array>
#include <cstdint>

#include "glue/errors.h"

namespace mastic::glue {
namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::string_view mark = "1:";

/// False when the token has characters that no token has.
bool decode(std::string_view token, std::string& bytes) {
  uint32_t held = 0;
  int bits = 0;
  for (const char c : token) {
    const auto digit = alphabet.find(c);
    if (digit == std::string_view::npos) return false;
    held = (held << 6U) | static_cast<uint32_t>(digit);
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes += static_cast<char>((held >> static_cast<unsigned>(bits)) & 0xffU);
    }
  }
  return true;
}

}  // namespace

std::string page_token(std::string_view last_key) {
  std::string token;
  uint32_t held = 0;
  int bits = 0;
  // Not in the loop's head: append() gives a reference into a temporary that would be gone in the body.
  const std::string marked = std::string(mark).append(last_key);
  for (const char c : marked) {
    held = (held << 8U) | static_cast<unsigned char>(c);
    bits += 8;
    while (bits >= 6) {
      bits -= 6;
      token += alphabet[(held >> static_cast<unsigned>(bits)) & 63U];
    }
  }
  if (bits > 0) token += alphabet[(held << static_cast<unsigned>(6 - bits)) & 63U];
  return token;
}

Result<std::string> page_key(const std::optional<std::string>& token) {
  if (!token || token->empty()) return std::string();
  std::string bytes;
  if (!decode(*token, bytes) || !bytes.starts_with(mark)) return fail(error::invalid_token());
  return bytes.substr(mark.size());
}

}  // namespace mastic::glue
