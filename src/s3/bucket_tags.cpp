#include <algorithm>

#include "s3/operations/tags.h"
#include "s3/s3.h"

namespace mastic::s3 {

Result<std::vector<BucketTags>> list_bucket_tags(const ObjectStore& store) {
  TRY(buckets, store.list_buckets());
  std::vector<BucketTags> listed;
  for (auto& bucket : buckets) listed.push_back({std::move(bucket.name), std::move(bucket.tags)});
  return listed;
}

Result<void> add_bucket_tags(ObjectStore& store, std::string_view bucket, const Tags& tags) {
  return store.update_bucket(bucket, [&](Bucket& changed) -> Result<void> {
    for (const auto& [key, value] : tags) {
      const auto held = std::ranges::find(changed.tags, key, &std::pair<std::string, std::string>::first);
      if (held == changed.tags.end())
        changed.tags.emplace_back(key, value);
      else
        held->second = value;
    }
    return check_tags(changed.tags, bucket_tags_max);
  });
}

Result<void> remove_bucket_tags(ObjectStore& store, std::string_view bucket, const std::vector<std::string>& keys) {
  return store.update_bucket(bucket, [&](Bucket& changed) -> Result<void> {
    std::erase_if(changed.tags, [&](const auto& tag) { return std::ranges::find(keys, tag.first) != keys.end(); });
    return {};
  });
}

}  // namespace mastic::s3
