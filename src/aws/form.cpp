// URL queries and form bodies.
#include <algorithm>
#include <charconv>

#include "aws/node.h"

namespace mastic::aws {
namespace {

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::optional<uint64_t> number_of(std::string_view text) {
  uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return {};
  return number;
}

/// Lists arrive as `X.member.1`, `X.member.10`, `X.member.2`, in any order.
void sort_numbered(Node& node) {
  const auto is_number = [](const Node& child) { return number_of(child.name).has_value(); };
  if (node.children.size() > 1 && std::ranges::all_of(node.children, is_number)) {
    std::ranges::stable_sort(node.children, {}, [](const Node& child) { return *number_of(child.name); });
  }
  for (auto& child : node.children) sort_numbered(child);
}

/// The child of that name, made when it is not there. The last one is looked at first: parameters come in order.
Node& child_of(Node& node, std::string_view name, std::size_t& count) {
  if (!node.children.empty() && node.children.back().name == name) return node.children.back();
  const auto found = std::ranges::find(node.children, name, &Node::name);
  if (found != node.children.end()) return *found;
  ++count;
  auto& made = node.children.emplace_back();
  made.name = name;
  return made;
}

/// More children of one node than this would make the search above slow; no AWS list is as long.
constexpr std::size_t form_nodes_max = 10'000;

}  // namespace

std::string percent_decode(std::string_view text, bool plus_is_space) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '%' && at + 2 < text.size() && hex_value(text[at + 1]) >= 0 && hex_value(text[at + 2]) >= 0) {
      decoded += static_cast<char>(hex_value(text[at + 1]) * 16 + hex_value(text[at + 2]));
      at += 2;
    } else {
      decoded += c == '+' && plus_is_space ? ' ' : c;
    }
  }
  return decoded;
}

std::vector<Parameter> parse_parameters(std::string_view text, bool plus_is_space) {
  std::vector<Parameter> parameters;
  while (!text.empty()) {
    const auto end = std::min(text.find('&'), text.size());
    const auto pair = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (pair.empty()) continue;
    const auto equals = pair.find('=');
    auto& held = parameters.emplace_back();
    held.name = percent_decode(pair.substr(0, equals), plus_is_space);
    if (equals != std::string_view::npos) held.value = percent_decode(pair.substr(equals + 1), plus_is_space);
  }
  return parameters;
}

Result<Node> parse_form(std::string_view text) {
  Node root;
  std::size_t count = 0;
  for (auto& [name, value] : parse_parameters(text, true)) {
    Node* node = &root;
    int depth = 0;
    std::string_view rest = name;
    while (!rest.empty()) {
      const auto dot = std::min(rest.find('.'), rest.size());
      if (++depth > node_depth_max) return fail(Error{"MalformedQueryString", "A parameter's name has too many parts."});
      node = &child_of(*node, rest.substr(0, dot), count);
      if (count > form_nodes_max) return fail(Error{"MalformedQueryString", "There are too many parameters."});
      rest.remove_prefix(std::min(dot + 1, rest.size()));
    }
    if (node != &root) node->text = std::move(value);
  }
  sort_numbered(root);
  return root;
}

}  // namespace mastic::aws
