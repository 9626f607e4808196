// Protocol Buffers (proto2 and proto3): a parser for what messages look like, and the wire format's rules of what may change.
//
//   file    := { syntax | import | package | option | message | enum | service | extend | ";" }
//   message := "message" name "{" { field | map | oneof | message | enum | reserved | extensions | option | extend | ";" } "}"
//   field   := [ "optional" | "required" | "repeated" ] type name "=" number [ "[" options "]" ] ";"
//
// Services and extensions are read over: they do not change how messages lie on the wire.
#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <set>
#include <vector>

#include "glue/registry/schema_format.h"

namespace mastic::glue::registry {
namespace {

using Flaw = std::optional<std::string>;

constexpr int depth_max = 100;

struct Field {
  std::string label;  // optional, required, repeated; empty: none
  std::string type;   // "map" for maps
  std::string key_type;
  std::string value_type;
  std::string name;
};

struct Message {
  std::map<int64_t, Field> fields;
};

struct File {
  std::map<std::string, Message> messages;  // by full name
  std::set<std::string> enums;
  std::vector<std::string> top_level;
};

// Types of one group read each other's values.
const std::map<std::string_view, int> groups = {{"int32", 1},    {"uint32", 1},  {"int64", 1},    {"uint64", 1}, {"bool", 1},
                                                {"sint32", 2},   {"sint64", 2},  {"string", 3},   {"bytes", 3},  {"fixed32", 4},
                                                {"sfixed32", 4}, {"fixed64", 5}, {"sfixed64", 5}, {"float", 6},  {"double", 7}};

class Parser {
 public:
  explicit Parser(std::string_view text) { tokenize(text); }

  bool parse(File& file) {
    while (flaw.empty() && !at_end()) {
      if (take(";")) continue;
      if (take("syntax") || take("edition")) {
        expect("=");
        next();
        expect(";");
      } else if (take("import") || take("option")) {
        skip_statement();
      } else if (take("package")) {
        space_ = next();
        expect(";");
      } else if (take("message")) {
        parse_message(file, space_, 0, /*top_level=*/true);
      } else if (take("enum")) {
        parse_enum(file, space_);
      } else if (take("service") || take("extend")) {
        skip_block();
      } else {
        refuse("unexpected: " + peek());
      }
    }
    if (flaw.empty() && file.messages.empty()) refuse("it has no message");
    return flaw.empty();
  }
  std::string flaw;

 private:
  void refuse(std::string why) {
    if (flaw.empty()) flaw = std::move(why);
    at_ = tokens_.size();
  }
  bool at_end() const { return at_ >= tokens_.size(); }
  std::string peek() const { return at_end() ? "the end" : tokens_[at_]; }
  std::string next() {
    if (at_end()) {
      refuse("it ends too soon");
      return "";
    }
    return tokens_[at_++];
  }
  bool take(std::string_view token) {
    if (at_end() || tokens_[at_] != token) return false;
    ++at_;
    return true;
  }
  void expect(std::string_view token) {
    if (!take(token)) refuse("expected " + std::string(token) + " before: " + peek());
  }

  void tokenize(std::string_view text) {
    std::size_t at = 0;
    while (at < text.size()) {
      const char c = text[at];
      if (std::isspace(static_cast<unsigned char>(c)) != 0) {
        ++at;
      } else if (text.substr(at).starts_with("//")) {
        at = std::min(text.find('\n', at), text.size());
      } else if (text.substr(at).starts_with("/*")) {
        const auto end = text.find("*/", at + 2);
        if (end == std::string_view::npos) return refuse("a comment is not closed");
        at = end + 2;
      } else if (c == '"' || c == '\'') {
        auto end = at + 1;
        while (end < text.size() && text[end] != c) end += text[end] == '\\' ? 2 : 1;
        if (end >= text.size()) return refuse("a quote is not closed");
        tokens_.emplace_back(text.substr(at, end + 1 - at));
        at = end + 1;
      } else if (is_word(c)) {
        const auto begin = at;
        while (at < text.size() && is_word(text[at])) ++at;
        tokens_.emplace_back(text.substr(begin, at - begin));
      } else {
        tokens_.emplace_back(1, c);
        ++at;
      }
    }
  }
  static bool is_word(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.' || c == '-' || c == '+';
  }
  static bool is_name(std::string_view text) {
    return !text.empty() && (std::isalpha(static_cast<unsigned char>(text[0])) != 0 || text[0] == '_' || text[0] == '.');
  }

  void skip_statement() {
    while (!at_end() && peek() != ";") {
      if (peek() == "{") return skip_braces();
      ++at_;
    }
    expect(";");
  }
  void skip_block() {
    while (!at_end() && peek() != "{") ++at_;
    skip_braces();
  }
  void skip_braces() {
    int open = 0;
    do {
      if (peek() == "{") ++open;
      if (peek() == "}") --open;
      next();
    } while (open > 0 && flaw.empty());
  }

  static std::string joined(const std::string& space, const std::string& name) {
    return space.empty() ? name : space + "." + name;
  }

  void parse_enum(File& file, const std::string& space) {
    const auto name = next();
    if (!is_name(name)) return refuse("this is no name: " + name);
    file.enums.insert(joined(space, name));
    expect("{");
    std::set<std::string> seen;
    while (flaw.empty() && !take("}")) {
      if (take(";")) continue;
      if (take("option") || take("reserved")) {
        skip_statement();
        continue;
      }
      const auto symbol = next();
      expect("=");
      number();
      options();
      expect(";");
      if (flaw.empty() && !seen.insert(symbol).second) refuse("enum " + name + " has " + symbol + " twice");
    }
    if (flaw.empty() && seen.empty()) refuse("enum " + name + " has no value");
  }

  int64_t number() {
    const auto text = next();
    char* end = nullptr;
    const auto value = std::strtoll(text.c_str(), &end, 0);
    if (text.empty() || end == nullptr || *end != '\0') refuse("expected a number before: " + text);
    return value;
  }
  void options() {
    if (!take("[")) return;
    int open = 1;
    while (open > 0 && flaw.empty()) {
      const auto token = next();
      if (token == "[" || token == "{") ++open;
      if (token == "]" || token == "}") --open;
    }
  }

  void parse_message(File& file, const std::string& space, int depth, bool top_level) {
    if (depth > depth_max) return refuse("it is nested too deep");
    const auto name = next();
    if (!is_name(name)) return refuse("this is no name: " + name);
    const auto full = joined(space, name);
    if (!file.messages.emplace(full, Message{}).second) return refuse("message " + full + " is defined twice");
    if (top_level) file.top_level.push_back(full);
    expect("{");
    while (flaw.empty() && !take("}")) parse_member(file, full, depth);
  }

  void parse_member(File& file, const std::string& message, int depth) {
    if (take(";")) return;
    if (take("message")) return parse_message(file, message, depth + 1, false);
    if (take("enum")) return parse_enum(file, message);
    if (take("extend")) return skip_block();
    if (take("option") || take("reserved") || take("extensions")) return skip_statement();
    if (take("oneof")) {
      next();
      expect("{");
      while (flaw.empty() && !take("}")) parse_member(file, message, depth);
      return;
    }
    Field field;
    for (const auto* label : {"optional", "required", "repeated"})
      if (take(label)) field.label = label;
    field.type = next();
    if (field.type == "map" && take("<")) {
      field.key_type = next();
      expect(",");
      field.value_type = next();
      expect(">");
    }
    if (!is_name(field.type)) return refuse("this is no type: " + field.type);
    field.name = next();
    if (flaw.empty() && !is_name(field.name)) return refuse("this is no name: " + field.name);
    expect("=");
    const auto tag = number();
    options();
    if (field.type == "group") {
      file.messages.emplace(joined(message, field.name), Message{});
      skip_braces();
    } else {
      expect(";");
    }
    if (!flaw.empty()) return;
    if (tag < 1 || tag > 536'870'911 || (tag >= 19'000 && tag <= 19'999))
      return refuse("field " + field.name + " of " + message + " has a number that no field may have");
    auto& fields = file.messages[message].fields;
    if (std::ranges::any_of(fields, [&](const auto& other) { return other.second.name == field.name; }))
      return refuse("message " + message + " has the field " + field.name + " twice");
    if (!fields.emplace(tag, std::move(field)).second)
      refuse("message " + message + " has the number " + std::to_string(tag) + " twice");
  }

  std::vector<std::string> tokens_;
  std::size_t at_ = 0;
  std::string space_;
};

std::string unqualified(const std::string& name) { return name.substr(name.rfind('.') + 1); }

/// A type's group; enums are as int32, messages are their own.
int group_of(const std::string& type, const File& file) {
  if (const auto found = groups.find(type); found != groups.end()) return found->second;
  const bool is_enum =
      std::ranges::any_of(file.enums, [&](const auto& name) { return unqualified(name) == unqualified(type); });
  return is_enum ? 1 : 0;
}

bool same_type(const std::string& left, const File& left_file, const std::string& right, const File& right_file) {
  const auto group = group_of(left, left_file);
  if (group != group_of(right, right_file)) return false;
  return group != 0 || unqualified(left) == unqualified(right);
}

Flaw compare(const Field& reader, const File& reader_file, const Field& writer, const File& writer_file,
             const std::string& at) {
  if ((reader.type == "map") != (writer.type == "map")) return at + " is a map on one side alone";
  if (reader.type == "map") {
    const bool same = same_type(reader.key_type, reader_file, writer.key_type, writer_file) &&
                      same_type(reader.value_type, reader_file, writer.value_type, writer_file);
    return same ? std::nullopt : Flaw(at + " is a map of other types");
  }
  if (!same_type(reader.type, reader_file, writer.type, writer_file))
    return at + ": " + reader.type + " does not read " + writer.type;
  // Numbers of a repeated field lie packed; texts and messages do not.
  const auto group = group_of(reader.type, reader_file);
  if ((reader.label == "repeated") != (writer.label == "repeated") && group != 0 && group != 3)
    return at + " is repeated on one side alone";
  if (reader.label == "required" && writer.label != "required") return at + " is required by the reader alone";
  return std::nullopt;
}

}  // namespace

std::optional<std::string> protobuf_flaw(std::string_view definition) {
  Parser parser(definition);
  File file;
  if (parser.flaw.empty() && parser.parse(file)) return std::nullopt;
  return parser.flaw;
}

std::optional<std::string> protobuf_unreadable(std::string_view reader, std::string_view writer) {
  Parser reading(reader);
  Parser writing(writer);
  File wanted;
  File written;
  if (!reading.parse(wanted)) return reading.flaw;
  if (!writing.parse(written)) return writing.flaw;
  for (const auto& name : written.top_level)
    if (!wanted.messages.contains(name)) return "message " + name + " is gone";
  for (const auto& [name, message] : wanted.messages) {
    const auto found = written.messages.find(name);
    if (found == written.messages.end()) continue;
    for (const auto& [tag, field] : message.fields) {
      const auto at = name + "." + field.name;
      const auto before = found->second.fields.find(tag);
      if (before == found->second.fields.end()) {
        if (field.label == "required") return at + " is required, and the writer does not have it";
        continue;
      }
      if (auto flaw = compare(field, wanted, before->second, written, at)) return flaw;
    }
  }
  return std::nullopt;
}

}  // namespace mastic::glue::registry
