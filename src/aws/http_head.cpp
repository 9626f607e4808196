#include "aws/http_head.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace mastic::aws {
namespace {

/// RFC 9110's token characters: methods and header names.
constexpr auto is_token = [] {
  std::array<bool, 256> table{};
  for (const char c : std::string_view("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")) {
    table[static_cast<unsigned char>(c)] = true;
  }
  return table;
}();

bool all_tokens(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return is_token[static_cast<unsigned char>(c)]; });
}

bool has_control_characters(std::string_view text) {
  return std::ranges::any_of(text, [](char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7F; });
}

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

bool same_text(std::string_view value, std::string_view lower_case) {
  return std::ranges::equal(value, lower_case, {}, [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
}

/// Whether a comma-separated header names the token.
bool lists(std::string_view value, std::string_view lower_case) {
  while (!value.empty()) {
    const auto comma = std::min(value.find(','), value.size());
    if (same_text(trim(value.substr(0, comma)), lower_case)) return true;
    value.remove_prefix(std::min(comma + 1, value.size()));
  }
  return false;
}

HeadProblem parse_request_line(std::string_view line, HttpHead& into) {
  const auto first = line.find(' ');
  const auto last = line.rfind(' ');
  if (first == std::string_view::npos || first == last) return HeadProblem::bad_request;
  into.method = line.substr(0, first);
  into.target = line.substr(first + 1, last - first - 1);
  const auto version = line.substr(last + 1);
  if (!all_tokens(into.method) || into.target.empty() || into.target.find(' ') != std::string_view::npos) {
    return HeadProblem::bad_request;
  }
  if (has_control_characters(into.target)) return HeadProblem::bad_request;
  if (version != "HTTP/1.1" && version != "HTTP/1.0") {
    return version.starts_with("HTTP/") ? HeadProblem::bad_version : HeadProblem::bad_request;
  }
  into.keep_alive = version == "HTTP/1.1";
  auto target = into.target;
  // A proxy's form, `http://host/path`; the Host header names the host again.
  if (!target.starts_with('/')) {
    const auto scheme = target.find("://");
    if (scheme != std::string_view::npos) {
      const auto slash = target.find('/', scheme + 3);
      target = slash == std::string_view::npos ? std::string_view("/") : target.substr(slash);
    } else if (target != "*") {
      return HeadProblem::bad_request;
    }
  }
  const auto question = target.find('?');
  into.path = target.substr(0, question);
  into.query = question == std::string_view::npos ? std::string_view{} : target.substr(question + 1);
  return HeadProblem::none;
}

HeadProblem note_length(std::string_view value, HttpHead& into) {
  uint64_t length = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), length);
  if (value.empty() || error != std::errc{} || end != value.data() + value.size()) return HeadProblem::bad_request;
  if (into.content_length && *into.content_length != length) return HeadProblem::bad_request;
  into.content_length = length;
  return HeadProblem::none;
}

/// What the connection itself needs to know of a header.
HeadProblem note_header(const Header& header, HttpHead& into) {
  const auto& [name, value] = header;
  switch (name.size()) {
    case 4:
      if (name == "host") {
        if (!into.host.empty()) return HeadProblem::bad_request;
        into.host = value;
      }
      break;
    case 6:
      if (name == "expect") into.expects_continue = same_text(value, "100-continue");
      break;
    case 10:
      if (name == "connection") {
        if (lists(value, "close")) into.keep_alive = false;
        if (lists(value, "keep-alive")) into.keep_alive = true;
      }
      break;
    case 14:
      if (name == "content-length") return note_length(value, into);
      break;
    case 17:
      if (name == "transfer-encoding") {
        if (into.chunked) return HeadProblem::bad_request;
        if (!same_text(value, "chunked")) return HeadProblem::not_implemented;
        into.chunked = true;
      }
      break;
    default: break;
  }
  return HeadProblem::none;
}

}  // namespace

std::optional<std::string_view> HttpHead::find(std::string_view lower_case_name) const {
  for (const auto& [name, value] : headers) {
    if (name == lower_case_name) return value;
  }
  return {};
}

std::optional<std::size_t> find_head_end(std::string_view bytes, std::size_t searched) {
  // Empty lines that an old client left behind its last body must not count as the end of a head.
  std::size_t start = 0;
  while (bytes.substr(start).starts_with("\r\n")) start += 2;
  const auto from = std::max(start, searched > 3 ? searched - 3 : 0);
  const auto found = bytes.find("\r\n\r\n", from);
  if (found == std::string_view::npos) return {};
  return found + 4;
}

HeadProblem parse_head(std::span<char> bytes, std::size_t headers_max, HttpHead& into) {
  into.headers.clear();
  into.host = {};
  into.chunked = into.expects_continue = false;
  into.content_length.reset();
  std::string_view rest(bytes.data(), bytes.size());
  while (rest.starts_with("\r\n")) rest.remove_prefix(2);
  if (!rest.ends_with("\r\n\r\n")) return HeadProblem::bad_request;
  rest.remove_suffix(2);
  const auto line_end = rest.find("\r\n");
  if (auto problem = parse_request_line(rest.substr(0, line_end), into); problem != HeadProblem::none) return problem;
  rest.remove_prefix(line_end + 2);
  while (!rest.empty()) {
    const auto end = rest.find("\r\n");
    const auto line = rest.substr(0, end);
    rest.remove_prefix(end + 2);
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || !all_tokens(line.substr(0, colon))) return HeadProblem::bad_request;
    if (into.headers.size() == headers_max) return HeadProblem::too_large;
    char* const name = bytes.data() + (line.data() - bytes.data());
    for (std::size_t i = 0; i < colon; ++i) {
      if (name[i] >= 'A' && name[i] <= 'Z') name[i] = static_cast<char>(name[i] + 32);
    }
    const auto& header = into.headers.emplace_back(line.substr(0, colon), trim(line.substr(colon + 1)));
    if (has_control_characters(header.value)) return HeadProblem::bad_request;
    if (auto problem = note_header(header, into); problem != HeadProblem::none) return problem;
  }
  if (into.chunked && into.content_length) return HeadProblem::bad_request;  // the door of request smuggling
  return HeadProblem::none;
}

}  // namespace mastic::aws
