// A bucket's policy is kept and given back as it was given.
#include <fmt/format.h>

#include "aws/models/s3.h"
#include "aws/service.h"
#include "s3/operations/checks.h"
#include "s3/operations/operations.h"
#include "s3/operations/policy_text.h"

namespace mastic::s3 {
namespace {

namespace wire = aws::s3;

Result<Bucket> bucket_with_policy(Room room, const std::string& name) {
  TRY(bucket, room.store.find_bucket(name));
  if (bucket.policy.empty())
    return fail(errors::no_such_setting("NoSuchBucketPolicy", "The bucket policy does not exist", name));
  return bucket;
}

Error blocked(const std::string& bucket, const aws::CallContext& context) {
  return {"AccessDenied",
          fmt::format("User: arn:aws:iam::{}:root is not authorized to perform: s3:PutBucketPolicy on resource: "
                      "\"arn:aws:s3:::{}\" because public policies are prevented by the BlockPublicPolicy setting in S3 Block "
                      "Public Access.",
                      context.account_id, bucket),
          403};
}

Result<wire::PutBucketPolicy::Response> put_policy(Room room, const wire::PutBucketPolicyRequest& request,
                                                   const aws::CallContext& context) {
  TRY_DO(check_request(request, context));
  TRY_DO(room.store.find_bucket(request.bucket));
  TRY(facts, parse_policy(request.policy, request.bucket));
  TRY_DO(room.store.update_bucket(request.bucket, [&](Bucket& bucket) -> Result<void> {
    const bool blocks = bucket.public_access_block && bucket.public_access_block->block_public_policy;
    if (facts.is_public && blocks) return fail(blocked(request.bucket, context));
    bucket.policy = request.policy;
    return {};
  }));
  return wire::PutBucketPolicy::Response{};
}

}  // namespace

void add_bucket_policy(aws::Service& service, Room room) {
  service.on<wire::PutBucketPolicy>([room](const wire::PutBucketPolicyRequest& request, const aws::CallContext& context) {
    return put_policy(room, request, context);
  });
  service.on<wire::GetBucketPolicy>([room](const wire::GetBucketPolicyRequest& request,
                                           const aws::CallContext& context) -> Result<wire::GetBucketPolicy::Response> {
    TRY_DO(check_request(request, context));
    TRY(bucket, bucket_with_policy(room, request.bucket));
    return wire::GetBucketPolicy::Response{.policy = std::move(bucket.policy)};
  });
  service.on<wire::GetBucketPolicyStatus>(
      [room](const wire::GetBucketPolicyStatusRequest& request,
             const aws::CallContext& context) -> Result<wire::GetBucketPolicyStatus::Response> {
        TRY_DO(check_request(request, context));
        TRY(bucket, bucket_with_policy(room, request.bucket));
        TRY(facts, parse_policy(bucket.policy, request.bucket));
        return wire::GetBucketPolicyStatus::Response{.policy_status = wire::PolicyStatus{.is_public = facts.is_public}};
      });
  service.on<wire::DeleteBucketPolicy>([room](const wire::DeleteBucketPolicyRequest& request,
                                              const aws::CallContext& context) -> Result<wire::DeleteBucketPolicy::Response> {
    TRY_DO(check_request(request, context));
    TRY_DO(room.store.update_bucket(request.bucket, [](Bucket& bucket) -> Result<void> {
      bucket.policy.clear();
      return {};
    }));
    return wire::DeleteBucketPolicy::Response{};
  });
}

}  // namespace mastic::s3
