// Small encodings of the wire: base64, hexadecimal, times, percent escapes.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace mastic::aws {

std::string to_base64(std::string_view bytes);
void append_base64(std::string_view bytes, std::string& into);
/// Strict: nothing when the text is not base64 (padding may be missing).
std::optional<std::string> from_base64(std::string_view text);

std::string to_hex(std::string_view bytes);

/// `2026-11-24T06:08:24Z`, with `.123` before the Z when `milliseconds`.
std::string to_iso_time(Instant instant, bool milliseconds);
/// `Tue, 24 Nov 2026 06:08:24 GMT`: HTTP's dates.
std::string to_http_time(Instant instant);
/// Epoch seconds with at most three decimals.
std::string to_epoch_time(Instant instant);
/// Any of the three, and ISO 8601's date-only, basic (20261124T060824Z) and offset forms.
std::optional<Instant> parse_time(std::string_view text);

/// RFC 3986, as SigV4 wants it: all but A-Z a-z 0-9 - . _ ~ (and `/` when `keep_slash`) become %XX.
std::string percent_encode(std::string_view text, bool keep_slash);

}  // namespace mastic::aws
