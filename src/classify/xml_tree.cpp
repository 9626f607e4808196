#include "classify/xml_tree.h"

#include <array>

namespace mastic::classify {
namespace {

constexpr int depth_max = 64;
constexpr std::size_t elements_max = 2'000'000;

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

std::string_view local_name(std::string_view name) {
  const auto colon = name.rfind(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  std::optional<XmlElement> document() {
    if (text_.starts_with("\xef\xbb\xbf")) at_ = 3;
    skip_spaces();
    if (!looking_at("<")) return std::nullopt;
    while (skip_declaration()) skip_spaces();
    if (!looking_at("<")) return std::nullopt;
    XmlElement root;
    if (!element(root, 0)) return std::nullopt;
    return root;
  }

 private:
  [[nodiscard]] bool looking_at(std::string_view what) const { return text_.substr(at_).starts_with(what); }
  [[nodiscard]] bool at_end() const { return at_ >= text_.size(); }
  void skip_spaces() {
    while (!at_end() && is_space(text_[at_])) ++at_;
  }
  /// Behind the next `end`; to the end of the text when there is none.
  void skip_past(std::string_view end) {
    const auto found = text_.find(end, at_);
    at_ = found == std::string_view::npos ? text_.size() : found + end.size();
  }

  /// <?…?>, <!--…-->, <!DOCTYPE …> with an inner part in brackets.
  bool skip_declaration() {
    if (looking_at("<?")) return skip_past("?>"), true;
    if (looking_at("<!--")) return skip_past("-->"), true;
    if (!looking_at("<!DOCTYPE")) return false;
    const auto bracket = text_.find('[', at_);
    const auto end = text_.find('>', at_);
    if (bracket != std::string_view::npos && bracket < end) skip_past("]");
    skip_past(">");
    return true;
  }

  static bool is_name(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.' ||
           c == ':' || static_cast<unsigned char>(c) >= 0x80;
  }
  std::string_view name() {
    const auto begin = at_;
    while (!at_end() && is_name(text_[at_])) ++at_;
    return text_.substr(begin, at_ - begin);
  }

  bool attributes(XmlElement& into) {
    while (true) {
      skip_spaces();
      if (at_end()) return true;
      if (text_[at_] == '>' || text_[at_] == '/') return true;
      const auto attribute = name();
      skip_spaces();
      if (attribute.empty() || !looking_at("=")) return at_end();
      ++at_;
      skip_spaces();
      if (at_end()) return true;
      const char quote = text_[at_];
      if (quote != '"' && quote != '\'') return false;
      const auto end = text_.find(quote, at_ + 1);
      if (end == std::string_view::npos) return at_ = text_.size(), true;
      if (attribute != "xmlns" && !attribute.starts_with("xmlns:"))
        into.attributes.emplace_back(local_name(attribute), text_.substr(at_ + 1, end - at_ - 1));
      at_ = end + 1;
    }
  }

  /// False for what is not XML. A text that ends in the middle is no mistake: the element is not whole then.
  bool element(XmlElement& into, int depth) {
    if (depth > depth_max || ++elements_ > elements_max) return false;
    ++at_;  // '<'
    const auto tag = name();
    if (tag.empty()) return at_end();
    into.name = local_name(tag);
    if (!attributes(into)) return false;
    if (at_end()) return true;
    if (looking_at("/>")) {
      at_ += 2;
      into.whole = true;
      return true;
    }
    if (!looking_at(">")) return false;
    ++at_;
    while (!at_end()) {
      if (looking_at("</")) {
        at_ += 2;
        if (name() != tag) return at_end();
        skip_past(">");
        into.whole = true;
        return true;
      }
      if (looking_at("<![CDATA[")) {
        const auto begin = at_ + 9;
        skip_past("]]>");
        if (at_ >= begin + 3) into.text += text_.substr(begin, at_ - begin - 3);
      } else if (looking_at("<!--") || looking_at("<?")) {
        skip_declaration();
      } else if (text_[at_] == '<') {
        if (!element(into.children.emplace_back(), depth + 1)) return false;
      } else {
        const auto end = std::min(text_.find('<', at_), text_.size());
        into.text += trimmed(text_.substr(at_, end - at_));
        at_ = end;
      }
    }
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t elements_ = 0;
};

}  // namespace

std::optional<XmlElement> parse_xml(std::string_view text) { return Parser(text).document(); }

}  // namespace mastic::classify
