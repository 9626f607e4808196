#include <fmt/format.h>

#include <map>

#include "aws/models/s3.h"
#include "aws/service.h"
#include "base/clock.h"
#include "s3/digest.h"
#include "s3/operations/checks.h"
#include "s3/operations/content.h"
#include "s3/operations/operations.h"

namespace mastic::s3 {
namespace {

namespace wire = aws::s3;

constexpr int64_t smallest_part = 5 << 20;  // Of all but the last.

Result<void> check_order(const wire::CompleteMultipartUploadRequest& request) {
  if (!request.multipart_upload || !request.multipart_upload->parts || request.multipart_upload->parts->empty())
    return fail(errors::malformed_xml());
  int32_t last = 0;
  for (const auto& part : *request.multipart_upload->parts) {
    if (!part.part_number || !part.etag) return fail(errors::malformed_xml());
    if (*part.part_number <= last) return fail(errors::invalid_part_order(request.upload_id));
    last = *part.part_number;
  }
  return {};
}

/// The uploaded part that the client names; its ETag, and its checksum where it is told, must be the same.
Result<Part> find_part(const std::map<int, Part>& uploaded, const wire::CompletedPart& named, const Upload& upload) {
  const auto found = uploaded.find(*named.part_number);
  if (found == uploaded.end() || found->second.etag != unquoted_etag(*named.etag))
    return fail(errors::invalid_part(upload.id, *named.part_number, *named.etag));
  const Part& part = found->second;
  const auto told = part.checksum ? checksum_in(named, part.checksum->algorithm) : std::nullopt;
  if (told && *told != part.checksum->value) return fail(errors::invalid_part(upload.id, *named.part_number, *named.etag));
  if (!told && upload.composite_checksum) {
    return fail(
        errors::invalid_request(fmt::format("The upload was created using a {} checksum. The complete request must include "
                                            "the checksum for each part. It was missing for part {} in the request.",
                                            upload.checksum_algorithm, *named.part_number)));
  }
  return part;
}

Result<std::vector<Part>> chosen_parts(Room room, const ObjectName& name, const wire::CompleteMultipartUploadRequest& request,
                                       const Upload& upload) {
  TRY(all, room.store.list_parts(name, upload.id, 0, SIZE_MAX));
  std::map<int, Part> uploaded;
  for (auto& part : all) uploaded.emplace(part.number, std::move(part));
  std::vector<Part> chosen;
  const auto& named = *request.multipart_upload->parts;
  for (const auto& one : named) {
    TRY(part, find_part(uploaded, one, upload));
    if (part.size < smallest_part && &one != &named.back())
      return fail(errors::entity_too_small(part.size, part.number, part.etag));
    chosen.push_back(std::move(part));
  }
  return chosen;
}

/// MD5 of the parts' MD5s, then their number.
std::string joint_etag(const std::vector<Part>& parts) {
  std::string digests;
  for (const auto& part : parts) digests += from_hex(part.etag);
  return fmt::format("{}-{}", to_hex(md5(digests)), parts.size());
}

/// The object's checksum, when the upload was begun with an algorithm; what the client expects it to be must be the same.
Result<void> add_checksum(const Upload& upload, const wire::CompleteMultipartUploadRequest& request, Object& object) {
  if (upload.checksum_algorithm.empty()) return {};
  if (request.checksum_type && (*request.checksum_type == "COMPOSITE") != upload.composite_checksum) {
    return fail(
        errors::invalid_request(fmt::format("The upload was created using the {} checksum mode. The complete request must use "
                                            "the same checksum mode.",
                                            upload.composite_checksum ? "COMPOSITE" : "FULL_OBJECT")));
  }
  TRY(checksum, combine(object.parts, upload.checksum_algorithm, upload.composite_checksum));
  const auto expected = checksum_in(request, checksum.algorithm);
  if (expected && *expected != checksum.value && *expected + fmt::format("-{}", object.parts.size()) != checksum.value)
    return fail(errors::bad_digest(checksum.algorithm));
  object.checksum = std::move(checksum);
  return {};
}

Result<Object> describe(Room room, const Upload& upload, const std::vector<Part>& parts,
                        const wire::CompleteMultipartUploadRequest& request) {
  Object object{.last_modified = room.clock.now(),
                .etag = joint_etag(parts),
                .headers = upload.headers,
                .storage_class = upload.storage_class,
                .tags = upload.tags,
                .encryption = upload.encryption};
  for (const auto& part : parts) {
    object.size += part.size;
    object.parts.push_back({part.size, part.checksum});
  }
  if (request.mpu_object_size && *request.mpu_object_size != object.size) {
    return fail(errors::invalid_request(
        fmt::format("The provided 'x-amz-mp-object-size' header value {} does not match what was computed: {}",
                    *request.mpu_object_size, object.size)));
  }
  TRY_DO(add_checksum(upload, request, object));
  return object;
}

Result<wire::CompleteMultipartUploadOutput> complete_upload(Room room, const wire::CompleteMultipartUploadRequest& request,
                                                            const aws::CallContext& context) {
  TRY_DO(check_request(request, context));
  TRY_DO(check_order(request));
  TRY(precondition, write_precondition(request.if_match, request.if_none_match, request.key));
  const ObjectName name{request.bucket, request.key};
  TRY(upload, room.store.find_upload(name, request.upload_id));
  TRY(parts, chosen_parts(room, name, request, upload));
  TRY(object, describe(room, upload, parts, request));

  wire::CompleteMultipartUploadOutput response;
  response.location = fmt::format("{}/{}/{}", context.endpoint, request.bucket, aws::percent_encode(request.key, true));
  response.bucket = request.bucket;
  response.key = request.key;
  response.etag = quoted_etag(object.etag);
  show_checksum(object.checksum, response);
  ObjectStore::Completion completion;
  for (auto& part : parts) {
    completion.numbers.push_back(part.number);
    completion.etags.push_back(std::move(part.etag));
  }
  completion.object = std::move(object);
  TRY(written, room.store.complete_upload(name, request.upload_id, std::move(completion), precondition));
  response.version_id = if_any(written.version_id);
  show_encryption(written.encryption, response);
  return response;
}

}  // namespace

void add_complete_upload(aws::Service& service, Room room) {
  service.on<wire::CompleteMultipartUpload>(
      [room](const wire::CompleteMultipartUploadRequest& request, const aws::CallContext& context) {
        return complete_upload(room, request, context);
      });
}

}  // namespace mastic::s3
