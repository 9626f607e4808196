// The head of an HTTP/1.1 request: request line and headers.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "aws/call.h"

namespace mastic::aws {

/// Why a head is refused: each is an HTTP status that is answered without a body before the connection is closed.
enum class HeadProblem : uint16_t {
  none = 0,
  bad_request = 400,
  length_required = 411,
  too_large = 431,
  not_implemented = 501,  // a transfer coding other than chunked
  bad_version = 505,
};

/// Views into the bytes it was parsed from.
struct HttpHead {
  std::string_view method;
  std::string_view target;  // as sent: path and query
  std::string_view path;    // as sent, not decoded
  std::string_view query;   // as sent, without '?'
  std::string_view host;
  std::vector<Header> headers;  // names in lower case, values trimmed
  bool keep_alive = true;
  bool chunked = false;
  bool expects_continue = false;
  std::optional<uint64_t> content_length;

  [[nodiscard]] std::optional<std::string_view> find(std::string_view lower_case_name) const;
};

/// The length of the head that `bytes` start with, its blank line included; nothing while it has not all arrived.
/// `searched` bytes were looked at before. Empty lines before a request are part of it (RFC 9112, 2.2).
std::optional<std::size_t> find_head_end(std::string_view bytes, std::size_t searched);

/// Parses a complete head, as find_head_end delimits it, and turns header names into lower case in place. Strict where
/// two readers could disagree on where the body ends: folded headers, spaces before a colon, bare line feeds, repeated or
/// contradicting lengths are refused.
HeadProblem parse_head(std::span<char> bytes, std::size_t headers_max, HttpHead& into);

}  // namespace mastic::aws
