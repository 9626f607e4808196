// Where CopyObject and UploadPartCopy copy from.
#pragma once

#include <string_view>

#include "base/result.h"
#include "s3/operations/conditions.h"
#include "s3/operations/operations.h"

namespace mastic::s3 {

/// `bucket/key`, with or without a slash before it, percent-encoded; `?versionId=…` may follow.
Result<ObjectName> parse_copy_source(std::string_view copy_source);

template <typename Request>
Conditions copy_source_conditions(const Request& request) {
  return {request.copy_source_if_match, request.copy_source_if_none_match, request.copy_source_if_modified_since,
          request.copy_source_if_unmodified_since};
}

/// The source as it is now, if the conditions hold.
Result<StoredObject> open_copy_source(Room room, const ObjectName& source, const Conditions& conditions);

}  // namespace mastic::s3
