// Text → JSON values: JSON as it is, YAML with CloudFormation's scalars and short forms.
#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <array>
#include <charconv>

#include "cloudformation/template/template.h"

namespace mastic::cloudformation {
namespace {

constexpr size_t depth_limit = 100;
constexpr size_t node_limit = 200'000;  // after aliases are unfolded

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
    if (depth > depth_limit) return fail(validation_error("Template format error: the template nests too deeply"));
    if (++nodes_ > node_limit) return fail(validation_error("Template format error: the template has too many values"));
    TRY(value, content(node, depth));
    if (is_short_form(node.Tag())) return long_form(node.Tag(), std::move(value));
    return std::move(value);
  }

 private:
  Result<Json> content(const YAML::Node& node, size_t depth) {
    switch (node.Type()) {
      case YAML::NodeType::Scalar:
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
      if (!entry.first.IsScalar()) return fail(validation_error("Template format error: a key is not a text"));
      const std::string& key = entry.first.Scalar();
      if (object.contains(key)) {
        const auto mark = entry.first.Mark();
        return fail(
            validation_error(fmt::format("Template format error: YAML not well-formed. (line {}, column {}): duplicate key {}",
                                         mark.line + 1, mark.column + 1, key)));
      }
      TRY(value, read(entry.second, depth + 1));
      object[key] = std::move(value);
    }
    return object;
  }

  size_t nodes_ = 0;
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

Result<Json> parse_json(std::string_view body) {
  if (nests_too_deeply(body)) return fail(validation_error("Template format error: the template nests too deeply"));
  try {
    return Json::parse(body);
  } catch (const Json::exception& error) {
    return fail(validation_error(fmt::format("Template format error: JSON not well-formed. ({})", error.what())));
  }
}

/// yaml-cpp recurses while it parses; flow collections and block indentation are bounded first.
bool yaml_nests_too_deeply(std::string_view body) {
  size_t flow = 0;
  size_t dashes = 0;  // "- - - -" on one line nests as well
  for (const char c : body) {
    if (c == '[' || c == '{') ++flow;
    if (c == ']' || c == '}') flow = flow > 0 ? flow - 1 : 0;
    if (c == '\n') dashes = 0;
    if (c == '-' || c == '?') ++dashes;
    if (flow > depth_limit * 4 || dashes > 2'000) return true;
  }
  return false;
}

Result<Json> parse_yaml(std::string_view body) {
  if (yaml_nests_too_deeply(body)) return fail(validation_error("Template format error: the template nests too deeply"));
  try {
    return YamlReader().read(YAML::Load(std::string(body)), 0);
  } catch (const YAML::Exception& error) {
    return fail(validation_error(fmt::format("Template format error: YAML not well-formed. (line {}, column {})",
                                             error.mark.line + 1, error.mark.column + 1)));
  }
}

}  // namespace

Error validation_error(std::string message) { return {"ValidationError", std::move(message)}; }

Result<Json> parse_document(std::string_view body) {
  const auto first = body.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return fail(validation_error("Template format error: the template is empty"));
  return body[first] == '{' ? parse_json(body) : parse_yaml(body);
}

}  // namespace mastic::cloudformation
