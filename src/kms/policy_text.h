// Key policies as texts: what KMS checks of them, and the one that a key has when none is given. Pure; thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace mastic::kms {

/// MalformedPolicyDocumentException unless the text is a JSON object with statements, each with Effect, Action and
/// Principal. Does NOT check whether the policy locks its writer out.
Result<void> check_key_policy(std::string_view text);

/// Everything for the account: its IAM policies decide.
std::string default_key_policy(std::string_view account_id);

}  // namespace mastic::kms
