// Encryption as requests ask for it and responses tell of it. It is recorded, not done: bodies lie on disk as they came.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "s3/object.h"

namespace mastic::aws {
struct CallContext;
}

namespace mastic::s3 {

/// Of the headers x-amz-server-side-encryption and those that go with it. Nothing said: an empty algorithm.
Result<Encryption> parse_encryption(const std::optional<std::string>& algorithm, const std::optional<std::string>& kms_key_id,
                                    const std::optional<bool>& bucket_key_enabled, const aws::CallContext& context);

template <typename Request>
Result<Encryption> encryption_of(const Request& request, const aws::CallContext& context) {
  return parse_encryption(request.server_side_encryption, request.sse_kms_key_id, request.bucket_key_enabled, context);
}

/// Nothing is told where nothing was said.
template <typename Response>
void show_encryption(const Encryption& encryption, Response& response) {
  if (encryption.algorithm.empty()) return;
  response.server_side_encryption = encryption.algorithm;
  if (!encryption.kms_key_id.empty()) response.sse_kms_key_id = encryption.kms_key_id;
  if (encryption.bucket_key_enabled) response.bucket_key_enabled = true;
}

}  // namespace mastic::s3
