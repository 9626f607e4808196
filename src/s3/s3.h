// What other rooms may use of S3: opening the store, and the service on top of it. The engine's way to objects, without
// HTTP, is ObjectStore itself: `list_bodies`, `open`, `incoming_folder`, `commit_objects`.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>

#include "base/clock.h"
#include "base/result.h"
#include "s3/object.h"
#include "s3/object_store.h"

namespace mastic::aws {
class Service;
}

namespace mastic::s3 {

struct StoreOptions {
  std::filesystem::path folder;                // Created when missing; the store owns everything in it.
  std::chrono::seconds blob_grace{600};        // How long a replaced or deleted blob stays readable by its path.
  std::chrono::seconds cleaning_interval{30};  // How often the background thread looks for blobs to remove; 0: never.
};

/// Opens or creates the store and starts its background thread, which the destructor stops. One process at a time.
/// `clock` must outlive it.
Result<std::unique_ptr<ObjectStore>> open_store(const StoreOptions& options, const Clock& clock);

// Tags of buckets, for those who tag across services. A bucket's ARN is arn:aws:s3:::NAME.
struct BucketTags {
  std::string bucket;
  Tags tags;
};
/// All buckets, with or without tags, by name.
Result<std::vector<BucketTags>> list_bucket_tags(const ObjectStore& store);
/// Adds tags or replaces those of the same keys. Fails with S3's InvalidTag or NoSuchBucket.
Result<void> add_bucket_tags(ObjectStore& store, std::string_view bucket, const Tags& tags);
/// Keys that are not there are no failure.
Result<void> remove_bucket_tags(ObjectStore& store, std::string_view bucket, const std::vector<std::string>& keys);

/// The service with all operations of this room. `store` and `clock` must outlive it.
aws::Service make_service(ObjectStore& store, const Clock& clock);

}  // namespace mastic::s3
