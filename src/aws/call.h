// One request and one response between HTTP and the generated readers and writers. Nothing here outlives the call.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "aws/body.h"
#include "aws/model.h"

namespace mastic::aws {

/// A header as it came; `name` is lower-case.
struct Header {
  std::string_view name;
  std::string_view value;
};

/// A decoded query or form parameter.
struct Parameter {
  std::string name;
  std::string value;
};

/// What a generated reader reads from. Views live as long as the call.
struct IncomingCall {
  std::string_view method;
  std::span<const Header> headers;
  std::vector<Parameter> query;            // of the URL, in its order
  std::optional<std::string> bucket, key;  // S3's labels, decoded
  std::string_view body;                   // json, form or XML; readable 64 bytes past its end (simdjson's padding)
  IncomingBody stream;                     // of operations that stream

  [[nodiscard]] std::optional<std::string_view> header(std::string_view lower_case_name) const;
  [[nodiscard]] std::optional<std::string_view> parameter(std::string_view name) const;
  /// S3's `{Bucket}` and `{Key+}`.
  [[nodiscard]] std::optional<std::string_view> label(std::string_view name) const;
  /// Headers whose name starts so, keyed by the rest: `x-amz-meta-`.
  [[nodiscard]] std::map<std::string, std::string> headers_with_prefix(std::string_view lower_case_prefix) const;
};

/// What a generated writer writes into.
struct OutgoingCall {
  int status = 200;
  std::string headers;                    // complete lines, "\r\n" after each
  std::string content_type;               // empty: the protocol's
  std::optional<int64_t> content_length;  // of a HEAD's object; everything else knows its own length
  std::string body;
  std::optional<OutgoingBody> stream;
  std::string_view request_id;

  /// Adds a header; line breaks in the value become spaces. Content-Type and Content-Length go to their members.
  void header(std::string_view name, std::string_view value);
};

}  // namespace mastic::aws
