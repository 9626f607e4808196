#include "aws/call.h"

#include <algorithm>
#include <charconv>

namespace mastic::aws {
namespace {

bool same_name(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::ranges::equal(a, b, {}, lower, lower);
}

}  // namespace

std::optional<std::string_view> IncomingCall::header(std::string_view lower_case_name) const {
  for (const auto& [name, value] : headers) {
    if (name == lower_case_name) return value;
  }
  return {};
}

std::optional<std::string_view> IncomingCall::parameter(std::string_view name) const {
  for (const auto& held : query) {
    if (held.name == name) return held.value;
  }
  return {};
}

std::optional<std::string_view> IncomingCall::label(std::string_view name) const {
  if (name == "Bucket") return bucket;
  if (name == "Key") return key;
  return {};
}

std::map<std::string, std::string> IncomingCall::headers_with_prefix(std::string_view lower_case_prefix) const {
  std::map<std::string, std::string> found;
  for (const auto& [name, value] : headers) {
    if (!name.starts_with(lower_case_prefix)) continue;
    auto& held = found[std::string(name.substr(lower_case_prefix.size()))];
    // A header that is sent twice is one value with a comma, as for every list.
    held = held.empty() ? std::string(value) : held + "," + std::string(value);
  }
  return found;
}

void OutgoingCall::header(std::string_view name, std::string_view value) {
  if (same_name(name, "content-type")) {
    content_type = value;
  } else if (same_name(name, "content-length")) {
    int64_t length = 0;
    if (std::from_chars(value.data(), value.data() + value.size(), length).ec == std::errc{}) content_length = length;
    return;
  } else {
    headers += name;
    headers += ": ";
    const auto start = headers.size();
    headers += value;
    headers += "\r\n";
    std::replace_if(
        headers.begin() + static_cast<std::ptrdiff_t>(start), headers.end() - 2,
        [](char c) { return c == '\r' || c == '\n' || c == '\0'; }, ' ');
    return;
  }
  std::ranges::replace_if(content_type, [](char c) { return c == '\r' || c == '\n' || c == '\0'; }, ' ');
}

}  // namespace mastic::aws
