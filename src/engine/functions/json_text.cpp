#include "engine/functions/json_text.h"

#include <fmt/format.h>

#include <cctype>
#include <charconv>
#include <cstdlib>
#include <span>

#include "engine/functions/number_text.h"

namespace mastic::engine {
namespace {

class Reader {
 public:
  Reader(std::string_view text, const JsonReading& reading) : text_(text), reading_(reading) {}

  std::optional<Json> value(int depth = 0) {
    constexpr int deepest = 1000;
    if (depth > deepest || !skip_blanks() || at_ >= text_.size()) return std::nullopt;
    const auto start = at_;
    Json json;
    const char c = text_[at_];
    bool read = false;
    if (c == '{') {
      read = object(json, depth);
    } else if (c == '[') {
      read = array(json, depth);
    } else if (c == '"' || (c == '\'' && reading_.single_quotes)) {
      json.kind = Json::Kind::text;
      read = quoted(json.text);
    } else if (c == '-' || (c >= '0' && c <= '9')) {
      read = number(json);
    } else {
      read = word(json);
    }
    if (!read) return std::nullopt;
    json.raw = text_.substr(start, at_ - start);
    return json;
  }

  bool at_end() { return skip_blanks() && at_ == text_.size(); }

 private:
  [[nodiscard]] char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  bool skip_blanks() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
        ++at_;
      } else if (c == '/' && reading_.comments) {
        const auto two = text_.substr(at_, 2);
        const auto end = two == "//" ? text_.find('\n', at_) : two == "/*" ? text_.find("*/", at_ + 2) : std::string_view::npos;
        if (end == std::string_view::npos && two != "//") return false;
        at_ = end == std::string_view::npos ? text_.size() : end + (two == "/*" ? 2 : 1);
      } else {
        break;
      }
    }
    return true;
  }

  bool object(Json& json, int depth) {
    json.kind = Json::Kind::object;
    ++at_;
    if (!skip_blanks()) return false;
    if (peek() == '}') return ++at_, true;
    while (true) {
      if (!skip_blanks()) return false;
      std::string name;
      if (!member_name(name) || !skip_blanks() || peek() != ':') return false;
      ++at_;
      auto member = value(depth + 1);
      if (!member || !skip_blanks()) return false;
      json.members.emplace_back(std::move(name), *std::move(member));
      const char c = peek();
      if (c != ',' && c != '}') return false;
      ++at_;
      if (c == '}') return true;
    }
  }

  bool array(Json& json, int depth) {
    json.kind = Json::Kind::array;
    ++at_;
    if (!skip_blanks()) return false;
    if (peek() == ']') return ++at_, true;
    while (true) {
      auto item = value(depth + 1);
      if (!item || !skip_blanks()) return false;
      json.items.push_back(*std::move(item));
      const char c = peek();
      if (c != ',' && c != ']') return false;
      ++at_;
      if (c == ']') return true;
    }
  }

  bool member_name(std::string& name) {
    const char c = peek();
    if (c == '"' || (c == '\'' && reading_.single_quotes)) return quoted(name);
    if (!reading_.unquoted_names) return false;
    while (at_ < text_.size()) {
      const auto letter = static_cast<unsigned char>(text_[at_]);
      if (std::isalnum(letter) == 0 && letter != '_' && letter != '$' && letter < 0x80) break;
      name += text_[at_++];
    }
    return !name.empty();
  }

  bool quoted(std::string& out) {
    const char quote = text_[at_++];
    while (at_ < text_.size()) {
      const char c = text_[at_++];
      if (c == quote) return true;
      if (static_cast<unsigned char>(c) < 0x20 && !reading_.control_characters) return false;
      if (c != '\\') {
        out += c;
      } else if (!escape(out)) {
        return false;
      }
    }
    return false;
  }

  bool escape(std::string& out) {
    if (at_ >= text_.size()) return false;
    const char c = text_[at_++];
    switch (c) {
      case 'n': out += '\n'; return true;
      case 't': out += '\t'; return true;
      case 'r': out += '\r'; return true;
      case 'b': out += '\b'; return true;
      case 'f': out += '\f'; return true;
      case '"':
      case '\\':
      case '/': out += c; return true;
      case 'u': return unicode(out);
      default: break;
    }
    if (c != '\'' && !reading_.any_escape) return false;
    out += c;
    return true;
  }

  bool hex(uint32_t& code) {
    if (at_ + 4 > text_.size()) return false;
    const auto digits = text_.substr(at_, 4);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + 4, code, 16);
    if (error != std::errc() || end != digits.data() + 4) return false;
    at_ += 4;
    return true;
  }

  bool unicode(std::string& out) {
    uint32_t code = 0;
    if (!hex(code)) return false;
    if (code >= 0xD800 && code < 0xDC00 && text_.substr(at_, 2) == "\\u") {
      at_ += 2;
      uint32_t low = 0;
      if (!hex(low)) return false;
      code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
    }
    if (code >= 0xD800 && code < 0xE000) code = '?';
    if (code < 0x80) {
      out += static_cast<char>(code);
    } else if (code < 0x800) {
      out += static_cast<char>(0xC0 | code >> 6);
      out += static_cast<char>(0x80 | (code & 0x3F));
    } else if (code < 0x10000) {
      out += static_cast<char>(0xE0 | code >> 12);
      out += static_cast<char>(0x80 | (code >> 6 & 0x3F));
      out += static_cast<char>(0x80 | (code & 0x3F));
    } else {
      out += static_cast<char>(0xF0 | code >> 18);
      out += static_cast<char>(0x80 | (code >> 12 & 0x3F));
      out += static_cast<char>(0x80 | (code >> 6 & 0x3F));
      out += static_cast<char>(0x80 | (code & 0x3F));
    }
    return true;
  }

  std::size_t digits() {
    const auto start = at_;
    while (peek() >= '0' && peek() <= '9') ++at_;
    return at_ - start;
  }

  bool number(Json& json) {
    const auto start = at_;
    if (peek() == '-') ++at_;
    if (peek() == 'I') {
      at_ = start + 1;
      return word(json, "-");
    }
    const auto first = at_;
    const auto count = digits();
    if (count == 0 || (count > 1 && text_[first] == '0' && !reading_.leading_zeros)) return false;
    json.kind = Json::Kind::integer;
    if (peek() == '.') {
      ++at_;
      if (digits() == 0) return false;
      json.kind = Json::Kind::real;
    }
    if (peek() == 'e' || peek() == 'E') {
      ++at_;
      if (peek() == '+' || peek() == '-') ++at_;
      if (digits() == 0) return false;
      json.kind = Json::Kind::real;
    }
    // A number ends where something begins that cannot be part of one.
    const auto next = static_cast<unsigned char>(peek());
    if (std::isalnum(next) != 0 || next == '_') return false;
    json.text = text_.substr(start, at_ - start);
    if (reading_.leading_zeros) {
      const std::size_t sign = json.text.starts_with('-') ? 1 : 0;
      while (json.text.size() > sign + 1 && json.text[sign] == '0' &&
             std::isdigit(static_cast<unsigned char>(json.text[sign + 1])) != 0)
        json.text.erase(sign, 1);
    }
    return true;
  }

  bool word(Json& json, std::string_view sign = "") {
    const auto start = at_;
    while (std::isalpha(static_cast<unsigned char>(peek())) != 0 || peek() == '_') ++at_;
    const auto name = text_.substr(start, at_ - start);
    if (sign.empty() && name == "null") return true;
    if (sign.empty() && (name == "true" || name == "false")) {
      json.kind = Json::Kind::boolean;
      json.truth = name == "true";
      return true;
    }
    const bool infinite = name == "Infinity" || name == "INF";
    if (!reading_.non_numbers || (!infinite && !(sign.empty() && name == "NaN"))) return false;
    json.kind = Json::Kind::real;
    json.text = std::string(sign) + (infinite ? "Infinity" : "NaN");
    return true;
  }

  std::string_view text_;
  const JsonReading& reading_;
  std::size_t at_ = 0;
};

/// How get_json_object writes what it finds.
enum class Style : uint8_t { raw, quoted, flatten };

struct Writer {
  std::string out;
  std::vector<bool> first;  // open arrays: nothing written yet

  void separate() {
    if (first.empty()) return;
    if (!first.back()) out += ',';
    first.back() = false;
  }
  void open() {
    separate();
    out += '[';
    first.push_back(true);
  }
  void close() {
    first.pop_back();
    out += ']';
  }
  void write(std::string_view text) {
    separate();
    out += text;
  }
  void write(const Json& value) {
    separate();
    append_json(out, value);
  }
};

using Steps = std::span<const JsonStep>;

bool evaluate(const Json& value, Writer& writer, Style style, Steps path) {
  using Kind = JsonStep::Kind;
  if (path.empty()) {
    if (value.kind == Json::Kind::text && style == Style::raw) {
      writer.write(value.text);
      return true;
    }
    if (value.kind == Json::Kind::array && style == Style::flatten) {
      bool written = false;
      for (const auto& item : value.items) written |= evaluate(item, writer, style, path);
      return written;
    }
    writer.write(value);
    return true;
  }
  const auto& step = path.front();
  const auto rest = path.subspan(1);
  if (value.kind == Json::Kind::object) {
    if (step.kind != Kind::name) return false;  // Spark parses `.*` and finds nothing by it
    for (const auto& [name, member] : value.members) {
      if (name != step.name || member.kind == Json::Kind::null) continue;
      if (evaluate(member, writer, style, rest)) return true;
    }
    return false;
  }
  if (value.kind != Json::Kind::array) return false;
  if (step.kind == Kind::any_index && !rest.empty() && rest.front().kind == Kind::any_index) {
    // Hive's double wildcard keeps no structure.
    writer.open();
    bool written = false;
    for (const auto& item : value.items) written |= evaluate(item, writer, Style::flatten, rest.subspan(1));
    writer.close();
    return written;
  }
  if (step.kind == Kind::any_index && style != Style::quoted) {
    Writer own;
    own.open();
    int written = 0;
    const auto next = style == Style::raw ? Style::quoted : style;
    for (const auto& item : value.items) written += evaluate(item, own, next, rest) ? 1 : 0;
    own.close();
    if (written > 1) writer.write(own.out);
    if (written == 1) writer.write(std::string_view(own.out).substr(1, own.out.size() - 2));
    return written > 0;
  }
  if (step.kind == Kind::any_index) {
    writer.open();
    bool written = false;
    for (const auto& item : value.items) written |= evaluate(item, writer, Style::quoted, rest);
    writer.close();
    return written;
  }
  if (step.kind != Kind::index || step.index < 0 || step.index >= static_cast<int64_t>(value.items.size())) return false;
  const auto& item = value.items[static_cast<std::size_t>(step.index)];
  if (item.kind == Json::Kind::null) return false;
  const bool before_any = !rest.empty() && rest.front().kind == Kind::any_index;
  return evaluate(item, writer, before_any ? Style::quoted : style, rest);
}

}  // namespace

const Json* Json::find(std::string_view name) const {
  for (auto member = members.rbegin(); member != members.rend(); ++member)
    if (member->first == name) return &member->second;
  return nullptr;
}

std::optional<Json> read_json(std::string_view text, const JsonReading& reading, bool whole) {
  Reader reader(text, reading);
  auto value = reader.value();
  if (!value || (whole && !reader.at_end())) return std::nullopt;
  return value;
}

void append_json_text(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      case '\b': out += "\\b"; break;
      case '\f': out += "\\f"; break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          fmt::format_to(std::back_inserter(out), "\\u{:04X}", static_cast<unsigned>(c));
        } else {
          out += c;
        }
    }
  }
  out += '"';
}

void append_json(std::string& out, const Json& value) {
  switch (value.kind) {
    case Json::Kind::null: out += "null"; return;
    case Json::Kind::boolean: out += value.truth ? "true" : "false"; return;
    case Json::Kind::integer: out += value.text; return;
    case Json::Kind::real: {
      const auto number = java_double(std::strtod(value.text.c_str(), nullptr));
      if (std::isalpha(static_cast<unsigned char>(number.back())) != 0) {
        append_json_text(out, number);
      } else {
        out += number;
      }
      return;
    }
    case Json::Kind::text: append_json_text(out, value.text); return;
    case Json::Kind::array:
      out += '[';
      for (std::size_t i = 0; i < value.items.size(); ++i) {
        if (i > 0) out += ',';
        append_json(out, value.items[i]);
      }
      out += ']';
      return;
    case Json::Kind::object:
      out += '{';
      for (std::size_t i = 0; i < value.members.size(); ++i) {
        if (i > 0) out += ',';
        append_json_text(out, value.members[i].first);
        out += ':';
        append_json(out, value.members[i].second);
      }
      out += '}';
  }
}

std::optional<std::vector<JsonStep>> parse_json_path(std::string_view path) {
  if (!path.starts_with('$')) return std::nullopt;
  std::vector<JsonStep> steps;
  std::size_t at = 1;
  while (at < path.size()) {
    JsonStep step;
    if (path.substr(at, 3) == "[*]") {
      step.kind = JsonStep::Kind::any_index;
      at += 3;
    } else if (path.substr(at, 2) == "['") {
      const auto end = path.find("']", at + 2);
      if (end == std::string_view::npos || end == at + 2) return std::nullopt;
      step.name = path.substr(at + 2, end - at - 2);
      if (step.name.find_first_of("'?") != std::string::npos) return std::nullopt;
      if (step.name == "*") step.kind = JsonStep::Kind::any_name;
      at = end + 2;
    } else if (path[at] == '[') {
      const auto end = path.find(']', at);
      if (end == std::string_view::npos) return std::nullopt;
      const auto digits = path.substr(at + 1, end - at - 1);
      const auto [stop, error] = std::from_chars(digits.data(), digits.data() + digits.size(), step.index);
      if (error != std::errc() || stop != digits.data() + digits.size() || digits.starts_with('-')) return std::nullopt;
      step.kind = JsonStep::Kind::index;
      at = end + 1;
    } else if (path[at] == '.') {
      const auto end = std::min(path.find_first_of(".[", at + 1), path.size());
      if (end == at + 1) return std::nullopt;
      step.name = path.substr(at + 1, end - at - 1);
      if (step.name == "*") step.kind = JsonStep::Kind::any_name;
      at = end;
    } else {
      return std::nullopt;
    }
    steps.push_back(std::move(step));
  }
  return steps;
}

std::optional<std::string> json_at(const Json& value, const std::vector<JsonStep>& path) {
  Writer writer;
  if (!evaluate(value, writer, Style::raw, path)) return std::nullopt;
  return std::move(writer.out);
}

}  // namespace mastic::engine
