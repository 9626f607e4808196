// Every failure ECR answers with: code, status and message are decided here.
#pragma once

#include <string_view>

#include "base/result.h"

namespace mastic::ecr::error {

Error repository_not_found(std::string_view name, std::string_view registry);
Error repository_exists(std::string_view name, std::string_view registry);
Error repository_policy_not_found(std::string_view name, std::string_view registry);
Error lifecycle_policy_not_found(std::string_view name, std::string_view registry);
Error invalid_parameter(std::string_view member, std::string_view rule);
Error too_many_tags();

}  // namespace mastic::ecr::error
