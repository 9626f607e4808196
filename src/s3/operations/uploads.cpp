// CreateMultipartUpload and AbortMultipartUpload.
#include <fmt/format.h>

#include "aws/models/s3.h"
#include "aws/service.h"
#include "base/clock.h"
#include "base/identifiers.h"
#include "s3/operations/checks.h"
#include "s3/operations/content.h"
#include "s3/operations/operations.h"
#include "s3/operations/tags.h"

namespace mastic::s3 {
namespace {

namespace wire = aws::s3;

/// Ids sort by the time of initiation, the order in which uploads of one key are listed.
std::string new_upload_id(Instant now) { return fmt::format("{:014x}{}", to_microseconds(now), random_hex(18)); }

/// CRC64NVME is of the whole object, always; the others are of the parts unless the client says otherwise, and only CRCs of
/// parts can be made into that of the whole.
Result<bool> is_composite(const std::string& algorithm, const std::optional<std::string>& type) {
  const bool is_sha = algorithm.starts_with("SHA");
  const bool composite = type ? *type == "COMPOSITE" : algorithm != "CRC64NVME";
  if ((composite && algorithm == "CRC64NVME") || (!composite && is_sha)) {
    return fail(errors::invalid_request(fmt::format("The {} checksum type cannot be used with the {} checksum algorithm.",
                                                    composite ? "COMPOSITE" : "FULL_OBJECT", algorithm)));
  }
  return composite;
}

Result<wire::CreateMultipartUploadOutput> create_upload(Room room, const wire::CreateMultipartUploadRequest& request,
                                                        const aws::CallContext& context) {
  TRY_DO(check_request(request, context));
  TRY_DO(check_algorithm(request.checksum_algorithm));
  if (request.checksum_type && !request.checksum_algorithm)
    return fail(
        errors::invalid_request("The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header."));
  TRY(headers, headers_of(request));
  TRY(tags, parse_tagging_header(request.tagging));
  TRY(encryption, encryption_of(request, context));
  const Instant now = room.clock.now();
  Upload upload{.id = new_upload_id(now),
                .key = request.key,
                .initiated = now,
                .headers = std::move(headers),
                .storage_class = storage_class_of(request.storage_class),
                .tags = std::move(tags),
                .encryption = std::move(encryption)};
  wire::CreateMultipartUploadOutput response;
  if (request.checksum_algorithm) {
    TRY(composite, is_composite(*request.checksum_algorithm, request.checksum_type));
    upload.checksum_algorithm = *request.checksum_algorithm;
    upload.composite_checksum = composite;
    response.checksum_algorithm = upload.checksum_algorithm;
    response.checksum_type = composite ? "COMPOSITE" : "FULL_OBJECT";
  }
  show_encryption(upload.encryption, response);
  response.bucket = request.bucket;
  response.key = request.key;
  response.upload_id = upload.id;
  TRY_DO(room.store.create_upload(request.bucket, std::move(upload)));
  return response;
}

Result<wire::AbortMultipartUpload::Response> abort_upload(Room room, const wire::AbortMultipartUploadRequest& request,
                                                          const aws::CallContext& context) {
  TRY_DO(check_request(request, context));
  TRY_DO(refuse(request.if_match_initiated_time, "x-amz-if-match-initiated-time"));
  TRY_DO(room.store.abort_upload({request.bucket, request.key}, request.upload_id));
  return wire::AbortMultipartUpload::Response{};
}

}  // namespace

void add_uploads(aws::Service& service, Room room) {
  service.on<wire::CreateMultipartUpload>(
      [room](const wire::CreateMultipartUploadRequest& request, const aws::CallContext& context) {
        return create_upload(room, request, context);
      });
  service.on<wire::AbortMultipartUpload>(
      [room](const wire::AbortMultipartUploadRequest& request, const aws::CallContext& context) {
        return abort_upload(room, request, context);
      });
}

}  // namespace mastic::s3
