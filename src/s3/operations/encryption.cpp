#include "s3/operations/encryption.h"

#include <fmt/format.h>

#include "aws/service.h"
#include "s3/errors.h"

namespace mastic::s3 {

Result<Encryption> parse_encryption(const std::optional<std::string>& algorithm, const std::optional<std::string>& kms_key_id,
                                    const std::optional<bool>& bucket_key_enabled, const aws::CallContext& context) {
  Encryption encryption{.algorithm = algorithm.value_or("")};
  const bool is_kms = encryption.algorithm == "aws:kms" || encryption.algorithm == "aws:kms:dsse";
  if (!encryption.algorithm.empty() && encryption.algorithm != "AES256" && !is_kms)
    return fail(errors::not_implemented("x-amz-server-side-encryption: " + encryption.algorithm));
  if (kms_key_id && !is_kms) {
    return fail(errors::invalid_argument(
        "The request specifies a KMS key id, but x-amz-server-side-encryption is not aws:kms or aws:kms:dsse",
        "x-amz-server-side-encryption-aws-kms-key-id", *kms_key_id));
  }
  if (!is_kms) return encryption;
  // A bare key id is shown as the key's ARN; an ARN and an alias as they are.
  if (kms_key_id && !kms_key_id->starts_with("arn:") && !kms_key_id->starts_with("alias/"))
    encryption.kms_key_id = fmt::format("arn:aws:kms:{}:{}:key/{}", context.region, context.account_id, *kms_key_id);
  else
    encryption.kms_key_id = kms_key_id.value_or("");
  encryption.bucket_key_enabled = bucket_key_enabled.value_or(false);
  return encryption;
}

}  // namespace mastic::s3
