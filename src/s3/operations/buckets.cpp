#include <algorithm>

#include "aws/encoding.h"
#include "aws/models/s3.h"
#include "aws/service.h"
#include "base/clock.h"
#include "s3/operations/checks.h"
#include "s3/operations/operations.h"
#include "s3/operations/owner.h"
#include "s3/operations/tags.h"

namespace mastic::s3 {
namespace {

namespace wire = aws::s3;

constexpr std::string_view home_region = "us-east-1";

/// In us-east-1 no constraint may name us-east-1 itself; elsewhere the constraint is the region that is spoken to.
Result<std::string> region_of(const wire::CreateBucketRequest& request, const std::string& spoken_to) {
  const auto& configuration = request.create_bucket_configuration;
  const std::string constraint = configuration ? configuration->location_constraint.value_or("") : "";
  if (spoken_to == home_region) {
    if (constraint == home_region) return fail(errors::invalid_location_constraint(constraint));
    return constraint.empty() ? std::string(home_region) : constraint;
  }
  if (constraint != spoken_to) return fail(errors::illegal_location_constraint(constraint));
  return constraint;
}

Result<wire::CreateBucketOutput> create_bucket(Room room, const wire::CreateBucketRequest& request,
                                               const aws::CallContext& context) {
  TRY_DO(check_request(request, context));
  if (request.object_lock_enabled_for_bucket.value_or(false))
    return fail(errors::not_implemented("x-amz-bucket-object-lock-enabled"));
  if (request.object_ownership && *request.object_ownership != "BucketOwnerEnforced")
    return fail(errors::not_implemented("x-amz-object-ownership other than BucketOwnerEnforced"));
  if (!is_bucket_name(request.bucket)) return fail(errors::invalid_bucket_name(request.bucket));
  TRY(region, region_of(request, context.region));
  // As AWS makes buckets since April 2023.
  Bucket bucket{.name = request.bucket,
                .region = region,
                .created = room.clock.now(),
                .public_access_block = PublicAccessBlock{true, true, true, true},
                .object_ownership = "BucketOwnerEnforced"};
  if (request.create_bucket_configuration && request.create_bucket_configuration->tags) {
    for (const auto& tag : *request.create_bucket_configuration->tags) bucket.tags.emplace_back(tag.key, tag.value);
    TRY_DO(check_tags(bucket.tags, bucket_tags_max));
  }
  const auto created = room.store.create_bucket(std::move(bucket));
  // In us-east-1 making one's own bucket once more succeeds and changes nothing.
  const bool again = !created && created.error().code == "BucketAlreadyOwnedByYou" && context.region == home_region;
  if (!created && !again) return fail(created.error());
  return wire::CreateBucketOutput{.location = "/" + request.bucket};
}

Result<wire::HeadBucketOutput> head_bucket(Room room, const wire::HeadBucketRequest& request, const aws::CallContext& context) {
  TRY_DO(check_request(request, context));
  TRY(bucket, room.store.find_bucket(request.bucket));
  wire::HeadBucketOutput response;
  response.bucket_region = bucket.region;
  response.access_point_alias = false;
  return response;
}

Result<wire::ListBucketsOutput> list_buckets(Room room, const wire::ListBucketsRequest& request, const aws::CallContext&) {
  constexpr int32_t most = 10'000;
  const auto limit = static_cast<std::size_t>(std::clamp(request.max_buckets.value_or(most), 1, most));
  std::string after;
  if (request.continuation_token) {
    auto last = aws::from_base64(*request.continuation_token);
    if (!last)
      return fail(errors::invalid_argument("The continuation token provided is incorrect", "continuation-token",
                                           *request.continuation_token));
    after = *std::move(last);
  }
  TRY(buckets, room.store.list_buckets());
  wire::ListBucketsOutput response;
  response.owner = owner();
  response.prefix = request.prefix;
  response.buckets.emplace();
  for (const auto& bucket : buckets) {
    if (bucket.name <= after || !bucket.name.starts_with(request.prefix.value_or(""))) continue;
    if (request.bucket_region && bucket.region != *request.bucket_region) continue;
    if (response.buckets->size() == limit) {
      response.continuation_token = aws::to_base64(*response.buckets->back().name);
      break;
    }
    response.buckets->push_back({.name = bucket.name, .creation_date = bucket.created, .bucket_region = bucket.region});
  }
  return response;
}

Result<wire::DeleteBucket::Response> delete_bucket(Room room, const wire::DeleteBucketRequest& request,
                                                   const aws::CallContext& context) {
  TRY_DO(check_request(request, context));
  TRY_DO(room.store.delete_bucket(request.bucket));
  return wire::DeleteBucket::Response{};
}

Result<wire::GetBucketLocationOutput> get_bucket_location(Room room, const wire::GetBucketLocationRequest& request,
                                                          const aws::CallContext& context) {
  TRY_DO(check_request(request, context));
  TRY(bucket, room.store.find_bucket(request.bucket));
  wire::GetBucketLocationOutput response;
  if (bucket.region != home_region) response.location_constraint = bucket.region;  // us-east-1 is an empty element.
  return response;
}

}  // namespace

void add_buckets(aws::Service& service, Room room) {
  service.on<wire::CreateBucket>([room](const wire::CreateBucketRequest& request, const aws::CallContext& context) {
    return create_bucket(room, request, context);
  });
  service.on<wire::HeadBucket>([room](const wire::HeadBucketRequest& request, const aws::CallContext& context) {
    return head_bucket(room, request, context);
  });
  service.on<wire::ListBuckets>([room](const wire::ListBucketsRequest& request, const aws::CallContext& context) {
    return list_buckets(room, request, context);
  });
  service.on<wire::DeleteBucket>([room](const wire::DeleteBucketRequest& request, const aws::CallContext& context) {
    return delete_bucket(room, request, context);
  });
  service.on<wire::GetBucketLocation>([room](const wire::GetBucketLocationRequest& request, const aws::CallContext& context) {
    return get_bucket_location(room, request, context);
  });
}

}  // namespace mastic::s3
