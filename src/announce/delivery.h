// One attempt to deliver one event. Blocks, at most for about ten seconds (a webhook) or thirty (a command).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace mastic::announce {

/// Fails when there is no answer, or one that is not 2xx.
Result<void> post(const std::string& url, std::string_view event);

/// Fails when the command cannot be started, ends with another code than 0, or runs too long (it is killed then).
Result<void> run_command(const std::vector<std::string>& command, std::string_view event);

}  // namespace mastic::announce
