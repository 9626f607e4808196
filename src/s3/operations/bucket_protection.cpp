// Versioning, the block of public access, and who owns objects.
#include "aws/models/s3.h"
#include "aws/service.h"
#include "s3/operations/checks.h"
#include "s3/operations/operations.h"

namespace mastic::s3 {
namespace {

namespace wire = aws::s3;

Result<void> change(Room room, const std::string& name, const auto& how) {
  return room.store.update_bucket(name, [&](Bucket& bucket) -> Result<void> {
    how(bucket);
    return {};
  });
}

void add_versioning(aws::Service& service, Room room) {
  service.on<wire::GetBucketVersioning>([room](const wire::GetBucketVersioningRequest& request,
                                               const aws::CallContext& context) -> Result<wire::GetBucketVersioning::Response> {
    TRY_DO(check_request(request, context));
    TRY(bucket, room.store.find_bucket(request.bucket));
    wire::GetBucketVersioning::Response response;
    if (bucket.versioning != Versioning::off)
      response.status = bucket.versioning == Versioning::enabled ? "Enabled" : "Suspended";
    return response;
  });
  service.on<wire::PutBucketVersioning>([room](const wire::PutBucketVersioningRequest& request,
                                               const aws::CallContext& context) -> Result<wire::PutBucketVersioning::Response> {
    TRY_DO(check_request(request, context));
    const auto& asked = request.versioning_configuration;
    if (asked.mfa_delete && *asked.mfa_delete != "Disabled") return fail(errors::not_implemented("MfaDelete"));
    if (!asked.status) {
      return fail(Error{"IllegalVersioningConfigurationException", "The Versioning element must be specified"});
    }
    TRY_DO(change(room, request.bucket, [&](Bucket& bucket) {
      bucket.versioning = *asked.status == "Enabled" ? Versioning::enabled : Versioning::suspended;
    }));
    return wire::PutBucketVersioning::Response{};
  });
}

void add_public_access_block(aws::Service& service, Room room) {
  service.on<wire::GetPublicAccessBlock>(
      [room](const wire::GetPublicAccessBlockRequest& request,
             const aws::CallContext& context) -> Result<wire::GetPublicAccessBlock::Response> {
        TRY_DO(check_request(request, context));
        TRY(bucket, room.store.find_bucket(request.bucket));
        if (!bucket.public_access_block) {
          return fail(errors::no_such_setting("NoSuchPublicAccessBlockConfiguration",
                                              "The public access block configuration was not found", request.bucket));
        }
        const auto& held = *bucket.public_access_block;
        return wire::GetPublicAccessBlock::Response{
            .public_access_block_configuration = wire::PublicAccessBlockConfiguration{
                held.block_public_acls, held.ignore_public_acls, held.block_public_policy, held.restrict_public_buckets}};
      });
  service.on<wire::PutPublicAccessBlock>(
      [room](const wire::PutPublicAccessBlockRequest& request,
             const aws::CallContext& context) -> Result<wire::PutPublicAccessBlock::Response> {
        TRY_DO(check_request(request, context));
        const auto& asked = request.public_access_block_configuration;
        TRY_DO(change(room, request.bucket, [&](Bucket& bucket) {
          bucket.public_access_block =
              PublicAccessBlock{asked.block_public_acls.value_or(false), asked.ignore_public_acls.value_or(false),
                                asked.block_public_policy.value_or(false), asked.restrict_public_buckets.value_or(false)};
        }));
        return wire::PutPublicAccessBlock::Response{};
      });
  service.on<wire::DeletePublicAccessBlock>(
      [room](const wire::DeletePublicAccessBlockRequest& request,
             const aws::CallContext& context) -> Result<wire::DeletePublicAccessBlock::Response> {
        TRY_DO(check_request(request, context));
        TRY_DO(change(room, request.bucket, [](Bucket& bucket) { bucket.public_access_block.reset(); }));
        return wire::DeletePublicAccessBlock::Response{};
      });
}

void add_ownership_controls(aws::Service& service, Room room) {
  service.on<wire::GetBucketOwnershipControls>(
      [room](const wire::GetBucketOwnershipControlsRequest& request,
             const aws::CallContext& context) -> Result<wire::GetBucketOwnershipControls::Response> {
        TRY_DO(check_request(request, context));
        TRY(bucket, room.store.find_bucket(request.bucket));
        if (bucket.object_ownership.empty()) {
          return fail(errors::no_such_setting("OwnershipControlsNotFoundError", "The bucket ownership controls were not found",
                                              request.bucket));
        }
        wire::GetBucketOwnershipControls::Response response;
        response.ownership_controls.emplace().rules.push_back({.object_ownership = bucket.object_ownership});
        return response;
      });
  service.on<wire::PutBucketOwnershipControls>(
      [room](const wire::PutBucketOwnershipControlsRequest& request,
             const aws::CallContext& context) -> Result<wire::PutBucketOwnershipControls::Response> {
        TRY_DO(check_request(request, context));
        const auto& rules = request.ownership_controls.rules;
        if (rules.size() != 1) return fail(errors::malformed_xml());
        const auto& asked = rules.front().object_ownership;
        if (asked != "BucketOwnerEnforced") return fail(errors::not_implemented("ObjectOwnership " + asked));
        TRY_DO(change(room, request.bucket, [&](Bucket& bucket) { bucket.object_ownership = asked; }));
        return wire::PutBucketOwnershipControls::Response{};
      });
  service.on<wire::DeleteBucketOwnershipControls>(
      [room](const wire::DeleteBucketOwnershipControlsRequest& request,
             const aws::CallContext& context) -> Result<wire::DeleteBucketOwnershipControls::Response> {
        TRY_DO(check_request(request, context));
        TRY_DO(change(room, request.bucket, [](Bucket& bucket) { bucket.object_ownership.clear(); }));
        return wire::DeleteBucketOwnershipControls::Response{};
      });
}

}  // namespace

void add_bucket_protection(aws::Service& service, Room room) {
  add_versioning(service, room);
  add_public_access_block(service, room);
  add_ownership_controls(service, room);
}

}  // namespace mastic::s3
