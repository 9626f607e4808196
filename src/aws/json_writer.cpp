#include <array>
#include <cmath>

#include "aws/encoding.h"
#include "aws/json.h"

namespace mastic::aws {
namespace {

/// The length of the valid UTF-8 sequence that starts at `at`, or 0.
std::size_t sequence_length(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t offset) -> unsigned {
    return at + offset < text.size() ? static_cast<unsigned char>(text[at + offset]) : 0U;
  };
  const auto is_tail = [&](std::size_t offset) { return (byte(offset) & 0xC0U) == 0x80U; };
  const unsigned lead = byte(0);
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return is_tail(1) ? 2 : 0;
  if (lead >= 0xE0 && lead <= 0xEF) {
    if (!is_tail(1) || !is_tail(2)) return 0;
    if (lead == 0xE0 && byte(1) < 0xA0) return 0;  // overlong
    if (lead == 0xED && byte(1) > 0x9F) return 0;  // a surrogate
    return 3;
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    if (!is_tail(1) || !is_tail(2) || !is_tail(3)) return 0;
    if (lead == 0xF0 && byte(1) < 0x90) return 0;
    if (lead == 0xF4 && byte(1) > 0x8F) return 0;
    return 4;
  }
  return 0;
}

void append_escape(char character, std::string& out) {
  constexpr std::string_view digits = "0123456789abcdef";
  switch (character) {
    case '"': out += "\\\""; return;
    case '\\': out += "\\\\"; return;
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    default:
      out += "\\u00";
      out += digits[static_cast<unsigned char>(character) >> 4U];
      out += digits[static_cast<unsigned char>(character) & 15U];
  }
}

/// Which bytes go out as they are: ASCII but quotes, backslashes and control characters.
constexpr auto is_plain = [] {
  std::array<bool, 256> table{};
  for (std::size_t i = 0x20; i < 0x80; ++i) table[i] = i != '"' && i != '\\';
  return table;
}();

}  // namespace

void JsonWriter::text(std::string_view value) {
  separate();
  out_ += '"';
  std::size_t copied = 0;
  std::size_t at = 0;
  while (at < value.size()) {
    if (is_plain[static_cast<unsigned char>(value[at])]) {
      ++at;
      continue;
    }
    const auto length = sequence_length(value, at);
    if (length > 1) {
      at += length;
      continue;
    }
    out_ += value.substr(copied, at - copied);
    if (length == 1) {
      append_escape(value[at], out_);
    } else {
      out_ += "\xEF\xBF\xBD";
    }
    copied = ++at;
  }
  out_ += value.substr(copied);
  out_ += '"';
}

void JsonWriter::base64(std::string_view bytes) {
  separate();
  out_ += '"';
  append_base64(bytes, out_);
  out_ += '"';
}

void JsonWriter::number(int64_t value) {
  std::array<char, 24> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  raw({digits.data(), static_cast<std::size_t>(end - digits.data())});
}

void JsonWriter::number(double value) {
  if (std::isnan(value)) return text("NaN");
  if (std::isinf(value)) return text(value > 0 ? "Infinity" : "-Infinity");
  std::array<char, 32> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  std::string_view shown{digits.data(), static_cast<std::size_t>(end - digits.data())};
  raw(shown);
  // Clients in typed languages read `1` as an integer; AWS writes doubles with a point.
  if (shown.find_first_of(".e") == std::string_view::npos) out_ += ".0";
}

void JsonWriter::time(Instant value) { raw(to_epoch_time(value)); }
void JsonWriter::iso_time(Instant value) { text(to_iso_time(value, true)); }

}  // namespace mastic::aws
