// AllowedPattern: a regular expression by the template's author, so hostile. Inside the room's template folder only.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace mastic::cloudformation {

/// Whether all of `text` matches. False too when matching takes more steps than any sensible pattern needs.
/// Fails when the pattern is none.
Result<bool> matches_allowed_pattern(const std::string& pattern, std::string_view text);

}  // namespace mastic::cloudformation
