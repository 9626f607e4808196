#include "engine/functions/json_shape.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "engine/functions/datetime_text.h"
#include "engine/functions/number_text.h"

namespace mastic::engine {
namespace {

bool flag(const NamedOptions& options, const std::string& name, bool otherwise) {
  const auto found = options.find(name);
  if (found == options.end()) return otherwise;
  return parse_boolean(found->second).value_or(otherwise);
}

}  // namespace

JsonReading json_reading_of(const NamedOptions& options) {
  JsonReading reading;
  reading.single_quotes = flag(options, "allowsinglequotes", true);
  reading.unquoted_names = flag(options, "allowunquotedfieldnames", false);
  reading.comments = flag(options, "allowcomments", false);
  reading.leading_zeros = flag(options, "allownumericleadingzeros", false);
  reading.non_numbers = flag(options, "allownonnumericnumbers", true);
  reading.any_escape = flag(options, "allowbackslashescapinganycharacter", false);
  reading.control_characters = flag(options, "allowunquotedcontrolchars", false);
  return reading;
}

std::string JsonShape::ddl() const {
  switch (kind) {
    case Kind::boolean: return "BOOLEAN";
    case Kind::integer: return "BIGINT";
    case Kind::decimal: return fmt::format("DECIMAL({},{})", precision, scale);
    case Kind::real: return "DOUBLE";
    case Kind::array: return "ARRAY<" + members.at(0).second.ddl() + ">";
    case Kind::object: break;
    default: return "STRING";
  }
  std::string list;
  for (const auto& [name, shape] : members) {
    const bool plain =
        !name.empty() && std::isdigit(static_cast<unsigned char>(name[0])) == 0 &&
        std::ranges::all_of(name, [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; });
    std::string quoted = "`";
    for (const char c : name) quoted += c == '`' ? std::string("``") : std::string(1, c);
    list += fmt::format("{}{}: {}", list.empty() ? "" : ", ", plain ? name : quoted + "`", shape.ddl());
  }
  return "STRUCT<" + list + ">";
}

JsonShape merged_shape(const JsonShape& left, const JsonShape& right) {
  using Kind = JsonShape::Kind;
  if (left.kind == Kind::none) return right;
  if (right.kind == Kind::none) return left;
  const auto exact = [](const JsonShape& shape) { return shape.kind == Kind::integer || shape.kind == Kind::decimal; };
  if (left.kind == Kind::object && right.kind == Kind::object) {
    JsonShape all = left;
    for (const auto& [name, shape] : right.members) {
      const auto known = std::ranges::find(all.members, name, &std::pair<std::string, JsonShape>::first);
      if (known == all.members.end()) {
        all.members.emplace_back(name, shape);
      } else {
        known->second = merged_shape(known->second, shape);
      }
    }
    std::ranges::sort(all.members, {}, &std::pair<std::string, JsonShape>::first);
    return all;
  }
  if (left.kind == Kind::array && right.kind == Kind::array) {
    JsonShape all = left;
    all.members[0].second = merged_shape(left.members[0].second, right.members[0].second);
    return all;
  }
  if (exact(left) && exact(right)) {
    if (left.kind == Kind::integer && right.kind == Kind::integer) return left;
    const auto digits = [](const JsonShape& shape) { return shape.kind == Kind::integer ? 20 : shape.precision - shape.scale; };
    const int scale = std::max(left.scale, right.scale);
    const int precision = std::max(digits(left), digits(right)) + scale;
    if (precision > 38) return {Kind::real, 0, 0, {}};
    return {Kind::decimal, precision, scale, {}};
  }
  if ((exact(left) || left.kind == Kind::real) && (exact(right) || right.kind == Kind::real)) return {Kind::real, 0, 0, {}};
  if (left.kind == right.kind) return left;
  return {Kind::text, 0, 0, {}};
}

JsonShape json_shape_of(const Json& json, const NamedOptions& options) {
  using Kind = JsonShape::Kind;
  JsonShape shape;
  switch (json.kind) {
    case Json::Kind::null: return shape;
    case Json::Kind::boolean: shape.kind = Kind::boolean; break;
    case Json::Kind::text: shape.kind = Kind::text; break;
    case Json::Kind::integer: {
      const auto digits = static_cast<int>(json.text.size() - (json.text.starts_with('-') ? 1 : 0));
      if (parse_integer(json.text, false)) {
        shape.kind = Kind::integer;
      } else if (digits <= 38) {
        shape = {Kind::decimal, digits, 0, {}};
      } else {
        shape.kind = Kind::real;
      }
      break;
    }
    case Json::Kind::real: {
      shape.kind = Kind::real;
      const auto point = json.text.find('.');
      if (flag(options, "prefersdecimal", false) && json.text.find_first_not_of("0123456789.-") == std::string::npos &&
          point != std::string::npos) {
        const auto scale = static_cast<int>(json.text.size() - point - 1);
        auto digits = json.text;
        std::erase_if(digits, [](char c) { return c == '.' || c == '-'; });
        const auto significant = static_cast<int>(digits.size() - std::min(digits.find_first_not_of('0'), digits.size()));
        const int precision = std::max(significant, scale);
        if (precision <= 38) shape = {Kind::decimal, precision, scale, {}};
      }
      break;
    }
    case Json::Kind::array: {
      JsonShape element;
      for (const auto& item : json.items) element = merged_shape(element, json_shape_of(item, options));
      shape.kind = Kind::array;
      shape.members.emplace_back("", std::move(element));
      break;
    }
    case Json::Kind::object:
      shape.kind = Kind::object;
      for (const auto& [name, member] : json.members) shape.members.emplace_back(name, json_shape_of(member, options));
      std::ranges::sort(shape.members, {}, &std::pair<std::string, JsonShape>::first);
      break;
  }
  const bool primitive = json.kind == Json::Kind::boolean || json.kind == Json::Kind::integer || json.kind == Json::Kind::real;
  if (primitive && flag(options, "primitivesasstring", false)) return {Kind::text, 0, 0, {}};
  return shape;
}

}  // namespace mastic::engine
