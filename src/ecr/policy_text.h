// What ECR checks of the policy documents that it keeps.
//
// Both must be JSON objects. A repository policy needs statements; a lifecycle policy needs rules of the documented form:
// a rulePriority that no other rule has, a selection with a known tagStatus, countType and a countNumber, and an action.
// Does NOT check principals, actions or conditions: nothing here acts on them.
#pragma once

#include <string_view>

#include "base/result.h"

namespace mastic::ecr {

Result<void> check_repository_policy(std::string_view text);
Result<void> check_lifecycle_policy(std::string_view text);

}  // namespace mastic::ecr
