// ListParts and ListMultipartUploads.
#include "aws/models/s3.h"
#include "aws/service.h"
#include "s3/operations/checks.h"
#include "s3/operations/content.h"
#include "s3/operations/listing_shape.h"
#include "s3/operations/operations.h"
#include "s3/operations/owner.h"

namespace mastic::s3 {
namespace {

namespace wire = aws::s3;

wire::Initiator initiator() { return {.id = std::string(canonical_id), .display_name = "mastic"}; }

/// ListParts and ListMultipartUploads both tell the class and the checksum of an upload.
template <typename Shown>
void describe_upload(const Upload& upload, Shown& shown) {
  shown.storage_class = upload.storage_class.empty() ? "STANDARD" : upload.storage_class;
  shown.owner = owner();
  shown.initiator = initiator();
  if (upload.checksum_algorithm.empty()) return;
  shown.checksum_algorithm = upload.checksum_algorithm;
  shown.checksum_type = upload.composite_checksum ? "COMPOSITE" : "FULL_OBJECT";
}

Result<wire::ListPartsOutput> list_parts(Room room, const wire::ListPartsRequest& request, const aws::CallContext& context) {
  TRY_DO(check_request(request, context));
  TRY(limit, page_size(request.max_parts, "max-parts"));
  const int32_t after = std::max(request.part_number_marker.value_or(0), 0);
  const ObjectName name{request.bucket, request.key};
  TRY(upload, room.store.find_upload(name, request.upload_id));
  TRY(parts, room.store.list_parts(name, request.upload_id, after, limit + 1));  // One more tells whether there are more.
  wire::ListPartsOutput response;
  describe_upload(upload, response);
  response.bucket = request.bucket;
  response.key = request.key;
  response.upload_id = request.upload_id;
  response.part_number_marker = after;
  response.max_parts = static_cast<int32_t>(limit);
  response.is_truncated = parts.size() > limit;
  if (*response.is_truncated) parts.resize(limit);
  response.next_part_number_marker = parts.empty() ? after : parts.back().number;
  response.parts.emplace();
  for (const auto& part : parts) {
    auto& shown = response.parts->emplace_back();
    shown.part_number = part.number;
    shown.last_modified = part.last_modified;
    shown.etag = quoted_etag(part.etag);
    shown.size = part.size;
    show_checksum(part.checksum, shown);
  }
  return response;
}

Result<wire::ListMultipartUploadsOutput> list_uploads(Room room, const wire::ListMultipartUploadsRequest& request,
                                                      const aws::CallContext& context) {
  TRY_DO(check_request(request, context));
  TRY(limit, page_size(request.max_uploads, "max-uploads"));
  const ListQuery query{request.prefix.value_or(""), request.delimiter.value_or(""), request.key_marker.value_or(""), limit};
  TRY(page, room.store.list_uploads(request.bucket, query, request.upload_id_marker.value_or("")));
  const Spelling spelling(request.encoding_type);
  wire::ListMultipartUploadsOutput response;
  response.bucket = request.bucket;
  response.prefix = spelling(query.prefix);
  if (!query.delimiter.empty()) response.delimiter = spelling(query.delimiter);
  response.key_marker = spelling(query.start_after);
  response.upload_id_marker = request.upload_id_marker.value_or("");
  response.max_uploads = static_cast<int32_t>(limit);
  response.is_truncated = page.truncated;
  response.encoding_type = request.encoding_type;
  if (page.truncated) {
    response.next_key_marker = spelling(page.next_key);
    response.next_upload_id_marker = page.next_upload_id;
  }
  response.common_prefixes = common_prefixes_of(page.common_prefixes, spelling);
  response.uploads.emplace();
  for (const auto& upload : page.uploads) {
    auto& shown = response.uploads->emplace_back();
    describe_upload(upload, shown);
    shown.upload_id = upload.id;
    shown.key = spelling(upload.key);
    shown.initiated = upload.initiated;
  }
  return response;
}

}  // namespace

void add_list_uploads(aws::Service& service, Room room) {
  service.on<wire::ListParts>([room](const wire::ListPartsRequest& request, const aws::CallContext& context) {
    return list_parts(room, request, context);
  });
  service.on<wire::ListMultipartUploads>(
      [room](const wire::ListMultipartUploadsRequest& request, const aws::CallContext& context) {
        return list_uploads(room, request, context);
      });
}

}  // namespace mastic::s3
