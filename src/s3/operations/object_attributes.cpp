#include <algorithm>

#include "aws/models/s3.h"
#include "aws/service.h"
#include "s3/operations/checks.h"
#include "s3/operations/content.h"
#include "s3/operations/listing_shape.h"
#include "s3/operations/missing.h"
#include "s3/operations/operations.h"

namespace mastic::s3 {
namespace {

namespace wire = aws::s3;

/// The parts one by one only where they have checksums; else S3 tells their number alone.
Result<wire::GetObjectAttributesParts> parts_of(const Object& object, const wire::GetObjectAttributesRequest& request) {
  TRY(limit, page_size(request.max_parts, "max-parts"));
  const auto total = static_cast<int32_t>(object.parts.size());
  wire::GetObjectAttributesParts shown;
  shown.total_parts_count = total;
  if (!object.parts.front().checksum) return shown;
  const int32_t after = std::clamp(request.part_number_marker.value_or(0), 0, total);
  const int32_t last = std::min<int32_t>(total, after + static_cast<int32_t>(limit));
  shown.part_number_marker = after;
  shown.next_part_number_marker = last;
  shown.max_parts = static_cast<int32_t>(limit);
  shown.is_truncated = last < total;
  shown.parts.emplace();
  for (int32_t number = after + 1; number <= last; ++number) {
    const PartSummary& part = object.parts[static_cast<std::size_t>(number - 1)];
    auto& entry = shown.parts->emplace_back();
    entry.part_number = number;
    entry.size = part.size;
    show_checksum(part.checksum, entry);
  }
  return shown;
}

Result<wire::GetObjectAttributesOutput> get_object_attributes(Room room, const wire::GetObjectAttributesRequest& request,
                                                              const aws::CallContext& context) {
  TRY_DO(check_request(request, context));
  TRY(object, find_object(room, name_of(request), "GET"));
  const auto wants = [&](std::string_view attribute) {
    return std::ranges::find(request.object_attributes, attribute) != request.object_attributes.end();
  };
  wire::GetObjectAttributesOutput response;
  response.version_id = if_any(object.version_id);
  response.last_modified = object.last_modified;
  if (wants("ETag")) response.etag = object.etag;  // The one place where S3 leaves the quotation marks out.
  if (wants("Checksum") && object.checksum) show_checksum(object.checksum, response.checksum.emplace());
  if (wants("ObjectParts") && !object.parts.empty()) {
    TRY(parts, parts_of(object, request));
    response.object_parts = std::move(parts);
  }
  if (wants("StorageClass")) response.storage_class = shown_storage_class(object);
  if (wants("ObjectSize")) response.object_size = object.size;
  return response;
}

}  // namespace

void add_object_attributes(aws::Service& service, Room room) {
  service.on<wire::GetObjectAttributes>(
      [room](const wire::GetObjectAttributesRequest& request, const aws::CallContext& context) {
        return get_object_attributes(room, request, context);
      });
}

}  // namespace mastic::s3
