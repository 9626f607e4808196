#include "logs/operations/naming.h"

#include <fmt/format.h>

#include "logs/errors.h"

namespace mastic::logs {

Result<std::string> group_of(const std::optional<std::string>& name, const std::optional<std::string>& identifier) {
  if (name.has_value() == identifier.has_value()) {
    return fail(error::invalid_parameter("Exactly one of logGroupName and logGroupIdentifier must be given."));
  }
  if (name) return *name;
  std::string_view group = *identifier;
  constexpr std::string_view mark = ":log-group:";
  if (group.starts_with("arn:")) {
    const auto at = group.find(mark);
    if (at == std::string_view::npos) return fail(error::invalid_parameter("Not the ARN of a log group: " + *identifier));
    group.remove_prefix(at + mark.size());
    if (group.ends_with(":*")) group.remove_suffix(2);
  }
  return std::string(group);
}

std::string group_arn(std::string_view group, const aws::CallContext& context) {
  return fmt::format("arn:aws:logs:{}:{}:log-group:{}", context.region, context.account_id, group);
}

}  // namespace mastic::logs
