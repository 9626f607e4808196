// Every failure Parameter Store answers with, in its own words.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace mastic::ssm::error {

Error parameter_not_found(std::string_view name);
Error version_not_found(std::string_view name, std::string_view version);
Error parameter_exists();
Error too_many_versions(std::string_view name, int64_t oldest);
Error too_many_labels();
Error type_mismatch();
Error pattern_mismatch(std::string_view name, std::string_view pattern);
Error unsupported_type(std::string_view type);
Error unsupported_policy();
Error invalid_resource(std::string_view id);
Error invalid_filter(std::string_view key);
Error validation(std::string_view why);

}  // namespace mastic::ssm::error
