#include "cloudformation/resources/shape.h"

#include <fmt/format.h>

#include <optional>

namespace mastic::cloudformation {
namespace {

struct Member {
  bool ignored = false;
  std::optional<std::string_view> inner;  // of a structure
};

/// Where the member that begins at `from` ends: at the comma behind it, or at the end.
std::size_t end_of_member(std::string_view shape, std::size_t from) {
  int depth = 0;
  std::size_t at = from;
  for (; at < shape.size(); ++at) {
    if (shape[at] == '{') ++depth;
    if (shape[at] == '}') --depth;
    if (shape[at] == ',' && depth == 0) break;
  }
  return at;
}

std::optional<Member> find_member(std::string_view shape, std::string_view name) {
  for (std::size_t at = 0; at < shape.size();) {
    const auto end = end_of_member(shape, at);
    auto text = shape.substr(at, end - at);
    at = end + 1;
    Member member;
    if (text.starts_with('!')) {
      member.ignored = true;
      text.remove_prefix(1);
    }
    const auto brace = text.find('{');
    if (text.substr(0, brace) != name) continue;
    if (brace != std::string_view::npos) member.inner = text.substr(brace + 1, text.size() - brace - 2);
    return member;
  }
  return std::nullopt;
}

bool is_intrinsic(const Json& value) {
  if (value.size() != 1) return false;
  const auto& name = value.begin().key();
  return name == "Ref" || name == "Condition" || name.starts_with("Fn::");
}

Result<void> check(std::string_view shape, const Json& value, const std::string& path, bool top) {
  if (value.is_null()) return {};
  if (value.is_array()) {
    for (std::size_t at = 0; at < value.size(); ++at) TRY_DO(check(shape, value[at], fmt::format("{}/{}", path, at), false));
    return {};
  }
  if (!value.is_object()) {
    // A dynamic reference or the like is no structure either.
    return fail(Error{"ValidationError", fmt::format("{}: expected type: JSONObject, found: {}", path,
                                                     value.is_string()    ? "String"
                                                     : value.is_boolean() ? "Boolean"
                                                                          : "Number")});
  }
  if (is_intrinsic(value)) return {};
  for (const auto& [name, held] : value.items()) {
    const auto member = find_member(shape, name);
    if (!member) {
      if (top) continue;
      return fail(Error{"ValidationError", fmt::format("{}: extraneous key [{}] is not permitted", path, name)});
    }
    if (member->inner && !member->ignored) TRY_DO(check(*member->inner, held, fmt::format("{}/{}", path, name), false));
  }
  return {};
}

void take(std::string_view shape, Json& value, const std::string& path, std::vector<std::string>& taken) {
  if (value.is_array()) {
    for (std::size_t at = 0; at < value.size(); ++at) take(shape, value[at], fmt::format("{}{}/", path, at), taken);
    return;
  }
  if (!value.is_object()) return;
  for (auto at = value.begin(); at != value.end();) {
    const auto member = find_member(shape, at.key());
    if (member && member->ignored) {
      taken.push_back(path + at.key());
      at = value.erase(at);
      continue;
    }
    if (member && member->inner) take(*member->inner, *at, path + at.key() + "/", taken);
    ++at;
  }
}

}  // namespace

Result<void> check_shape(std::string_view shape, const Json& properties) {
  return properties.is_object() ? check(shape, properties, "#", true) : Result<void>{};
}

std::vector<std::string> take_ignored(std::string_view shape, Json& properties) {
  std::vector<std::string> taken;
  if (shape.find('!') != std::string_view::npos) take(shape, properties, "", taken);
  return taken;
}

}  // namespace mastic::cloudformation
