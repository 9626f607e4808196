// Every failure Secrets Manager answers with, in its own words.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace mastic::secretsmanager::error {

Error no_secret();
Error no_value(std::string_view what);
Error exists(std::string_view name);
Error name_in_deletion();
Error marked_for_deletion();
Error token_in_use(std::string_view token, std::string_view arn);
Error invalid_parameter(std::string_view why);
Error invalid_request(std::string_view why);

}  // namespace mastic::secretsmanager::error
