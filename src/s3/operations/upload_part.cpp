// UploadPart and UploadPartCopy.
#include <fmt/format.h>

#include "aws/models/s3.h"
#include "aws/service.h"
#include "base/clock.h"
#include "s3/digest.h"
#include "s3/operations/checks.h"
#include "s3/operations/content.h"
#include "s3/operations/copy_source.h"
#include "s3/operations/operations.h"
#include "s3/operations/ranges.h"

namespace mastic::s3 {
namespace {

namespace wire = aws::s3;

Result<void> check_part_number(int32_t number) {
  constexpr int32_t most = 10'000;
  if (number >= 1 && number <= most) return {};
  return fail(errors::invalid_argument("Part number must be an integer between 1 and 10000, inclusive", "partNumber",
                                       std::to_string(number)));
}

Body seen(const aws::IncomingBody& body) {
  if (body.in_file()) return Body::of_file(body.file(), static_cast<int64_t>(body.size));
  return Body::of_bytes(body.small);
}

/// The part's checksum must be of the algorithm that the upload was begun with. One that the client left out is computed:
/// the whole's will be made of it.
Result<std::optional<Checksum>> part_checksum(const Upload& upload, std::optional<Checksum> sent,
                                              const aws::IncomingBody& body) {
  const std::string& wanted = upload.checksum_algorithm;
  if (wanted.empty()) return sent;
  if (!sent) return compute(seen(body), wanted);
  if (sent->algorithm != wanted) {
    return fail(errors::invalid_request(fmt::format(
        "Checksum Type mismatch occurred, expected checksum Type: {}, actual checksum Type: {}", wanted, sent->algorithm)));
  }
  return sent;
}

Result<wire::UploadPartOutput> upload_part(Room room, wire::UploadPartRequest&& request, const aws::CallContext& context) {
  TRY_DO(check_request(request, context));
  TRY_DO(check_part_number(request.part_number));
  const ObjectName name{request.bucket, request.key};
  TRY(upload, room.store.find_upload(name, request.upload_id));
  Part part{.number = request.part_number, .last_modified = room.clock.now(), .etag = to_hex(md5_of(request.body))};
  auto sent = checksum_of(request.body);
  wire::UploadPartOutput response;
  response.etag = quoted_etag(part.etag);
  show_encryption(upload.encryption, response);
  TRY(checksum, part_checksum(upload, std::move(sent), request.body));
  part.checksum = std::move(checksum);
  show_checksum(part.checksum, response);
  TRY_DO(room.store.put_part(name, request.upload_id, std::move(part), take(std::move(request.body))));
  return response;
}

Result<wire::UploadPartCopyOutput> upload_part_copy(Room room, const wire::UploadPartCopyRequest& request,
                                                    const aws::CallContext& context) {
  TRY_DO(check_request(request, context));
  TRY_DO(check_part_number(request.part_number));
  const ObjectName name{request.bucket, request.key};
  TRY(upload, room.store.find_upload(name, request.upload_id));
  TRY(source_name, parse_copy_source(request.copy_source));
  TRY(source, open_copy_source(room, source_name, copy_source_conditions(request)));
  ByteRange range{0, source.body.size};
  if (request.copy_source_range) {
    TRY(asked, parse_copy_range(*request.copy_source_range, source.body.size));
    range = asked;
  }
  const bool is_whole = range.length == source.body.size;
  TRY(body, is_whole ? room.store.duplicate(source.body) : room.store.duplicate_range(source.body, range.offset, range.length));
  TRY(digest, md5_of(body));
  Part part{.number = request.part_number, .last_modified = room.clock.now(), .etag = to_hex(digest)};
  if (!upload.checksum_algorithm.empty()) {
    TRY(checksum, compute(body, upload.checksum_algorithm));
    part.checksum = std::move(checksum);
  }
  wire::CopyPartResult result;
  result.etag = quoted_etag(part.etag);
  result.last_modified = part.last_modified;
  show_checksum(part.checksum, result);
  TRY_DO(room.store.put_part(name, request.upload_id, std::move(part), std::move(body)));
  wire::UploadPartCopyOutput response;
  response.copy_part_result = std::move(result);
  response.copy_source_version_id = if_any(source.object.version_id);
  show_encryption(upload.encryption, response);
  return response;
}

}  // namespace

void add_upload_part(aws::Service& service, Room room) {
  service.on<wire::UploadPart>([room](wire::UploadPartRequest&& request, const aws::CallContext& context) {
    return upload_part(room, std::move(request), context);
  });
  service.on<wire::UploadPartCopy>([room](const wire::UploadPartCopyRequest& request, const aws::CallContext& context) {
    return upload_part_copy(room, request, context);
  });
}

}  // namespace mastic::s3
