// DeleteObject and DeleteObjects. Deleting what is not there succeeds, as the result is the same.
#include "aws/models/s3.h"
#include "aws/service.h"
#include "s3/operations/checks.h"
#include "s3/operations/conditions.h"
#include "s3/operations/content.h"
#include "s3/operations/operations.h"

namespace mastic::s3 {
namespace {

namespace wire = aws::s3;

/// What a delete may ask of the object: its ETag, when it was changed, its size.
Precondition delete_precondition(const std::optional<std::string>& etag, const std::optional<Instant>& last_modified,
                                 const std::optional<int64_t>& size, const std::string& key) {
  if (!etag && !last_modified && !size) return {};
  return [=](const Object* current) -> Result<void> {
    if (current == nullptr) return fail(errors::no_such_key(key));
    if (etag)
      TRY_DO(check_copy_source({.if_match = etag, .if_none_match = {}, .if_modified_since = {}, .if_unmodified_since = {}},
                               *current));
    if (last_modified && std::chrono::floor<std::chrono::seconds>(*last_modified) !=
                             std::chrono::floor<std::chrono::seconds>(current->last_modified))
      return fail(errors::precondition_failed("x-amz-if-match-last-modified-time"));
    if (size && *size != current->size) return fail(errors::precondition_failed("x-amz-if-match-size"));
    return {};
  };
}

Result<wire::DeleteObjectOutput> delete_object(Room room, const wire::DeleteObjectRequest& request,
                                               const aws::CallContext& context) {
  TRY_DO(check_request(request, context));
  const auto precondition =
      delete_precondition(request.if_match, request.if_match_last_modified_time, request.if_match_size, request.key);
  TRY(removal, room.store.remove(name_of(request), precondition));
  wire::DeleteObjectOutput response;
  response.version_id = if_any(removal.version_id);
  if (removal.delete_marker) response.delete_marker = true;
  return response;
}

wire::Error failure_of(const wire::ObjectIdentifier& identifier, const Error& error) {
  // Of many, S3 says so of a version id that cannot be one, too.
  if (identifier.version_id && error.code == "InvalidArgument")
    return failure_of(identifier, errors::no_such_version(identifier.key, *identifier.version_id));
  return {.key = identifier.key, .version_id = identifier.version_id, .code = error.code, .message = error.message};
}

wire::DeletedObject outcome_of(const wire::ObjectIdentifier& identifier, const Removal& removal) {
  wire::DeletedObject deleted{.key = identifier.key, .version_id = identifier.version_id};
  if (removal.delete_marker) {
    deleted.delete_marker = true;
    deleted.delete_marker_version_id = removal.version_id;
  }
  return deleted;
}

Result<wire::DeleteObjectsOutput> delete_objects(Room room, const wire::DeleteObjectsRequest& request,
                                                 const aws::CallContext& context) {
  TRY_DO(check_request(request, context));
  constexpr std::size_t most = 1000;
  const auto& identifiers = request.delete_.objects;
  if (identifiers.empty() || identifiers.size() > most) return fail(errors::malformed_xml());
  TRY_DO(room.store.find_bucket(request.bucket));

  std::vector<ObjectStore::Deletion> deletions;
  for (const auto& identifier : identifiers) {
    TRY_DO(check_key(identifier.key));
    deletions.push_back({{request.bucket, identifier.key, identifier.version_id.value_or("")},
                         delete_precondition(identifier.etag, identifier.last_modified_time, identifier.size, identifier.key)});
  }
  const auto removals = room.store.remove_each(deletions);

  std::vector<wire::Error> failures;
  std::vector<wire::DeletedObject> deleted;
  for (std::size_t i = 0; i < identifiers.size(); ++i) {
    if (removals[i])
      deleted.push_back(outcome_of(identifiers[i], *removals[i]));
    else
      failures.push_back(failure_of(identifiers[i], removals[i].error()));
  }
  wire::DeleteObjectsOutput response;
  if (!request.delete_.quiet.value_or(false)) response.deleted = std::move(deleted);
  if (!failures.empty()) response.errors = std::move(failures);
  return response;
}

}  // namespace

void add_delete_objects(aws::Service& service, Room room) {
  service.on<wire::DeleteObject>([room](const wire::DeleteObjectRequest& request, const aws::CallContext& context) {
    return delete_object(room, request, context);
  });
  service.on<wire::DeleteObjects>([room](const wire::DeleteObjectsRequest& request, const aws::CallContext& context) {
    return delete_objects(room, request, context);
  });
}

}  // namespace mastic::s3
