// A pull-free XML parser: one pass, a stack of open elements, no entities beyond XML's own.
//
//   document := prolog element misc        prolog, misc: declarations (<?…?>), comments, white space
//   element  := '<' name attribute* ( '/>' | '>' (text | element | comment | CDATA)* '</' name '>' )
//
// A document type declaration is refused: it is where entity bombs and file inclusion live.
#include <simdjson.h>

#include <algorithm>

#include "aws/node.h"

namespace mastic::aws {
namespace {

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.' ||
         c == ':' || (static_cast<unsigned char>(c) & 0x80U) != 0;
}

void append_utf8(uint32_t code, std::string& out) {
  const auto tail = [&](unsigned shift) { out += static_cast<char>(0x80U | ((code >> shift) & 0x3FU)); };
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xC0U | (code >> 6U));
    tail(0);
  } else if (code < 0x10000) {
    out += static_cast<char>(0xE0U | (code >> 12U));
    tail(6);
    tail(0);
  } else {
    out += static_cast<char>(0xF0U | (code >> 18U));
    tail(12);
    tail(6);
    tail(0);
  }
}

/// `#38`, `#x26`: what stands between & and ;.
bool append_character(std::string_view reference, std::string& out) {
  const bool hexadecimal = reference.starts_with("#x");
  reference.remove_prefix(hexadecimal ? 2 : 1);
  if (reference.empty() || reference.size() > 7) return false;
  uint32_t code = 0;
  for (const char c : reference) {
    uint32_t digit = 0;
    if (c >= '0' && c <= '9') {
      digit = static_cast<uint32_t>(c - '0');
    } else if (hexadecimal && c >= 'a' && c <= 'f') {
      digit = static_cast<uint32_t>(c - 'a') + 10;
    } else if (hexadecimal && c >= 'A' && c <= 'F') {
      digit = static_cast<uint32_t>(c - 'A') + 10;
    } else {
      return false;
    }
    code = code * (hexadecimal ? 16 : 10) + digit;
  }
  if (code == 0 || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) return false;
  append_utf8(code, out);
  return true;
}

bool append_reference(std::string_view reference, std::string& out) {
  struct Entity {
    std::string_view name;
    char character;
  };
  constexpr Entity entities[] = {{"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}};
  for (const auto& [name, character] : entities) {
    if (reference == name) {
      out += character;
      return true;
    }
  }
  return reference.starts_with('#') && append_character(reference, out);
}

class XmlParser {
 public:
  explicit XmlParser(std::string_view text) : text_(text) {}

  Result<Node> parse() {
    if (text_.starts_with("\xEF\xBB\xBF")) at_ = 3;
    if (!skip_misc()) return failure();
    Node root;
    if (!parse_element(root) || !skip_misc()) return failure();
    if (at_ != text_.size()) return failure("something follows the root element");
    return root;
  }

 private:
  [[nodiscard]] std::unexpected<Error> failure() const { return failure(problem_); }
  static std::unexpected<Error> failure(std::string_view problem) {
    return fail(Error{"MalformedXML", "The XML cannot be parsed: " + std::string(problem)});
  }
  bool refuse(std::string_view problem) {
    problem_ = problem;
    return false;
  }
  [[nodiscard]] bool ahead(std::string_view expected) const { return text_.substr(at_).starts_with(expected); }
  bool take(std::string_view expected) {
    if (!ahead(expected)) return false;
    at_ += expected.size();
    return true;
  }
  void skip_space() {
    while (at_ < text_.size() && is_space(text_[at_])) ++at_;
  }
  /// Moves behind `end`; false when there is none.
  bool skip_past(std::string_view end) {
    const auto found = text_.find(end, at_);
    if (found == std::string_view::npos) return refuse("the text ends too early");
    at_ = found + end.size();
    return true;
  }

  bool skip_misc() {
    while (true) {
      skip_space();
      if (take("<?")) {
        if (!skip_past("?>")) return false;
      } else if (take("<!--")) {
        if (!skip_past("-->")) return false;
      } else if (ahead("<!")) {
        return refuse("document type declarations are not accepted");
      } else {
        return true;
      }
    }
  }

  bool parse_name(std::string_view& name) {
    const auto start = at_;
    while (at_ < text_.size() && is_name_character(text_[at_])) ++at_;
    name = text_.substr(start, at_ - start);
    return !name.empty() || refuse("a name is expected");
  }

  /// Text up to `end`, with references replaced.
  bool append_text(std::string_view raw, std::string& out) {
    std::size_t from = 0;
    while (true) {
      const auto ampersand = raw.find('&', from);
      out += raw.substr(from, ampersand - from);
      if (ampersand == std::string_view::npos) return true;
      const auto semicolon = raw.find(';', ampersand);
      if (semicolon == std::string_view::npos) return refuse("a reference does not end");
      if (!append_reference(raw.substr(ampersand + 1, semicolon - ampersand - 1), out)) return refuse("unknown entity");
      from = semicolon + 1;
    }
  }

  bool parse_attributes(Node& node, bool& closed) {
    while (true) {
      skip_space();
      if (take("/>")) {
        closed = true;
        return true;
      }
      if (take(">")) {
        closed = false;
        return true;
      }
      std::string_view name;
      if (!parse_name(name)) return false;
      skip_space();
      if (!take("=")) return refuse("an attribute has no value");
      skip_space();
      if (at_ >= text_.size() || (text_[at_] != '"' && text_[at_] != '\'')) return refuse("an attribute's value is not quoted");
      const char quote = text_[at_++];
      const auto end = text_.find(quote, at_);
      if (end == std::string_view::npos) return refuse("an attribute's value does not end");
      auto& [held_name, value] = node.attributes.emplace_back();
      held_name = name;
      if (++count_ > node_count_max) return refuse("too many elements");
      if (!append_text(text_.substr(at_, end - at_), value)) return false;
      at_ = end + 1;
    }
  }

  bool parse_element(Node& node) {
    if (++depth_ > node_depth_max) return refuse("elements are nested too deeply");
    if (++count_ > node_count_max) return refuse("too many elements");
    std::string_view name;
    if (!take("<") || !parse_name(name)) return refuse("an element is expected");
    const auto colon = name.find(':');
    node.name = colon == std::string_view::npos ? name : name.substr(colon + 1);
    if (node.name.empty() || colon == 0 || node.name.find(':') != std::string::npos) {
      return refuse("a name has one prefix at most, and neither part is empty");
    }
    bool closed = false;
    if (!parse_attributes(node, closed)) return false;
    if (!closed && !parse_content(node, name)) return false;
    --depth_;
    return true;
  }

  bool parse_content(Node& node, std::string_view name) {
    while (true) {
      const auto mark = text_.find('<', at_);
      if (mark == std::string_view::npos) return refuse("an element does not end");
      if (!append_text(text_.substr(at_, mark - at_), node.text)) return false;
      at_ = mark;
      if (take("</")) {
        std::string_view closing;
        if (!parse_name(closing)) return false;
        skip_space();
        if (closing != name || !take(">")) return refuse("an element is closed by another name");
        return true;
      }
      if (take("<!--") || take("<?")) {
        if (!skip_past(text_[at_ - 1] == '?' ? "?>" : "-->")) return false;
      } else if (take("<![CDATA[")) {
        const auto start = at_;
        if (!skip_past("]]>")) return false;
        node.text += text_.substr(start, at_ - 3 - start);
      } else if (!parse_element(node.children.emplace_back())) {
        return false;
      }
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
  int depth_ = 0;
  std::size_t count_ = 0;
  std::string_view problem_ = "not XML";
};

}  // namespace

const Node* Node::child(std::string_view child_name) const {
  const auto found = std::ranges::find(children, child_name, &Node::name);
  return found == children.end() ? nullptr : &*found;
}

Result<Node> parse_xml(std::string_view text) {
  if (!simdjson::validate_utf8(text.data(), text.size())) return fail(Error{"MalformedXML", "The XML is not UTF-8."});
  // Keys with control characters are sent as references (`&#1;`); the bare bytes are not XML.
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 && !is_space(c); };
  if (std::ranges::any_of(text, is_control)) return fail(Error{"MalformedXML", "The XML holds control characters."});
  return XmlParser(text).parse();
}

}  // namespace mastic::aws
