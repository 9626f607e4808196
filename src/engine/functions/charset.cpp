#include "engine/functions/charset.h"

#include <array>
#include <utility>

namespace mastic::engine {
namespace {

constexpr std::array<std::pair<std::string_view, Charset>, 7> names{{{"us-ascii", Charset::us_ascii},
                                                                     {"iso-8859-1", Charset::iso_8859_1},
                                                                     {"utf-8", Charset::utf_8},
                                                                     {"utf-16", Charset::utf_16},
                                                                     {"utf-16be", Charset::utf_16be},
                                                                     {"utf-16le", Charset::utf_16le},
                                                                     {"utf-32", Charset::utf_32}}};

constexpr uint32_t surrogates_begin = 0xD800;
constexpr uint32_t low_surrogates_begin = 0xDC00;
constexpr uint32_t surrogates_end = 0xE000;
constexpr uint32_t code_points_end = 0x110000;

bool is_surrogate(uint32_t point) { return point >= surrogates_begin && point < surrogates_end; }
uint32_t byte_at(std::string_view bytes, std::size_t at) { return static_cast<unsigned char>(bytes[at]); }

/// The next code point of UTF-8, moving `at` behind it; nullopt: malformed.
std::optional<uint32_t> next_utf8(std::string_view text, std::size_t& at) {
  const uint32_t lead = byte_at(text, at++);
  if (lead < 0x80) return lead;
  const int more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1;
  if (lead < 0xC2 || lead > 0xF4 || at + static_cast<std::size_t>(more) > text.size()) return std::nullopt;
  uint32_t point = lead & (0x3FU >> more);
  for (int i = 0; i < more; ++i) {
    const uint32_t next = byte_at(text, at++);
    if ((next & 0xC0U) != 0x80) return std::nullopt;
    point = point << 6 | (next & 0x3FU);
  }
  constexpr std::array<uint32_t, 4> least = {0, 0x80, 0x800, 0x10000};
  if (point < least[static_cast<std::size_t>(more)] || point >= code_points_end || is_surrogate(point)) return std::nullopt;
  return point;
}

void append_utf8(std::string& out, uint32_t point) {
  const auto put = [&](uint32_t byte) { out += static_cast<char>(byte); };
  if (point < 0x80) return put(point);
  if (point < 0x800) {
    put(0xC0 | point >> 6);
  } else {
    if (point < 0x10000) {
      put(0xE0 | point >> 12);
    } else {
      put(0xF0 | point >> 18);
      put(0x80 | (point >> 12 & 0x3F));
    }
    put(0x80 | (point >> 6 & 0x3F));
  }
  put(0x80 | (point & 0x3F));
}

void append_unit(std::string& out, uint32_t unit, bool big) {
  const char high = static_cast<char>(unit >> 8);
  const char low = static_cast<char>(unit & 0xFF);
  out += big ? high : low;
  out += big ? low : high;
}

bool append_encoded(std::string& out, uint32_t point, Charset charset) {
  const bool big = charset != Charset::utf_16le;
  switch (charset) {
    case Charset::us_ascii:
    case Charset::iso_8859_1:
      if (point >= (charset == Charset::us_ascii ? 0x80U : 0x100U)) return false;
      out += static_cast<char>(point);
      return true;
    case Charset::utf_8: append_utf8(out, point); return true;
    case Charset::utf_32:
      append_unit(out, point >> 16, true);
      append_unit(out, point & 0xFFFF, true);
      return true;
    default:
      if (point < 0x10000) {
        append_unit(out, point, big);
      } else {
        append_unit(out, surrogates_begin + ((point - 0x10000) >> 10), big);
        append_unit(out, low_surrogates_begin + ((point - 0x10000) & 0x3FF), big);
      }
      return true;
  }
}

std::optional<std::string> decode_utf16(std::string_view bytes, bool big) {
  if (bytes.size() % 2 != 0) return std::nullopt;
  std::string text;
  const auto unit = [&](std::size_t at) {
    return big ? byte_at(bytes, at) << 8 | byte_at(bytes, at + 1) : byte_at(bytes, at + 1) << 8 | byte_at(bytes, at);
  };
  for (std::size_t at = 0; at < bytes.size(); at += 2) {
    uint32_t point = unit(at);
    if (is_surrogate(point)) {
      if (point >= low_surrogates_begin || at + 4 > bytes.size()) return std::nullopt;
      at += 2;
      const uint32_t low = unit(at);
      if (low < low_surrogates_begin || low >= surrogates_end) return std::nullopt;
      point = 0x10000 + ((point - surrogates_begin) << 10) + (low - low_surrogates_begin);
    }
    append_utf8(text, point);
  }
  return text;
}

std::optional<std::string> decode_utf32(std::string_view bytes) {
  if (bytes.size() % 4 != 0) return std::nullopt;
  bool big = true;
  if (bytes.starts_with(std::string_view("\0\0\xFE\xFF", 4))) {
    bytes.remove_prefix(4);
  } else if (bytes.starts_with(std::string_view("\xFF\xFE\0\0", 4))) {
    bytes.remove_prefix(4);
    big = false;
  }
  std::string text;
  for (std::size_t at = 0; at < bytes.size(); at += 4) {
    uint32_t point = 0;
    for (std::size_t i = 0; i < 4; ++i) point = point << 8 | byte_at(bytes, at + (big ? i : 3 - i));
    if (point >= code_points_end || is_surrogate(point)) return std::nullopt;
    append_utf8(text, point);
  }
  return text;
}

}  // namespace

std::optional<Charset> find_charset(std::string_view name) {
  std::string lower;
  for (const char c : name) lower += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  for (const auto& [known, charset] : names) {
    if (known == lower) return charset;
  }
  return std::nullopt;
}

std::optional<std::string> encode_text(std::string_view utf8, Charset charset) {
  std::string bytes = charset == Charset::utf_16 && !utf8.empty() ? "\xFE\xFF" : "";
  for (std::size_t at = 0; at < utf8.size();) {
    const auto point = next_utf8(utf8, at);
    if (!point || !append_encoded(bytes, *point, charset)) return std::nullopt;
  }
  return bytes;
}

std::optional<std::string> decode_text(std::string_view bytes, Charset charset) {
  switch (charset) {
    case Charset::utf_16:
      if (bytes.starts_with("\xFF\xFE")) return decode_utf16(bytes.substr(2), false);
      return decode_utf16(bytes.starts_with("\xFE\xFF") ? bytes.substr(2) : bytes, true);
    case Charset::utf_16be: return decode_utf16(bytes, true);
    case Charset::utf_16le: return decode_utf16(bytes, false);
    case Charset::utf_32: return decode_utf32(bytes);
    case Charset::utf_8: return encode_text(bytes, Charset::utf_8);
    default: break;
  }
  std::string text;
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    const auto point = byte_at(bytes, at);
    if (charset == Charset::us_ascii && point >= 0x80) return std::nullopt;
    append_utf8(text, point);
  }
  return text;
}

}  // namespace mastic::engine
