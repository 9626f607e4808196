#include "program/object_access.h"

#include <fmt/format.h>

#include "aws/digest.h"
#include "aws/encoding.h"
#include "base/files.h"
#include "cloudformation/cloudformation.h"

namespace mastic::program {
namespace {

/// Of `s3://BUCKET/KEY`, which is where jobs keep their scripts.
Result<s3::ObjectName> place_of(std::string_view uri) {
  const auto scheme_end = uri.find("://");
  const auto path = scheme_end == std::string_view::npos ? uri : uri.substr(scheme_end + 3);
  const auto slash = path.find('/');
  if (scheme_end == std::string_view::npos || !uri.starts_with("s3") || slash == std::string_view::npos) {
    return fail(Error{"InvalidInputException", fmt::format("This is no S3 location of the form s3://BUCKET/KEY: {}", uri)});
  }
  return s3::ObjectName{std::string(path.substr(0, slash)), std::string(path.substr(slash + 1))};
}

}  // namespace

Result<std::string> read_object(const s3::ObjectStore& objects, std::string_view uri) {
  TRY(place, place_of(uri));
  TRY(found, objects.open(place));
  if (!found) return fail(Error{"EntityNotFoundException", fmt::format("There is no such object: {}", uri)});
  if (found->body.in_file()) return read_file(found->body.file);
  return std::move(found->body.bytes);
}

Result<void> write_object(s3::ObjectStore& objects, const Clock& clock, const glue::Permission& permit,
                          const aws::CallContext& caller, std::string_view uri, std::string content) {
  TRY(place, place_of(uri));
  if (permit) TRY_DO(permit(caller, "s3:PutObject", fmt::format("arn:aws:s3:::{}/{}", place.bucket, place.key)));
  s3::Object object{.last_modified = clock.now(),
                    .etag = aws::to_hex(aws::Digest::of(aws::DigestKind::md5, content)),
                    .headers = {.content_type = "text/x-python"}};
  TRY_DO(objects.put(place, std::move(object), s3::Body::of_bytes(std::move(content))));
  return {};
}

Result<std::string> read_template(const s3::ObjectStore& objects, const iam::Authorizer* authorizer, std::string_view url,
                                  const aws::CallContext& caller) {
  for (const auto& place : cloudformation::template_places(url)) {
    auto found = objects.open({place.bucket, place.key});
    if (!found) continue;
    if (!*found) continue;
    if (authorizer != nullptr && !caller.access_key.empty()) {
      const auto allowed =
          authorizer->permit(caller, "s3:GetObject", fmt::format("arn:aws:s3:::{}/{}", place.bucket, place.key));
      if (!allowed) return fail(Error{"ValidationError", "S3 error: Access Denied. " + allowed.error().message});
    }
    if ((*found)->body.in_file()) return read_file((*found)->body.file);
    return std::move((*found)->body.bytes);
  }
  return fail(Error{"ValidationError", fmt::format("S3 error: The specified key does not exist: {}", url)});
}

}  // namespace mastic::program
