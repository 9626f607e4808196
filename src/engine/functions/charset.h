// Character sets of encode and decode. Nothing here knows DuckDB.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mastic::engine {

enum class Charset : uint8_t { us_ascii, iso_8859_1, utf_8, utf_16, utf_16be, utf_16le, utf_32 };

/// As Spark lists them in its error.
inline constexpr std::string_view known_charsets = "iso-8859-1, us-ascii, utf-16, utf-16be, utf-16le, utf-32, utf-8";

/// By name in any case; nullopt for all that Spark refuses.
std::optional<Charset> find_charset(std::string_view name);

/// UTF-8 text in this character set, as Java writes it: UTF-16 begins with a byte order mark, UTF-32 does not.
/// nullopt: a character is not in the set, or the text is not UTF-8.
std::optional<std::string> encode_text(std::string_view utf8, Charset charset);

/// Bytes of this character set as UTF-8; nullopt when they are malformed.
std::optional<std::string> decode_text(std::string_view bytes, Charset charset);

}  // namespace mastic::engine
