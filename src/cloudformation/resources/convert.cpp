#include "cloudformation/resources/convert.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

namespace mastic::cloudformation {
namespace {

std::string_view kind_name(Kind kind) {
  switch (kind) {
    case Kind::integer: return "Integer";
    case Kind::number: return "Number";
    case Kind::boolean: return "Boolean";
    case Kind::document:
    case Kind::strings: return "JSONObject";
  }
  return "";
}

std::string_view found_name(const Json& value) {
  if (value.is_string()) return "String";
  if (value.is_boolean()) return "Boolean";
  if (value.is_number_integer()) return "Integer";
  if (value.is_number()) return "Number";
  if (value.is_array()) return "JSONArray";
  return value.is_object() ? "JSONObject" : "Null";
}

Error mismatch(const std::string& path, Kind kind, const Json& value) {
  return {"ValidationError", fmt::format("{}: expected type: {}, found: {}", path, kind_name(kind), found_name(value))};
}

template <typename T>
std::optional<T> parsed(const std::string& text) {
  T number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size() || text.empty()) return {};
  return number;
}

Result<Json> as_integer(const Json& value, const std::string& path) {
  if (value.is_number_integer()) return value;
  if (value.is_number_float()) {
    const auto number = value.get<double>();
    if (std::floor(number) == number && std::abs(number) < 9e15) return Json(static_cast<int64_t>(number));
  }
  if (value.is_string()) {
    if (const auto number = parsed<int64_t>(value.get_ref<const std::string&>())) return Json(*number);
  }
  return fail(mismatch(path, Kind::integer, value));
}

Result<Json> as_number(const Json& value, const std::string& path) {
  if (value.is_number()) return value;
  if (value.is_string()) {
    if (const auto number = parsed<double>(value.get_ref<const std::string&>())) return Json(*number);
  }
  return fail(mismatch(path, Kind::number, value));
}

Result<Json> as_boolean(const Json& value, const std::string& path) {
  if (value.is_boolean()) return value;
  if (value.is_string()) {
    const auto& text = value.get_ref<const std::string&>();
    if (text == "true" || text == "True" || text == "TRUE") return Json(true);
    if (text == "false" || text == "False" || text == "FALSE") return Json(false);
  }
  return fail(mismatch(path, Kind::boolean, value));
}

Result<Json> as_strings(const Json& value, const std::string& path) {
  if (!value.is_object()) return fail(mismatch(path, Kind::strings, value));
  auto strings = Json::object();
  for (const auto& [key, held] : value.items()) strings[key] = held.is_structured() ? held.dump() : text_of(held);
  return strings;
}

Result<Json> convert_to(const Json& value, Kind kind, const std::string& path) {
  // A list of numbers is named by its member like a single one.
  if (value.is_array() && (kind == Kind::integer || kind == Kind::number || kind == Kind::boolean)) {
    auto list = Json::array();
    for (std::size_t at = 0; at < value.size(); ++at) {
      TRY(element, convert_to(value[at], kind, fmt::format("{}/{}", path, at)));
      list.push_back(element);
    }
    return list;
  }
  switch (kind) {
    case Kind::integer: return as_integer(value, path);
    case Kind::number: return as_number(value, path);
    case Kind::boolean: return as_boolean(value, path);
    case Kind::document: return value.is_structured() ? Json(value.dump()) : Json(text_of(value));
    case Kind::strings: return as_strings(value, path);
  }
  return value;
}

}  // namespace

Result<Json> convert(const Json& value, std::span<const MemberKind> kinds, const std::string& path) {
  if (value.is_object()) {
    auto object = Json::object();
    for (const auto& [name, held] : value.items()) {
      if (held.is_null()) continue;
      const auto place = fmt::format("{}/{}", path, name);
      const auto kind = std::ranges::find(kinds, std::string_view(name), &MemberKind::member);
      TRY(converted, kind == kinds.end() ? convert(held, kinds, place) : convert_to(held, kind->kind, place));
      object[name] = std::move(converted);
    }
    return object;
  }
  if (value.is_array()) {
    auto list = Json::array();
    for (std::size_t at = 0; at < value.size(); ++at) {
      TRY(converted, convert(value[at], kinds, fmt::format("{}/{}", path, at)));
      list.push_back(std::move(converted));
    }
    return list;
  }
  return Json(text_of(value));
}

std::string text_of(const Json& scalar) {
  if (scalar.is_string()) return scalar.get<std::string>();
  return scalar.is_null() ? std::string() : scalar.dump();
}

const Json& member_of(const Json& object, std::string_view member) {
  static const Json nothing;
  if (!object.is_object()) return nothing;
  const auto found = object.find(member);
  return found == object.end() ? nothing : *found;
}

std::string text_of(const Json& object, std::string_view member, std::string_view otherwise) {
  const auto& held = member_of(object, member);
  return held.is_null() ? std::string(otherwise) : text_of(held);
}

bool is_true(const Json& object, std::string_view member) {
  const auto text = text_of(object, member);
  return text == "true" || text == "True" || text == "TRUE";
}

}  // namespace mastic::cloudformation
