// Text → JSON values: JSON as it is, YAML with CloudFormation's scalars and short forms.
#include <fmt/format.h>
#include <yaml-cpp/depthguard.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <charconv>

#include "cloudformation/template/reading.h"

namespace mastic::cloudformation {
namespace {

constexpr size_t depth_limit = 100;
constexpr size_t node_limit = 200'000;          // after aliases are unfolded
constexpr size_t text_limit = 8 * 1024 * 1024;  // bytes of all scalars, after aliases are unfolded

bool is_yaml_true(std::string_view text) { return text == "true" || text == "True" || text == "TRUE"; }
bool is_yaml_false(std::string_view text) { return text == "false" || text == "False" || text == "FALSE"; }

/// A plain scalar: number, boolean and null by YAML's core schema; all else, dates too, is text.
Json plain_scalar(const std::string& text) {
  if (text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL") return nullptr;
  if (is_yaml_true(text)) return true;
  if (is_yaml_false(text)) return false;
  const char* begin = text.data();
  const char* end = begin + text.size();
  const bool leading_zero = text.size() > 1 && text[0] == '0' && text[1] != '.';  // account numbers stay text
  if (leading_zero) return text;
  if (text.size() > 18 && text.find_first_not_of("0123456789") == std::string::npos) return text;  // no digit may be lost
  int64_t whole = 0;
  if (auto [at, error] = std::from_chars(begin, end, whole); error == std::errc() && at == end) return whole;
  if (text.find_first_not_of("0123456789.eE+-") == std::string::npos && text.find_first_of("0123456789") != std::string::npos) {
    double real = 0;
    if (auto [at, error] = std::from_chars(begin, end, real); error == std::errc() && at == end) return real;
  }
  return text;
}

/// `!GetAtt a.b` becomes {"Fn::GetAtt": ["a", "b"]}; the other short forms take what they hold.
Json long_form(std::string_view tag, Json value) {
  const std::string_view name = tag.substr(1);
  if (name == "Ref" || name == "Condition") return {{std::string(name), std::move(value)}};
  if (name == "GetAtt" && value.is_string()) {
    const std::string text = value.get<std::string>();
    const auto dot = text.find('.');
    value = Json::array({text.substr(0, dot), dot == std::string::npos ? "" : text.substr(dot + 1)});
  }
  return {{"Fn::" + std::string(name), std::move(value)}};
}

bool is_short_form(std::string_view tag) { return tag.size() > 1 && tag[0] == '!' && tag[1] != '!'; }

class YamlReader {
 public:
  Result<Json> read(const YAML::Node& node, size_t depth) {
    if (depth > depth_limit) return fail(format_error("the template nests too deeply"));
    if (++nodes_ > node_limit) return fail(format_error("the template has too many values"));
    TRY(value, content(node, depth));
    if (is_short_form(node.Tag())) return long_form(node.Tag(), std::move(value));
    return std::move(value);
  }

 private:
  Result<Json> content(const YAML::Node& node, size_t depth) {
    switch (node.Type()) {
      case YAML::NodeType::Scalar:
        text_ += node.Scalar().size();
        if (text_ > text_limit) return fail(format_error("the template's aliases unfold to too much text"));
        // "!" marks a quoted scalar; a short form's scalar is text too.
        return node.Tag() == "?" || node.Tag().empty() ? plain_scalar(node.Scalar()) : Json(node.Scalar());
      case YAML::NodeType::Sequence: return sequence(node, depth);
      case YAML::NodeType::Map: return mapping(node, depth);
      default: return Json(nullptr);
    }
  }

  Result<Json> sequence(const YAML::Node& node, size_t depth) {
    Json list = Json::array();
    for (const auto& item : node) {
      TRY(value, read(item, depth + 1));
      list.push_back(std::move(value));
    }
    return list;
  }

  Result<Json> mapping(const YAML::Node& node, size_t depth) {
    Json object = Json::object();
    for (const auto& entry : node) {
      if (!entry.first.IsScalar()) return fail(format_error("a key is not a text"));
      const std::string& key = entry.first.Scalar();
      if (object.contains(key)) {
        const auto mark = entry.first.Mark();
        return fail(format_error(
            fmt::format("YAML not well-formed. (line {}, column {}): duplicate key {}", mark.line + 1, mark.column + 1, key)));
      }
      text_ += key.size();
      TRY(value, read(entry.second, depth + 1));
      object[key] = std::move(value);
    }
    return object;
  }

  size_t nodes_ = 0;
  size_t text_ = 0;
};

/// nlohmann's parser recurses over objects; the depth is bounded before it starts.
bool nests_too_deeply(std::string_view body) {
  size_t depth = 0;
  bool in_text = false;
  for (size_t i = 0; i < body.size(); ++i) {
    const char c = body[i];
    if (in_text) {
      if (c == '\\') ++i;
      if (c == '"') in_text = false;
    } else if (c == '"') {
      in_text = true;
    } else if (c == '{' || c == '[') {
      if (++depth > depth_limit) return true;
    } else if ((c == '}' || c == ']') && depth > 0) {
      --depth;
    }
  }
  return false;
}

Error not_well_formed(std::string_view language, size_t line, size_t column) {
  return format_error(fmt::format("{} not well-formed. (line {}, column {})", language, line, column));
}

Result<Json> parse_json(std::string_view body) {
  if (nests_too_deeply(body)) return fail(format_error("the template nests too deeply"));
  try {
    return Json::parse(body);
  } catch (const Json::parse_error& error) {
    const auto before = body.substr(0, std::min<size_t>(error.byte, body.size()));
    const auto line = static_cast<size_t>(std::ranges::count(before, '\n')) + 1;
    const auto start = before.rfind('\n');
    return fail(not_well_formed("JSON", line, start == std::string_view::npos ? before.size() : before.size() - start - 1));
  } catch (const Json::exception& error) {
    return fail(format_error(fmt::format("JSON not well-formed. ({})", error.what())));
  }
}

Result<Json> parse_yaml(std::string_view body) {
  try {
    return YamlReader().read(YAML::Load(std::string(body)), 0);
  } catch (const YAML::DeepRecursion&) {  // yaml-cpp's own guard
    return fail(format_error("the template nests too deeply"));
  } catch (const YAML::Exception& error) {
    return fail(not_well_formed("YAML", static_cast<size_t>(error.mark.line + 1), static_cast<size_t>(error.mark.column + 1)));
  }
}

/// RFC 3629, without surrogates and overlong forms: what later leaves as JSON or XML has to be text.
bool is_utf8(std::string_view text) {
  for (size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const size_t more = lead < 0x80 ? 0 : lead < 0xC2 ? 4 : lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : lead < 0xF5 ? 3 : 4;
    if (more == 4 || i + more >= text.size() + (more == 0)) return false;
    uint32_t code = more == 0 ? lead : lead & (0x3F >> more);
    for (size_t k = 1; k <= more; ++k) {
      const auto next = static_cast<unsigned char>(text[i + k]);
      if ((next & 0xC0) != 0x80) return false;
      code = code << 6 | (next & 0x3F);
    }
    const bool overlong = (more == 2 && code < 0x800) || (more == 3 && code < 0x10000);
    if (overlong || (code >= 0xD800 && code < 0xE000) || code > 0x10FFFF) return false;
    i += more + 1;
  }
  return true;
}

}  // namespace

Error validation_error(std::string message) { return {"ValidationError", std::move(message)}; }

Result<Json> parse_document(std::string_view body) {
  const auto first = body.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return fail(format_error("the template is empty"));
  if (!is_utf8(body)) return fail(format_error("the template is not UTF-8"));
  return body[first] == '{' ? parse_json(body) : parse_yaml(body);
}

}  // namespace mastic::cloudformation
