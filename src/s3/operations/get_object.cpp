// GetObject and HeadObject: one answer, with and without the body.
#include <fmt/format.h>

#include "aws/models/s3.h"
#include "aws/service.h"
#include "s3/operations/checks.h"
#include "s3/operations/content.h"
#include "s3/operations/missing.h"
#include "s3/operations/operations.h"
#include "s3/operations/ranges.h"

namespace mastic::s3 {
namespace {

namespace wire = aws::s3;

/// Which bytes were asked for, and what the answer says of them.
struct Slice {
  ByteRange range;
  bool partial = false;                   // 206 with Content-Range
  std::optional<int32_t> parts_count;     // only when a part was asked for
  std::optional<Checksum> checksum = {};  // of these bytes, where S3 keeps one
};

Result<Slice> slice_of_part(const Object& object, int32_t part_number) {
  const auto count = static_cast<int64_t>(std::max<std::size_t>(object.parts.size(), 1));
  if (part_number < 1 || part_number > count) return fail(errors::invalid_part_number(part_number, count));
  if (object.parts.empty()) return Slice{{0, object.size}, object.size > 0, std::nullopt, object.checksum};
  int64_t offset = 0;
  for (int32_t i = 0; i < part_number - 1; ++i) offset += object.parts[static_cast<std::size_t>(i)].size;
  const PartSummary& part = object.parts[static_cast<std::size_t>(part_number - 1)];
  return Slice{{offset, part.size}, object.size > 0, static_cast<int32_t>(count), part.checksum};
}

template <typename Request>
Result<Slice> slice_of(const Object& object, const Request& request) {
  if (request.part_number) {
    if (request.range) return fail(errors::invalid_request("Cannot specify both Range header and partNumber query parameter"));
    return slice_of_part(object, *request.part_number);
  }
  if (request.range) {
    TRY(range, parse_range(*request.range, object.size));
    if (range) return Slice{*range, true, std::nullopt, std::nullopt};
  }
  return Slice{{0, object.size}, false, std::nullopt, object.checksum};
}

/// Everything but the body. Gives the range that the body is to hold.
template <typename Request, typename Response>
Result<ByteRange> answer(const Object& object, const Request& request, Response& response) {
  TRY_DO(check_read({request.if_match, request.if_none_match, request.if_modified_since, request.if_unmodified_since}, object));
  TRY(slice, slice_of(object, request));
  show(object, request, response);
  response.content_length = slice.range.length;
  if (slice.partial) {
    response.content_range =
        fmt::format("bytes {}-{}/{}", slice.range.offset, slice.range.offset + slice.range.length - 1, object.size);
  }
  response.parts_count = slice.parts_count;
  if (request.checksum_mode) show_checksum(slice.checksum, response);
  return slice.range;
}

Result<wire::GetObjectOutput> get_object(Room room, const wire::GetObjectRequest& request, const aws::CallContext& context) {
  TRY_DO(check_request(request, context));
  const ObjectName name = name_of(request);
  TRY(stored, room.store.open(name));
  if (!stored) return fail(missing(room, name));
  TRY_DO(check_is_object(stored->object, "GET"));
  wire::GetObjectOutput response;
  TRY(range, answer(stored->object, request, response));
  if (stored->body.in_file()) {
    response.body.file = std::move(stored->body.file);
    response.body.offset = static_cast<uint64_t>(range.offset);
    response.body.length = static_cast<uint64_t>(range.length);
  } else if (range.length == stored->body.size) {
    response.body.bytes = std::move(stored->body.bytes);
  } else {
    response.body.bytes =
        stored->body.bytes.substr(static_cast<std::size_t>(range.offset), static_cast<std::size_t>(range.length));
  }
  return response;
}

Result<wire::HeadObjectOutput> head_object(Room room, const wire::HeadObjectRequest& request, const aws::CallContext& context) {
  TRY_DO(check_request(request, context));
  TRY(object, find_object(room, name_of(request), "HEAD"));
  wire::HeadObjectOutput response;
  TRY_DO(answer(object, request, response));
  return response;
}

}  // namespace

void add_get_object(aws::Service& service, Room room) {
  service.on<wire::GetObject>([room](const wire::GetObjectRequest& request, const aws::CallContext& context) {
    return get_object(room, request, context);
  });
  service.on<wire::HeadObject>([room](const wire::HeadObjectRequest& request, const aws::CallContext& context) {
    return head_object(room, request, context);
  });
}

}  // namespace mastic::s3
