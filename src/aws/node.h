// The tree that XML bodies and query forms are read into before generated readers take the values out.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "aws/call.h"
#include "aws/read_context.h"
#include "base/clock.h"
#include "base/result.h"

namespace mastic::aws {

struct Node {
  std::string name;  // without a namespace prefix
  std::string text;  // of an element without children; of others whatever text lay between them
  std::vector<std::pair<std::string, std::string>> attributes;  // names with their prefix: "xsi:type"
  std::vector<Node> children;

  [[nodiscard]] const Node* child(std::string_view child_name) const;
};

/// Limits of what one request may hold; beyond them parsing fails.
inline constexpr int node_depth_max = 64;
inline constexpr std::size_t node_count_max = 200'000;

/// Parses a document into its root element. No DTD, no entities but XML's five and character references, UTF-8 only.
/// Fails with MalformedXML.
Result<Node> parse_xml(std::string_view text);

/// Parses a form (`Action=…&Tags.member.1.Key=a`) into a tree by its dots. A bare `Tags=` is a node without text or
/// children, so an empty list. Children that are all numbers are in numeric order. Fails with MalformedQueryString.
Result<Node> parse_form(std::string_view text);

/// Decodes `a=b&c` of a URL or form: %XX and, when `plus_is_space`, '+'. A bad escape stays as it is.
std::vector<Parameter> parse_parameters(std::string_view text, bool plus_is_space);
std::string percent_decode(std::string_view text, bool plus_is_space);

// A scalar out of text, wherever it stood. False, with the reason in `context`, when it is not one.
bool read_scalar(std::string_view text, std::string& into, ReadContext& context);
bool read_scalar(std::string_view text, bool& into, ReadContext& context);
bool read_scalar(std::string_view text, int32_t& into, ReadContext& context);
bool read_scalar(std::string_view text, int64_t& into, ReadContext& context);
bool read_scalar(std::string_view text, double& into, ReadContext& context);
bool read_scalar(std::string_view text, Instant& into, ReadContext& context);  // ISO 8601, RFC 822 or epoch seconds
bool read_blob(std::string_view base64, std::string& into, ReadContext& context);
template <typename T>
bool read_scalar(std::string_view text, std::optional<T>& into, ReadContext& context) {
  return read_scalar(text, into.emplace(), context);
}
inline bool read_blob(std::string_view base64, std::optional<std::string>& into, ReadContext& context) {
  return read_blob(base64, into.emplace(), context);
}
/// A header that holds a list: `a, b, "c,d"`.
std::vector<std::string> split_header_list(std::string_view text);

/// The place of a value, made when it is optional and absent.
template <typename T>
T& place(std::optional<T>& value) {
  return value ? *value : value.emplace();
}
template <typename T>
T& place(T& value) {
  return value;
}

}  // namespace mastic::aws
