// Every failure KMS answers with, in its own words. `arn` is the key's.
#pragma once

#include <string_view>

#include "base/result.h"

namespace mastic::kms::error {

Error no_key(std::string_view arn);
Error invalid_key_id(std::string_view given);
Error invalid_arn(std::string_view given);
Error no_alias(std::string_view arn);
Error alias_exists(std::string_view arn);
Error reserved_alias();
Error disabled(std::string_view arn);
Error pending_deletion(std::string_view arn);
Error not_pending_deletion(std::string_view arn);
Error managed_by_aws(std::string_view arn);
Error invalid_ciphertext();
Error incorrect_key();
Error invalid_algorithm(std::string_view algorithm, std::string_view arn);
Error invalid_grant_token();
Error malformed_policy(std::string_view why);
Error no_policy(std::string_view name);
Error dry_run();
Error tag(std::string_view why);
Error limit(std::string_view why);
Error unsupported(std::string_view what);

}  // namespace mastic::kms::error
