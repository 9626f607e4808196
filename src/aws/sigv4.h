// AWS Signature Version 4: who signed a request, and whether the signature is right.
//
//   canonical request := method \n path \n query \n headers \n \n signed header names \n payload hash
//   string to sign    := AWS4-HMAC-SHA256 \n time \n date/region/service/aws4_request \n sha256(canonical request)
//   signature         := hmac(hmac(hmac(hmac("AWS4" secret, date), region), service), "aws4_request") over the string
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "aws/http_head.h"
#include "aws/key_store.h"
#include "aws/model.h"
#include "base/clock.h"
#include "base/result.h"

namespace mastic::aws {

/// What the Authorization header, or a presigned URL's parameters, say. Views into the head, except for presigned ones,
/// which are decoded into `decoded`.
struct Credential {
  std::string access_key;
  std::string date;  // 20261124
  std::string region;
  std::string service;  // the signing name: "s3", "dynamodb"
  std::string signed_headers;
  std::string signature;
  std::string time;  // 20261124T060824Z
  std::string token;
  std::string expires_seconds;  // of a presigned URL
  bool presigned = false;
  bool version_2 = false;  // see sigv2.h
};

/// Nothing when the request is not signed. Fails (IncompleteSignature, AuthorizationHeaderMalformed) when it is, badly.
Result<std::optional<Credential>> find_credential(const HttpHead& head);

/// The three payload hashes that are no hash of the body.
inline constexpr std::string_view unsigned_payload = "UNSIGNED-PAYLOAD";
inline constexpr std::string_view streaming_signed = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD";
inline constexpr std::string_view streaming_signed_trailer = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER";
inline constexpr std::string_view streaming_unsigned_trailer = "STREAMING-UNSIGNED-PAYLOAD-TRAILER";

/// The key that a day's, region's and service's signatures are made with.
std::string signing_key(std::string_view secret, std::string_view date, std::string_view region, std::string_view service);

std::string canonical_request(const HttpHead& head, const Credential& credential, std::string_view payload_hash);
std::string sign_request(const HttpHead& head, const Credential& credential, std::string_view payload_hash,
                         std::string_view key);

/// Checks time, token and signature; the signing key on success (the chunks of a body may be signed with it too).
/// Fails with SignatureDoesNotMatch, RequestTimeTooSkewed, ExpiredToken, …: each protocol has names of its own.
Result<std::string> verify_request(const HttpHead& head, const Credential& credential, std::string_view payload_hash,
                                   const KeyStore& keys, Instant now, Protocol protocol);

/// What a request without a signature is told when keys are configured.
Error missing_credential(Protocol protocol);
Error unknown_key(Protocol protocol);
Error signature_mismatch(Protocol protocol);

bool equal_in_constant_time(std::string_view a, std::string_view b);

}  // namespace mastic::aws
