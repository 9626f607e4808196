// Which S3 operation a request is: method, path, subresources (`?uploads`, `?uploadId=…`) and, for copies, a header.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "aws/call.h"
#include "aws/http_head.h"
#include "aws/model.h"
#include "base/result.h"

namespace mastic::aws {

/// Built once from the model; then read by all threads.
class S3Router {
 public:
  explicit S3Router(const ServiceModel& model);

  /// `bucket` and `key` as the request names them. Fails with MethodNotAllowed (no operation of the model has this method
  /// here, or none with that subresource).
  [[nodiscard]] Result<const OperationModel*> find(const HttpHead& head, bool has_bucket, bool has_key,
                                                   std::span<const Parameter> query) const;

 private:
  enum class Place : uint8_t { service, bucket, object };
  struct Route {
    const OperationModel* operation;
    Place place;
    std::vector<Parameter> subresources;  // of the model's uri, and required parameters (whose value may be any)
    std::string_view required_header;
  };
  std::vector<Route> routes_;
  std::vector<std::string> subresource_names_;  // all that any route has, sorted
};

/// Splits `/bucket/key` as sent. Nothing is normalised: a key may hold `//`, `..`, anything.
struct S3Path {
  std::optional<std::string> bucket, key;
};
/// `host_bucket`: the bucket that the host names, then the whole path is the key.
S3Path split_s3_path(std::string_view path, std::optional<std::string_view> host_bucket);

/// What a host may name as a bucket: each prefix that ends before a dot, the longest last. Nothing for IP addresses.
std::vector<std::string_view> host_bucket_candidates(std::string_view host);

}  // namespace mastic::aws
