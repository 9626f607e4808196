// A template's values as a service wants them: numbers and booleans may have come as strings and the other way round.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

namespace mastic::cloudformation {

using Json = nlohmann::json;

enum class Kind : uint8_t {
  integer,
  number,
  boolean,
  document,  // an object or list that the service takes as its JSON text
  strings,   // a map with free keys, whose values are strings
};

/// Members of that name, wherever they stand in a type's properties. Every other scalar is a string.
struct MemberKind {
  std::string_view member;
  Kind kind;
};

/// Fails (ValidationError) with CloudFormation's text when a value is not of its kind: "#/Timeout: expected type: …".
Result<Json> convert(const Json& value, std::span<const MemberKind> kinds, const std::string& path = "#");

/// A scalar as text: "5", "true".
std::string text_of(const Json& scalar);
/// The text of a member, or `otherwise`.
std::string text_of(const Json& object, std::string_view member, std::string_view otherwise = {});
/// Whether a member is true, be it a boolean or a string.
bool is_true(const Json& object, std::string_view member);
/// A member, or null.
const Json& member_of(const Json& object, std::string_view member);

}  // namespace mastic::cloudformation
