// Every failure CloudWatch Logs answers with: code, status and message are decided here.
#pragma once

#include <string_view>

#include "base/result.h"

namespace mastic::logs::error {

Error group_not_found();
Error stream_not_found();
Error group_exists();
Error stream_exists();
Error invalid_parameter(std::string_view message);
Error invalid_token();
Error too_many_tags();
Error too_many_filters();
Error filter_not_found();

}  // namespace mastic::logs::error
