// What the structures under a type's properties may hold, told by a text:
//
//   "Targets{S3Targets{Path,Exclusions},!JdbcTargets},Tags{Key,Value}"
//
// A name followed by braces is a structure, or a list of such; a name alone is anything. `!` marks what CloudFormation knows
// and Mastic does not act on. Top-level names that the text leaves out are not looked into. Pure; thread-safe.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace mastic::cloudformation {

using Json = nlohmann::json;

/// Fails (ValidationError) with CloudFormation's text for a name that the shape does not know. What intrinsic functions
/// stand for is not looked into: it is known once it is evaluated.
Result<void> check_shape(std::string_view shape, const Json& properties);

/// Takes out what is marked `!` and gives the paths of what was taken: "Targets/JdbcTargets".
std::vector<std::string> take_ignored(std::string_view shape, Json& properties);

}  // namespace mastic::cloudformation
