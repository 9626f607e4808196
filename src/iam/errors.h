// Every failure IAM answers with: code, status and message are decided here.
#pragma once

#include <string_view>

#include "base/result.h"

namespace mastic::iam::error {

Error no_such_entity(std::string_view what, std::string_view name);  // "role", "X"
Error no_such_inline_policy(std::string_view what, std::string_view policy);
Error no_such_policy(std::string_view arn);
Error no_such_version(std::string_view arn, std::string_view version);
Error not_attached(std::string_view arn);
Error no_such_access_key(std::string_view key);
Error no_boundary(std::string_view role);
Error already_exists(std::string_view what, std::string_view name);  // "Role", "X"
Error policy_exists(std::string_view name);
Error delete_conflict(std::string_view message);
Error malformed_document(std::string_view message);
Error limit_exceeded(std::string_view message);
Error invalid_input(std::string_view message);
Error validation(std::string_view message);
Error unmodifiable(std::string_view arn);

}  // namespace mastic::iam::error
