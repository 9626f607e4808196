#include "aws/models/s3.h"
#include "aws/service.h"
#include "base/clock.h"
#include "s3/digest.h"
#include "s3/operations/checks.h"
#include "s3/operations/content.h"
#include "s3/operations/copy_source.h"
#include "s3/operations/operations.h"
#include "s3/operations/tags.h"

namespace mastic::s3 {
namespace {

namespace wire = aws::s3;

bool is_replace(const std::optional<std::string>& directive) { return directive && *directive == "REPLACE"; }

/// A copy is one whole object again: its ETag and checksum are of the whole, even where the source was made of parts.
Result<void> describe_whole(const StoredObject& source, const std::optional<std::string>& algorithm, Object& copy) {
  copy.etag = source.object.etag;
  if (copy.etag.contains('-')) {
    TRY(digest, md5_of(source.body));
    copy.etag = to_hex(digest);
  }
  const auto& kept = source.object.checksum;
  if (kept && !kept->composite && (!algorithm || *algorithm == kept->algorithm)) {
    copy.checksum = kept;
  } else if (kept || algorithm) {
    TRY(checksum, compute(source.body, algorithm ? *algorithm : kept->algorithm));
    copy.checksum = std::move(checksum);
  }
  return {};
}

Result<wire::CopyObjectOutput> copy_object(Room room, const wire::CopyObjectRequest& request, const aws::CallContext& context) {
  TRY_DO(check_request(request, context));
  TRY_DO(check_algorithm(request.checksum_algorithm));
  TRY(source_name, parse_copy_source(request.copy_source));
  const bool replaces_headers = is_replace(request.metadata_directive);
  const bool onto_itself = source_name.bucket == request.bucket && source_name.key == request.key;
  if (onto_itself && !replaces_headers && !is_replace(request.tagging_directive) && !request.storage_class &&
      !request.website_redirect_location && !request.server_side_encryption && source_name.version_id.empty())
    return fail(errors::copy_onto_itself());
  TRY(precondition, write_precondition(request.if_match, request.if_none_match, request.key));
  TRY_DO(room.store.find_bucket(request.bucket));
  TRY(source, open_copy_source(room, source_name, copy_source_conditions(request)));

  TRY(encryption, encryption_of(request, context));
  Object copy{.last_modified = room.clock.now(),
              .etag = {},
              .storage_class = storage_class_of(request.storage_class),
              .encryption = std::move(encryption)};
  TRY(new_headers, headers_of(request));
  copy.headers = replaces_headers ? std::move(new_headers) : source.object.headers;
  // Not metadata in S3's sense: it goes with the request only.
  copy.headers.website_redirect_location = request.website_redirect_location.value_or("");
  TRY(new_tags, parse_tagging_header(request.tagging));
  copy.tags = is_replace(request.tagging_directive) ? std::move(new_tags) : source.object.tags;
  TRY_DO(describe_whole(source, request.checksum_algorithm, copy));

  wire::CopyObjectResult result;
  result.etag = quoted_etag(copy.etag);
  result.last_modified = copy.last_modified;
  show_checksum(copy.checksum, result);
  copy.made_by = "CopyObject";
  TRY(body, room.store.duplicate(source.body));
  TRY(written, room.store.put({request.bucket, request.key}, std::move(copy), std::move(body), precondition));
  wire::CopyObjectOutput response;
  response.version_id = if_any(written.version_id);
  response.copy_source_version_id = if_any(source.object.version_id);
  show_encryption(written.encryption, response);
  response.copy_object_result = std::move(result);
  return response;
}

}  // namespace

void add_copy_object(aws::Service& service, Room room) {
  service.on<wire::CopyObject>([room](const wire::CopyObjectRequest& request, const aws::CallContext& context) {
    return copy_object(room, request, context);
  });
}

}  // namespace mastic::s3
