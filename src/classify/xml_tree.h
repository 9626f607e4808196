// XML as a tree of elements, as far as a text goes. No entities but the five, no DTD: declarations are skipped unread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mastic::classify {

struct XmlElement {
  std::string_view name;  // without its namespace's prefix
  std::vector<std::pair<std::string_view, std::string_view>> attributes;
  std::vector<XmlElement> children;
  std::string text;    // its own, trimmed
  bool whole = false;  // its end tag was seen
};

/// The root; nothing for what is not XML. Elements that the text breaks off in are not `whole`. Views into `text`.
std::optional<XmlElement> parse_xml(std::string_view text);

}  // namespace mastic::classify
