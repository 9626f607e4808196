// Groups and streams as requests and answers name them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "aws/service.h"
#include "base/result.h"

namespace mastic::logs {

/// The group out of logGroupName or logGroupIdentifier (a name or an ARN), of which exactly one is given.
Result<std::string> group_of(const std::optional<std::string>& name, const std::optional<std::string>& identifier);

/// `arn:aws:logs:REGION:ACCOUNT:log-group:NAME`.
std::string group_arn(std::string_view group, const aws::CallContext& context);

}  // namespace mastic::logs
