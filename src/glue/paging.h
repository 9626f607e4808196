// Opaque page tokens: base64url over a version mark and the last key of the page. Whoever pages gives the key, this
// file makes it unreadable enough that nobody builds tokens by hand.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace mastic::glue {

std::string page_token(std::string_view last_key);

/// The key a token was made of; empty text for no token. Fails with InvalidInputException for any other text.
Result<std::string> page_key(const std::optional<std::string>& token);

}  // namespace mastic::glue
