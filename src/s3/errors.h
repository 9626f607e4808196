// S3's errors, one factory each: code, message and HTTP status as AWS answers them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace mastic::s3::errors {

// Buckets
Error no_such_bucket(std::string_view bucket);
Error bucket_already_owned_by_you(std::string_view bucket);
Error bucket_not_empty(std::string_view bucket);
Error invalid_bucket_name(std::string_view bucket);
Error illegal_location_constraint(std::string_view constraint);
Error invalid_location_constraint(std::string_view constraint);
Error malformed_policy(std::string_view message);
Error no_such_tag_set(std::string_view bucket);
Error no_such_setting(std::string_view code, std::string_view message, std::string_view bucket);

// Objects
Error no_such_key(std::string_view key);
Error no_such_version(std::string_view key, std::string_view version_id);
Error invalid_version_id(std::string_view version_id);
Error no_such_method(std::string_view method);
Error key_too_long(std::size_t length);
Error not_modified(std::string_view etag, std::string_view last_modified);  // Both become headers of the 304.
Error precondition_failed(std::string_view condition);
Error invalid_range(std::string_view range, int64_t size);
Error invalid_part_number(int64_t part_number, int64_t part_count);
Error entity_too_large(int64_t size, int64_t limit);
Error metadata_too_large(std::size_t size);
Error invalid_storage_class(std::string_view storage_class);
Error invalid_tag(std::string_view message);
Error acl_not_supported();
Error access_denied();

// Copies
Error invalid_copy_source(std::string_view copy_source);
Error copy_onto_itself();

// Uploads
Error no_such_upload(std::string_view upload_id);
Error invalid_part(std::string_view upload_id, int part_number, std::string_view etag);
Error invalid_part_order(std::string_view upload_id);
Error entity_too_small(int64_t size, int part_number, std::string_view etag);

// Any
Error bad_digest(std::string_view what);
Error invalid_argument(std::string_view message, std::string_view name, std::string_view value);
Error invalid_request(std::string_view message);
Error malformed_xml();
Error not_implemented(std::string_view what);  // A 4xx, as clients repeat what S3 answers with 501.

}  // namespace mastic::s3::errors
