#include "glue/crawler/s3_source.h"

namespace mastic::glue::crawler {

Result<bool> S3Source::bucket_exists(std::string_view bucket) {
  const auto found = store_.find_bucket(bucket);
  if (found) return true;
  if (found.error().code == "NoSuchBucket") return false;
  return fail(Error(found.error()));
}

Result<std::vector<SourceObject>> S3Source::list(std::string_view bucket, std::string_view prefix, std::string_view after,
                                                 std::size_t limit) {
  TRY(bodies, store_.list_bodies(bucket, prefix, after, limit));
  std::vector<SourceObject> objects;
  objects.reserve(bodies.size());
  for (auto& [key, stored] : bodies) {
    objects.push_back({.key = std::move(key),
                       .size_bytes = static_cast<uint64_t>(stored.body.size),
                       .storage_class = std::move(stored.object.storage_class),
                       .file = stored.body.file.string(),
                       .bytes = std::move(stored.body.bytes)});
  }
  return objects;
}

}  // namespace mastic::glue::crawler
