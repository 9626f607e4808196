#include "kms/errors.h"

#include <fmt/format.h>

namespace mastic::kms::error {

Error no_key(std::string_view arn) { return {"NotFoundException", fmt::format("Key '{}' does not exist", arn)}; }
Error invalid_key_id(std::string_view given) { return {"NotFoundException", fmt::format("Invalid keyId '{}'", given)}; }
Error invalid_arn(std::string_view given) { return {"InvalidArnException", fmt::format("Invalid arn {}", given)}; }
Error no_alias(std::string_view arn) { return {"NotFoundException", fmt::format("Alias {} is not found.", arn)}; }

Error alias_exists(std::string_view arn) {
  return {"AlreadyExistsException", fmt::format("An alias with the name {} already exists", arn)};
}

Error reserved_alias() {
  return {"NotAuthorizedException", "Aliases that begin with alias/aws/ belong to AWS: choose another name."};
}

Error disabled(std::string_view arn) { return {"DisabledException", fmt::format("{} is disabled.", arn)}; }
Error pending_deletion(std::string_view arn) {
  return {"KMSInvalidStateException", fmt::format("{} is pending deletion.", arn)};
}
Error not_pending_deletion(std::string_view arn) {
  return {"KMSInvalidStateException", fmt::format("{} is not pending deletion.", arn)};
}

Error managed_by_aws(std::string_view arn) {
  return {"AccessDeniedException", fmt::format("A key that AWS manages cannot be changed: {}", arn)};
}

Error invalid_ciphertext() {
  return {"InvalidCiphertextException",
          "The ciphertext was not made by this service, was changed since, or its encryption context is another."};
}

Error incorrect_key() {
  return {"IncorrectKeyException", "The key ID in the request does not identify a CMK that can perform this operation."};
}

Error invalid_algorithm(std::string_view algorithm, std::string_view arn) {
  return {"InvalidKeyUsageException", fmt::format("{} is not a valid encryption algorithm for {}.", algorithm, arn)};
}

Error invalid_grant_token() {
  return {"InvalidGrantTokenException", "There are no grants here: a grant token cannot be valid."};
}

Error malformed_policy(std::string_view why) { return {"MalformedPolicyDocumentException", std::string(why)}; }

Error no_policy(std::string_view name) {
  return {"NotFoundException", fmt::format("No such policy exists: a key's only policy is named default, not {}", name)};
}

Error dry_run() { return {"DryRunOperationException", "The request would have succeeded, but the DryRun option is set.", 412}; }

Error tag(std::string_view why) { return {"TagException", std::string(why)}; }
Error limit(std::string_view why) { return {"LimitExceededException", std::string(why)}; }

Error unsupported(std::string_view what) {
  return {"UnsupportedOperationException", fmt::format("{} is not supported: keys here are symmetric and local.", what)};
}

}  // namespace mastic::kms::error
