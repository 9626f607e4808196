// Every failure that the room answers with.
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>

#include "base/result.h"

namespace mastic::events::error {

inline Error rule_not_found(std::string_view name) {
  return {"ResourceNotFoundException", fmt::format("Rule {} does not exist on EventBus default.", name)};
}
inline Error resource_not_found(std::string_view arn) {
  return {"ResourceNotFoundException", fmt::format("There is no such resource: {}", arn)};
}
inline Error bus_not_found(std::string_view name) {
  return {"ResourceNotFoundException", fmt::format("Event bus {} does not exist.", name)};
}
inline Error invalid_pattern(std::string_view why) {
  return {"InvalidEventPatternException", fmt::format("Event pattern is not valid. Reason: {}", why)};
}
inline Error validation(std::string_view message) { return {"ValidationException", std::string(message)}; }
inline Error unsupported(std::string_view what) { return validation(fmt::format("Not supported by this server: {}", what)); }

}  // namespace mastic::events::error
