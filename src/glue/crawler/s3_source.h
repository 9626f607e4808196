// The ObjectSource that is this server's S3.
#pragma once

#include "glue/crawler/object_source.h"
#include "s3/s3.h"

namespace mastic::glue::crawler {

class S3Source final : public ObjectSource {
 public:
  /// `store` outlives the source.
  explicit S3Source(const s3::ObjectStore& store) : store_(store) {}
  Result<bool> bucket_exists(std::string_view bucket) override;
  Result<std::vector<SourceObject>> list(std::string_view bucket, std::string_view prefix, std::string_view after,
                                         std::size_t limit) override;

 private:
  const s3::ObjectStore& store_;
};

}  // namespace mastic::glue::crawler
