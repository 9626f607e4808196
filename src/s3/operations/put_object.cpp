#include "aws/models/s3.h"
#include "aws/service.h"
#include "base/clock.h"
#include "s3/digest.h"
#include "s3/operations/checks.h"
#include "s3/operations/content.h"
#include "s3/operations/encryption.h"
#include "s3/operations/operations.h"
#include "s3/operations/tags.h"

namespace mastic::s3 {
namespace {

namespace wire = aws::s3;

Result<wire::PutObjectOutput> put_object(Room room, wire::PutObjectRequest&& request, const aws::CallContext& context) {
  TRY_DO(check_request(request, context));
  TRY(headers, headers_of(request));
  TRY(tags, parse_tagging_header(request.tagging));
  TRY(encryption, encryption_of(request, context));
  TRY(precondition, write_precondition(request.if_match, request.if_none_match, request.key));
  Object object{.last_modified = room.clock.now(),
                .etag = to_hex(md5_of(request.body)),
                .headers = std::move(headers),
                .storage_class = storage_class_of(request.storage_class),
                .tags = std::move(tags),
                .checksum = checksum_of(request.body),
                .encryption = std::move(encryption)};
  wire::PutObjectOutput response;
  response.etag = quoted_etag(object.etag);
  show_checksum(object.checksum, response);
  TRY(written, room.store.put({request.bucket, request.key}, std::move(object), take(std::move(request.body)), precondition));
  response.version_id = if_any(written.version_id);
  show_encryption(written.encryption, response);
  return response;
}

}  // namespace

void add_put_object(aws::Service& service, Room room) {
  service.on<wire::PutObject>([room](wire::PutObjectRequest&& request, const aws::CallContext& context) {
    return put_object(room, std::move(request), context);
  });
}

}  // namespace mastic::s3
