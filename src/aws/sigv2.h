// Signature Version 2 of S3's presigned URLs (`?AWSAccessKeyId=…&Expires=…&Signature=…`): what boto3 still makes unless it is
// told otherwise. Nothing else of version 2 is accepted.
//
//   string to sign := method \n Content-MD5 \n Content-Type \n Expires \n x-amz-… headers, one a line \n resource
//   resource       := "/" bucket path [ "?" subresources, sorted ]        signature := base64(hmac-sha1(secret, string))
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "aws/http_head.h"
#include "aws/key_store.h"
#include "aws/sigv4.h"
#include "base/clock.h"
#include "base/result.h"

namespace mastic::aws {

/// The credential in the URL, with `version_2` set; nothing when there is none.
std::optional<Credential> find_version_2_credential(const HttpHead& head);

/// `host_bucket`: the bucket that the host names; empty when the path does. Fails with S3's names.
Result<void> verify_version_2(const HttpHead& head, const Credential& credential, std::string_view host_bucket,
                              const KeyStore& keys, Instant now);

}  // namespace mastic::aws
