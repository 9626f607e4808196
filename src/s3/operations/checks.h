// What every operation checks of its request before it does anything: the owner, and parameters that ask for what this
// room does not do. Those are refused by name, never ignored.
#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "aws/service.h"
#include "base/result.h"
#include "s3/errors.h"
#include "s3/object.h"

namespace mastic::s3 {

/// 3 to 63 of a-z 0-9 . -, beginning and ending with a letter or digit, and the further rules of general purpose buckets.
bool is_bucket_name(std::string_view name);

/// At most 1,024 bytes.
Result<void> check_key(std::string_view key);

/// Objects here can be read at once, so that archive classes would pretend something.
Result<void> check_storage_class(const std::optional<std::string>& storage_class);

/// Buckets are as new ones are at AWS since 2023: ACLs are off, so only those that grant nothing are taken.
Result<void> check_acl(const std::optional<std::string>& acl);

inline Result<void> refuse(const auto& member, std::string_view header) {
  if (member) return fail(errors::not_implemented(header));
  return {};
}

/// The object, or the version of it, that the request means.
template <typename Request>
ObjectName name_of(const Request& request) {
  ObjectName name{request.bucket, request.key};
  if constexpr (requires { request.version_id; }) name.version_id = request.version_id.value_or("");
  return name;
}

/// All of the above that the request has a member for.
template <typename Request>
Result<void> check_request(const Request& request, const aws::CallContext& context) {
  if constexpr (requires { request.expected_bucket_owner; })
    if (request.expected_bucket_owner && *request.expected_bucket_owner != context.account_id)
      return fail(errors::access_denied());
  if constexpr (requires { request.expected_source_bucket_owner; })
    if (request.expected_source_bucket_owner && *request.expected_source_bucket_owner != context.account_id)
      return fail(errors::access_denied());
  if constexpr (requires { request.key; }) TRY_DO(check_key(request.key));
  if constexpr (requires { request.version_id; })
    if (request.version_id && request.version_id->empty())
      return fail(errors::invalid_argument("Version id cannot be the empty string", "versionId", ""));
  if constexpr (requires { request.storage_class; }) TRY_DO(check_storage_class(request.storage_class));
  if constexpr (requires { request.acl; }) TRY_DO(check_acl(request.acl));
  if constexpr (requires { request.grant_read; }) {
    const bool writes = [&] {
      if constexpr (requires { request.grant_write; })
        return request.grant_write.has_value();
      else
        return false;
    }();
    if (writes || request.grant_read || request.grant_read_acp || request.grant_write_acp || request.grant_full_control)
      return fail(errors::acl_not_supported());
  }
  if constexpr (requires { request.sse_kms_encryption_context; })
    TRY_DO(refuse(request.sse_kms_encryption_context, "x-amz-server-side-encryption-context"));
  if constexpr (requires { request.sse_customer_algorithm; })
    TRY_DO(refuse(request.sse_customer_algorithm, "x-amz-server-side-encryption-customer-algorithm"));
  if constexpr (requires { request.copy_source_sse_customer_algorithm; })
    TRY_DO(refuse(request.copy_source_sse_customer_algorithm, "x-amz-copy-source-server-side-encryption-customer-algorithm"));
  if constexpr (requires { request.object_lock_mode; }) {
    TRY_DO(refuse(request.object_lock_mode, "x-amz-object-lock-mode"));
    TRY_DO(refuse(request.object_lock_legal_hold_status, "x-amz-object-lock-legal-hold"));
  }
  if constexpr (requires { request.write_offset_bytes; })
    TRY_DO(refuse(request.write_offset_bytes, "x-amz-write-offset-bytes"));
  if constexpr (requires { request.mfa; }) TRY_DO(refuse(request.mfa, "x-amz-mfa"));
  if constexpr (requires { request.checksum_xxhash64; }) {
    TRY_DO(refuse(request.checksum_sha512, "x-amz-checksum-sha512"));
    TRY_DO(refuse(request.checksum_md5, "x-amz-checksum-md5"));
    TRY_DO(refuse(request.checksum_xxhash64, "x-amz-checksum-xxhash64"));
    TRY_DO(refuse(request.checksum_xxhash3, "x-amz-checksum-xxhash3"));
    TRY_DO(refuse(request.checksum_xxhash128, "x-amz-checksum-xxhash128"));
  }
  return {};
}

}  // namespace mastic::s3
