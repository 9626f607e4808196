// Tags of buckets and of objects.
#include "aws/models/s3.h"
#include "aws/service.h"
#include "s3/operations/checks.h"
#include "s3/operations/content.h"
#include "s3/operations/missing.h"
#include "s3/operations/operations.h"
#include "s3/operations/tags.h"

namespace mastic::s3 {
namespace {

namespace wire = aws::s3;

Tags from_wire(const wire::Tagging& tagging) {
  Tags tags;
  for (const auto& tag : tagging.tag_set) tags.emplace_back(tag.key, tag.value);
  return tags;
}

std::vector<wire::Tag> to_wire(const Tags& tags) {
  std::vector<wire::Tag> shown;
  for (const auto& [key, value] : tags) shown.push_back({.key = key, .value = value});
  return shown;
}

Result<void> set_object_tags(Room room, const ObjectName& name, const Tags& tags) {
  return room.store.update(name, [&](Object& object) -> Result<void> {
    object.tags = tags;
    return {};
  });
}

}  // namespace

void add_bucket_tagging(aws::Service& service, Room room) {
  service.on<wire::GetBucketTagging>([room](const wire::GetBucketTaggingRequest& request,
                                            const aws::CallContext& context) -> Result<wire::GetBucketTagging::Response> {
    TRY_DO(check_request(request, context));
    TRY(bucket, room.store.find_bucket(request.bucket));
    if (bucket.tags.empty()) return fail(errors::no_such_tag_set(request.bucket));
    return wire::GetBucketTagging::Response{.tag_set = to_wire(bucket.tags)};
  });
  service.on<wire::PutBucketTagging>([room](const wire::PutBucketTaggingRequest& request,
                                            const aws::CallContext& context) -> Result<wire::PutBucketTagging::Response> {
    TRY_DO(check_request(request, context));
    Tags tags = from_wire(request.tagging);
    TRY_DO(check_tags(tags, bucket_tags_max));
    TRY_DO(room.store.set_bucket_tags(request.bucket, std::move(tags)));
    return wire::PutBucketTagging::Response{};
  });
  service.on<wire::DeleteBucketTagging>([room](const wire::DeleteBucketTaggingRequest& request,
                                               const aws::CallContext& context) -> Result<wire::DeleteBucketTagging::Response> {
    TRY_DO(check_request(request, context));
    TRY_DO(room.store.set_bucket_tags(request.bucket, {}));
    return wire::DeleteBucketTagging::Response{};
  });
}

void add_object_tagging(aws::Service& service, Room room) {
  service.on<wire::GetObjectTagging>([room](const wire::GetObjectTaggingRequest& request,
                                            const aws::CallContext& context) -> Result<wire::GetObjectTagging::Response> {
    TRY_DO(check_request(request, context));
    TRY(object, find_object(room, name_of(request), "GET"));
    return wire::GetObjectTagging::Response{.version_id = if_any(object.version_id), .tag_set = to_wire(object.tags)};
  });
  service.on<wire::PutObjectTagging>([room](const wire::PutObjectTaggingRequest& request,
                                            const aws::CallContext& context) -> Result<wire::PutObjectTagging::Response> {
    TRY_DO(check_request(request, context));
    const Tags tags = from_wire(request.tagging);
    TRY_DO(check_tags(tags, object_tags_max));
    TRY_DO(set_object_tags(room, name_of(request), tags));
    return wire::PutObjectTagging::Response{.version_id = request.version_id};
  });
  service.on<wire::DeleteObjectTagging>([room](const wire::DeleteObjectTaggingRequest& request,
                                               const aws::CallContext& context) -> Result<wire::DeleteObjectTagging::Response> {
    TRY_DO(check_request(request, context));
    TRY_DO(set_object_tags(room, name_of(request), {}));
    return wire::DeleteObjectTagging::Response{.version_id = request.version_id};
  });
}

}  // namespace mastic::s3
