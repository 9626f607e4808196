// The headers that an object keeps, between requests, records and responses.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "aws/body.h"
#include "base/result.h"
#include "s3/object.h"
#include "s3/operations/checksums.h"
#include "s3/operations/conditions.h"
#include "s3/operations/encryption.h"

namespace mastic::s3 {

/// Names and values together at most 2 KB.
Result<void> check_metadata(const std::map<std::string, std::string>& metadata);

/// `aws-chunked` describes the transfer, not the object: it is not kept.
std::string without_aws_chunked(std::string_view content_encoding);

/// What PutObject, CopyObject and CreateMultipartUpload say of the object.
template <typename Request>
Result<ObjectHeaders> headers_of(const Request& request) {
  ObjectHeaders headers;
  headers.content_type = request.content_type.value_or("");
  headers.content_encoding = without_aws_chunked(request.content_encoding.value_or(""));
  headers.content_disposition = request.content_disposition.value_or("");
  headers.content_language = request.content_language.value_or("");
  headers.cache_control = request.cache_control.value_or("");
  headers.expires = request.expires;
  headers.website_redirect_location = request.website_redirect_location.value_or("");
  if (request.metadata) {
    TRY_DO(check_metadata(*request.metadata));
    headers.user_metadata = *request.metadata;
  }
  return headers;
}

inline std::string storage_class_of(const std::optional<std::string>& storage_class) {
  return storage_class && *storage_class != "STANDARD" ? *storage_class : std::string{};
}

inline std::string shown_storage_class(const Object& object) {
  return object.storage_class.empty() ? "STANDARD" : object.storage_class;
}

inline std::optional<std::string> if_any(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional<std::string>(text);
}

/// Fills GetObject's and HeadObject's response; `request` may override headers (response-content-type, …).
template <typename Request, typename Response>
void show(const Object& object, const Request& request, Response& response) {
  const ObjectHeaders& headers = object.headers;
  const auto choose = [](const std::optional<std::string>& override, const std::string& kept) {
    return override ? override : if_any(kept);
  };
  response.accept_ranges = "bytes";
  response.last_modified = object.last_modified;
  response.etag = quoted_etag(object.etag);
  response.content_type = choose(request.response_content_type, headers.content_type);
  if (!response.content_type) response.content_type = "binary/octet-stream";
  response.content_encoding = choose(request.response_content_encoding, headers.content_encoding);
  response.content_disposition = choose(request.response_content_disposition, headers.content_disposition);
  response.content_language = choose(request.response_content_language, headers.content_language);
  response.cache_control = choose(request.response_cache_control, headers.cache_control);
  response.expires = request.response_expires ? request.response_expires : headers.expires;
  response.website_redirect_location = if_any(headers.website_redirect_location);
  response.storage_class = if_any(object.storage_class);  // S3 leaves STANDARD out.
  if (!headers.user_metadata.empty()) response.metadata = headers.user_metadata;
  if (!object.tags.empty()) response.tag_count = static_cast<int32_t>(object.tags.size());
  response.version_id = if_any(object.version_id);
  show_encryption(object.encryption, response);
}

/// Takes a request's body over.
inline Body take(aws::IncomingBody&& body) {
  if (body.in_file()) return Body::of_file(body.release_file(), static_cast<int64_t>(body.size));
  return Body::of_bytes(std::move(body.small));
}

inline std::string_view md5_of(const aws::IncomingBody& body) {
  return {reinterpret_cast<const char*>(body.md5.data()), body.md5.size()};
}

}  // namespace mastic::s3
