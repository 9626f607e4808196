#include "s3/errors.h"

#include <fmt/format.h>

namespace mastic::s3::errors {
namespace {

// A member of the error document: JSON text, as Error wants it.
std::pair<std::string, std::string> member(std::string_view name, std::string_view value) {
  std::string json = "\"";
  for (const char c : value) {
    if (c == '"' || c == '\\') json += '\\';
    if (static_cast<unsigned char>(c) < 0x20)
      json += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    else
      json += c;
  }
  return {std::string(name), json + "\""};
}

std::pair<std::string, std::string> member(std::string_view name, int64_t value) {
  return {std::string(name), fmt::to_string(value)};
}

}  // namespace

Error no_such_bucket(std::string_view bucket) {
  return {"NoSuchBucket", "The specified bucket does not exist", 404, {member("BucketName", bucket)}};
}

Error bucket_already_owned_by_you(std::string_view bucket) {
  return {"BucketAlreadyOwnedByYou",
          "Your previous request to create the named bucket succeeded and you already own it.",
          409,
          {member("BucketName", bucket)}};
}

Error bucket_not_empty(std::string_view bucket) {
  return {"BucketNotEmpty", "The bucket you tried to delete is not empty", 409, {member("BucketName", bucket)}};
}

Error invalid_bucket_name(std::string_view bucket) {
  return {"InvalidBucketName", "The specified bucket is not valid.", 400, {member("BucketName", bucket)}};
}

Error illegal_location_constraint(std::string_view constraint) {
  return {"IllegalLocationConstraintException",
          fmt::format("The {} location constraint is incompatible for the region specific endpoint this request was sent to.",
                      constraint.empty() ? "unspecified" : constraint),
          400};
}

Error invalid_location_constraint(std::string_view constraint) {
  return {"InvalidLocationConstraint",
          "The specified location-constraint is not valid",
          400,
          {member("LocationConstraint", constraint)}};
}

Error no_such_tag_set(std::string_view bucket) {
  return {"NoSuchTagSet", "The TagSet does not exist", 404, {member("BucketName", bucket)}};
}

Error no_such_setting(std::string_view code, std::string_view message, std::string_view bucket) {
  return {std::string(code), std::string(message), 404, {member("BucketName", bucket)}};
}

Error no_such_key(std::string_view key) {
  return {"NoSuchKey", "The specified key does not exist.", 404, {member("Key", key)}};
}

Error no_such_version(std::string_view key, std::string_view version_id) {
  return {"NoSuchVersion", "The specified version does not exist.", 404, {member("Key", key), member("VersionId", version_id)}};
}

Error key_too_long(std::size_t length) {
  return {"KeyTooLongError",
          "Your key is too long",
          400,
          {member("Size", static_cast<int64_t>(length)), member("MaxSizeAllowed", int64_t{1024})}};
}

Error not_modified(std::string_view etag, std::string_view last_modified) {
  return {"NotModified", "Not Modified", 304, {member("header:ETag", etag), member("header:Last-Modified", last_modified)}};
}

Error precondition_failed(std::string_view condition) {
  return {"PreconditionFailed",
          "At least one of the pre-conditions you specified did not hold",
          412,
          {member("Condition", condition)}};
}

Error invalid_range(std::string_view range, int64_t size) {
  return {"InvalidRange",
          "The requested range is not satisfiable",
          416,
          {member("RangeRequested", range), member("ActualObjectSize", size)}};
}

Error invalid_part_number(int64_t part_number, int64_t part_count) {
  return {"InvalidPartNumber",
          "The requested partnumber is not satisfiable",
          416,
          {member("PartNumberRequested", part_number), member("ActualPartCount", part_count)}};
}

Error entity_too_large(int64_t size, int64_t limit) {
  return {"EntityTooLarge",
          "Your proposed upload exceeds the maximum allowed size",
          400,
          {member("ProposedSize", size), member("MaxSizeAllowed", limit)}};
}

Error metadata_too_large(std::size_t size) {
  return {"MetadataTooLarge",
          "Your metadata headers exceed the maximum allowed metadata size",
          400,
          {member("Size", static_cast<int64_t>(size)), member("MaxSizeAllowed", int64_t{2048})}};
}

Error invalid_storage_class(std::string_view storage_class) {
  return {"InvalidStorageClass",
          fmt::format("The storage class you specified is not valid. Objects here can be read at once, so archive classes do "
                      "not exist: {}",
                      storage_class),
          400,
          {member("StorageClassRequested", storage_class)}};
}

Error invalid_tag(std::string_view message) { return {"InvalidTag", std::string(message), 400}; }

Error invalid_version_id(std::string_view version_id) {
  return invalid_argument("Invalid version id specified", "versionId", version_id);
}

Error no_such_method(std::string_view method) {
  return {"MethodNotAllowed",
          "The specified method is not allowed against this resource.",
          405,
          {member("Method", method), member("ResourceType", "DeleteMarker")}};
}

Error malformed_policy(std::string_view message) { return {"MalformedPolicy", std::string(message), 400}; }

Error acl_not_supported() { return {"AccessControlListNotSupported", "The bucket does not allow ACLs", 400}; }

Error access_denied() { return {"AccessDenied", "Access Denied", 403}; }

Error invalid_copy_source(std::string_view copy_source) {
  return invalid_argument("Copy Source must mention the source bucket and key: sourcebucket/sourcekey", "x-amz-copy-source",
                          copy_source);
}

Error copy_onto_itself() {
  return invalid_request(
      "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, "
      "storage class, website redirect location or encryption attributes.");
}

Error no_such_upload(std::string_view upload_id) {
  return {
      "NoSuchUpload",
      "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.",
      404,
      {member("UploadId", upload_id)}};
}

Error invalid_part(std::string_view upload_id, int part_number, std::string_view etag) {
  return {"InvalidPart",
          "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified "
          "entity tag may not match the part's entity tag.",
          400,
          {member("UploadId", upload_id), member("PartNumber", int64_t{part_number}), member("ETag", etag)}};
}

Error invalid_part_order(std::string_view upload_id) {
  return {"InvalidPartOrder",
          "The list of parts was not in ascending order. Parts must be ordered by part number.",
          400,
          {member("UploadId", upload_id)}};
}

Error entity_too_small(int64_t size, int part_number, std::string_view etag) {
  return {"EntityTooSmall",
          "Your proposed upload is smaller than the minimum allowed size",
          400,
          {member("ProposedSize", size), member("MinSizeAllowed", int64_t{5} << 20), member("PartNumber", int64_t{part_number}),
           member("ETag", etag)}};
}

Error bad_digest(std::string_view what) {
  return {"BadDigest", fmt::format("The {} you specified did not match what we received.", what), 400};
}

Error invalid_argument(std::string_view message, std::string_view name, std::string_view value) {
  return {"InvalidArgument", std::string(message), 400, {member("ArgumentName", name), member("ArgumentValue", value)}};
}

Error invalid_request(std::string_view message) { return {"InvalidRequest", std::string(message), 400}; }

Error malformed_xml() {
  return {"MalformedXML", "The XML you provided was not well-formed or did not validate against our published schema", 400};
}

Error not_implemented(std::string_view what) {
  return {"NotImplemented", fmt::format("Mastic does not implement this part of S3; leave it out: {}", what), 400};
}

}  // namespace mastic::s3::errors
