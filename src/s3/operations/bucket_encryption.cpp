// The encryption that objects get which say nothing themselves. S3 gives AES256 to a bucket that has none.
#include "aws/models/s3.h"
#include "aws/service.h"
#include "s3/operations/checks.h"
#include "s3/operations/encryption.h"
#include "s3/operations/operations.h"

namespace mastic::s3 {
namespace {

namespace wire = aws::s3;

wire::ServerSideEncryptionConfiguration to_wire(const Encryption& encryption) {
  wire::ServerSideEncryptionRule rule;
  auto& by_default = rule.apply_server_side_encryption_by_default.emplace();
  by_default.sse_algorithm = encryption.algorithm.empty() ? "AES256" : encryption.algorithm;
  if (!encryption.kms_key_id.empty()) by_default.kms_master_key_id = encryption.kms_key_id;
  rule.bucket_key_enabled = encryption.bucket_key_enabled;
  return {.rules = {std::move(rule)}};
}

Result<Encryption> from_wire(const wire::ServerSideEncryptionConfiguration& configuration, const aws::CallContext& context) {
  if (configuration.rules.size() != 1) return fail(errors::malformed_xml());
  const auto& rule = configuration.rules.front();
  TRY_DO(refuse(rule.blocked_encryption_types, "BlockedEncryptionTypes"));
  if (!rule.apply_server_side_encryption_by_default) return fail(errors::malformed_xml());
  const auto& by_default = *rule.apply_server_side_encryption_by_default;
  const bool is_kms = by_default.sse_algorithm.starts_with("aws:kms");
  if (by_default.kms_master_key_id && !is_kms) {
    return fail(errors::invalid_argument(
        "a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse", "KMSMasterKeyID",
        *by_default.kms_master_key_id));
  }
  TRY(encryption, parse_encryption(by_default.sse_algorithm, std::nullopt, rule.bucket_key_enabled, context));
  // Given back as it was given: tools compare.
  encryption.kms_key_id = by_default.kms_master_key_id.value_or("");
  return encryption;
}

Result<void> set_encryption(Room room, const std::string& name, const Encryption& encryption) {
  return room.store.update_bucket(name, [&](Bucket& bucket) -> Result<void> {
    bucket.encryption = encryption;
    return {};
  });
}

}  // namespace

void add_bucket_encryption(aws::Service& service, Room room) {
  service.on<wire::GetBucketEncryption>([room](const wire::GetBucketEncryptionRequest& request,
                                               const aws::CallContext& context) -> Result<wire::GetBucketEncryption::Response> {
    TRY_DO(check_request(request, context));
    TRY(bucket, room.store.find_bucket(request.bucket));
    return wire::GetBucketEncryption::Response{.server_side_encryption_configuration = to_wire(bucket.encryption)};
  });
  service.on<wire::PutBucketEncryption>([room](const wire::PutBucketEncryptionRequest& request,
                                               const aws::CallContext& context) -> Result<wire::PutBucketEncryption::Response> {
    TRY_DO(check_request(request, context));
    TRY(encryption, from_wire(request.server_side_encryption_configuration, context));
    TRY_DO(set_encryption(room, request.bucket, encryption));
    return wire::PutBucketEncryption::Response{};
  });
  service.on<wire::DeleteBucketEncryption>(
      [room](const wire::DeleteBucketEncryptionRequest& request,
             const aws::CallContext& context) -> Result<wire::DeleteBucketEncryption::Response> {
        TRY_DO(check_request(request, context));
        TRY_DO(set_encryption(room, request.bucket, {}));
        return wire::DeleteBucketEncryption::Response{};
      });
}

}  // namespace mastic::s3
