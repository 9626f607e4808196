// ListObjectsV2, ListObjects and ListObjectVersions: one listing in three shapes.
#include <fmt/format.h>

#include "aws/encoding.h"
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

template <typename Entry, typename Listed>
Entry entry_of(const Listed& listed, const Spelling& spelling) {
  Entry entry;
  entry.key = spelling(listed.key);
  entry.last_modified = listed.object.last_modified;
  entry.etag = quoted_etag(listed.object.etag);
  entry.size = listed.object.size;
  entry.storage_class = shown_storage_class(listed.object);
  if (listed.object.checksum) {
    entry.checksum_algorithm = std::vector{listed.object.checksum->algorithm};
    entry.checksum_type = listed.object.checksum->composite ? "COMPOSITE" : "FULL_OBJECT";
  }
  return entry;
}

template <typename Request>
Result<ListQuery> query_of(const Request& request, std::string start_after) {
  TRY(limit, page_size(request.max_keys, "maxKeys"));
  return ListQuery{request.prefix.value_or(""), request.delimiter.value_or(""), std::move(start_after), limit};
}

/// What all three answers have in common.
template <typename Request, typename Page, typename Response>
void describe(const Request& request, const ListQuery& query, const Page& page, const Spelling& spelling, Response& response) {
  response.name = request.bucket;
  response.prefix = spelling(query.prefix);
  if (!query.delimiter.empty()) response.delimiter = spelling(query.delimiter);
  response.max_keys = static_cast<int32_t>(query.limit);
  response.is_truncated = page.truncated;
  response.encoding_type = request.encoding_type;
  response.common_prefixes = common_prefixes_of(page.common_prefixes, spelling);
}

// A continuation token is opaque: the last key of the page before, in base64 behind a mark.
constexpr std::string_view token_mark = "1";

std::string token_of(const std::string& last) { return std::string(token_mark) + aws::to_base64(last); }

Result<std::string> parse_token(const std::string& token) {
  std::optional<std::string> last;
  if (token.starts_with(token_mark)) last = aws::from_base64(std::string_view(token).substr(token_mark.size()));
  if (!last || last->empty())
    return fail(errors::invalid_argument("The continuation token provided is incorrect", "continuation-token", token));
  return *std::move(last);
}

Result<wire::ListObjectsV2Output> list_objects_v2(Room room, const wire::ListObjectsV2Request& request,
                                                  const aws::CallContext& context) {
  TRY_DO(check_request(request, context));
  std::string start_after = request.start_after.value_or("");
  if (request.continuation_token) {
    TRY(last, parse_token(*request.continuation_token));
    start_after = std::move(last);
  }
  TRY(query, query_of(request, std::move(start_after)));
  TRY(page, room.store.list(request.bucket, query));
  const Spelling spelling(request.encoding_type);
  wire::ListObjectsV2Output response;
  describe(request, query, page, spelling, response);
  response.key_count = static_cast<int32_t>(page.objects.size() + page.common_prefixes.size());
  response.continuation_token = request.continuation_token;
  if (request.start_after) response.start_after = spelling(*request.start_after);
  if (page.truncated) response.next_continuation_token = token_of(page.last);
  response.contents.emplace();
  for (const auto& listed : page.objects) {
    response.contents->push_back(entry_of<wire::Object>(listed, spelling));
    if (request.fetch_owner.value_or(false)) response.contents->back().owner = owner();
  }
  return response;
}

Result<wire::ListObjectsOutput> list_objects(Room room, const wire::ListObjectsRequest& request,
                                             const aws::CallContext& context) {
  TRY_DO(check_request(request, context));
  TRY(query, query_of(request, request.marker.value_or("")));
  TRY(page, room.store.list(request.bucket, query));
  const Spelling spelling(request.encoding_type);
  wire::ListObjectsOutput response;
  describe(request, query, page, spelling, response);
  response.marker = spelling(query.start_after);
  // Without a delimiter clients go on behind the last key of the page, and S3 leaves this out.
  if (page.truncated && !query.delimiter.empty()) response.next_marker = spelling(page.last);
  response.contents.emplace();
  for (const auto& listed : page.objects) {
    response.contents->push_back(entry_of<wire::Object>(listed, spelling));
    response.contents->back().owner = owner();
  }
  return response;
}

Result<wire::ListObjectVersionsOutput> list_object_versions(Room room, const wire::ListObjectVersionsRequest& request,
                                                            const aws::CallContext& context) {
  TRY_DO(check_request(request, context));
  if (request.version_id_marker && !request.key_marker) {
    return fail(errors::invalid_argument("A version-id marker cannot be specified without a key marker.", "version-id-marker",
                                         *request.version_id_marker));
  }
  TRY(query, query_of(request, request.key_marker.value_or("")));
  TRY(page, room.store.list_versions(request.bucket, query, request.version_id_marker.value_or("")));
  const Spelling spelling(request.encoding_type);
  wire::ListObjectVersionsOutput response;
  describe(request, query, page, spelling, response);
  response.key_marker = spelling(query.start_after);
  response.version_id_marker = request.version_id_marker.value_or("");
  if (page.truncated) {
    response.next_key_marker = spelling(page.last_key);
    response.next_version_id_marker = if_any(page.last_version_id);
  }
  response.versions.emplace();
  response.delete_markers.emplace();
  for (const auto& listed : page.versions) {
    const auto name_it = [&](auto& entry) {
      entry.version_id = listed.object.version_id;
      entry.is_latest = listed.latest;
      entry.owner = owner();
    };
    if (listed.object.delete_marker) {
      auto& marker = response.delete_markers->emplace_back();
      marker.key = spelling(listed.key);
      marker.last_modified = listed.object.last_modified;
      name_it(marker);
    } else {
      name_it(response.versions->emplace_back(entry_of<wire::ObjectVersion>(listed, spelling)));
    }
  }
  return response;
}

}  // namespace

void add_list_objects(aws::Service& service, Room room) {
  service.on<wire::ListObjectsV2>([room](const wire::ListObjectsV2Request& request, const aws::CallContext& context) {
    return list_objects_v2(room, request, context);
  });
  service.on<wire::ListObjects>([room](const wire::ListObjectsRequest& request, const aws::CallContext& context) {
    return list_objects(room, request, context);
  });
  service.on<wire::ListObjectVersions>([room](const wire::ListObjectVersionsRequest& request, const aws::CallContext& context) {
    return list_object_versions(room, request, context);
  });
}

}  // namespace mastic::s3
